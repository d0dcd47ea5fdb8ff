// The public data sets as rows that can be sorted. Nothing here touches the page.

/**
 * @typedef {object} PublicSet as the engine tells it (engine/serving/datasets/published.py)
 * @property {string} key
 * @property {string} title
 * @property {number} year
 * @property {string[]} kinds
 * @property {Record<string, string>} sources
 * @property {number} train
 * @property {number} validation
 * @property {number} test
 * @property {number} pictures
 * @property {number} classes
 * @property {number} objects
 * @property {[number, number] | null} sides
 */
/** @typedef {{ year: number, name: string, percent: number, source: string, won: boolean, on: string }} Result */
/** @typedef {"title" | "year" | "pictures" | "classes" | "each"} Column */

/** @type {Column[]} */
export const COLUMNS = ["title", "year", "pictures", "classes", "each"];

/** Pictures for each class, on average; 0 of a platform. @type {(set: PublicSet) => number} */
export const eachOf = ({ pictures, classes }) => (classes ? pictures / classes : 0);

/** @type {(set: PublicSet, column: Column) => string | number} */
const figureOf = (set, column) => (column === "each" ? eachOf(set) : set[column]);

/**
 * Sorted by a column; what has no number there comes last either way, equals keep their order.
 * @param {PublicSet[]} sets
 * @param {Column} column
 * @param {boolean} falling
 */
export function sorted(sets, column, falling) {
  const sign = falling ? -1 : 1;
  return [...sets].sort((one, other) => {
    const [a, b] = [figureOf(one, column), figureOf(other, column)];
    if (typeof a === "string" || typeof b === "string")
      return sign * String(a).localeCompare(String(b), "en");
    if (!a || !b) return Number(!a) - Number(!b);
    return sign * (a - b);
  });
}

/** @type {(rows: Result[], year: number) => Result[]} */
export const until = (rows, year) => rows.filter((row) => row.year <= year);

/**
 * The best result; undefined where there is none.
 * @type {(rows: Result[], lower: boolean) => Result | undefined}
 */
export const bestOf = (rows, lower) =>
  rows.reduce(
    (/** @type {Result | undefined} */ best, row) =>
      !best || (lower ? row.percent < best.percent : row.percent > best.percent) ? row : best,
    undefined,
  );
