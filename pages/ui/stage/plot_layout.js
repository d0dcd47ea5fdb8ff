// From a figure (plot_numbers.js) and the theme to Plotly's layout: axes, reference lines, names.
import { mix } from "./palette.js";
import { cellShape } from "./plot_matrix.js";
import { broad } from "./plot_names.js";
import { plain, rangesOf } from "./plot_traces.js";

/** @typedef {import("./plot_numbers.js").Figure} Figure */
/** @typedef {import("./plot_traces.js").Zoom} Zoom */

const MARGIN = { l: 58, r: 14, t: 8, b: 30 };
const LINE_PX = 14; // of a title under the axis
const NAMES_PART = 0.42; // of the chart's width, at most for the names at its left
const TICK_PX = { x: 64, y: 34 }; // room that a tick's words take

/**
 * What is left free around the axes: below them the title takes as many lines as it needs, at their
 * left the names of places as much room as they need.
 * @param {Figure} figure
 * @param {number} width of the chart
 */
export function marginOf(figure, width) {
  const names = (figure.y.ticks ?? []).flatMap(([, text]) => text.split("\n"));
  const title = figure.y.title && figure.y.title !== figure.title ? LINE_PX + 8 : 0;
  const needed = Math.max(MARGIN.l, ...names.map((name) => title + 14 + broad(name)));
  const l = names.length ? Math.min(needed, NAMES_PART * width) : MARGIN.l;
  const lines = wrapped(figure.x.title, width - l - MARGIN.r).length;
  return { ...MARGIN, l, b: MARGIN.b + (figure.x.title ? LINE_PX * lines : 0) };
}

/**
 * A text as lines of at most so many pixels, broken at its spaces.
 * @param {string} text
 * @param {number} room
 */
export function wrapped(text, room) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && broad(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/**
 * @param {Figure} figure
 * @param {any} theme
 * @param {{ width: number, height: number, zoom: Zoom, dragging: false | "zoom" }} state
 */
export function layoutOf(figure, theme, { width, height, zoom, dragging }) {
  const ranges = rangesOf(figure, zoom);
  const margin = marginOf(figure, width);
  // Where the reader zoomed to is ours to keep (chart.zoom), so each axis takes what it is given.
  const uirevision = JSON.stringify(ranges);
  const y = { ...figure.y, title: figure.y.title === figure.title ? "" : figure.y.title };
  return {
    width,
    height,
    margin,
    showlegend: false,
    uirevision: "constant",
    barmode: "group",
    bargap: 0.2,
    paper_bgcolor: theme.background,
    plot_bgcolor: theme.background,
    font: { family: theme.font, size: 12, color: theme.text },
    dragmode: dragging,
    hovermode: figure.hover ?? "x",
    hoverdistance: -1,
    hoverlabel: { bgcolor: theme.panel, font: { family: theme.font, color: theme.text, size: 12 } },
    xaxis: { ...axisOf(figure.x, "x", theme, ranges.x, width - margin.l - margin.r), uirevision },
    yaxis: { ...axisOf(y, "y", theme, ranges.y, height - margin.t - margin.b), uirevision },
    shapes: shapesOf(figure, theme),
    annotations: namesOf(figure, theme),
  };
}

/**
 * @param {import("./plot_numbers.js").Axis} axis
 * @param {"x" | "y"} name
 * @param {any} theme
 * @param {[number, number]} range
 * @param {number} room
 */
function axisOf(axis, name, theme, range, room) {
  const small = { size: 11, color: theme.muted };
  const unit = axis.unit ? ` ${axis.unit}` : "";
  const lines = name === "x" ? wrapped(axis.title, room) : [axis.title];
  const title = lines.map(plain).join("<br>");
  return {
    type: axis.log ? "log" : "linear",
    range: axis.log ? range.map(Math.log10) : [...range], // Plotly writes into it
    title: { text: title, font: { size: 12, color: theme.muted }, standoff: 8 },
    tickfont: small,
    nticks: Math.max(2, Math.floor(room / TICK_PX[name])),
    ticksuffix: axis.ticks ? "" : unit,
    exponentformat: "power",
    minexponent: 5,
    ...(axis.ticks
      ? {
          tickmode: "array",
          tickvals: axis.ticks.map(([at]) => at),
          ticktext: axis.ticks.map(([, text]) => plain(text).replaceAll("\n", "<br>")),
        }
      : {}),
    gridcolor: mix(theme.border, theme.background, 0.4),
    zeroline: false,
    showline: true,
    linecolor: theme.border,
    mirror: true,
    showspikes: name === "x" && !axis.ticks,
    spikemode: "across",
    spikesnap: "data",
    spikedash: "solid",
    spikethickness: 1,
    spikecolor: theme.muted,
  };
}

/** @type {(axis: "x" | "y", from: number, to: number) => object} */
const across = (axis, from, to) =>
  axis === "x"
    ? { xref: "x", yref: "paper", x0: from, x1: to, y0: 0, y1: 1 }
    : { xref: "paper", yref: "y", x0: 0, x1: 1, y0: from, y1: to };

/** @type {(figure: Figure, theme: any) => any[]} */
function shapesOf({ cursor = null, bands = [], lines: rules = [], matrix, cell }, theme) {
  /** @type {any[]} */
  const shapes = bands.map(({ axis, from, to }) => ({
    type: "rect",
    layer: "below",
    fillcolor: theme.panel,
    line: { width: 0 },
    ...across(axis, from, to),
  }));
  for (const { axis, at } of rules) {
    shapes.push({
      type: "line",
      line: { color: theme.muted, width: 1, dash: "4px,3px" },
      ...across(axis, at, at),
    });
  }
  if (cursor !== null) {
    shapes.push({
      type: "line",
      line: { color: theme.accent, width: 1.5 },
      ...across("x", cursor, cursor),
    });
  }
  if (matrix && cell) shapes.push(cellShape(cell, theme));
  return shapes;
}

/** @type {(figure: Figure, theme: any) => any[]} */
function namesOf({ lines: rules = [], y }, theme) {
  return rules
    .filter(({ text }) => text)
    .map(({ axis, at, text }) => ({
      text: plain(text ?? ""),
      showarrow: false,
      font: { size: 11, color: theme.muted },
      ...(axis === "y"
        ? {
            xref: "paper",
            yref: "y",
            x: 1,
            y: y.log ? Math.log10(at) : at,
            xanchor: "right",
            yanchor: "bottom",
          }
        : { xref: "x", yref: "paper", x: at, y: 1, xanchor: "left", yanchor: "top" }),
    }));
}
