// The gallery: a page of the layer's channels, most selective first, each with its number.
import { fill, mapBitmap, outline, write } from "../../ui/stage/draw.js";

/** @import { Stage } from "./view.js" */

const CAPTION = 13;
const GAP = 4;

// The fewest columns (4 to 8) with which so many tiles fit into the height: how many, how large a
// tile is, and where the last one ends.
export function tileGrid(count, width, height) {
  for (let columns = 4; ; columns++) {
    const tile = Math.floor(width / columns);
    const bottom = Math.ceil(count / columns) * (tile + CAPTION);
    if (bottom <= height || columns === 8) return { columns, tile, bottom };
  }
}

// grid = { x, y, width, tile, columns }; → the same with what tileAt needs.
/** @param {Stage} stage */
export function drawGallery(ctx, stage, reply, grid) {
  const { about } = reply;
  const [count, rows, columns] = reply.tiles.shape;
  const heading = { size: 12, colour: stage.theme.muted };
  const title = fill(stage.words.gallery, {
    channels: about.channels,
    rows: about.size[0],
    columns: about.size[1],
  });
  write(ctx, stage, title, grid.x, grid.y - 12, heading);
  const atlases = atlasesOf(stage, reply);
  const size = tileSize(grid.tile - GAP, about.size);
  for (let i = 0; i < count; i++) {
    const box = tileBox(grid, i, size);
    const [low] = about.ranges[i];
    ctx.imageSmoothingEnabled = rows > 14;
    const source = low < 0 ? atlases.signed : atlases.sequential;
    ctx.drawImage(source, 0, i * rows, columns, rows, box.x, box.y, box.width, box.height);
    const chosen = about.picked[i] === about.channel;
    outline(ctx, box, chosen ? stage.theme.accent : stage.theme.border, chosen ? 2 : 1);
    const place = {
      size: 11,
      align: "center",
      bold: chosen,
      colour: chosen ? stage.theme.accent : stage.theme.muted,
    };
    write(ctx, stage, about.picked[i], box.x + box.width / 2, box.y + box.height + 7, place);
  }
  if (stage.state.keys === "gallery" && stage.canvas.matches(":focus-visible")) {
    const lines = Math.ceil(count / grid.columns);
    const around = {
      x: grid.x - 2,
      y: grid.y - 2,
      width: grid.tile * grid.columns + 2,
      height: lines * (grid.tile + CAPTION) + 2,
    };
    outline(ctx, around, stage.theme.accent);
  }
  return { ...grid, picked: about.picked };
}

// All tiles of a page as one tall bitmap, made once an answer; one a table of colours.
/** @param {Stage} stage */
function atlasesOf(stage, { tiles, about }) {
  const key = stage.theme;
  if (stage.state.atlases?.of === tiles && stage.state.atlases.key === key)
    return stage.state.atlases;
  const [count, rows, columns] = tiles.shape;
  const made = { of: tiles, key };
  const through = (lut) => mapBitmap(tiles.data, count * rows, columns, lut, 0, 255);
  if (about.ranges.some(([low]) => low < 0)) made.signed = through(stage.theme.signed);
  if (about.ranges.some(([low]) => low >= 0)) made.sequential = through(stage.theme.sequential);
  stage.state.atlases = made;
  return made;
}

function tileSize(side, [rows, columns]) {
  const longest = Math.max(rows, columns);
  return { width: (side * columns) / longest, height: (side * rows) / longest };
}

const tileBox = (grid, i, size) => ({
  x: grid.x + (i % grid.columns) * grid.tile,
  y: grid.y + Math.floor(i / grid.columns) * (grid.tile + CAPTION),
  ...size,
});

// The channel under the pointer; null beside the tiles.
export function tileAt(grid, x, y) {
  const column = Math.floor((x - grid.x) / grid.tile);
  const row = Math.floor((y - grid.y) / (grid.tile + CAPTION));
  if (column < 0 || row < 0 || column >= grid.columns) return null;
  return grid.picked[row * grid.columns + column] ?? null;
}
