// From a figure (plot_numbers.js) and the theme to the traces that Plotly draws.
import { mix } from "./palette.js";
import { namesBeside } from "./plot_names.js";
import { clipped, numberText, rangeOf, valueText } from "./plot_numbers.js";

/** @typedef {import("./plot_numbers.js").Figure} Figure */
/** @typedef {import("./plot_numbers.js").Series} Series */
/** @typedef {import("./plot_numbers.js").Axis} Axis */
/**
 * @typedef {{ x?: [number, number], y?: [number, number],
 *   camera?: import("./plot_surface.js").Camera }} Zoom
 */

// Lines differ without their colours, too.
export const DASHES = ["solid", "7px,4px", "2px,3px", "9px,3px,2px,3px", "1px,4px", "12px,3px"];
const NAMED_POINTS = 2000; // each point of more than these is not worded one by one

// A name is data: Plotly reads <b>, <a href> and %{…} in what it is given.
/** @param {string} text */
export const plain = (text) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("%{", "%&#123;");

/**
 * Colour and dash of line k of the palette.
 * @param {{ lines: string[], text: string }} theme
 * @param {number} k
 */
export function lookOf(theme, k) {
  const colours = [...theme.lines, theme.text];
  return { colour: colours[k % colours.length], dash: DASHES[k % DASHES.length] };
}

/**
 * How series number k looks: what it says itself, else the palette's.
 * @param {any} theme
 * @param {Series} series
 * @param {number} k
 */
export function seriesLook(theme, series, k) {
  const own = lookOf(theme, series.style ?? k);
  return { colour: series.colour ?? own.colour, dash: series.dash ?? own.dash };
}

/**
 * The ranges that are shown: where the reader zoomed to, else what the view wants, else the data's.
 * @param {Figure} figure
 * @param {Zoom} zoom
 * @returns {{ x: [number, number], y: [number, number] }}
 */
export function rangesOf(figure, zoom = {}) {
  /** @param {"x" | "y"} name */
  const values = (name) =>
    figure.series
      .flatMap((one) => spreadOf(one, name))
      .concat((figure.marks ?? []).map((mark) => mark[name]));
  const hasBars = figure.series.some(({ kind }) => kind === "bars");
  /** @type {(name: "x" | "y") => [number, number]} */
  const find = (name) => {
    const axis = figure[name];
    if (zoom[name]) return zoom[name];
    if (axis.range) return axis.range;
    const include = [...(axis.include ?? [])];
    if (hasBars && name === "y" && !axis.log) include.push(0);
    if (hasBars && name === "x") return besides(values(name));
    return rangeOf(values(name), { log: axis.log, include });
  };
  return { x: find("x"), y: find("y") };
}

// Bars stand on whole numbers, one apart.
/** @type {(places: number[]) => [number, number]} */
const besides = (places) =>
  places.length ? [Math.min(...places) - 0.5, Math.max(...places) + 0.5] : [0, 1];

// With their error bars.
/** @type {(series: Series, name: "x" | "y") => number[]} */
function spreadOf(series, name) {
  const values = Array.from(series[name]);
  const { errors } = series;
  if (name === "x" || !errors) return values;
  return values.flatMap((value, i) => [value - errors[i], value + errors[i]]);
}

/**
 * @param {Figure} figure
 * @param {any} theme of the stage (palette.js)
 * @param {{ hidden: Set<string>, zoom: Zoom, at: { series: number, index: number } | null,
 *   words: Record<string, string>, room?: { width: number, height: number } }} state what the
 *   reader did to the chart, and the pixels between its axes
 * @returns {any[]}
 */
export function tracesOf(figure, theme, { hidden, zoom, at, words, room }) {
  const ranges = rangesOf(figure, zoom);
  const logs = { x: figure.x.log, y: figure.y.log };
  /** @param {Series} one */
  const shown = (one) => !hidden.has(one.group ?? one.name) && !hidden.has(one.look ?? "");
  /** @type {any[]} */
  const traces = figure.series.map((one, k) => ({
    ...(one.kind === "bars" ? bars : lines)(figure, theme, one, k),
    visible: shown(one),
    showlegend: one.look === undefined || one.look === figure.series[0].look,
    ...(one.names && room ? named(namesBeside(one, ranges, room, logs), theme) : {}),
  }));
  figure.series.forEach((one, k) => {
    if (!shown(one)) return;
    const left = zoom.y
      ? []
      : clipped(one.y, ranges.y).filter(({ i }) => inside(one.x[i], ranges.x));
    if (left.length) traces.push(beyond(theme, one, k, left, words));
  });
  for (const mark of figure.marks ?? [])
    if (!hidden.has(mark.of ?? "")) traces.push(markOf(mark, theme));
  if (at) traces.push(ring(figure, theme, at));
  return traces;
}

/** @type {(beside: { text: string[], position: string[] }, theme: any) => object} */
const named = ({ text, position }, theme) => ({
  mode: "markers+text",
  text: text.map(plain),
  textposition: position,
  textfont: { size: 11, color: theme.text },
});

/** @type {(value: number, range: [number, number]) => boolean} */
const inside = (value, [low, high]) => value >= low && value <= high;

/** @type {(figure: Figure, theme: any, one: Series, k: number) => any} */
function lines(figure, theme, one, k) {
  const { colour, dash } = seriesLook(theme, one, k);
  const isPoints = one.kind === "points";
  return {
    type: "scatter",
    name: plain(one.name),
    x: one.x,
    y: one.y,
    mode: isPoints ? "markers" : one.dots ? "lines+markers" : "lines",
    line: {
      color: colour,
      width: one.width ?? 2,
      dash,
      shape: one.kind === "steps" ? "hv" : "linear",
    },
    marker: { color: one.colours ?? colour, size: one.names ? 8 : isPoints ? 6 : 5 },
    opacity: one.opacity ?? 1,
    connectgaps: false,
    ...(one.filled ? { fill: "toself", fillcolor: mix(colour, theme.background, 0.5) } : {}),
    ...errorsOf(one, colour),
    ...said(figure, one, colour),
  };
}

/** @type {(figure: Figure, theme: any, one: Series, k: number) => any} */
function bars(figure, theme, one, k) {
  const { colour } = seriesLook(theme, one, k);
  const fill = Array.from(one.y, (_, i) => (i === one.chosen ? theme.text : colour));
  return {
    type: "bar",
    name: plain(one.name),
    x: one.x,
    y: one.y,
    opacity: one.opacity ?? 1,
    marker: { color: one.chosen === undefined ? colour : fill },
    ...errorsOf(one, colour),
    ...said(figure, one, colour),
  };
}

/** @type {(one: Series, colour: string) => object} */
const errorsOf = (one, colour) =>
  one.errors
    ? { error_y: { type: "data", array: one.errors, color: colour, thickness: 1.5, width: 4 } }
    : {};

// What pointing at a point says: its value; where points are told apart by the pointer alone, also
// whose it is and where. Names stand in the legend, in the colour of the label's frame.
/** @type {(figure: Figure, one: Series, colour: string) => object} */
function said(figure, one, colour) {
  if (one.silent) return { hoverinfo: "skip" };
  const alone = figure.hover === "closest";
  const hoverlabel = { bordercolor: colour };
  const name = alone && figure.series.length > 1 ? `${plain(one.name)} ` : "";
  if (one.y.length > NAMED_POINTS)
    return { hovertemplate: `${name}%{y:.3~g}<extra></extra>`, hoverlabel };
  const customdata = Array.from(one.y, (value, i) =>
    plain(
      [alone && valueText(one.x[i], figure.x), valueText(value, figure.y), one.notes?.[i]]
        .filter(Boolean)
        .join(" · "),
    ),
  );
  return { customdata, hovertemplate: `${name}%{customdata}<extra></extra>`, hoverlabel };
}

// What left the axis stands at its end, as an arrow that says how far it went.
/**
 * @param {any} theme
 * @param {Series} one
 * @param {number} k
 * @param {import("./plot_numbers.js").Clipped[]} left
 * @param {Record<string, string>} words
 */
function beyond(theme, one, k, left, words) {
  return {
    type: "scatter",
    mode: "markers",
    showlegend: false,
    name: plain(one.name),
    cliponaxis: false,
    x: left.map(({ i }) => one.x[i]),
    y: left.map(({ at }) => at),
    marker: {
      symbol: left.map(({ side }) => (side === "above" ? "triangle-up" : "triangle-down")),
      size: 9,
      color: seriesLook(theme, one, k).colour,
      line: { color: theme.background, width: 1 },
    },
    customdata: left.map(({ value }) => `${plain(words.chart_beyond)} ${numberText(value)}`),
    hovertemplate: "%{customdata}<extra></extra>",
  };
}

/** @type {(mark: import("./plot_numbers.js").Mark, theme: any) => any} */
const markOf = ({ x, y, text = "", style, symbol }, theme) => ({
  type: "scatter",
  mode: "markers",
  x: [x],
  y: [y],
  showlegend: false,
  cliponaxis: false,
  name: plain(text),
  hoverinfo: "skip",
  marker: {
    symbol: symbol ?? "circle",
    size: 11,
    color: style === undefined ? theme.text : lookOf(theme, style).colour,
    line: { color: theme.background, width: 2 },
  },
});

/** @type {(figure: Figure, theme: any, at: { series: number, index: number }) => any} */
function ring(figure, theme, { series, index }) {
  const one = figure.series[series];
  return {
    type: "scatter",
    mode: "markers",
    x: [one.x[index]],
    y: [one.y[index]],
    hoverinfo: "skip",
    showlegend: false,
    cliponaxis: false,
    name: "",
    marker: { symbol: "circle-open", size: 15, color: theme.accent, line: { width: 3 } },
  };
}
