// Maps of one step as a grid of small pictures, four in a row.
import { drawBitmap, mapBitmap, outline } from "../../ui/stage/draw.js";

/** @import { Box, Context, Numbers, Stage } from "../../ui/stage/types.d.ts" */

const IN_ROW = 4;
const GAP = 3;
const TEXT_PX = 18;
const FOOT_PX = 10;

/**
 * Where each of so many maps stands.
 * @param {number} count
 * @param {Box} box its width counts
 * @param {number} ratio height over width of a map
 * @returns {Box[]}
 */
export function placeTiles(count, box, ratio) {
  const width = (box.width - GAP * (IN_ROW - 1)) / IN_ROW;
  return Array.from({ length: count }, (_, i) => ({
    x: box.x + (i % IN_ROW) * (width + GAP),
    y: box.y + TEXT_PX + Math.floor(i / IN_ROW) * (width * ratio + GAP),
    width,
    height: width * ratio,
  }));
}

/**
 * How high a step is with its line of text.
 * @param {number} count of its maps
 * @param {number} width
 * @param {{ shape: number[] }} about the module's input, (C, H, W)
 */
export function heightOf(count, width, { shape: [, rows, columns] }) {
  const tile = ((width - GAP * (IN_ROW - 1)) / IN_ROW) * (rows / columns);
  return TEXT_PX + Math.ceil(count / IN_ROW) * (tile + GAP) + FOOT_PX;
}

/**
 * @param {Context} ctx
 * @param {Stage} stage
 * @param {Numbers} maps uint8 (n, h, w)
 * @param {Box} box
 */
export function drawTiles(ctx, { theme }, { data, shape: [count, rows, columns] }, box) {
  placeTiles(count, box, rows / columns).forEach((place, i) => {
    const cells = data.subarray(i * rows * columns, (i + 1) * rows * columns);
    drawBitmap(ctx, mapBitmap(cells, rows, columns, theme.sequential, 0, 255), place);
    outline(ctx, place, theme.border);
  });
}
