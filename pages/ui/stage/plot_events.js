// What the pointer does on a chart: point at values, zoom, and drag where a view wants to be told.
import { sayCell, sayPoint } from "./plot_keys.js";
import { marginOf } from "./plot_layout.js";
import { rangesOf } from "./plot_traces.js";

/** @typedef {import("./plot.js").Chart} Chart */
/** @typedef {{ points: { curveNumber: number, pointNumber: any }[] }} PlotlyEvent */

/**
 * Plotly's events; it forgets them when it is purged.
 * @param {Chart} chart
 */
export function listen(chart) {
  const { plot } = chart.parts;
  plot.on("plotly_relayout", (/** @type {any} */ change) => {
    chart.drawing = ""; // what is on the screen now is Plotly's own
    if (chart.figure.surface) {
      chart.zoom.camera = change["scene.camera"] ?? chart.zoom.camera;
      return;
    }
    /** @type {(axis: string, log?: boolean) => [number, number] | undefined} */
    const range = (axis, log) => {
      const [low, high] = [change[`${axis}.range[0]`], change[`${axis}.range[1]`]];
      if (low === undefined) return undefined;
      return log ? [10 ** low, 10 ** high] : [low, high];
    };
    const { x, y } = chart.figure;
    const zoom = { x: range("xaxis", x.log), y: range("yaxis", y.log) };
    for (const axis of /** @type {const} */ (["x", "y"]))
      if (zoom[axis]) chart.zoom[axis] = zoom[axis];
    if (change["xaxis.autorange"] || change["yaxis.autorange"]) chart.zoom = {}; // a double click
    chart.redraw();
  });
  plot.on("plotly_hover", (/** @type {PlotlyEvent} */ event) => tellPoint(chart, event, "hover"));
  plot.on("plotly_click", (/** @type {PlotlyEvent} */ event) => tellPoint(chart, event, "click"));
  plot.on("plotly_unhover", () => chart.handlers.leave?.());
  plot.on("plotly_webglcontextlost", () => {
    chart.drawing = "";
    chart.handlers.lost?.();
  });
}

/** @type {(chart: Chart, event: PlotlyEvent, how: "hover" | "click") => void} */
function tellPoint(chart, { points }, how) {
  if (chart.figure.matrix) {
    const [row, column] = points[0].pointNumber;
    if (how === "click") sayCell(chart, { row, column });
    chart.handlers.cell?.({ row, column }, how);
    return;
  }
  const found = points.find(({ curveNumber }) => curveNumber < chart.figure.series.length);
  if (!found) return;
  const { curveNumber: series, pointNumber: index } = found;
  const one = chart.figure.series[series];
  if (how === "click") sayPoint(chart, series, index);
  chart.handlers.point?.({ series, index, x: one.x[index], y: one.y[index] }, how);
}

/**
 * Dragging that belongs to the view: it is told the place in the axes' numbers while the pointer is
 * held ("drag") and once it is let go ("drop").
 * @param {Chart} chart
 */
export function followDrag(chart) {
  const { plot } = chart.parts;
  let held = false;
  /** @type {(event: PointerEvent, how: "drag" | "drop") => void} */
  const tell = (event, how) => chart.handlers.drag?.(placeOf(chart, event), how);
  plot.addEventListener(
    "pointerdown",
    (/** @type {PointerEvent} */ event) => {
      if (!chart.figure?.drags || chart.pressed || !isInside(chart, event)) return;
      held = true;
      plot.setPointerCapture(event.pointerId);
      tell(event, "drag");
    },
    true,
  );
  /** @param {PointerEvent} event */
  const move = (event) => held && tell(event, "drag");
  plot.addEventListener("pointermove", move, true);
  for (const end of ["pointerup", "pointercancel"]) {
    plot.addEventListener(end, (/** @type {PointerEvent} */ event) => {
      if (held) tell(event, "drop");
      held = false;
    });
  }
}

// The frame of the axes on the screen.
/** @param {Chart} chart */
function frameOf(chart) {
  const box = chart.parts.plot.getBoundingClientRect();
  const { l, r, t, b } = marginOf(chart.figure, box.width);
  return {
    left: box.left + l,
    top: box.top + t,
    width: box.width - l - r,
    height: box.height - t - b,
  };
}

/** @type {(chart: Chart, event: PointerEvent) => boolean} */
function isInside(chart, { clientX, clientY }) {
  const { left, top, width, height } = frameOf(chart);
  const [x, y] = [clientX - left, clientY - top];
  return x >= 0 && x <= width && y >= 0 && y <= height;
}

/** @type {(chart: Chart, event: PointerEvent) => { x: number, y: number }} */
function placeOf(chart, { clientX, clientY }) {
  const { left, top, width, height } = frameOf(chart);
  const { x, y } = rangesOf(chart.figure, chart.zoom);
  /** @param {number} value */
  const part = (value) => Math.min(Math.max(value, 0), 1);
  return {
    x: x[0] + (x[1] - x[0]) * part((clientX - left) / width),
    y: y[1] - (y[1] - y[0]) * part((clientY - top) / height),
  };
}
