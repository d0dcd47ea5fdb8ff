// Where the picture, the block's pixels and the six matrices stand.

const GAP = 18;
const TITLE = 38; // two lines above a matrix
const HEAD = 22;
const WIDE = 760; // from which on the picture stands beside the matrices
const BLOCK_SIDE = 110;
const MOST_PICTURE = 240;

/**
 * @param {number} width of the canvas
 * @param {number[]} size rows and columns of the picture
 */
export function layoutOf(width, [rows, columns]) {
  const isWide = width >= WIDE;
  const left = isWide ? Math.round(width * 0.3) : width;
  const scale = Math.min(left / columns, MOST_PICTURE / rows);
  const picture = { x: 0, y: HEAD, width: columns * scale, height: rows * scale };
  const top = HEAD + picture.height + HEAD + 8;
  const side = Math.min(BLOCK_SIDE, (left - 2 * GAP) / 3);
  const [source, shown, wave] = [0, 1, 2].map((k) => ({
    x: k * (side + GAP),
    y: top,
    width: side,
    height: side,
  }));
  const from = isWide ? { x: left + GAP, y: 0 } : { x: 0, y: top + side + 12 };
  const across = isWide ? 3 : 2;
  const cell = Math.min(230, (width - from.x - GAP * (across - 1)) / across);
  const matrices = Array.from({ length: 6 }, (_, k) => ({
    x: from.x + (k % across) * (cell + GAP),
    y: from.y + TITLE + Math.floor(k / across) * (cell + TITLE),
    width: cell,
    height: cell,
  }));
  const bottom = Math.max(top + side, matrices[5].y + cell);
  return { picture, source, shown, wave, matrices, height: Math.ceil(bottom + 4) };
}
