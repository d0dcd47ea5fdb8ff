// The maps by size, coarser to the right: above, what the encoder shrank; below, what the chosen
// decoder grew from it. Each tile is one channel in its own range; the pixel's cell is framed.
import { brief, cellBox, drawBitmap, mapBitmap, outline, write } from "../../ui/stage/draw.js";

/** @import { Stage } from "../../ui/stage/types.d.ts" */

// shown = { decoder, answer: bitmap, pixel }; strip = { x, y, width, tile }
/** @param {Stage} stage */
export function drawStrip(ctx, stage, reply, made, shown, strip) {
  const { tile, y, width } = strip;
  const step = Math.min((width - tile - (width < 480 ? 0 : 40)) / 6, tile + 44);
  const [rows] = reply.truth.shape;
  const place = (top, column) => ({ x: column * step, y: top, width: tile, height: tile });
  const below = y + 16 + tile + 30;
  write(ctx, stage, stage.words.shrinks, 0, y + 6, { size: 11, bold: true });
  write(ctx, stage, stage.words.grows, 0, below - 8, { size: 11, bold: true });
  const isShort = step < 78;
  const say = (box, height, channels, range) => {
    const small = { size: 11, colour: stage.theme.muted };
    const size = isShort ? `${height}²·${channels}` : `${height} × ${height} × ${channels}`;
    write(ctx, stage, size, box.x, box.y + tile + 8, small);
    if (range && !isShort) write(ctx, stage, range, box.x + tile + 3, box.y + tile - 6, small);
  };
  const picture = place(y + 16, 0);
  drawBitmap(ctx, made.picture, picture, true);
  say(picture, rows, 3);
  const answer = place(below, 0);
  drawBitmap(ctx, shown.answer, answer);
  say(answer, rows, reply.about.classes.length);
  for (const [name, [channels, height]] of Object.entries(reply.about.shapes)) {
    const [owner] = name.split("_");
    if (owner !== "encoder" && owner !== shown.decoder) continue;
    const column = 1 + Math.round(Math.log2(rows / height));
    const box = place(owner === "encoder" ? y + 16 : below, column);
    const { bitmap, most, sign } = tileOf(stage, reply, made, name);
    drawBitmap(ctx, bitmap, box);
    outline(ctx, box, stage.theme.border);
    const factor = rows / height;
    const [row, across] = [shown.pixel.row, shown.pixel.column].map((n) => Math.floor(n / factor));
    const cell = cellBox(box, height, height, row, across);
    if (cell.width >= 2) frame(ctx, stage, cell);
    say(box, height, channels, `${sign} ${brief(Number(most.toPrecision(2)))}`);
  }
}

/** @param {Stage} stage */
function frame(ctx, stage, box) {
  outline(ctx, box, stage.theme.greyInks.dark, 3);
  outline(ctx, box, stage.theme.greyInks.bright, 1.5);
}

// Scores may be negative, maps behind a ReLU are not.
/** @param {Stage} stage */
function tileOf(stage, reply, made, name) {
  if (!made.tiles.has(name)) {
    const {
      data,
      shape: [rows, columns],
    } = reply[name];
    const [low, high] = rangeOf(data);
    const most = Math.max(high, -low, 1e-6);
    const bitmap =
      low < 0
        ? mapBitmap(data, rows, columns, stage.theme.signed, -most, most)
        : mapBitmap(data, rows, columns, stage.theme.sequential, 0, most);
    made.tiles.set(name, { bitmap, most, sign: low < 0 ? "±" : "≤" });
  }
  return made.tiles.get(name);
}

export function rangeOf(data) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of data) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}
