// The plane of two inputs: points of two classes, the line that a neuron draws, and its two sides.
import { minus, outline, write } from "../../ui/stage/draw.js";
import { mix } from "../../ui/stage/palette.js";

/** @import { Context, Theme } from "../../ui/stage/types.d.ts" */
/** @typedef {{ x: number, y: number, side: number, reach: number }} Square in CSS pixels */
/** @typedef {[number, number]} Place */
/** @typedef {ArrayLike<number>} Line w₁, w₂, b of w₁x + w₂y + b = 0 */

export const REACH = 2;
const DOT = 11; // px, a point's radius
const FIRST_ALPHA = 0.08;

/** Colours of the two classes: + and −. @type {(theme: Theme, plus: boolean) => string} */
export const classColour = (theme, plus) => theme.lines[plus ? 1 : 0];

/** @type {(square: Square, x: number, y: number) => Place} on the canvas */
export const at = ({ x: left, y: top, side, reach }, x, y) => [
  left + side * (0.5 + x / reach / 2),
  top + side * (0.5 - y / reach / 2),
];

/**
 * What place of the plane lies under a place of the canvas; null outside, unless it is held within.
 * @param {Square} square
 * @param {{ x: number, y: number }} place
 * @param {boolean} [held]
 */
export function placeUnder({ x: left, y: top, side, reach }, place, held = false) {
  const x = ((place.x - left) / side - 0.5) * 2 * reach;
  const y = (0.5 - (place.y - top) / side) * 2 * reach;
  if (!held && (Math.abs(x) > reach || Math.abs(y) > reach)) return null;
  const within = (/** @type {number} */ value) => Math.min(Math.max(value, -reach), reach);
  return { x: within(x), y: within(y) };
}

/**
 * The part of the square [-reach, reach]² where w₁x + w₂y + b is above 0, as a polygon; empty where
 * it is nowhere (Sutherland and Hodgman 1974, for one edge).
 * @param {Line} line
 * @param {number} reach
 * @returns {Place[]}
 */
export function positiveSide(line, reach) {
  /** @type {Place[]} */
  const corners = [
    [-reach, -reach],
    [reach, -reach],
    [reach, reach],
    [-reach, reach],
  ];
  const height = (/** @type {Place} */ [x, y]) => line[0] * x + line[1] * y + line[2];
  /** @type {Place[]} */
  const kept = [];
  corners.forEach((from, i) => {
    const to = corners[(i + 1) % corners.length];
    const [a, b] = [height(from), height(to)];
    if (a > 0) kept.push(from);
    if (a > 0 === b > 0) return;
    const part = a / (a - b);
    kept.push([from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part]);
  });
  return kept;
}

/**
 * The two ends of the line within the square; null where it does not cross it.
 * @param {Line} line
 * @param {number} reach
 * @returns {[Place, Place] | null}
 */
export function lineWithin(line, reach) {
  const side = positiveSide(line, reach);
  const far = Math.hypot(line[0], line[1]);
  if (!far) return null;
  const on = side.filter(
    ([x, y]) => Math.abs(line[0] * x + line[1] * y + line[2]) <= 1e-9 * (far + Math.abs(line[2])),
  );
  return on.length === 2 ? [on[0], on[1]] : null;
}

/** @type {(ctx: Context, square: Square, act: () => void) => void} */
function clipped(ctx, { x, y, side }, act) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, side, side);
  ctx.clip();
  act();
  ctx.restore();
}

/**
 * The two sides of a line in their classes' colours.
 * @type {(ctx: Context, stage: any, square: Square, line: Line) => void}
 */
export function drawSides(ctx, { theme }, square, line) {
  const opposite = Array.from(line, (value) => -value);
  for (const [side, plus] of /** @type {const} */ ([
    [line, true],
    [opposite, false],
  ])) {
    const corners = positiveSide(side, square.reach);
    if (corners.length < 3) continue;
    ctx.beginPath();
    for (const [x, y] of corners) ctx.lineTo(...at(square, x, y));
    ctx.closePath();
    ctx.fillStyle = mix(classColour(theme, plus), theme.background, 0.82);
    ctx.fill();
  }
}

/**
 * The axes of the plane, with a number at every whole place.
 * @type {(ctx: Context, stage: any, square: Square, names: [string, string]) => void}
 */
export function drawAxes(ctx, stage, square, names) {
  const { theme } = stage;
  const { x, y, side, reach } = square;
  ctx.strokeStyle = theme.border;
  ctx.lineWidth = 1;
  const small = { size: 11, colour: theme.muted };
  for (let value = -reach; value <= reach; value += 1) {
    const [px, py] = at(square, value, value);
    ctx.beginPath();
    ctx.moveTo(px, y);
    ctx.lineTo(px, y + side);
    ctx.moveTo(x, py);
    ctx.lineTo(x + side, py);
    ctx.globalAlpha = value === 0 ? 1 : 0.45;
    ctx.stroke();
    ctx.globalAlpha = 1;
    write(ctx, stage, minus(String(value)), px, y + side + 9, { ...small, align: "center" });
    if (Math.abs(value) < reach) {
      write(ctx, stage, minus(String(value)), x - 5, py, { ...small, align: "right" });
    }
  }
  write(ctx, stage, names[0], x + side, y + side + 22, { ...small, align: "right" });
  write(ctx, stage, names[1], x - 16, y + 8, { ...small, align: "right" });
  outline(ctx, { x, y, width: side, height: side }, theme.border);
}

/**
 * A line of the plane.
 * @param {Context} ctx
 * @param {Square} square
 * @param {Line} line
 * @param {{ colour: string, width?: number, alpha?: number, dash?: number[] }} look
 */
export function drawLine(ctx, square, line, { colour, width = 2, alpha = 1, dash = [] }) {
  const ends = lineWithin(line, square.reach);
  if (!ends) return;
  ctx.beginPath();
  ctx.moveTo(...at(square, ...ends[0]));
  ctx.lineTo(...at(square, ...ends[1]));
  Object.assign(ctx, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha });
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/**
 * Where the line has been: the last ways are darker than the first.
 * @param {Context} ctx
 * @param {any} stage
 * @param {Square} square
 * @param {Line[]} lines oldest first
 */
export function drawTrail(ctx, { theme }, square, lines) {
  lines.forEach((line, i) => {
    const alpha = FIRST_ALPHA + (0.35 * i) / Math.max(1, lines.length);
    drawLine(ctx, square, line, { colour: theme.muted, width: 1, alpha });
  });
}

/**
 * The smallest polygon around the points of a class.
 * @type {(ctx: Context, stage: any, square: Square, hull: any, plus: boolean) => void}
 */
export function drawHull(ctx, { theme }, square, { data, shape }, plus) {
  ctx.beginPath();
  for (let i = 0; i < shape[0]; i++) {
    ctx.lineTo(...at(square, data[2 * i], data[2 * i + 1]));
  }
  ctx.closePath();
  ctx.strokeStyle = classColour(theme, plus);
  ctx.lineWidth = 2;
  ctx.setLineDash([5, 4]);
  ctx.stroke();
  ctx.setLineDash([]);
}

/**
 * The way in which the sum grows fastest: w, from the line outwards.
 * @type {(ctx: Context, stage: any, square: Square, line: Line) => void}
 */
export function drawNormal(ctx, stage, square, line) {
  const ends = lineWithin(line, square.reach);
  if (!ends) return;
  const long = Math.hypot(line[0], line[1]);
  const middle = at(square, (ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2);
  const [dx, dy] = [line[0] / long, -line[1] / long];
  const tip = [middle[0] + 34 * dx, middle[1] + 34 * dy];
  Object.assign(ctx, { strokeStyle: stage.theme.text, lineWidth: 2 });
  ctx.beginPath();
  ctx.moveTo(middle[0], middle[1]);
  ctx.lineTo(tip[0], tip[1]);
  for (const turn of [-1, 1]) {
    ctx.moveTo(tip[0] - 7 * dx + turn * 5 * dy, tip[1] - 7 * dy - turn * 5 * dx);
    ctx.lineTo(tip[0], tip[1]);
  }
  ctx.stroke();
  write(ctx, stage, "w", tip[0] + 8 * dx, tip[1] + 8 * dy, { bold: true, align: "center" });
}

/**
 * A point with its sign; one on the wrong side has a gap-toothed ring, one at hand a full one.
 * @param {Context} ctx
 * @param {any} stage
 * @param {[number, number]} place on the canvas
 * @param {{ plus: boolean, wrong?: boolean, lit?: boolean, name?: string }} point
 */
export function drawPoint(ctx, stage, [x, y], { plus, wrong = false, lit = false, name }) {
  const { theme } = stage;
  ctx.beginPath();
  ctx.arc(x, y, DOT, 0, 2 * Math.PI);
  ctx.fillStyle = classColour(theme, plus);
  ctx.fill();
  ctx.strokeStyle = theme.background;
  ctx.lineWidth = 1.5;
  ctx.stroke();
  const sign = { align: "center", bold: true, size: 15, colour: theme.background };
  write(ctx, stage, plus ? "+" : "−", x, y + 0.5, sign);
  if (wrong) ring(ctx, x, y, DOT + 4, theme.text, [3, 3]);
  if (lit) ring(ctx, x, y, DOT + 8, theme.accent, []);
  if (name) write(ctx, stage, name, x + DOT + 3, y - DOT - 1, { size: 10, colour: theme.muted });
}

/** @type {(ctx: Context, x: number, y: number, r: number, colour: string, dash: number[]) => void} */
function ring(ctx, x, y, r, colour, dash) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
  Object.assign(ctx, { strokeStyle: colour, lineWidth: 2 });
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.setLineDash([]);
}

export { clipped };
