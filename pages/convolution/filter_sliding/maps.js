// Input and output of the filter-sliding stage as grids of cells, and what is lit up on them.
import { drawBitmap, drawScale, outline } from "../../ui/stage/draw.js";
import { inkOn } from "../../ui/stage/palette.js";
import { fillHatched } from "../../ui/stage/sums.js";
import { bitmaps, brightness, channelOf, scaleOf } from "./bitmaps.js";
import { drawLines, whole, writeCells, writeRim } from "./cells.js";
import { cellOf, inside } from "./layout.js";

/** @import { Stage } from "./view.js" */

/** @param {Stage} stage */
export function drawInput(ctx, stage, view, layout) {
  const { reply } = view;
  const { input } = layout;
  const [channels, rows, columns] = reply.input.shape;
  if (input.allRows > rows || input.allColumns > columns) {
    fillHatched(ctx, stage, whole(input));
    writeRim(ctx, stage, input);
  }
  drawBitmap(ctx, bitmaps(stage, view).input, inside(input));
  drawLines(ctx, stage, input);
  const values = channelOf(reply.input, channels > 1 ? view.channel : 0);
  const bright = brightness(reply);
  writeCells(ctx, stage, input, values, (i) => inkOn(stage.theme.grey, bright(i)));
  veilUnreached(ctx, stage, reply.about, input);
  layout.channels.forEach((box, channel) => {
    drawBitmap(ctx, bitmaps(stage, view).channels[channel], box);
    const chosen = channel === view.channel;
    outline(ctx, box, chosen ? stage.theme.channels[channel] : stage.theme.border, chosen ? 2 : 1);
  });
}

/** @param {Stage} stage */
export function drawOutput(ctx, stage, view, layout) {
  const { about, output } = view.reply;
  const place = layout.output;
  const { rim } = place;
  if (about.transposed && rim.above + rim.before) fillHatched(ctx, stage, whole(place));
  drawBitmap(ctx, bitmaps(stage, view).outputs[view.filter], inside(place));
  const values = channelOf(output, view.filter);
  const { lut, part } = scaleOf(stage, about, view.filter);
  const ink = (i) => inkOn(lut, part(values[i]));
  drawLines(ctx, stage, place);
  writeCells(ctx, stage, place, values, ink);
  if (view.reached !== null) coverUnrevealed(ctx, stage, place, view.reached);
  drawGhost(ctx, stage, layout);
  layout.filters.forEach((box, filter) => {
    drawBitmap(ctx, bitmaps(stage, view).outputs[filter], box);
    const chosen = filter === view.filter;
    outline(ctx, box, chosen ? stage.theme.accent : stage.theme.border, chosen ? 2 : 1);
  });
}

/** @param {Stage} stage */
export function drawScales(ctx, stage, view, layout) {
  const { about } = view.reply;
  const width = Math.min(140, layout.side);
  const scale = scaleOf(stage, about, view.filter);
  for (const [place, { lut, low, high }] of [
    [layout.input, { lut: stage.theme.grey, low: 0, high: about.top }],
    [layout.output, scale],
  ]) {
    ctx.fillStyle = stage.theme.background; // over the lines that come from the arithmetic
    ctx.fillRect(place.x, layout.scaleY, width, 22);
    drawScale(ctx, stage, lut, low, high, { x: place.x, y: layout.scaleY, width, height: 8 });
  }
}

// The patch under the chosen output cell, the cell itself, and the lines that join them.
/** @param {Stage} stage */
export function drawChoice(ctx, stage, view, layout, places) {
  const { cell } = view.sums.about;
  const target = cellOf(layout.output, cell.row, cell.col);
  const patch = patchBox(ctx, stage, layout.input, cell, view.reply.about.transposed);
  mark(ctx, stage, target);
  ctx.strokeStyle = stage.theme.accent;
  ctx.globalAlpha = 0.55;
  ctx.lineWidth = 1;
  ctx.beginPath();
  const [first] = places.patches;
  if (patch && first) {
    const wide = first.columns * first.unit;
    ctx.moveTo(patch.x, patch.y + patch.height);
    ctx.lineTo(first.x, first.y);
    ctx.moveTo(patch.x + patch.width, patch.y + patch.height);
    ctx.lineTo(first.x + wide, first.y);
  }
  const { total, sums } = places;
  if (total.y > sums.y) ctx.moveTo(total.x + total.width / 2, sums.y - 2);
  else ctx.moveTo(total.x + total.width, total.y + total.height / 2);
  ctx.lineTo(target.x + target.width / 2, target.y + target.height);
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** @param {Stage} stage */
function patchBox(ctx, stage, input, { input_rows, input_cols }, transposed) {
  const seen = (indices, count) =>
    indices.filter((at) => at !== null && (!transposed || (at >= 0 && at < count)));
  const rows = seen(input_rows, input.rows);
  const columns = seen(input_cols, input.columns);
  if (!rows.length || !columns.length) return null;
  const gaps =
    rows.some((at, i) => i && Math.abs(at - rows[i - 1]) > 1) ||
    columns.some((at, i) => i && Math.abs(at - columns[i - 1]) > 1);
  const first = cellOf(input, Math.min(...rows), Math.min(...columns));
  const last = cellOf(input, Math.max(...rows), Math.max(...columns));
  const box = {
    x: first.x,
    y: first.y,
    width: last.x + last.width - first.x,
    height: last.y + last.height - first.y,
  };
  if (gaps) {
    for (const row of rows)
      for (const column of columns) mark(ctx, stage, cellOf(input, row, column));
    ctx.setLineDash([4, 3]);
    outline(ctx, box, stage.theme.accent);
    ctx.setLineDash([]);
  } else mark(ctx, stage, box);
  return box;
}

// What hovering an input cell or a weight lights: links = rows of 6 indices from the engine.
/** @param {Stage} stage */
export function drawLit(ctx, stage, view, layout) {
  const { kind, row, column, links } = view.lit;
  const green = stage.theme.lines[2];
  if (kind === "fed") outline(ctx, cellOf(layout.input, row, column), green, 3);
  for (let i = 0; i < links.shape[0]; i++) {
    const [inRow, inColumn, , , outRow, outColumn] = links.data.subarray(6 * i, 6 * i + 6);
    const box =
      kind === "fed"
        ? cellOf(layout.output, outRow, outColumn)
        : cellOf(layout.input, inRow, inColumn);
    ctx.globalAlpha = 0.28;
    ctx.fillStyle = green;
    ctx.fillRect(box.x, box.y, box.width, box.height);
    ctx.globalAlpha = 1;
    outline(ctx, box, green, box.width > 12 ? 2 : 1);
  }
}

/** @param {Stage} stage */
function mark(ctx, stage, box) {
  const inner = { x: box.x - 1, y: box.y - 1, width: box.width + 2, height: box.height + 2 };
  outline(ctx, inner, stage.theme.background, 4);
  outline(ctx, inner, stage.theme.accent, 2);
}

// Cells at the end that no step of the stride reaches any more.
/** @param {Stage} stage */
function veilUnreached(ctx, stage, about, input) {
  const [across, down] = [about.cost.left_over_px, about.cost.left_over_rows_px];
  ctx.fillStyle = stage.theme.background;
  ctx.globalAlpha = 0.6;
  const box = whole(input);
  if (across) {
    const wide = across * input.unit;
    ctx.fillRect(box.x + box.width - wide, box.y, wide, box.height);
  }
  if (down) {
    const high = down * input.unit;
    ctx.fillRect(box.x, box.y + box.height - high, box.width, high);
  }
  ctx.globalAlpha = 1;
}

/** @param {Stage} stage */
function coverUnrevealed(ctx, stage, place, reached) {
  const row = Math.floor(reached / place.columns);
  const next = cellOf(place, row, (reached % place.columns) + 1);
  const box = inside(place);
  const right = box.x + box.width;
  ctx.fillStyle = stage.theme.panel;
  ctx.fillRect(next.x, next.y, right - next.x, next.height);
  ctx.fillRect(box.x, next.y + next.height, box.width, box.y + box.height - next.y - next.height);
  outline(ctx, box, stage.theme.border);
}

// The size of the input, dotted around an output that has become smaller.
/** @param {Stage} stage */
function drawGhost(ctx, stage, { input, output }) {
  if (output.unit !== input.unit) return;
  const ghost = {
    x: output.x,
    y: output.y,
    width: input.columns * input.unit,
    height: input.rows * input.unit,
  };
  if (output.columns >= input.columns && output.rows >= input.rows) return;
  ctx.setLineDash([2, 4]);
  outline(ctx, ghost, stage.theme.muted);
  ctx.setLineDash([]);
}
