// The same training with and without the augmentations, from several seeds: how validation went, how
// it ended seed by seed, and whether the difference is more than chance. Extends the comparison of
// trainings; what the pairs say is the engine's (about.outcome).

import { UNDER_WAY } from "../../ui/comparison/runs.js";
import { EPOCH } from "../../ui/comparison/training_curves.js";
import comparison, { follow, statusOf, tellRuns } from "../../ui/comparison/view.js";
import { fill, minus } from "../../ui/stage/draw.js";
import { columns, note, paragraph } from "../../ui/stage/parts.js";
import { showChart } from "../../ui/stage/plot.js";
import { DASHES } from "../../ui/stage/plot_traces.js";

const SIDES = ["without", "with"];
const ENDED = "finished";
const FAINT = 0.3;
const STILL_RISING = 0.01; // of accuracy, over the last fifth of the epochs

/** @typedef {import("../../ui/stage/plot_numbers.js").Figure} Figure */
/** @typedef {import("../../ui/stage/plot_numbers.js").Series} Series */

const state = () => ({
  ...comparison.state(),
  ended: 0, // trainings that were over when the engine was last asked what they say
  isOpen: false, // the list of trainings
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  charts: "only",

  build: comparison.build,

  paint(stage, reply, values) {
    follow(stage, reply);
    const text = sentence(stage, reply.about.outcome);
    showChart(stage, "validation", curvesOf(stage, text), values);
    showChart(stage, "outcome", outcomeOf(stage, reply.about.outcome, text), values);
    tell(stage, reply.about.outcome);
  },

  // What they say is the engine's to tell: asked again whenever one more has ended.
  watched(stage) {
    const ended = stage.state.comparison.runs.filter(({ status }) => status === ENDED).length;
    const isNew = ended > stage.state.ended;
    stage.state.ended = ended;
    if (isNew) stage.askAgain();
  },
};

const percent = (share) => (100 * share).toFixed(1);
const signed = (share) => `${share > 0 ? "+" : ""}${minus(percent(share))}`;

// Label of a planned training: its side, and its seed.
const partsOf = ({ label }) => label.split("-");

// By epoch, the validation accuracy of each seed, and the means of both sides.
/**
 * @param {Stage} stage
 * @returns {Figure}
 */
function curvesOf(stage, text) {
  const { words } = stage;
  const { plan, runs } = stage.state.comparison;
  const last = Math.max(1, ...plan.map(({ settings }) => settings.train.epochs));
  const series = SIDES.flatMap((side, style) => {
    const own = runs.filter((_, k) => partsOf(plan[k])[0] === side).map(({ epochs }) => epochs);
    return seriesOf(words, side, style, own);
  });
  return {
    title: words.plot_validation,
    text,
    x: { title: words.axis_epochs, range: [0, last] },
    y: { title: words.plot_validation, unit: "%", range: [0, 100] },
    series,
  };
}

// Of one side: the means over the seeds that have come so far, and each seed by itself.
/** @returns {Series[]} */
function seriesOf(words, side, style, runs) {
  const group = words[`run_${side}`];
  const begun = runs.filter((epochs) => epochs.length > 0);
  const reached = begun.length ? Math.min(...begun.map((epochs) => epochs.length)) : 0;
  const x = Array.from({ length: reached }, (_, i) => i + 1);
  const mean = (column) => x.map((_, i) => 100 * meanOf(begun.map((epochs) => epochs[i][column])));
  const line = (look, more) => ({ name: `${group}, ${look}`, group, look, style, x, ...more });
  const { look_mean: held, look_mean_training: train, look_seed: single } = words;
  return [
    line(held, { y: mean(EPOCH.accuracy), dash: DASHES[0], width: 2.5, notes: x.map(() => held) }),
    line(train, {
      y: mean(EPOCH.trainAccuracy),
      dash: DASHES[1],
      width: 1.5,
      notes: x.map(() => train),
    }),
    ...begun.map((epochs) =>
      line(single, {
        x: epochs.map((row) => row[EPOCH.epoch]),
        y: epochs.map((row) => 100 * row[EPOCH.accuracy]),
        dash: DASHES[0],
        width: 1,
        opacity: FAINT,
        silent: true,
      }),
    ),
  ];
}

const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// The accuracies at the end: a line from without to with for each seed, means with error bars.
/**
 * @param {Stage} stage
 * @returns {Figure}
 */
function outcomeOf({ words, theme }, outcome, text) {
  const pairs = outcome?.pairs ?? [];
  const title = fill(words.plot_outcome, { count: pairs.length });
  /** @type {Series[]} */
  const series = pairs.map(([seed, ...ends]) => ({
    name: fill(words.seed, { seed }),
    group: words.look_seed,
    style: 3,
    dash: DASHES[0],
    x: [0, 1],
    y: ends.map((share) => 100 * share),
    dots: true,
    width: 1,
    opacity: 0.55,
  }));
  if (pairs.length) series.push(meansOf(words, theme, outcome));
  return {
    title,
    text,
    hover: "closest",
    x: {
      title: "",
      range: [-0.4, 1.4],
      ticks: [
        [0, words.run_without],
        [1, words.run_with],
      ],
    },
    y: { title: words.plot_validation, unit: "%" },
    series,
  };
}

/** @returns {Series} */
function meansOf(
  words,
  { text: colour },
  { before, after, before_spread: low, after_spread: high, count },
) {
  return {
    name: words[count > 1 ? "mean_and_spread" : "mean"],
    kind: "points",
    colour,
    x: [0, 1],
    y: [100 * before, 100 * after],
    errors: count > 1 ? [100 * low, 100 * high] : undefined,
    notes: [low, high].map((spread) => (count > 1 ? `± ${percent(spread)}` : null)),
  };
}

// What has come out, in words that follow the numbers.
/** @param {Stage} stage */
function sentence(stage, outcome) {
  const { words } = stage;
  const { plan } = stage.state.comparison;
  if (plan.length && !plan.some((each) => partsOf(each)[0] === "with")) return words.verdict_off;
  if (!outcome) return words.verdict_none;
  const { difference, half_width: half } = outcome;
  const numbers = {
    difference: signed(difference),
    low: signed(difference - half),
    high: signed(difference + half),
    count: outcome.count,
  };
  return fill(words[`verdict_${outcome.verdict}`], numbers);
}

/** @param {Stage} stage */
function tell(stage, outcome) {
  const { words } = stage;
  tellRuns(stage, null);
  const trainings = document.createElement("details");
  const summary = document.createElement("summary");
  const { plan, runs } = stage.state.comparison;
  summary.textContent = fill(words.trainings, {
    count: plan.length,
    done: runs.filter(({ status }) => status === ENDED).length,
  });
  trainings.open = stage.state.isOpen;
  trainings.ontoggle = () => {
    stage.state.isOpen = trainings.open;
  };
  trainings.append(summary, ...stage.readout.querySelectorAll("[data-testid^='run-']"));
  const verdict = paragraph(sentence(stage, outcome), "verdict");
  verdict.dataset.verdict = outcome?.verdict ?? "";
  const parts = [verdict];
  const going = runs.findIndex(({ status }) => UNDER_WAY.includes(status) && status !== "queued");
  if (going >= 0) parts.push(paragraph(nowTrained(stage, plan[going], runs[going]), "going"));
  if (outcome) parts.push(...figures(stage, outcome));
  if (outcome && outcome.gained >= STILL_RISING)
    parts.push(paragraph(fill(words.still_rising, { gained: percent(outcome.gained) }), "rising"));
  stage.readout.replaceChildren(...parts, trainings);
}

/** @param {Stage} stage */
function nowTrained(stage, planned, run) {
  const [side, seed] = partsOf(planned);
  const status = statusOf(stage, run);
  return fill(stage.words.trained_now, { run: stage.words[`run_${side}`], seed, status });
}

// Means with their spreads, the accuracy in training, and each pair.
/** @param {Stage} stage */
function figures({ words }, { pairs, training, held, ...found }) {
  const spread = (mean, of) =>
    found.count > 1 ? `${percent(mean)} ± ${percent(of)}` : percent(mean);
  const made = columns(
    ["", words.run_without, words.column_with],
    [
      ...pairs.map(([seed, ...ends]) => [fill(words.seed, { seed }), ...ends.map(percent)]),
      [
        words[found.count > 1 ? "mean_and_spread" : "mean"],
        spread(found.before, found.before_spread),
        spread(found.after, found.after_spread),
      ],
      [words.in_training, ...training.map(percent)],
    ],
  );
  made.dataset.testid = "pairs";
  return [made, note(fill(words.of_held, { held }))];
}
