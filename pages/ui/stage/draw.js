// Drawing on a stage's canvas in CSS pixels: maps through a palette, pictures, scales, text.
import { numberText } from "./plot_numbers.js";

/** @import { Box, ColourTable, Context, Numbers, Stage } from "./types.d.ts" */

/**
 * The 2D context of a canvas, which none of another kind has been asked of.
 * @template {HTMLCanvasElement | OffscreenCanvas} C
 * @param {C} canvas
 */
export function contextOf(canvas) {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("the canvas has a context of another kind");
  /** @typedef {CanvasRenderingContext2D} OnPage */
  /** @typedef {OffscreenCanvasRenderingContext2D} OffPage */
  return /** @type {C extends HTMLCanvasElement ? OnPage : OffPage} */ (context);
}

/**
 * Size the canvas to its frame (sharp on dense screens) and clear it.
 * @param {Stage} stage
 * @param {number} height
 */
export function openCanvas(stage, height) {
  const { canvas, frame } = stage;
  const width = canvas.clientWidth || frame.clientWidth; // its own column, where charts stand beside
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
  }
  const ctx = contextOf(canvas);
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, width, height);
  ctx.textBaseline = "middle";
  return { ctx, width, height };
}

/**
 * A map (rows × columns of numbers) as an off-screen bitmap through a 256-colour table. To lie over
 * a picture, a signed map may fade: what is near zero is then as transparent as it is small.
 * @param {ArrayLike<number>} data
 * @param {number} rows
 * @param {number} columns
 * @param {ColourTable} lut
 * @param {number} low the value of the table's first colour
 * @param {number} high that of its last
 * @param {boolean} [fading]
 */
export function mapBitmap(data, rows, columns, lut, low, high, fading = false) {
  const image = new ImageData(columns, rows);
  const scale = high > low ? 255 / (high - low) : 0;
  for (let i = 0; i < rows * columns; i++) {
    const at = 3 * Math.min(255, Math.max(0, Math.round((data[i] - low) * scale)));
    image.data[4 * i] = lut[at];
    image.data[4 * i + 1] = lut[at + 1];
    image.data[4 * i + 2] = lut[at + 2];
    image.data[4 * i + 3] = fading ? Math.min(255, (Math.abs(data[i]) / high) * 255) : 255;
  }
  return bitmap(image);
}

/**
 * A picture, uint8 (H, W, 3), as an off-screen bitmap.
 * @param {Numbers} picture
 */
export function pictureBitmap({ data, shape: [rows, columns] }) {
  const image = new ImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) {
    image.data[4 * i] = data[3 * i];
    image.data[4 * i + 1] = data[3 * i + 1];
    image.data[4 * i + 2] = data[3 * i + 2];
    image.data[4 * i + 3] = 255;
  }
  return bitmap(image);
}

/** @param {ImageData} image */
function bitmap(image) {
  const canvas = new OffscreenCanvas(image.width, image.height);
  contextOf(canvas).putImageData(image, 0, 0);
  return canvas;
}

/**
 * A bitmap over the box; cells stay sharp unless smooth.
 * @param {Context} ctx
 * @param {CanvasImageSource} source
 * @param {Box} box
 * @param {boolean} [smooth]
 */
export function drawBitmap(ctx, source, box, smooth = false) {
  ctx.imageSmoothingEnabled = smooth;
  ctx.drawImage(source, box.x, box.y, box.width, box.height);
}

/**
 * A frame within the box.
 * @param {Context} ctx
 * @param {Box} box
 * @param {string} colour
 * @param {number} [lineWidth]
 */
export function outline(ctx, box, colour, lineWidth = 1) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = lineWidth;
  ctx.strokeRect(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1);
}

/**
 * @typedef {object} Letters
 * @property {number} [size] px, 12 by default
 * @property {string} [colour] the theme's text by default
 * @property {string} [align] where (x, y) lies in the text, "left" by default
 * @property {boolean} [bold]
 * @property {boolean} [mono]
 */

/**
 * Text at the height y of its middle.
 * @param {Context} ctx
 * @param {Stage} stage
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {Letters} [options]
 */
export function write(ctx, stage, text, x, y, options = {}) {
  const {
    size = 12,
    colour = stage.theme.text,
    align = "left",
    bold = false,
    mono = false,
  } = options;
  ctx.font = `${bold ? 600 : 400} ${size}px ${mono ? stage.theme.mono : stage.theme.font}`;
  ctx.fillStyle = colour;
  ctx.textAlign = /** @type {CanvasTextAlign} */ (align);
  ctx.fillText(text, x, y);
}

/**
 * The box of cell (row, column) of a grid drawn in box.
 * @param {Box} box
 * @param {number[]} numbers rows, columns, row, column
 * @returns {Box}
 */
export function cellBox(box, ...numbers) {
  const [rows, columns, row, column] = numbers;
  const [w, h] = [box.width / columns, box.height / rows];
  return { x: box.x + column * w, y: box.y + row * h, width: w, height: h };
}

/**
 * Which cell of the grid lies under the pointer; null outside.
 * @param {Box} box
 * @param {number[]} numbers rows, columns, x, y
 */
export function cellAt(box, ...numbers) {
  const [rows, columns, x, y] = numbers;
  const column = Math.floor(((x - box.x) / box.width) * columns);
  const row = Math.floor(((y - box.y) / box.height) * rows);
  return row >= 0 && column >= 0 && row < rows && column < columns ? { row, column } : null;
}

/**
 * A colour scale with its range, as every map must have.
 * @param {Context} ctx
 * @param {Stage} stage
 * @param {ColourTable} lut
 * @param {number} low
 * @param {number} high
 * @param {Box} box
 * @param {boolean} [beyond] some values lie outside the range
 */
export function drawScale(ctx, stage, lut, low, high, box, beyond = false) {
  const strip = new Float32Array(256).map((_, i) => i);
  drawBitmap(ctx, mapBitmap(strip, 1, 256, lut, 0, 255), box, true);
  outline(ctx, box, stage.theme.border);
  const y = box.y + box.height + 8;
  write(ctx, stage, `${beyond ? "≤ " : ""}${brief(low)}`, box.x, y, {
    size: 11,
    colour: stage.theme.muted,
  });
  const right = { size: 11, colour: stage.theme.muted, align: "right" };
  const most = `${beyond ? "≥ " : ""}${brief(high)}`;
  write(ctx, stage, most, box.x + box.width, y, right);
  if (low < 0 && high > 0) {
    const zero = box.x + (box.width * -low) / (high - low);
    write(ctx, stage, "0", zero, y, { size: 11, colour: stage.theme.muted, align: "center" });
  }
}

/** A number as short as it can be without lying: three significant digits, 4.27 × 10⁶. */
export const brief = numberText;

/**
 * Two numbers, with as many more digits as show that they differ.
 * @param {number} first
 * @param {number} second
 * @returns {[string, string]}
 */
export function toldApart(first, second) {
  let digits = 3;
  while (first !== second && digits < 15 && brief(first, digits) === brief(second, digits))
    digits++;
  return [brief(first, digits), brief(second, digits)];
}

/**
 * A score with two digits, or with as many more as show that it lies below a limit.
 * @param {number} value
 * @param {number} limit
 */
export function below(value, limit) {
  let digits = 2;
  while (value < limit && Number(value.toFixed(digits)) >= limit && digits < 9) digits++;
  return value.toFixed(digits);
}

/** @type {(text: string) => string} */
export const minus = (text) => text.replace(/-/g, "−");

/**
 * Where on the canvas, in CSS pixels.
 * @param {Stage} stage
 * @param {{ clientX: number, clientY: number }} event
 */
export function pointerPosition(stage, event) {
  const box = stage.canvas.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

// "… {n} …" with its placeholders filled, as engine.errors.fill does for the pages: {n:box|boxes}
// stands for "box" where n is 1 and for "boxes" elsewhere.
/** @type {(text: string, params: Record<string, any>) => string} */
export const fill = (text, params) =>
  text.replace(/\{(\w+)(?::([^{}|]*)\|([^{}]*))?\}/g, (_, name, one, more) =>
    more === undefined ? params[name] : String(params[name]) === "1" ? one : more,
  );
