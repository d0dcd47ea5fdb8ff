// Where the steps of an opened block stand: in rows by how far the numbers have come, in lanes side
// by side where they go several ways at once. Nothing here touches the page.

/**
 * @typedef {{ sources: number[] }} Linked
 * @typedef {{ row: number, lane: number, lanes: number }} Place  lane of so many in the row
 */

/**
 * Rows and lanes. A way that skips rows takes a lane in each of them.
 * @param {Linked[]} steps the first is what comes in
 * @returns {{ rows: number, lanes: number, places: Place[], ways: Place[][] }} `ways` from step to
 *   step, over the lanes that they take
 */
export function layOut(steps) {
  const rowOf = rowsOf(steps);
  const rows = Math.max(...rowOf) + 1;
  /** @type {Place[][]} */
  const inRow = Array.from({ length: rows }, () => []);
  const places = rowOf.map((row) => put(inRow, row));
  /** @type {Map<Place, Place[]>} */
  const before = new Map();
  const ways = steps.flatMap(({ sources }, i) =>
    sources.map((source) => {
      const way = [places[source]];
      for (let row = rowOf[source] + 1; row < rowOf[i]; row++) way.push(put(inRow, row));
      way.push(places[i]);
      way.forEach((place, k) => {
        if (k) before.set(place, [...(before.get(place) ?? []), way[k - 1]]);
      });
      return way;
    }),
  );
  for (const row of inRow) order(row, before);
  return { rows, lanes: Math.max(...inRow.map((row) => row.length)), places, ways };
}

// Each step stands one row below the last that it takes from.
/** @param {Linked[]} steps */
function rowsOf(steps) {
  /** @type {number[]} */
  const rows = [];
  for (const { sources } of steps)
    rows.push(sources.length ? 1 + Math.max(...sources.map((source) => rows[source])) : 0);
  return rows;
}

/** @type {(inRow: Place[][], row: number) => Place} */
function put(inRow, row) {
  const place = { row, lane: inRow[row].length, lanes: 0 };
  inRow[row].push(place);
  return place;
}

// Below what they come from; where that is the same, in the order of the code.
/** @type {(row: Place[], before: Map<Place, Place[]>) => void} */
function order(row, before) {
  /** @type {(place: Place) => number} */
  const above = (place) => {
    const from = before.get(place) ?? [];
    return (
      from.reduce((sum, { lane, lanes }) => sum + (lane + 0.5) / lanes, 0) / (from.length || 1)
    );
  };
  const wanted = row.map((place, k) => ({ place, at: above(place), k }));
  wanted.sort((a, b) => a.at - b.at || a.k - b.k);
  wanted.forEach(({ place }, lane) => Object.assign(place, { lane, lanes: row.length }));
}
