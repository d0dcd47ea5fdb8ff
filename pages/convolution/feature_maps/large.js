// One map large over the picture, and the part of the picture that one of its cells depends on.
import {
  cellBox,
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  outline,
  write,
} from "../../ui/stage/draw.js";

/** @import { Stage } from "./view.js" */

// → the box of the map.
/** @param {Stage} stage */
export function drawLarge(ctx, stage, { map, about, rows, cols }, values, { x, y, side }) {
  const box = { x, y, width: side, height: side };
  const lut = about.low < 0 ? stage.theme.signed : stage.theme.sequential;
  const heading = fill(stage.words.chosen, { name: about.name, channel: about.channel });
  write(ctx, stage, heading, x, y - 12, { size: 12, bold: true });
  if (stage.state.overview) drawBitmap(ctx, stage.state.overview.picture, box, true);
  ctx.globalAlpha = values.opacity / 100;
  drawBitmap(ctx, mapBitmap(map.data, map.shape[0], map.shape[1], lut, about.low, about.high), box);
  ctx.globalAlpha = 1;
  outline(ctx, box, stage.theme.border);
  const cell = cellIn(stage, about.size);
  if (cell) drawField(ctx, stage, box, cell, { about, rows, cols });
  const scale = { x, y: y + side + 10, width: Math.min(150, side * 0.5), height: 8 };
  drawScale(ctx, stage, lut, about.low, about.high, scale);
  const place = { size: 11, colour: stage.theme.muted };
  write(
    ctx,
    stage,
    stage.words[`range_${values.scope}`],
    scale.x + scale.width + 12,
    scale.y + 4,
    place,
  );
  return box;
}

// The cell pointed at, kept inside when the next map has fewer.
/** @param {Stage} stage */
export function cellIn(stage, [rows, columns]) {
  if (!stage.state.cell) return null;
  return {
    row: Math.min(stage.state.cell.row, rows - 1),
    column: Math.min(stage.state.cell.column, columns - 1),
  };
}

/** @param {Stage} stage */
function drawField(ctx, stage, box, { row, column }, { about, rows, cols }) {
  const [height, width] = about.input_px;
  const [top, bottom] = rows.data.subarray(2 * row, 2 * row + 2);
  const [left, right] = cols.data.subarray(2 * column, 2 * column + 2);
  const field = {
    x: box.x + (box.width * left) / width,
    y: box.y + (box.height * top) / height,
    width: (box.width * (right - left)) / width,
    height: (box.height * (bottom - top)) / height,
  };
  const cell = cellBox(box, ...about.size, row, column);
  const part = (field.width * field.height) / (box.width * box.height);
  if (stage.state.overview && part < 0.4) {
    ctx.save(); // inside its field the picture itself is seen
    ctx.beginPath();
    ctx.rect(field.x, field.y, field.width, field.height);
    ctx.clip();
    ctx.globalAlpha = 0.55;
    drawBitmap(ctx, stage.state.overview.picture, box, true);
    ctx.restore();
  }
  outline(ctx, field, stage.theme.background, 4);
  outline(ctx, field, stage.theme.accent, 2);
  outline(ctx, grown(cell, 1), stage.theme.background, 3);
  outline(ctx, grown(cell, 1), stage.theme.lines[1], 1.5);
}

const grown = (box, by) => ({
  x: box.x - by,
  y: box.y - by,
  width: box.width + 2 * by,
  height: box.height + 2 * by,
});
