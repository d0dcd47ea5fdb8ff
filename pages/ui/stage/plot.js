// The charts of a stage, drawn by Plotly. A view describes a figure (plot_numbers.js) and calls
//   showChart(stage, name, figure, values)
// at each paint; here it gets theme, palette, buttons, table, keys and words, and is drawn at most
// once a frame. The chart's element says which values it shows (data-painted), the box of all charts
// does once all of them are drawn. Plotly comes with the first chart, from this server.
import { buildFrame, showLegend, showTable } from "./plot_frame.js";
import { followKeys, sayPoint } from "./plot_keys.js";
import { layoutOf } from "./plot_layout.js";
import { tracesOf } from "./plot_traces.js";

/** @typedef {import("./plot_numbers.js").Figure} Figure */
/**
 * @typedef {object} Handlers
 * @property {(point: { series: number, index: number, x: number, y: number }, how: "hover" | "click"
 *   | "key") => void} [point]  a point of the figure is pointed at
 * @property {() => void} [leave]
 */
/**
 * @typedef {object} Chart
 * @property {any} stage
 * @property {string} name
 * @property {Figure} figure
 * @property {object} values
 * @property {Handlers} handlers
 * @property {Set<string>} hidden  groups and looks that are switched off
 * @property {import("./plot_traces.js").Zoom} zoom
 * @property {{ series: number, index: number } | null} at  where the arrow keys are
 * @property {boolean} zooming     whether dragging zooms
 * @property {Record<string, any>} parts  its elements
 * @property {boolean} drawn
 * @property {() => void} redraw   with the next frame
 */

const HEIGHT = 260;
const CONFIG = {
  displayModeBar: false,
  doubleClick: "autosize",
  showTips: false,
  displayNotifier: false,
  displaylogo: false,
  scrollZoom: false,
  responsive: false,
};

/** @type {Promise<any> | null} */
let loading = null;

/** Plotly itself, asked for once; rejected where the server does not answer. */
function loadPlotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("../../plotly.min.js", import.meta.url).href;
    script.onload = () => resolve(/** @type {any} */ (window).Plotly);
    script.onerror = () => {
      loading = null;
      script.remove();
      reject(new Error("plotly"));
    };
    document.head.append(script);
  });
  return loading;
}

/** @type {CSSStyleSheet | null} */
let sheet = null;

// Plotly puts its rules at the head of the page; a shadow root needs its own.
function giveStyles(element) {
  const root = element.getRootNode();
  if (root === document || !root.adoptedStyleSheets) return;
  if (!sheet) {
    const own = /** @type {HTMLStyleElement} */ (document.getElementById("plotly.js-style-global"));
    sheet = new CSSStyleSheet();
    sheet.replaceSync([...(own?.sheet?.cssRules ?? [])].map((rule) => rule.cssText).join("\n"));
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}

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
  schedule(stage, chart);
}

/** Take a chart off the screen; its state (zoom, lines off) stays. */
export function hideChart(stage, name) {
  const chart = stage.plots?.charts.get(name);
  if (chart) chart.parts.figure.hidden = true;
}

/** Leave nothing of Plotly behind. */
export function purgeCharts(stage) {
  for (const chart of stage.plots?.charts.values() ?? []) {
    if (chart.drawn) /** @type {any} */ (window).Plotly?.purge(chart.parts.plot);
    chart.drawn = false;
  }
  cancelAnimationFrame(stage.plots?.frame);
  if (stage.plots) stage.plots.frame = null;
}

function chartOf(stage, name) {
  stage.plots ??= { box: boxOf(stage), charts: new Map(), dirty: new Set(), frame: null };
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
    hidden: new Set(),
    zoom: {},
    at: null,
    zooming: matchMedia("(pointer: fine)").matches,
    parts: {},
    drawn: false,
    redraw: () => schedule(stage, chart),
  };
  chart.parts = buildFrame(stage, chart);
  plots.box.append(chart.parts.figure);
  plots.charts.set(name, chart);
  followKeys(chart);
  return chart;
}

function boxOf(stage) {
  const box = document.createElement("div");
  box.className = "charts";
  box.dataset.testid = "stage-charts";
  stage.canvas.after(box);
  return box;
}

// Whatever has changed since the last frame is drawn with the next one.
function schedule(stage, chart) {
  const { plots } = stage;
  plots.dirty.add(chart);
  plots.frame ??= requestAnimationFrame(() => {
    plots.frame = null;
    draw(stage).catch((error) => fail(stage, error));
  });
}

async function draw(stage) {
  const Plotly = /** @type {any} */ (window).Plotly ?? (await loadPlotly());
  if (stage.signal.aborted) return;
  const { plots } = stage;
  const charts = [...plots.dirty].filter((chart) => chart.parts.plot.clientWidth > 0);
  plots.dirty.clear();
  await Promise.all(charts.map((chart) => drawOne(stage, Plotly, chart)));
  const shown = [...plots.charts.values()].filter((chart) => !chart.parts.figure.hidden);
  const last = charts.at(-1);
  if (last && shown.every((chart) => chart.drawn))
    plots.box.dataset.painted = JSON.stringify(last.values);
}

async function drawOne(stage, Plotly, chart) {
  const { figure, values, parts, zooming } = chart;
  giveStyles(parts.plot);
  const state = { ...chart, words: stage.words };
  const size = { width: parts.plot.clientWidth, height: figure.height ?? HEIGHT };
  const dragging = zooming && !(figure.drags && !chart.pressed) ? "zoom" : false;
  const layout = layoutOf(figure, stage.theme, { ...size, zoom: chart.zoom, dragging });
  await Plotly.react(parts.plot, tracesOf(figure, stage.theme, state), layout, CONFIG);
  if (!chart.drawn) listen(chart);
  chart.drawn = true;
  showLegend(chart);
  showTable(chart);
  pointOut(Plotly, chart);
  parts.figure.dataset.painted = JSON.stringify(values);
}

// Where the arrow keys are, for those who see: as if a pointer were there.
function pointOut(Plotly, { at, parts }) {
  if (!at) return;
  Plotly.Fx.hover(parts.plot, [{ curveNumber: at.series, pointNumber: at.index }]);
}

function fail(stage, error) {
  for (const chart of stage.plots.charts.values()) {
    chart.parts.lost.textContent = stage.words.chart_lost;
    showTable(chart, true); // the numbers are there without Plotly
  }
  console.error(error);
}

function listen(chart) {
  const { plot } = chart.parts;
  plot.on("plotly_relayout", (change) => {
    const range = (axis, log) => {
      const [low, high] = [change[`${axis}.range[0]`], change[`${axis}.range[1]`]];
      if (low === undefined) return undefined;
      return log ? [10 ** low, 10 ** high] : [low, high];
    };
    const { x, y } = chart.figure;
    const zoom = { x: range("xaxis", x.log), y: range("yaxis", y.log) };
    for (const axis of ["x", "y"]) if (zoom[axis]) chart.zoom[axis] = zoom[axis];
    if (change["xaxis.autorange"] || change["yaxis.autorange"]) chart.zoom = {}; // a double click
    chart.redraw();
  });
  plot.on("plotly_hover", (event) => tellPoint(chart, event, "hover"));
  plot.on("plotly_click", (event) => tellPoint(chart, event, "click"));
  plot.on("plotly_unhover", () => chart.handlers.leave?.());
}

function tellPoint(chart, { points }, how) {
  const found = points.find(({ curveNumber }) => curveNumber < chart.figure.series.length);
  if (!found) return;
  const { curveNumber: series, pointNumber: index } = found;
  const one = chart.figure.series[series];
  if (how === "click") sayPoint(chart, series, index);
  chart.handlers.point?.({ series, index, x: one.x[index], y: one.y[index] }, how);
}
