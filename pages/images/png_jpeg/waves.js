// The 64 waves of a block: what each looks like, and in which order the file tells them.

const SIDE = 8;
export const VALUES = SIDE * SIDE;

/** The places of a block in the order of the file: along the diagonals, to and fro. */
export const ZIGZAG = Array.from({ length: VALUES }, (_, at) => at).sort((a, b) => {
  const [first, second] = [a, b].map((at) => (at >> 3) + (at & 7));
  if (first !== second) return first - second;
  return first % 2 ? (a >> 3) - (b >> 3) : (a & 7) - (b & 7);
});

/** @type {(cell: string) => { across: number, down: number }} of "column,row" */
export function frequenciesOf(cell) {
  const [across, down] = cell.split(",").map(Number);
  return { across, down };
}

/**
 * A wave at the 64 pixels, row by row, its crests at 1 and −1 or within.
 * @param {string} cell "column,row" of its coefficient
 */
export function waveOf(cell) {
  const { across, down } = frequenciesOf(cell);
  /** @type {(frequency: number, at: number) => number} */
  const along = (frequency, at) => Math.cos(((2 * at + 1) * frequency * Math.PI) / (2 * SIDE));
  return Float32Array.from(
    { length: VALUES },
    (_, at) => along(across, at % SIDE) * along(down, Math.floor(at / SIDE)),
  );
}
