// Where the stations of the history stand, and which of them is open. Nothing here touches the page.

/**
 * @typedef {object} Station as the engine tells it (engine/serving/history/stations.py)
 * @property {string} key
 * @property {number} year
 * @property {string} thread
 * @property {string} authors
 * @property {string} title
 * @property {string} venue
 * @property {string} url
 * @property {string} page
 * @property {Record<string, string>} state
 * @property {boolean} mark
 * @property {boolean} below
 */
/** @typedef {{ thread: string, year: number, station: string }} Chosen the values of the controls */

/** @type {Record<string, [number, number]>} */
export const SPANS = {
  all: [1940, 2026],
  beginnings: [1940, 1991],
  features: [1988, 2012.6],
  deep: [2008.4, 2025.4],
};
const ROWS = { together: 3, alone: 8 }; // that the stations of a lane are spread over
const HEAD = 0.45; // of a lane, left above all lanes for the names of the eras

/** @type {(stations: Station[], thread: string) => Station[]} */
export const shownOf = (stations, thread) =>
  stations.filter((station) => thread === "all" || station.thread === thread);

/**
 * The place of the station that is open: the one asked for, else the newest up to the year, of
 * those of one year the first that is marked.
 * @param {Station[]} shown by year
 * @param {Chosen} values
 * @returns {number} -1 where there is none yet
 */
export function openOf(shown, { station, year }) {
  const asked = shown.findIndex(({ key }) => key === station);
  if (asked >= 0) return asked;
  const past = shown.filter((each) => each.year <= year);
  const newest = past.at(-1);
  if (!newest) return -1;
  const same = past.filter((each) => each.year === newest.year);
  return shown.indexOf(same.find(({ mark }) => mark) ?? newest);
}

/**
 * The station so many before or after the open one; the first where none is open yet.
 * @type {(shown: Station[], open: number, by: number) => number}
 */
export const after = (shown, open, by) =>
  open < 0 ? 0 : Math.min(Math.max(open + by, 0), shown.length - 1);

/**
 * Points of all stations, in lanes from above, each lane's spread over rows in turn so that names
 * find room.
 * @param {Station[]} shown
 * @param {string[]} lanes their threads
 */
export function placesOf(shown, lanes) {
  const rows = lanes.length > 1 ? ROWS.together : ROWS.alone;
  /** @type {Record<string, number>} */
  const counts = {};
  const y = shown.map(({ thread }) => {
    const row = (counts[thread] ?? 0) % rows;
    counts[thread] = (counts[thread] ?? 0) + 1;
    return lanes.length - lanes.indexOf(thread) - (row + 0.5) / rows;
  });
  return { x: shown.map(({ year }) => year), y };
}

/** @type {(lanes: string[]) => [number, number]} */
export const heightOf = (lanes) => [0, lanes.length + HEAD * Math.min(1, lanes.length / 3)];

/**
 * The link into the page and the state that a station names, and to the stage that shows it where
 * that stands further down. What it says of the picture wins over the learner's own.
 * @param {Station} station
 * @param {{ base: string, lang: string, picture: string | null }} from
 */
export function linkOf({ page, state, below }, { base, lang, picture }) {
  const query = new URLSearchParams({ lang, ...(picture ? { pic: picture } : {}), ...state });
  const stage = below ? `#${Object.keys(state)[0]}` : "";
  return `${base}/${page.replaceAll("_", "-")}?${query}${stage}`;
}

/** @type {(station: Station) => string} */
export const cited = ({ authors, year, title, venue }) =>
  `${authors} (${year}): ${title}${/[?!]$/.test(title) ? "" : "."} ${venue}.`;
