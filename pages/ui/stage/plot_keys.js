// A chart without a pointer: the arrow keys lead from point to point, each is said; + and − zoom,
// 0 shows all again. A surface they turn.
import { cellAfter } from "./plot_matrix.js";
import { pointAfter, valueText } from "./plot_numbers.js";
import { cameraAfter } from "./plot_surface.js";
import { rangesOf } from "./plot_traces.js";

/** @typedef {import("./plot.js").Chart} Chart */

const ZOOM = 0.6; // of the range that stays with each press

/** @param {Chart} chart */
export function followKeys(chart) {
  const { plot } = chart.parts;
  plot.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !chart.figure) return;
    if (!act(chart, event.key)) return;
    event.preventDefault();
    chart.redraw();
  });
  plot.addEventListener("blur", () => {
    if (!chart.at) return;
    chart.at = null;
    chart.redraw();
  });
}

// Whether the key did something.
/** @type {(chart: Chart, key: string) => boolean} */
function act(chart, key) {
  if (chart.figure.matrix) return moveCell(chart, key);
  if (chart.figure.surface) return turn(chart, key);
  return zoomBy(chart, key) || move(chart, key);
}

/** @type {(chart: Chart, key: string) => boolean} */
function turn(chart, key) {
  const camera = cameraAfter(chart.zoom.camera, key);
  if (camera) chart.zoom.camera = camera;
  return camera !== null;
}

/** @type {(chart: Chart, key: string) => boolean} */
function zoomBy(chart, key) {
  if (key === "0" || key === "Escape") {
    if (!chart.zoom.x && !chart.zoom.y && !chart.at) return false;
    if (key === "0") chart.zoom = {};
    else {
      chart.at = null;
      chart.handlers.leave?.();
    }
    return true;
  }
  const factor = { "+": ZOOM, "=": ZOOM, "-": 1 / ZOOM }[key];
  if (!factor) return false;
  const { figure, at } = chart;
  const { log } = figure.x;
  const [low, high] = rangesOf(figure, chart.zoom).x.map((end) => (log ? Math.log10(end) : end));
  const point = at && figure.series[at.series].x[at.index];
  const middle = point === null ? (low + high) / 2 : log ? Math.log10(point) : point;
  const half = ((high - low) / 2) * factor;
  const ends = [middle - half, middle + half];
  chart.zoom.x = /** @type {[number, number]} */ (log ? ends.map((end) => 10 ** end) : ends);
  return true;
}

/**
 * @param {import("./plot_numbers.js").Figure} figure
 * @param {{ k: number }[]} shown
 */
function startOf({ start }, shown) {
  return start === undefined || !shown.length ? null : { series: shown[0].k, index: start };
}

/** @type {(chart: Chart, key: string) => boolean} */
function move(chart, key) {
  const { figure, stage } = chart;
  const { hidden } = stage.plots;
  const shown = figure.series
    .map((one, k) => ({ one, k }))
    .filter(
      ({ one }) =>
        one.y.length && !hidden.has(one.group ?? one.name) && !hidden.has(one.look ?? ""),
    );
  const from = chart.at ?? startOf(figure, shown);
  const at = from && {
    index: from.index,
    series: shown.findIndex(({ k }) => k === from.series),
  };
  const next = pointAfter(
    shown.map(({ one }) => one),
    at,
    key,
  );
  if (!next) return false;
  const { one, k } = shown[next.series];
  chart.at = { series: k, index: next.index };
  sayPoint(chart, k, next.index);
  chart.handlers.point?.(
    { series: k, index: next.index, x: one.x[next.index], y: one.y[next.index] },
    "key",
  );
  return true;
}

/** @type {(chart: Chart, key: string) => boolean} */
function moveCell(chart, key) {
  const { matrix, cell } = chart.figure;
  const next = matrix && cellAfter(matrix, cell ?? null, key);
  if (!next) return false;
  sayCell(chart, next);
  chart.handlers.cell?.(next, "key");
  return true;
}

/**
 * @param {Chart} chart
 * @param {import("./plot_matrix.js").Cell} cell
 */
export function sayCell(chart, { row, column }) {
  chart.parts.live.textContent = chart.figure.matrix?.words(row, column) ?? "";
}

/**
 * Say a point in words where a screen reader hears it.
 * @param {Chart} chart
 * @param {number} series
 * @param {number} index
 */
export function sayPoint(chart, series, index) {
  const { x, y, series: all } = chart.figure;
  const one = all[series];
  const parts = [
    one.name,
    `${x.title} ${valueText(one.x[index], x)}`,
    `${y.title} ${valueText(one.y[index], y)}`,
    one.notes?.[index],
  ];
  chart.parts.live.textContent = parts.filter((part) => part?.trim()).join(", ");
}
