// A block opened: its steps from top to bottom, side by side where it branches, and the ways
// between them.
import { fill, write } from "../../ui/stage/draw.js";
import { layOut } from "./layout.js";
import { colourOf } from "./strips.js";

/** @import { Box, Context } from "../../ui/stage/types.d.ts" */
/** @import { Stage } from "./view.js" */

const BROADEST = 104;
const TITLE_PX = 36;
const ROW_PX = { most: 42, least: 24 };
const TWO_LINES_PX = 34; // a row of this height has room for both
const FINISHING = new Set(["norm", "activation", "softmax"]); // steps of their own, by their names
const IDEA = {
  conv: "plain",
  pointwise: "plain",
  grouped: "plain",
  depthwise: "depthwise",
  linear: "dense",
  attention: "attention",
  concat: "branches",
};

/**
 * How high an opened block is.
 * @param {any[]} steps
 * @param {number} least
 */
export const heightOf = (steps, least) =>
  Math.max(least, TITLE_PX + ROW_PX.least * layOut(steps).rows);

/**
 * What a step does, as short as it fits into its box.
 * @param {Record<string, string>} words
 * @param {any} step
 */
export function stepText(words, { kind, kernel, stride, finish }) {
  if (FINISHING.has(kind)) return finish.join(" · ");
  const size = kernel.length ? kernel.join("×") : "";
  const named = words[`step_${kind}`] ?? kind;
  const text = fill(named, { size }).trim();
  return stride > 1 ? `${text} /${stride}` : text;
}

/**
 * @param {Context} ctx
 * @param {Stage} stage
 * @param {any} net
 * @param {string} title
 * @param {Box} room
 */
export function drawSteps(ctx, stage, net, title, room) {
  write(ctx, stage, title, room.x, room.y + 8, { size: 12, bold: true });
  const { rows, lanes, places, ways } = layOut(net.steps);
  const row = Math.min(ROW_PX.most, (room.height - TITLE_PX) / rows);
  const lane = Math.min(room.width / lanes, BROADEST + 24);
  const centre = room.x + room.width / 2;
  /** @param {import("./layout.js").Place} place */
  const at = ({ row: k, lane: l, lanes: of }) => ({
    x: centre + (l + 0.5 - of / 2) * lane,
    y: room.y + TITLE_PX + (k + 0.5) * row - 6,
  });
  drawWays(
    ctx,
    stage,
    ways.map((way) => way.map(at)),
    row,
  );
  const width = Math.min(BROADEST, lane - 8);
  net.steps.forEach((step, i) => {
    const { x, y } = at(places[i]);
    const height = row - 9;
    drawStep(ctx, stage, step, { x: x - width / 2, y: y - height / 2, width, height });
  });
}

/** @type {(ctx: Context, stage: Stage, ways: { x: number, y: number }[][], row: number) => void} */
function drawWays(ctx, { theme }, ways, row) {
  ctx.strokeStyle = theme.muted;
  ctx.lineWidth = 1.2;
  for (const way of ways) {
    ctx.beginPath();
    ctx.moveTo(way[0].x, way[0].y);
    way.slice(1).forEach(({ x, y }, k) => {
      const from = way[k];
      ctx.bezierCurveTo(from.x, from.y + row / 2, x, y - row / 2, x, y);
    });
    ctx.stroke();
  }
}

/** @type {(ctx: Context, stage: Stage, step: any, box: Box) => void} */
function drawStep(ctx, stage, step, box) {
  const { theme, words } = stage;
  const colour = step.kind in IDEA ? colourOf(theme, IDEA[step.kind]) : theme.muted;
  ctx.fillStyle = theme.background;
  const round = step.kind === "sum" || step.kind === "multiply" ? box.height / 2 : 3;
  shape(ctx, box, round);
  ctx.fill();
  ctx.globalAlpha = step.kind === "pointwise" ? 0.16 : step.kind in IDEA ? 0.4 : 0.12;
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.strokeStyle = step.kind === "sum" ? theme.accent : colour;
  ctx.lineWidth = step.kind === "sum" ? 2 : 1;
  ctx.stroke();
  const x = box.x + box.width / 2;
  const [middle, size] = [box.y + box.height / 2, box.width < 60 ? 10 : 11];
  const text = stepText(words, step);
  const channels = step.shape.length ? `→ ${step.shape[step.shape.length - 1]}` : "";
  if (box.height + 9 >= TWO_LINES_PX && channels) {
    write(ctx, stage, text, x, middle - 6, { size, align: "center" });
    write(ctx, stage, channels, x, middle + 7, { size: 10, align: "center", colour: theme.muted });
  } else {
    const both = `${text} ${channels}`;
    const fits = ctx.measureText(both).width < box.width;
    write(ctx, stage, fits ? both : text, x, middle, { size, align: "center" });
  }
}

/** @type {(ctx: Context, box: Box, radius: number) => void} */
function shape(ctx, { x, y, width, height }, radius) {
  ctx.beginPath();
  ctx.roundRect(x, y, width, height, radius);
}
