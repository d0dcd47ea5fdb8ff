// Who carries the loss: the answers of a batch by how likely the net thinks the truth, and what they
// carry at γ = 0 and at the γ that is chosen.
import { brief, fill } from "../../ui/stage/draw.js";
import { columns, heading, note } from "../../ui/stage/parts.js";
import { showChart } from "../../ui/stage/plot.js";

/** @import { Stage } from "../../ui/stage/types.d.ts" */

const BINS_PX = 250;
const CURVES_PX = 250;
const NETS = ["before", "after"];

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  steady: true,
  charts: "only",

  paint(stage, reply, values) {
    showChart(stage, "shares", sharesFigure(stage, reply, values), values);
    const go = (x, commit) => stage.set({ gamma: stopNear(stage, x) }, commit);
    showChart(stage, "yes", yesFigure(stage, reply, values), values, {
      drag: ({ x }, how) => go(x, how === "drop"),
      point: ({ x }, how) => how === "key" && go(x, true),
    });
    tell(stage, reply, values);
  },
};

const percent = (shares) => Array.from(shares, (share) => 100 * share);

// A place where the slider of γ stops.
/** @param {Stage} stage */
function stopNear(stage, x) {
  const { low, high, step } = /** @type {any} */ (stage.inputs.gamma).control;
  const stop = low + Math.round((x - low) / step) * step;
  return Number(Math.min(Math.max(stop, low), high).toFixed(6));
}

/** @param {Stage} stage */
function sharesFigure({ words }, reply, values) {
  const { answers, plain, focal, edges, about } = reply;
  const bins = answers.data.length;
  const x = Array.from({ length: bins }, (_, k) => k);
  const gamma = brief(values.gamma);
  const told = { ...about, gamma };
  for (const name of ["easy", "easy_plain", "easy_focal"])
    told[name] = (100 * about[name]).toFixed(1);
  const named = (name, y, style) => ({
    name,
    kind: /** @type {"bars"} */ ("bars"),
    style,
    x,
    y: percent(y.data),
  });
  return {
    title: words.plot_shares,
    text: `${words.plot_shares}. ${fill(words.shares_text, told)}`,
    height: BINS_PX,
    broad: true,
    x: {
      title: words.axis_truth,
      ticks: /** @type {[number, string][]} */ (
        x.map((k) => [k, `${edges.data[k].toFixed(1)}–${edges.data[k + 1].toFixed(1)}`])
      ),
    },
    y: { title: words.axis_share, unit: "%", range: /** @type {[number, number]} */ ([0, 100]) },
    series: [
      named(words.series_answers, answers, 3),
      named(fill(words.series_loss, { gamma: 0 }), plain, 0),
      // at 0 it is the same once more
      ...(values.gamma ? [named(fill(words.series_loss, { gamma }), focal, 1)] : []),
    ],
  };
}

/** @param {Stage} stage */
function yesFigure({ words }, { gammas, yes, about }, values) {
  const count = gammas.data.length;
  const series = NETS.map((net, k) => ({
    name: words[`net_${net}`],
    style: k === NETS.indexOf(values.net) ? 1 : 0,
    x: gammas.data,
    y: percent(yes.data.subarray(k * count, (k + 1) * count)),
  }));
  const told = { gamma: brief(values.gamma), yes: (100 * about.yes_focal).toFixed(1) };
  return {
    title: words.plot_yes,
    text: `${words.plot_yes}. ${fill(words.yes_text, told)}`,
    height: CURVES_PX,
    broad: true,
    drags: true,
    x: { title: words.axis_gamma },
    y: { title: words.axis_yes, unit: "%", range: /** @type {[number, number]} */ ([0, 100]) },
    cursor: values.gamma,
    series,
  };
}

/** @param {Stage} stage */
function tell({ words, readout }, { about }, values) {
  const gamma = brief(values.gamma);
  const share = (value) => `${(100 * value).toFixed(1)} %`;
  const rows = [
    [fill(words.row_easy, about), share(about.easy_plain), share(about.easy_focal)],
    [words.row_yes, share(about.yes_plain), share(about.yes_focal)],
  ];
  const made = columns(["", "γ = 0", `γ = ${gamma}`], rows);
  made.dataset.testid = "focal-table";
  const params = {
    ...about,
    count: brief(about.count),
    easy: (100 * about.easy).toFixed(1),
    left: (100 * about.left).toFixed(1),
    gamma,
  };
  readout.replaceChildren(
    heading(words.carried),
    made,
    note(fill(words.batch_facts, params), "batch-facts"),
    note(fill(words.left_facts, params), "left-facts"),
  );
}
