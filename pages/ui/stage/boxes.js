// Boxes over a picture: strong lines, name tags, and how near a pointer is.
import { write } from "./draw.js";

/** @import { Box, Context, Numbers, Stage } from "./types.d.ts" */

/**
 * Corner and size on the canvas of box i of an array (n, 4).
 * @param {{ x: number, y: number, scale: number }} place of the picture; scale: CSS pixels a pixel
 * @param {Numbers} boxes
 * @param {number} i
 * @returns {Box}
 */
export function boxOf({ x, y, scale }, { data }, i) {
  const [x1, y1, x2, y2] = data.subarray(4 * i, 4 * i + 4);
  const [width, height] = [(x2 - x1) * scale, (y2 - y1) * scale];
  return { x: x + x1 * scale, y: y + y1 * scale, width, height };
}

/**
 * A line that is seen on any picture.
 * @param {Context} ctx
 * @param {Stage} stage
 * @param {Box} box
 * @param {string} colour
 * @param {number} [width]
 */
export function strong(ctx, stage, box, colour, width = 2.5) {
  const strokes = [
    { line: 2 * width, ink: stage.theme.background },
    { line: width, ink: colour },
  ];
  for (const { line, ink } of strokes) {
    ctx.lineWidth = line;
    ctx.strokeStyle = ink;
    ctx.strokeRect(box.x + 1, box.y + 1, box.width - 2, box.height - 2);
  }
}

/** @type {(a: Box, b: Box) => boolean} */
export const touch = (a, b) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/**
 * Where a tag at (x, y) goes, so that it stays between left and right, by default on the canvas.
 * @param {Context} ctx
 * @param {Stage} stage
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {number} [left]
 * @param {number} [right]
 * @returns {Box}
 */
export function tagBox(ctx, stage, text, x, y, left = 0, right = stage.canvas.clientWidth) {
  ctx.font = `600 12px ${stage.theme.font}`;
  const width = ctx.measureText(text).width + 10;
  return { x: Math.max(left, Math.min(x, right - width)), y: Math.max(0, y), width, height: 18 };
}

/**
 * @param {Context} ctx
 * @param {Stage} stage
 * @param {string} text
 * @param {Box} tag
 * @param {string} colour
 */
export function drawTag(ctx, stage, text, tag, colour) {
  ctx.fillStyle = stage.theme.background;
  ctx.fillRect(tag.x, tag.y, tag.width, tag.height);
  const style = { size: 12, bold: true, colour };
  write(ctx, stage, text, tag.x + 5, tag.y + tag.height / 2 + 1, style);
}

/**
 * How far a point is from the nearest edge of a box, within it or outside.
 * @param {Box} box
 * @param {number} x
 * @param {number} y
 */
export function edgeDistance({ x: left, y: top, width, height }, x, y) {
  const [right, bottom] = [left + width, top + height];
  const outside = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
  return outside > 0 ? outside : Math.min(x - left, right - x, y - top, bottom - y);
}
