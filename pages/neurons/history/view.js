// The stations of the history in lanes over the years; left and right lead from one to the next.
import { fill } from "../../ui/stage/draw.js";
import { mix } from "../../ui/stage/palette.js";
import { button, element } from "../../ui/stage/parts.js";
import { showChart } from "../../ui/stage/plot.js";
import { lookOf } from "../../ui/stage/plot_traces.js";
import { tell } from "./card.js";
import { after, cited, heightOf, openOf, placesOf, SPANS, shownOf } from "./timeline.js";

/** @import { Station } from "./timeline.js" */
/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

const CHART_PX = 440;
const NARROW_PX = 480; // on less the names of the eras would lie over one another
const FAINT = 0.28; // of its colour, what is still to come
const STAR = /** @type {const} */ ("star");
const POINTS = /** @type {const} */ ("points");
const CLOSEST = /** @type {const} */ ("closest");
/** @type {[string, number][]} years that the story is usually told by */
const ERAS = [
  ["winter", 1969],
  ["backprop", 1986],
  ["svm", 1995],
  ["revival", 2012],
];

const state = () => ({ earlier: null, later: null, shown: [], open: -1 });

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  charts: "only",
  steady: true,
  local: ["year", "thread", "span", "station"],
  state,

  build(/** @type {Stage} */ stage) {
    /** @param {number} by */
    const go = (by) => {
      const { shown, open } = stage.state;
      if (shown.length) choose(stage, shown[after(shown, open, by)]);
    };
    stage.state.earlier = button("", () => go(-1), "stage-earlier");
    stage.state.later = button("", () => go(1), "stage-later");
    const row = element("div", "", "", "player");
    row.append(stage.state.earlier, stage.state.later);
    stage.extra.append(row);
  },

  // another year or thread opens another station
  adjust(_, changes) {
    const moves = "year" in changes || "thread" in changes;
    return moves && !("station" in changes) ? { ...changes, station: "" } : changes;
  },

  paint(stage, reply, values) {
    const { words } = stage;
    const { stations, threads } = reply.about;
    const shown = shownOf(stations, values.thread);
    const open = openOf(shown, values);
    Object.assign(stage.state, { shown, open });
    stage.state.earlier.textContent = words.earlier;
    stage.state.later.textContent = words.later;
    stage.state.earlier.disabled = open <= 0;
    stage.state.later.disabled = open === shown.length - 1;
    const lanes = values.thread === "all" ? threads : [values.thread];
    const figure = figureOf(stage, { shown, open, lanes, threads }, values);
    showChart(stage, "stations", figure, values, {
      point: ({ index }, how) => how !== "hover" && choose(stage, shown[index]),
    });
    tell(stage, shown, open);
  },
};

/** @type {(stage: Stage, station: Station) => void} */
const choose = (stage, { key, year }) => stage.set({ station: key, year });

/**
 * @param {Stage} stage
 * @param {{ shown: Station[], open: number, lanes: string[], threads: string[] }} told
 * @param {any} values
 */
function figureOf(stage, { shown, open, lanes, threads }, values) {
  const { words, theme } = stage;
  const { x, y } = placesOf(shown, lanes);
  const names = shown.map(({ key }) => words[`name_${key}`]);
  const colours = shown.map(({ thread, year }) => {
    const { colour } = lookOf(theme, threads.indexOf(thread));
    return year <= values.year ? colour : mix(colour, theme.background, FAINT);
  });
  const order = shown.map((_, i) => i);
  const firstNamed = [open, ...order.filter((i) => shown[i].mark)].filter((i) => i >= 0);
  const series = { name: words.series, kind: POINTS, x, y, colours, names, firstNamed };
  const notes = shown.map((station, i) => `${names[i]} · ${station.authors}`);
  return {
    title: words.chart,
    text: textOf(words, shown, open, values),
    height: CHART_PX,
    broad: true,
    hover: CLOSEST,
    isUnkeyed: true,
    meaning: `${values.thread} ${values.span}`,
    start: Math.max(open, 0),
    cursor: values.year,
    x: { title: words.axis_year, range: SPANS[values.span], words: String },
    y: axisOf(words, lanes),
    series: [{ ...series, notes }],
    marks: open < 0 ? [] : [{ x: x[open], y: y[open], symbol: STAR }],
    bands: bandsOf(lanes),
    lines: ERAS.map(([name, at]) => ({
      axis: /** @type {const} */ ("x"),
      at,
      text: stage.frame.clientWidth < NARROW_PX ? "" : words[`era_${name}`],
    })),
    table: tableOf(words, shown, names),
  };
}

/** @type {(words: Record<string, string>, shown: Station[], open: number, values: any) => string} */
function textOf(words, shown, open, values) {
  const station = shown[Math.max(open, 0)];
  return fill(words.chart_text, {
    past: shown.filter(({ year }) => year <= values.year).length,
    all: shown.length,
    year: values.year,
    name: words[`name_${station.key}`],
    of: station.year,
  });
}

/** @type {(words: Record<string, string>, lanes: string[]) => any} */
const axisOf = (words, lanes) => ({
  title: "",
  range: heightOf(lanes),
  ticks: lanes.map((thread, k) => [lanes.length - k - 0.5, words[`thread_${thread}`]]),
  words: (/** @type {number} */ value) =>
    (words[`thread_${lanes[lanes.length - Math.ceil(value)]}`] ?? "").replace("\n", " "),
});

// Every other lane is shaded.
/** @param {string[]} lanes */
const bandsOf = (lanes) =>
  lanes.flatMap((_, k) =>
    k % 2 ? [{ axis: /** @type {const} */ ("y"), from: k, to: k + 1 }] : [],
  );

/** @type {(words: Record<string, string>, shown: Station[], names: string[]) => any} */
const tableOf = (words, shown, names) => ({
  head: [words.head_year, words.head_thread, words.head_name, words.head_paper],
  rows: shown.map((station, i) => [
    station.year,
    words[`thread_${station.thread}`].replace("\n", " "),
    names[i],
    `${cited(station)} ${station.url}`,
  ]),
});
