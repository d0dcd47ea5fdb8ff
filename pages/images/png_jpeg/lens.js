// Where the panels stand, and which pixels the lens enlarges.

/** @import { Box } from "../../ui/stage/types.d.ts" */

const GAP = 16;
const TITLE = 22;
const SCALE = 30; // room for the colour scale
const MOST_HEIGHT = 300;
const LENS_HEIGHT = 150;
const ENLARGED = 5; // CSS pixels a pixel, at least
const STEP = 0.02; // of the picture, an arrow key

/**
 * The encode and its error side by side, the two lenses below them.
 * @param {number} width of the canvas
 * @param {number[]} size rows and columns of the picture
 */
export function panelsOf(width, [rows, columns]) {
  const wide = (width - GAP) / 2;
  const scale = Math.min(wide / columns, MOST_HEIGHT / rows);
  const size = { width: columns * scale, height: rows * scale };
  const right = wide + GAP;
  const below = TITLE + size.height + SCALE + TITLE;
  const lens = { y: below, width: wide, height: LENS_HEIGHT };
  return {
    encode: { x: 0, y: TITLE, ...size },
    error: { x: right, y: TITLE, ...size },
    scale: { x: right, y: TITLE + size.height + 6, width: Math.min(150, wide), height: 8 },
    lenses: [
      { x: 0, ...lens },
      { x: right, ...lens },
    ],
    height: Math.ceil(below + LENS_HEIGHT + 2),
  };
}

/**
 * The pixels that fit into a lens around a place, moved as far as needed to stay in the picture.
 * @param {{ width: number, height: number }} lens
 * @param {number[]} size rows and columns
 * @param {number[]} place (x, y) in shares of the picture
 */
export function lensWindow(lens, [rows, columns], [x, y]) {
  const scale = Math.max(ENLARGED, Math.min(lens.width / columns, lens.height / rows));
  const seen = {
    columns: Math.min(columns, Math.max(1, Math.floor(lens.width / scale))),
    rows: Math.min(rows, Math.max(1, Math.floor(lens.height / scale))),
  };
  /** @type {(share: number, all: number, some: number) => number} */
  const from = (share, all, some) =>
    Math.min(Math.max(0, Math.round(share * all - some / 2)), all - some);
  return {
    ...seen,
    x: from(x, columns, seen.columns),
    y: from(y, rows, seen.rows),
    width: seen.columns * scale,
    height: seen.rows * scale,
  };
}

/**
 * The place under the pointer in any of some panels, in shares; null outside.
 * @param {Box[]} panels
 * @param {number} x
 * @param {number} y
 */
export function placeAt(panels, x, y) {
  for (const panel of panels) {
    const place = [(x - panel.x) / panel.width, (y - panel.y) / panel.height];
    if (place.every((share) => share >= 0 && share < 1)) return place;
  }
  return null;
}

/** @type {(place: number[], step: number[]) => number[]} */
export const stepped = (place, step) =>
  place.map((share, k) => Math.min(0.999, Math.max(0, share + step[k] * STEP)));
