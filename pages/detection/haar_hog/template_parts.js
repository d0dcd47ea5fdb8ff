// The cell pointed at: its pixels with their gradients and the histogram that they make. Or the
// window pointed at: its cells, and what each adds to the template's response.
import {
  brief,
  drawBitmap,
  drawScale,
  mapBitmap,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";
import { drawStars, largest } from "./glyphs.js";
import { latest } from "./latest_answer.js";

/** @import { Stage } from "./template.js" */

// What the cells of the window pointed at add; null until it is known, or while the level changes.
/** @param {Stage} stage */
export function responseOf(stage, { about }, { top, left }) {
  const params = { ...stage.data.fixed, level: about.level, row: top, column: left };
  const { reply, current } = latest(stage, "haar-hog/response", params);
  return current ? reply : null;
}

// Part of a picture (h, w, 3) as a bitmap.
function partOf({ data, shape: [, width] }, y, x, rows, columns) {
  const part = new Uint8Array(rows * columns * 3);
  for (let row = 0; row < rows; row++) {
    const from = 3 * ((y + row) * width + x);
    part.set(data.subarray(from, from + 3 * columns), 3 * row * columns);
  }
  return pictureBitmap({ data: part, shape: [rows, columns] });
}

/** @param {Stage} stage */
export function drawCell(ctx, stage, reply, { row, column }, { left, right }) {
  const side = reply.about.cell_px;
  const square = { ...left, height: left.width };
  const [y, x] = [row * side, column * side];
  write(ctx, stage, stage.words.hog_pixels, left.x, left.y - 11, { size: 12, bold: true });
  drawBitmap(ctx, partOf(reply.picture, y, x, side, side), square);
  drawGradients(ctx, stage, reply, y, x, square);
  outline(ctx, square, stage.theme.border);
  write(ctx, stage, stage.words.hog_histogram, right.x, right.y - 11, { size: 12, bold: true });
  drawHistogram(ctx, stage, reply, row, column, { ...right, height: right.width });
}

/** @param {Stage} stage */
function drawGradients(ctx, stage, { strength, angle, about }, y, x, box) {
  const side = about.cell_px;
  const width = strength.shape[1];
  const step = box.width / side;
  const at = Array.from(
    { length: side * side },
    (_, i) => (y + Math.floor(i / side)) * width + x + (i % side),
  );
  const most = Math.max(...at.map((i) => strength.data[i]), 1e-9);
  for (const [line, colour] of [
    [3, stage.theme.background],
    [1.5, stage.theme.lines[1]],
  ]) {
    Object.assign(ctx, { lineWidth: line, strokeStyle: colour });
    ctx.beginPath();
    at.forEach((pixel, i) => {
      const long = (strength.data[pixel] / most) * step * 0.5;
      if (long < 0.4) return;
      const [cx, cy] = [(i % side) + 0.5, Math.floor(i / side) + 0.5];
      const turn = (angle.data[pixel] * Math.PI) / 180;
      const [dx, dy] = [Math.cos(turn) * long, Math.sin(turn) * long];
      ctx.moveTo(box.x + cx * step - dx, box.y + cy * step - dy);
      ctx.lineTo(box.x + cx * step + dx, box.y + cy * step + dy);
    });
    ctx.stroke();
  }
}

// The cell's nine numbers.
export function histogramOf({ cells }, row, column) {
  const first = 9 * (row * cells.shape[1] + column);
  return cells.data.subarray(first, first + 9);
}

/** @param {Stage} stage */
function drawHistogram(ctx, stage, reply, row, column, box) {
  const numbers = histogramOf(reply, row, column);
  const most = Math.max(...numbers);
  const step = box.width / 9;
  const base = box.y + box.height - 14;
  ctx.fillStyle = stage.theme.accent;
  numbers.forEach((value, bin) => {
    const height = (value / (most || 1)) * (box.height - 30);
    ctx.fillRect(box.x + bin * step + 1, base - height, step - 2, height);
  });
  ctx.fillStyle = stage.theme.border;
  ctx.fillRect(box.x, base, box.width, 1);
  const small = { size: 11, colour: stage.theme.muted };
  write(ctx, stage, brief(most), box.x, box.y + 6, small);
  write(ctx, stage, "10°", box.x, base + 9, small);
  write(ctx, stage, "90°", box.x + box.width / 2, base + 9, { ...small, align: "center" });
  write(ctx, stage, "170°", box.x + box.width, base + 9, { ...small, align: "right" });
}

/** @param {Stage} stage */
export function drawResponse(ctx, stage, reply, at, asked, { left, right }) {
  const { about, picture, normalised } = reply;
  const side = about.cell_px;
  const [height, width] = about.window_px;
  const [rows, columns] = [height / side, width / side];
  write(ctx, stage, stage.words.hog_window, left.x, left.y - 11, { size: 12, bold: true });
  drawBitmap(ctx, partOf(picture, at.top * side, at.left * side, height, width), left, true);
  ctx.globalAlpha = 0.7;
  ctx.fillStyle = stage.theme.background;
  ctx.fillRect(left.x, left.y, left.width, left.height);
  ctx.globalAlpha = 1;
  const part = new Float32Array(rows * columns * 9);
  for (let row = 0; row < rows; row++) {
    const from = 9 * ((at.top + row) * normalised.shape[1] + at.left);
    part.set(normalised.data.subarray(from, from + 9 * columns), 9 * row * columns);
  }
  const stars = { data: part, shape: [rows, columns, 9] };
  drawStars(ctx, stars, left, largest(normalised.data), stage.theme.text, { width: 1.3 });
  outline(ctx, left, stage.theme.border);
  write(ctx, stage, stage.words.hog_adds, right.x, right.y - 11, { size: 12, bold: true });
  outline(ctx, right, stage.theme.border);
  if (!asked) return;
  const most = largest(asked.cells.data);
  const map = mapBitmap(asked.cells.data, rows, columns, stage.theme.signed, -most, most);
  drawBitmap(ctx, map, right);
  outline(ctx, right, stage.theme.border);
  const scale = { ...right, y: right.y + right.height + 6, height: 6 };
  drawScale(ctx, stage, stage.theme.signed, -most, most, scale);
}
