// A scene drawn into a square of the canvas, whole or a part of it; boxes in its pixels.

/** @import { Box } from "../../ui/stage/types.d.ts" */
/**
 * @typedef {object} Part of a scene, a square in its pixels
 * @property {number} x
 * @property {number} y
 * @property {number} side
 */
/** @typedef {{ place: Box, part: Part }} Frame */

const AROUND = 2.2; // sides of the object that are seen of it from near
const LEAST_PX = 40;

export const WHOLE = ({ pixels: { shape } }) => ({
  x: 0,
  y: 0,
  side: Math.max(...shape.slice(0, 2)),
});

/** @type {(array: import("../../ui/stage/types.d.ts").Numbers, i: number) => number[]} xyxy */
export const boxOfRow = ({ data }, i) => data.subarray(4 * i, 4 * i + 4);

/**
 * What is seen of an object from near.
 * @returns {Part}
 */
export function nearBy({ truth_boxes: boxes }, thing) {
  const [x1, y1, x2, y2] = boxOfRow(boxes, thing);
  const side = Math.max(LEAST_PX, AROUND * Math.max(x2 - x1, y2 - y1));
  return { x: (x1 + x2 - side) / 2, y: (y1 + y2 - side) / 2, side };
}

/**
 * xyxy in the scene's pixels as a rectangle on the canvas.
 * @param {Frame} frame
 * @param {ArrayLike<number>} box
 * @returns {Box}
 */
export function boxIn({ place, part }, box) {
  const scale = place.width / part.side;
  return {
    x: place.x + (box[0] - part.x) * scale,
    y: place.y + (box[1] - part.y) * scale,
    width: (box[2] - box[0]) * scale,
    height: (box[3] - box[1]) * scale,
  };
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {OffscreenCanvas} bitmap the whole scene
 * @param {Frame} frame
 */
export function drawPart(ctx, bitmap, frame) {
  const box = boxIn(frame, [0, 0, bitmap.width, bitmap.height]);
  clipTo(ctx, frame.place, () => {
    ctx.imageSmoothingEnabled = true;
    ctx.drawImage(bitmap, box.x, box.y, box.width, box.height);
  });
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Box} place
 * @param {() => void} draw
 */
export function clipTo(ctx, place, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(place.x, place.y, place.width, place.height);
  ctx.clip();
  draw();
  ctx.restore();
}

/**
 * The smallest object under a place of the canvas; null where there is none.
 * @returns {number | null}
 */
export function objectAt(reply, place, x, y) {
  const frame = { place, part: WHOLE(reply) };
  /** @type {number | null} */
  let best = null;
  let least = Infinity;
  for (let k = 0; k < reply.truth_labels.data.length; k++) {
    const box = boxIn(frame, boxOfRow(reply.truth_boxes, k));
    const inside = x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
    const area = box.width * box.height;
    if (inside && area < least) [best, least] = [k, area];
  }
  return best;
}
