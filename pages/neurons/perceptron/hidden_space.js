// The space that the output sees: each point stands where two hidden units put it. The grid is that
// of the plane, bent by the hidden layer; where there are but two units the output divides this
// space by one straight line.
import { brief, outline, write } from "../../ui/stage/draw.js";
import { mix } from "../../ui/stage/palette.js";
import { classColour, clipped, drawPoint } from "./plane.js";

/** @import { Context } from "../../ui/stage/types.d.ts" */

const EVERY = 4; // of the grid's lines
const MARGIN = 0.12;

/**
 * The two units that span the space, of so many.
 * @param {string} text "0,1"
 * @param {number} units
 * @returns {[number, number]} the same twice where there is but one
 */
export function pairOf(text, units) {
  const [first, second] = text.split(",").map((part) => Math.min(Number(part), units - 1));
  return units > 1 && first === second ? [first, first ? 0 : 1] : [first, second];
}

/**
 * The range of a hidden unit over the plane, a little beyond both ends.
 * @param {ArrayLike<number>} values (places × units)
 * @param {number} units
 * @param {number} unit
 * @returns {[number, number]}
 */
export function unitRange(values, units, unit) {
  let [low, high] = [Infinity, -Infinity];
  for (let i = unit; i < values.length; i += units) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  const beyond = MARGIN * (high - low) || 0.5; // a unit that says the same everywhere
  return [low - beyond, high + beyond];
}

/** How point i is drawn in either picture. */
export function told(reply, i) {
  const plus = reply.targets.data[i] > 0;
  const wrong = plus ? reply.logits.data[i] <= 0 : reply.logits.data[i] >= 0;
  return { plus, wrong, name: String(i) };
}

/** @type {(ctx: Context, stage: any, place: any, reply: any, text: string) => void} */
export function drawSpace(ctx, stage, { x, y, side }, reply, text) {
  const units = reply.seen.shape[1];
  const pair = pairOf(text, units);
  const ranges = pair.map((unit) => unitRange(reply.grid_seen.data, units, unit));
  const along = (value, [low, high]) => (value - low) / (high - low);
  const one = units === 1;
  /** @type {(values: ArrayLike<number>, i: number) => [number, number]} */
  const at = (values, i) => [
    x + side * along(values[i * units + pair[0]], ranges[0]),
    one ? y + side / 2 : y + side * (1 - along(values[i * units + pair[1]], ranges[1])),
  ];
  const square = { x, y, side, reach: 1 };
  clipped(ctx, square, () => {
    if (units <= 2) drawDivision(ctx, stage, square, reply, ranges, pair);
    drawGrid(ctx, stage, reply, (i) => at(reply.grid_seen.data, i));
  });
  outline(ctx, { x, y, width: side, height: side }, stage.theme.border);
  drawEnds(ctx, stage, square, ranges, pair);
  for (let i = 0; i < reply.targets.data.length; i++) {
    drawPoint(ctx, stage, at(reply.seen.data, i), told(reply, i));
  }
}

// The output's two sides in this space, painted place by place: v·h + c above or below 0.
/** @type {(ctx: Context, stage: any, square: any, reply: any, ranges: any, pair: any) => void} */
function drawDivision(ctx, { theme }, { x, y, side }, reply, ranges, pair) {
  const units = reply.seen.shape[1];
  const weight = (unit) => reply.numbers.data[4 * unit + 3];
  const bias = reply.numbers.data[4 * units];
  const height = (part, up) => {
    const h1 = ranges[0][0] + part * (ranges[0][1] - ranges[0][0]);
    const h2 = ranges[1][0] + up * (ranges[1][1] - ranges[1][0]);
    return weight(pair[0]) * h1 + (units > 1 ? weight(pair[1]) * h2 : 0) + bias;
  };
  for (const plus of [false, true]) {
    const corners = sideOf(plus ? height : (part, up) => -height(part, up));
    if (corners.length < 3) continue;
    ctx.beginPath();
    for (const [part, up] of corners) ctx.lineTo(x + side * part, y + side * (1 - up));
    ctx.closePath();
    ctx.fillStyle = mix(classColour(theme, plus), theme.background, 0.82);
    ctx.fill();
    if (!plus) continue;
    ctx.strokeStyle = theme.text;
    ctx.lineWidth = 2;
    ctx.stroke();
  }
}

/**
 * The part of the unit square where a linear function is above 0, as a polygon.
 * @param {(part: number, up: number) => number} height
 * @returns {[number, number][]}
 */
export function sideOf(height) {
  /** @type {[number, number][]} */
  const corners = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  /** @type {[number, number][]} */
  const kept = [];
  corners.forEach((from, i) => {
    const to = corners[(i + 1) % 4];
    const [a, b] = [height(...from), height(...to)];
    if (a > 0) kept.push(from);
    if (a > 0 === b > 0) return;
    const part = a / (a - b);
    kept.push([from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part]);
  });
  return kept;
}

/** @type {(ctx: Context, stage: any, reply: any, at: (i: number) => [number, number]) => void} */
function drawGrid(ctx, { theme }, reply, at) {
  const [rows, columns] = reply.grid_logits.shape;
  ctx.strokeStyle = theme.muted;
  ctx.lineWidth = 1;
  ctx.globalAlpha = 0.55;
  ctx.beginPath();
  for (let k = 0; k < rows; k += EVERY) {
    for (let i = 0; i < columns; i++) {
      const place = at(k * columns + i);
      if (i) ctx.lineTo(...place);
      else ctx.moveTo(...place);
    }
  }
  for (let k = 0; k < columns; k += EVERY) {
    for (let i = 0; i < rows; i++) {
      const place = at(i * columns + k);
      if (i) ctx.lineTo(...place);
      else ctx.moveTo(...place);
    }
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** @type {(ctx: Context, stage: any, square: any, ranges: any, pair: number[]) => void} */
function drawEnds(ctx, stage, { x, y, side }, [across, up], pair) {
  const small = { size: 11, colour: stage.theme.muted };
  write(ctx, stage, brief(across[0]), x, y + side + 9, small);
  write(ctx, stage, brief(across[1]), x + side, y + side + 9, { ...small, align: "right" });
  const name = (unit) => `h${"₁₂₃₄₅₆₇₈"[unit]}`;
  write(ctx, stage, name(pair[0]), x + side / 2, y + side + 9, { ...small, align: "center" });
  if (pair[0] === pair[1]) return;
  write(ctx, stage, name(pair[1]), x - 8, y + side / 2, { ...small, align: "right" });
  write(ctx, stage, brief(up[1]), x - 4, y + 7, { ...small, align: "right" });
  write(ctx, stage, brief(up[0]), x - 4, y + side - 7, { ...small, align: "right" });
}
