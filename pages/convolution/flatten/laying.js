// Flattening as it happens: the rows of a picture, one behind the other, fly to their place in one
// long row.

const IN_FLIGHT = 4; // rows on their way at once

/**
 * @typedef {{ x: number, y: number, width: number, height: number }} Box
 */

// How far row `row` of `side` has come, 0 to 1, where `laid` % of the way is done.
/** @type {(row: number, side: number, laid: number) => number} */
function wayOf(row, side, laid) {
  const begun = (laid / 100) * (side - 1 + IN_FLIGHT) - row;
  return Math.min(1, Math.max(0, begun / IN_FLIGHT));
}

/**
 * How many rows have arrived.
 * @param {number} side rows of the picture
 * @param {number} laid percent
 */
export function laidRows(side, laid) {
  let count = 0;
  while (count < side && wayOf(count, side, laid) === 1) count++;
  return count;
}

/**
 * Where a row is: in the picture, on its way, or at its place in the long row.
 * @param {number} row from 0
 * @param {number} side rows and columns of the picture
 * @param {number} laid percent
 * @param {Box} picture
 * @param {Box} line the long row
 * @returns {{ moved: number, box: Box }} moved: 0 in the picture, 1 at its place
 */
export function rowBox(row, side, laid, picture, line) {
  const way = wayOf(row, side, laid);
  const moved = way * way * (3 - 2 * way);
  const [high, wide] = [picture.height / side, line.width / side];
  const from = { x: picture.x, y: picture.y + row * high, width: picture.width, height: high };
  const to = { x: line.x + row * wide, y: line.y, width: wide, height: line.height };
  /** @param {keyof Box} name */
  const between = (name) => from[name] + (to[name] - from[name]) * moved;
  const box = {
    x: between("x"),
    y: between("y"),
    width: between("width"),
    height: between("height"),
  };
  return { moved, box };
}
