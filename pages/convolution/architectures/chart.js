// All architectures as points over any two of what is published, counted and measured of them; those
// that are accurate enough, and the ones that no other beats.
import { brief, fill } from "../../ui/stage/draw.js";
import { columns, heading, note } from "../../ui/stage/parts.js";
import { showChart } from "../../ui/stage/plot.js";

/** @import { Stage } from "../../ui/stage/types.d.ts" */

const CHART_PX = 380;
const LOG = new Set(["params", "macs", "activations", "one_ms", "batch_ms"]);
const UNITS = {
  params: "M",
  macs: "G",
  activations: "M",
  acc1: "%",
  newest: "%",
  one_ms: "ms",
  batch_ms: "ms",
};
const PICKS = ["macs", "params", "one_ms"];

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  charts: "only",

  paint(stage, reply, values) {
    const { words } = stage;
    const { about } = reply;
    const groups = [true, false].map((isEnough) => pointsOf(reply, isEnough));
    const least = { least: brief(values.least) };
    const title = fill(words.chart, { y: words[`axis_${values.y}`], x: words[`axis_${values.x}`] });
    const series = [
      { ...groups[0], name: fill(words.enough, least), style: 0, kind: POINTS },
      { ...groups[1], name: fill(words.too_little, least), style: 4, kind: POINTS, opacity: 0.45 },
    ];
    if (about.front.length) series.push(frontOf(reply, words.front));
    showChart(
      stage,
      "all",
      {
        title,
        text: `${title}. ${PICKS.map((cost) => pickText(words, about, cost)).join(" ")}`,
        height: CHART_PX,
        broad: true,
        hover: "closest",
        x: axisOf(stage, values.x),
        y: axisOf(stage, values.y),
        series,
        marks: marksOf(reply, words),
        table: tableOf(reply, words, values),
        meaning: `${values.x} ${values.y}`,
      },
      values,
    );
    tell(stage, about);
  },
};

const POINTS = /** @type {const} */ ("points");

/** @type {(reply: any, isEnough: boolean) => { x: number[], y: number[], notes: string[] }} */
function pointsOf({ x, y, about }, isEnough) {
  const kept = about.nets.flatMap((net, i) => (net.is_enough === isEnough ? [i] : []));
  return {
    x: kept.map((i) => x.data[i]),
    y: kept.map((i) => y.data[i]),
    notes: kept.map((i) => about.nets[i].title),
  };
}

/** @type {(reply: any, name: string) => any} */
const frontOf = ({ x, y, about }, name) => ({
  name,
  style: 1,
  silent: true,
  x: about.front.map((i) => x.data[i]),
  y: about.front.map((i) => y.data[i]),
});

// Where the cheapest by multiply-adds and by parameters stand.
/** @type {(reply: any, words: Record<string, string>) => any[]} */
const marksOf = ({ x, y, about }, words) =>
  ["macs", "params"].flatMap((cost, k) => {
    const i = about.nets.findIndex(({ name }) => name === about.picks[cost]?.name);
    if (i < 0) return [];
    const text = pickText(words, about, cost);
    return [{ x: x.data[i], y: y.data[i], text, style: 2 + k, symbol: STAR }];
  });

const STAR = /** @type {const} */ ("star");

/** @type {(stage: Stage, name: string) => any} */
const axisOf = ({ words }, name) => ({
  title: words[`axis_${name}`],
  unit: UNITS[name] ?? "",
  log: LOG.has(name),
});

/** @type {(reply: any, words: Record<string, string>, values: any) => any} */
const tableOf = ({ x, y, about }, words, values) => ({
  head: [words.head_net, words[`axis_${values.x}`], words[`axis_${values.y}`]],
  rows: about.nets.map(({ title }, i) => [title, x.data[i], y.data[i]]),
});

/** @type {(words: Record<string, string>, about: any, cost: string) => string} */
function pickText(words, about, cost) {
  const pick = about.picks[cost];
  if (!pick) return "";
  return fill(words[`pick_${cost}`], { title: pick.title, value: brief(pick.value) });
}

/** @param {Stage} stage */
function tell(stage, about) {
  const { words } = stage;
  const rows = PICKS.map((cost) => {
    const pick = about.picks[cost];
    return [
      words[`cheapest_${cost}`],
      pick ? pick.title : words.not_yet,
      pick ? `${brief(pick.value)} ${UNITS[cost]}` : "",
    ];
  });
  const made = columns(null, rows);
  made.dataset.testid = "picks";
  const notes = [note(fill(words.of_all, { enough: about.enough, of: about.of }), "enough")];
  if (about.unfinished)
    notes.unshift(note(fill(words.coming, { done: about.done, total: about.total }), "coming"));
  stage.readout.replaceChildren(heading(words.picks), made, ...notes);
}
