// Names written beside the points of a chart: those that fit without lying over one another, the
// important ones first; with each zoom there is room for more.

/** @typedef {import("./plot_numbers.js").Series} Series */
/** @typedef {{ x0: number, x1: number, y: number }} Taken  a stretch of one line of the chart */

const LINE_PX = 13; // two names nearer than this stand on one line
const GAP_PX = 9; // from a point's middle to its name
const POINT_PX = 5; // that no name may cover, to both sides of a point's middle
const LETTER_PX = 6.2; // on average; of Hangul and other wide ones twice as much

/**
 * How broad a text is in pixels, about.
 * @param {string} text
 */
export const broad = (text) =>
  [...text].reduce((sum, sign) => sum + (sign > "\u1100" ? 2 : 1), 0) * LETTER_PX;

/**
 * Which names are written, and at which side of their points.
 * @param {Series} one with `names`
 * @param {{ x: [number, number], y: [number, number] }} ranges that are shown
 * @param {{ width: number, height: number }} room in pixels
 * @param {{ x?: boolean, y?: boolean }} [logs] which axes are logarithmic
 * @returns {{ text: string[], position: string[] }} empty texts where there is no room
 */
export function namesBeside(one, ranges, room, logs = {}) {
  const names = one.names ?? [];
  /** @type {(i: number) => { x: number, y: number }} */
  const place = (i) => ({
    x: room.width * shareOf(one.x[i], ranges.x, logs.x),
    y: room.height * (1 - shareOf(one.y[i], ranges.y, logs.y)),
  });
  const places = names.map((_, i) => place(i));
  const isSeen = places.map(({ x, y }) => x >= 0 && x <= room.width && y >= 0 && y <= room.height);
  /** @type {Taken[]} */
  const taken = places
    .filter((_, i) => isSeen[i])
    .map(({ x, y }) => ({ x0: x - POINT_PX, x1: x + POINT_PX, y }));
  const text = names.map(() => "");
  const position = names.map(() => "middle right");
  const first = one.firstNamed ?? [];
  for (const i of new Set([...first, ...names.keys()])) {
    if (!isSeen[i]) continue;
    const side = sideFor(places[i], broad(names[i]), taken, room.width);
    if (!side) continue;
    taken.push(side.at);
    text[i] = names[i];
    position[i] = side.position;
  }
  return { text, position };
}

// Where a value lies between the ends of its axis, 0 to 1.
/** @type {(value: number, ends: [number, number], isLog?: boolean) => number} */
function shareOf(value, ends, isLog = false) {
  const [at, low, high] = isLog ? [value, ...ends].map(Math.log10) : [value, ...ends];
  return (at - low) / (high - low);
}

/**
 * At the right of its point, else at the left, else nowhere.
 * @type {(place: { x: number, y: number }, width: number, taken: Taken[], most: number) =>
 *   { at: Taken, position: string } | null}
 */
function sideFor({ x, y }, width, taken, most) {
  const sides = [
    { at: { x0: x + GAP_PX, x1: x + GAP_PX + width, y }, position: "middle right" },
    { at: { x0: x - GAP_PX - width, x1: x - GAP_PX, y }, position: "middle left" },
  ];
  const fits = sides.find(
    ({ at }) =>
      at.x0 >= 0 &&
      at.x1 <= most &&
      taken.every((other) => Math.abs(other.y - y) >= LINE_PX || apart(at, other)),
  );
  return fits ?? null;
}

/** @type {(one: Taken, other: Taken) => boolean} */
const apart = (one, other) => one.x1 < other.x0 || other.x1 < one.x0;
