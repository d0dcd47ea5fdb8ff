// The ways of the optimisers on the map, with the lines and colours that they have in the charts, and
// where all of them start.
import { lookOf } from "../../ui/stage/plot_traces.js";

/** @import { Stage } from "./descent.js" */

/** @param {Stage} stage */
export function drawWay(ctx, stage, k, { data, shape: [, count] }, at) {
  const own = data.subarray(2 * k * count, 2 * (k + 1) * count);
  const way = Array.from({ length: count }, (_, i) => at(own[2 * i], own[2 * i + 1])).filter(
    ([x, y]) => Number.isFinite(x) && Number.isFinite(y),
  );
  const { colour, dash } = lookOf(stage.theme, k);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2;
  ctx.lineJoin = "round";
  ctx.setLineDash(dash === "solid" ? [] : dash.split(",").map(Number.parseFloat));
  ctx.beginPath();
  way.forEach(([x, y]) => ctx.lineTo(x, y));
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.fillStyle = colour;
  for (const [x, y] of way) {
    ctx.beginPath();
    ctx.arc(x, y, 1.8, 0, 2 * Math.PI);
    ctx.fill();
  }
  if (way.length === count) drawEnd(ctx, stage, way[count - 1]);
}

// In the colour that is set.
/** @param {Stage} stage */
function drawEnd(ctx, stage, [x, y]) {
  ctx.beginPath();
  ctx.arc(x, y, 6, 0, 2 * Math.PI);
  ctx.fill();
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = stage.theme.background;
  ctx.stroke();
}

/** @param {Stage} stage */
export function drawStart(ctx, stage, [x, y]) {
  ctx.beginPath();
  ctx.arc(x, y, 7, 0, 2 * Math.PI);
  ctx.lineWidth = 2.5;
  ctx.strokeStyle = stage.theme.text;
  ctx.stroke();
}
