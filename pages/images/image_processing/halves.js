// Before | after with a divider, how much each pixel has changed, or the quadrilateral beside what
// becomes of it.
import {
  drawBitmap,
  drawScale,
  mapBitmap,
  openCanvas,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";
import { plate } from "../../ui/stage/scene_segments.js";
import { drawCorners } from "./corners.js";

/** @import { Stage } from "./view.js" */

const MOST_PX = 400; // height
const SCALE_PX = 46; // below the map of differences
const GAP = 10;
const PLATE_PX = 28; // from the right edge to the middle of its plate

/** @param {Stage} stage */
export function drawLook(stage, reply, values) {
  const own = stage.state;
  if (own.reply !== reply) {
    const [before, after] = [pictureBitmap(reply.before), pictureBitmap(reply.after)];
    Object.assign(own, { reply, before, after });
  }
  own.corners = null;
  if (values.look === "difference") drawDifference(stage, reply);
  else if (own.hasCorners) drawPair(stage, reply);
  else drawHalves(stage, reply, values);
}

/** @type {(stage: Stage, numbers: any, wide: number, below?: number) => any} */
function fitted(stage, { shape: [rows, columns] }, wide, below = 0) {
  const room = stage.canvas.clientWidth || stage.frame.clientWidth;
  const scale = Math.min((room * wide) / columns, MOST_PX / rows);
  const [width, height] = [columns * scale, rows * scale];
  const { ctx } = openCanvas(stage, height + below);
  return { ctx, box: { x: 0, y: 0, width, height } };
}

/** @param {Stage} stage */
function drawHalves(stage, reply, values) {
  const { ctx, box } = fitted(stage, reply.before, 1);
  const { before, after } = stage.state;
  stage.state.box = box;
  const at = (box.width * values.divider) / 100;
  drawBitmap(ctx, before, box, box.width < before.width);
  ctx.save();
  ctx.beginPath();
  ctx.rect(at, 0, box.width - at, box.height);
  ctx.clip();
  drawBitmap(ctx, after, box, box.width < after.width);
  ctx.restore();
  ctx.fillStyle = stage.theme.accent;
  ctx.fillRect(at - 1, 0, 2, box.height);
  ctx.beginPath();
  ctx.arc(at, box.height / 2, 9, 0, 2 * Math.PI);
  ctx.fill();
  write(ctx, stage, "↔", at, box.height / 2 + 1, {
    align: "center",
    colour: stage.theme.background,
  });
  const { words } = stage;
  if (values.divider > 12) plate(ctx, stage, words.left, 8, 14, "left");
  if (values.divider < 88) plate(ctx, stage, words.right, box.width - PLATE_PX, 14);
}

/** @param {Stage} stage */
function drawPair(stage, reply) {
  const { ctx, box } = fitted(stage, reply.before, 0.48, 2 * GAP);
  Object.assign(box, { x: GAP, y: GAP }); // a corner's handle reaches over the edge
  const { before, after } = stage.state;
  stage.state.box = null;
  drawBitmap(ctx, before, box, box.width < before.width);
  const beside = { ...box, x: box.width + 3 * GAP };
  drawBitmap(ctx, after, beside, box.width < after.width);
  outline(ctx, beside, stage.theme.border);
  stage.state.corners = box;
  drawCorners(ctx, stage, box);
}

/** @param {Stage} stage */
function drawDifference(stage, { before, difference }) {
  const { ctx, box } = fitted(stage, before, 1, SCALE_PX);
  const { words, theme } = stage;
  stage.state.box = null;
  if (!difference) {
    write(ctx, stage, words.no_difference, 8, 20);
    outline(ctx, box, theme.border);
    return;
  }
  const { data, shape } = difference;
  const most = Math.max(
    1,
    data.reduce((high, each) => Math.max(high, each), 0),
  );
  const map = mapBitmap(data, shape[0], shape[1], theme.sequential, 0, most);
  drawBitmap(ctx, map, box, box.width < shape[1]);
  const scale = { x: 0, y: box.height + 8, width: Math.min(180, box.width), height: 8 };
  drawScale(ctx, stage, theme.sequential, 0, most, scale);
  write(ctx, stage, words.difference_unit, scale.width + 12, scale.y + 4, {
    size: 11,
    colour: theme.muted,
  });
}
