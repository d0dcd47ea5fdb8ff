// The charts of a stage, drawn by Plotly. A view describes a figure (plot_numbers.js) and calls
//   showChart(stage, name, figure, values)
// at each paint; here it gets theme, palette, buttons, table, keys and words, and is drawn at most
// once a frame. The chart's element says which values it shows (data-painted), the box of all charts
// does once those in view are drawn (data-seen), and once all of them are (data-painted). Plotly
// comes with the first chart, from this server.
import { followDrag, listen } from "./plot_events.js";
import { buildFrame, showTable } from "./plot_frame.js";
import { followKeys } from "./plot_keys.js";
import { layoutOf, marginOf } from "./plot_layout.js";
import { showLegends } from "./plot_legend.js";
import { giveStyles, loadPlotly } from "./plot_load.js";
import { matrixTraces } from "./plot_matrix.js";
import { surfaceLayout, surfaceTraces } from "./plot_surface.js";
import { tracesOf } from "./plot_traces.js";

/** @typedef {import("./plot_numbers.js").Figure} Figure */
/**
 * @typedef {object} Handlers
 * @property {(point: { series: number, index: number, x: number, y: number }, how: "hover" | "click"
 *   | "key") => void} [point]  a point of the figure is pointed at
 * @property {(cell: import("./plot_matrix.js").Cell, how: "hover" | "click" | "key") => void} [cell]
 *   … a cell of the matrix
 * @property {() => void} [leave]
 * @property {() => void} [drawn]  the figure is on the screen
 * @property {() => void} [lost]  the browser took away what it was drawn with (WebGL)
 * @property {(place: { x: number, y: number }, how: "drag" | "drop") => void} [drag]
 */
/**
 * @typedef {object} Chart
 * @property {any} stage
 * @property {string} name
 * @property {Figure} figure
 * @property {object} values
 * @property {Handlers} handlers
 * @property {import("./plot_traces.js").Zoom} zoom
 * @property {{ series: number, index: number } | null} at  where the arrow keys are
 * @property {boolean} zooming     whether dragging zooms
 * @property {boolean} pressed     … because the reader said so
 * @property {Record<string, any>} parts  its elements
 * @property {boolean} drawn
 * @property {string} drawing  what Plotly drew last: the same again would cost as much as another
 * @property {() => void} redraw   with the next frame
 */

const HEIGHT = 260;
const REST_MS = 150;
const CONFIG = {
  displayModeBar: false,
  doubleClick: "autosize",
  showTips: false,
  displayNotifier: false,
  displaylogo: false,
  scrollZoom: false,
  responsive: false,
};

/**
 * Show a figure in the stage's chart of this name, with the next frame.
 * @param {any} stage
 * @param {string} name
 * @param {Figure} figure
 * @param {object} values the control values that it belongs to
 * @param {Handlers} [handlers]
 */
export function showChart(stage, name, figure, values, handlers = {}) {
  const chart = chartOf(stage, name);
  if (chart.figure && chart.figure.meaning !== figure.meaning) chart.zoom = {};
  Object.assign(chart, { figure, values, handlers });
  if (chart.at && !(chart.at.index < (figure.series[chart.at.series]?.y.length ?? 0)))
    chart.at = null;
  const { plot, title } = chart.parts;
  title.textContent = figure.title;
  plot.setAttribute("aria-label", figure.text);
  plot.style.height = `${figure.height ?? HEIGHT}px`;
  chart.parts.figure.hidden = false;
  chart.parts.figure.classList.toggle("broad", Boolean(figure.broad));
  chart.parts.figure.classList.toggle("relief", Boolean(figure.surface));
  schedule(stage, chart);
}

/**
 * Take a chart off the screen; its state (zoom, lines off) stays.
 * @type {(stage: any, name: string) => void}
 */
export function hideChart(stage, name) {
  const chart = stage.plots?.charts.get(name);
  if (chart) chart.parts.figure.hidden = true;
}

/**
 * Take all charts of a stage off the screen, until they are shown again.
 * @param {any} stage
 */
export function hideCharts(stage) {
  for (const name of stage.plots?.charts.keys() ?? []) hideChart(stage, name);
}

/**
 * Take a chart away with all that Plotly keeps for it.
 * @type {(stage: any, name: string) => void}
 */
export function removeChart(stage, name) {
  const chart = stage.plots?.charts.get(name);
  if (!chart) return;
  purge(chart);
  chart.parts.figure.remove();
  stage.plots.charts.delete(name);
  stage.plots.dirty.delete(chart);
}

/**
 * Leave nothing of Plotly behind.
 * @param {any} stage
 */
export function purgeCharts(stage) {
  for (const chart of stage.plots?.charts.values() ?? []) purge(chart);
  stage.plots?.dirty.clear();
  clearTimeout(stage.plots?.rest);
}

/** @param {Chart} chart */
function purge(chart) {
  if (chart.drawn) /** @type {any} */ (window).Plotly?.purge(chart.parts.plot);
  chart.drawn = false;
  delete chart.parts.figure.dataset.painted;
}

/** @type {(stage: any, name: string) => Chart} */
function chartOf(stage, name) {
  stage.plots ??= plotsOf(stage);
  const { plots } = stage;
  const known = plots.charts.get(name);
  if (known) return known;
  /** @type {Chart} */
  const chart = {
    stage,
    name,
    figure: /** @type {any} */ (null),
    values: {},
    handlers: {},
    zoom: {},
    at: null,
    zooming: matchMedia("(pointer: fine)").matches,
    pressed: false,
    parts: {},
    drawn: false,
    drawing: "",
    redraw: () => schedule(stage, chart),
  };
  chart.parts = buildFrame(stage, chart);
  plots.box.append(chart.parts.figure);
  plots.charts.set(name, chart);
  followKeys(chart);
  followDrag(chart);
  return chart;
}

// What the charts of a stage share: their box, its legend, and the lines that are switched off.
/** @param {any} stage */
function plotsOf(stage) {
  const box = document.createElement("div");
  box.className = "charts";
  box.dataset.testid = "stage-charts";
  const legend = document.createElement("div");
  legend.className = "chart-legend broad";
  legend.hidden = true;
  box.append(legend);
  stage.canvas[stage.view.charts === "above" ? "before" : "after"](box);
  const charts = new Map();
  const redraw = () => {
    for (const chart of charts.values()) schedule(stage, chart);
  };
  return {
    box,
    legend,
    charts,
    dirty: new Set(),
    frame: null,
    rest: 0,
    drawing: false,
    hidden: new Set(),
    redraw,
  };
}

// Whatever has changed since the last frame is drawn with the next one, never two frames at once;
// what nobody sees follows when nothing has changed for a while, so that a drag waits for less.
/** @type {(stage: any, chart: Chart) => void} */
function schedule(stage, chart) {
  stage.plots.dirty.add(chart);
  clearTimeout(stage.plots.rest);
  drawNext(stage, isInView);
}

/** @type {(stage: any, wanted: (chart: Chart) => boolean) => void} */
function drawNext(stage, wanted) {
  const { plots } = stage;
  if (plots.frame !== null || plots.drawing) return;
  plots.frame = requestAnimationFrame(async () => {
    Object.assign(plots, { frame: null, drawing: true });
    await draw(stage, wanted).catch((error) => fail(stage, error));
    plots.drawing = false;
    clearTimeout(plots.rest);
    if ([...plots.dirty].some(isInView)) drawNext(stage, isInView);
    else if (plots.dirty.size) plots.rest = setTimeout(() => drawNext(stage, () => true), REST_MS);
  });
}

/** @type {(chart: Chart) => boolean} */
function isInView({ parts }) {
  const { top, bottom } = parts.figure.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

/** @type {(stage: any, wanted: (chart: Chart) => boolean) => Promise<void>} */
async function draw(stage, wanted) {
  const Plotly = /** @type {any} */ (window).Plotly ?? (await loadPlotly());
  const { plots } = stage;
  if (stage.signal.aborted) plots.dirty.clear();
  const shown = [...plots.charts.values()].filter(({ parts }) => parts.plot.clientWidth > 0);
  const dirty = shown.filter((chart) => plots.dirty.has(chart));
  const charts = dirty.filter(wanted);
  const last = dirty.at(-1);
  plots.dirty = new Set(dirty.filter((chart) => !wanted(chart)));
  await Promise.all(charts.map((chart) => drawOne(stage, Plotly, chart)));
  showLegends(stage, shown);
  if (!last) return;
  const { dataset } = plots.box;
  dataset.seen = JSON.stringify(last.values);
  if (shown.every((chart) => chart.drawn && !plots.dirty.has(chart)))
    dataset.painted = dataset.seen;
}

// Typed arrays as JSON has them: lists of numbers.
/** @type {(key: string, value: any) => any} */
const plainly = (_, value) =>
  ArrayBuffer.isView(value) ? Array.from(/** @type {any} */ (value)) : value;

/** @type {(stage: any, Plotly: any, chart: Chart) => Promise<void>} */
async function drawOne(stage, Plotly, chart) {
  const { values, parts } = chart;
  giveStyles(parts.plot);
  const { traces, layout } = drawingOf(stage, chart);
  const drawing = JSON.stringify([traces, layout], plainly);
  if (!chart.drawn || drawing !== chart.drawing) {
    await Plotly.react(parts.plot, traces, layout, CONFIG);
    if (stage.plots.charts.get(chart.name) !== chart) return Plotly.purge(parts.plot); // meanwhile
  }
  chart.drawing = drawing;
  if (!chart.drawn) listen(chart);
  chart.drawn = true;
  parts.lost.textContent = "";
  showTable(chart);
  pointOut(Plotly, chart);
  parts.figure.dataset.painted = JSON.stringify(values);
  chart.handlers.drawn?.();
}

// What Plotly is to draw of a figure.
/** @type {(stage: any, chart: Chart) => { traces: any[], layout: object }} */
function drawingOf({ theme, plots, words }, { figure, parts, zoom, at, pressed, zooming }) {
  const size = { width: parts.plot.clientWidth, height: figure.height ?? HEIGHT };
  if (figure.surface) {
    const relief = { ...figure, surface: figure.surface };
    return {
      traces: surfaceTraces(relief, theme, plots.hidden),
      layout: surfaceLayout(relief, theme, { ...size, camera: zoom.camera }),
    };
  }
  const dragging = pressed || (zooming && !figure.drags) ? "zoom" : false;
  const { l, r, t, b } = marginOf(figure, size.width);
  const room = { width: size.width - l - r, height: size.height - t - b };
  const state = { hidden: plots.hidden, zoom, at, words, room };
  return {
    traces: figure.matrix ? matrixTraces(figure.matrix, theme) : tracesOf(figure, theme, state),
    layout: layoutOf(figure, theme, { ...size, zoom, dragging }),
  };
}

// Where the arrow keys are, for those who see: as if a pointer were there.
/** @type {(Plotly: any, chart: Chart) => void} */
function pointOut(Plotly, { at, parts }) {
  if (!at) return;
  Plotly.Fx.hover(parts.plot, [{ curveNumber: at.series, pointNumber: at.index }]);
}

// Without Plotly the numbers are there all the same.
/** @type {(stage: any, error: unknown) => void} */
function fail(stage, error) {
  const { charts, box, dirty } = stage.plots;
  dirty.clear();
  for (const chart of charts.values()) {
    chart.parts.lost.textContent = stage.words.chart_lost;
    showTable(chart, true);
    chart.parts.figure.dataset.painted = JSON.stringify(chart.values);
    box.dataset.painted = chart.parts.figure.dataset.painted;
  }
  console.warn(error);
}
