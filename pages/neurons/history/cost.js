// ImageNet's error by year as it was published, above what networks cost by year as counted here.
import { brief, fill } from "../../ui/stage/draw.js";
import { columns, element, heading, note } from "../../ui/stage/parts.js";
import { showChart } from "../../ui/stage/plot.js";

/** @import { Stage } from "../../ui/stage/types.d.ts" */

const CHART_PX = 210;
const UNITS = { macs: 1e9, params: 1e6 };
const LETTERS = { macs: "G", params: "M" };
const POINTS = /** @type {const} */ ("points");
const BARS = /** @type {const} */ ("bars");
const CLOSEST = /** @type {const} */ ("closest");
/** @type {[number, number]} */
const YEARS = [2009.4, 2022.6];

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  charts: "only",
  steady: true,

  paint(stage, reply, values) {
    showChart(stage, "error", errors(stage, reply.about, values), values);
    showChart(stage, "cost", costs(stage, reply, values), values);
    tell(stage, reply.about, values);
  },
};

/** @type {(stage: Stage, about: any, values: any) => any} */
function errors({ words }, { winners, human_percent: human, winner }, { until }) {
  const bars = [false, true].map((learnt, k) => {
    const of = winners.filter((each) => each.learnt === learnt);
    return {
      name: words[learnt ? "series_learnt" : "series_designed"],
      kind: BARS,
      style: k ? 0 : 3,
      x: of.map(({ year }) => year),
      y: of.map(({ error_percent: error }) => error),
      notes: of.map(({ team, source }) => `${team} · ${source}`),
    };
  });
  const told = { title: winner.title || winner.team, year: winner.year, human };
  return {
    title: words.error_chart,
    text: fill(words.error_text, { ...told, error: winner.error_percent }),
    height: CHART_PX,
    broad: true,
    hover: CLOSEST,
    x: { title: words.axis_challenge, range: YEARS, words: String },
    y: { title: words.axis_error, unit: "%", include: [0] },
    cursor: until,
    series: bars,
    lines: [{ axis: "y", at: human, text: fill(words.human, { human }) }],
    table: {
      head: [words.axis_challenge, words.head_winner, words.head_error, words.row_source],
      rows: winners.map((each) => [
        each.year,
        each.title ? `${each.team}: ${each.title}` : each.team,
        each.error_percent,
        `${each.source} ${each.url}`,
      ]),
    },
  };
}

/** @type {(stage: Stage, reply: any, values: any) => any} */
function costs({ words }, { years, about, ...arrays }, { until, cost }) {
  const values = Array.from(arrays[cost].data, (each) => each / UNITS[cost]);
  const title = words[`cost_chart_${cost}`];
  /** @type {(past: boolean) => any} */
  const series = (past) => {
    const of = about.nets.flatMap((_, i) => (years.data[i] <= until === past ? [i] : []));
    return {
      name: words[past ? "series_nets" : "series_later"],
      kind: POINTS,
      style: 0,
      opacity: past ? 1 : 0.3,
      x: of.map((i) => years.data[i]),
      y: of.map((i) => values[i]),
      notes: of.map((i) => about.nets[i].title),
    };
  };
  const past = series(true);
  return {
    title,
    text: fill(words.cost_text, { title, count: past.x.length, year: until }),
    height: CHART_PX,
    broad: true,
    hover: CLOSEST,
    x: { title: words.axis_paper, range: YEARS, words: String },
    y: { title: words[`axis_${cost}`], unit: LETTERS[cost], log: true },
    cursor: until,
    series: [past, series(false)].filter(({ x }) => x.length),
    meaning: cost,
    table: {
      head: [words.axis_paper, words.head_net, words[`axis_${cost}`]],
      rows: about.nets.map((net, i) => [years.data[i], net.title, values[i]]),
    },
  };
}

/** @type {(stage: Stage, about: any, values: any) => void} */
function tell({ words, readout }, about, { cost }) {
  const { winner, extremes } = about;
  /** @type {(value: number, of: string) => string} */
  const amount = (value, of) => `${brief(value / UNITS[of])} ${LETTERS[of]}`;
  const rows = [
    [fill(words.row_winner, { year: winner.year }), winner.team],
    [words.row_error, `${winner.error_percent} %`],
    [words.row_net, winner.counted_title || words.not_here],
    ...(winner.counted
      ? ["macs", "params"].map((of) => [words[`row_${of}`], amount(winner.counted[of], of)])
      : []),
    ...(extremes
      ? ["light", "heavy"].map((end) => [
          words[`row_${end}`],
          `${extremes[end].title}, ${amount(extremes[end].value, cost)}`,
        ])
      : []),
  ];
  const made = columns(null, rows, "");
  made.dataset.testid = "winner";
  const source = element("a", winner.source, "source");
  Object.assign(source, { href: winner.url, target: "_blank", rel: "noopener noreferrer" });
  const cited = note(`${words.row_source}: `);
  cited.append(source);
  const coming = about.unfinished ? [note(fill(words.coming, about), "coming")] : [];
  readout.replaceChildren(...coming, heading(winner.title || winner.team), made, cited);
}
