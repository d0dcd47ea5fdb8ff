// Trainings that differ in one thing, over one another. The page's route plans them
// (engine/serving/comparing.py): what has been trained before is there at once, the rest begins
// with the button. A page's own view may extend this one; `stage.state.comparison` is then
// { plan, runs, epoch } and `watched(stage)` is called when any of it has changed. A view that draws
// by itself takes `follow` and `tellRuns`.

import { brief, fill } from "../stage/draw.js";
import { say } from "../stage/painting.js";
import { callRuns, UNDER_WAY, watchRuns } from "./runs.js";
import {
  accuracyOf,
  bestEpoch,
  EPOCH,
  epochHandlers,
  lossOf,
  showTrainingCurves,
} from "./training_curves.js";

const OVER = ["finished", "early_stopped", "diverged"];

const state = () => ({
  comparison: { key: "", plan: [], runs: [], epoch: null },
  trainButton: null,
});

// Views extend this one, and the studio takes parts of it: what else is in their state is theirs.
/** @import { Stage } from "../stage/types.d.ts" */

const view = {
  state,
  charts: /** @type {"only"} */ ("only"),

  build(stage) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "main";
    button.dataset.testid = "stage-train";
    button.hidden = true; // until it is known where the trainings stand
    button.onclick = () => press(stage);
    stage.state.trainButton = button;
    stage.extra.append(button);
    callRuns(stage, "POST", "runs/expect").catch(() => null); // only to be quicker later
  },

  paint(stage, reply, values) {
    follow(stage, reply);
    draw(stage, values);
    tellRuns(stage, stage.state.comparison.epoch);
  },

  describe(stage) {
    const { runs, plan } = stage.state.comparison;
    return runs
      .map((run, k) => {
        const last = run.epochs.at(-1);
        const figures = last ? fill(stage.words.figures, figuresOf(last)) : "";
        return `${nameOf(stage, plan[k])}: ${statusOf(stage, run)} ${figures}`;
      })
      .join(" ");
  },
};
export default view;

// Watches the trainings that the page's route plans now.
/** @param {Stage} stage */
export function follow(stage, { about: { runs: plan } }) {
  const key = plan.map((run) => run.name).join(",");
  const shown = stage.state.comparison;
  if (shown.key === key) return;
  Object.assign(shown, { key, plan, runs: [], epoch: null });
  watch(stage);
}

/** @param {Stage} stage */
function watch(stage) {
  const shown = stage.state.comparison;
  const { key } = shown;
  shown.watching = watchRuns(
    stage,
    shown.plan.map((run) => run.name),
    () => shown.key === key,
    (runs) => {
      shown.runs = runs;
      stage.repaint();
      stage.view.watched?.(stage);
    },
  ).catch((error) => say(stage, error.message));
}

/** @param {Stage} stage */
async function press(stage) {
  const { plan, runs } = stage.state.comparison;
  const going = runs.some((run) => UNDER_WAY.includes(run.status));
  stage.state.trainButton.disabled = true;
  try {
    if (going) {
      const names = runs.filter((run) => UNDER_WAY.includes(run.status)).map((run) => run.name);
      await callRuns(stage, "POST", "comparisons/stop", { names });
    } else {
      await callRuns(stage, "POST", "comparisons", { settings: plan.map((run) => run.settings) });
      watch(stage);
    }
    say(stage, "");
  } catch (error) {
    say(stage, error.refused ? error.message : stage.words.stage_lost);
  }
  stage.state.trainButton.disabled = false;
}

/** @param {Stage} stage */
export const nameOf = (stage, { label }) => stage.words[`run_${label}`] ?? label;

/** @param {Stage} stage */
function draw(stage, values) {
  const shown = stage.state.comparison;
  const runs = shown.plan.map((planned, k) => ({
    name: nameOf(stage, planned),
    style: k,
    planned: planned.settings.train.epochs,
    steps: shown.runs[k]?.steps ?? [],
    epochs: shown.runs[k]?.epochs ?? [],
    beginning: shown.runs[k]?.beginning,
  }));
  const handlers = epochHandlers(stage, shown, () => stage.view.watched?.(stage));
  const options = { epoch: shown.epoch, handlers, marks: bestMarks(stage, runs) };
  showTrainingCurves(stage, [accuracyOf(stage), lossOf(stage)], runs, values, options);
}

// Where a training that may stop early did best: what it stops for.
/** @param {Stage} stage */
function bestMarks({ words, state: { comparison } }, runs) {
  /** @type {Record<"accuracy" | "loss", import("../stage/plot_numbers.js").Mark[]>} */
  const marks = { accuracy: [], loss: [] };
  runs.forEach(({ name, style, epochs }, k) => {
    const best = comparison.plan[k].settings.train.patience ? bestEpoch(epochs) : null;
    if (!best) return;
    const mark = { x: best[EPOCH.epoch], style, text: words.best_epoch, of: name };
    marks.accuracy.push({ ...mark, y: 100 * best[EPOCH.accuracy] });
    marks.loss.push({ ...mark, y: best[EPOCH.loss] });
  });
  return marks;
}

// Button and readout; figures of an epoch, 0 having none, or of the last one that has ended.
/** @param {Stage} stage */
export function tellRuns(stage, epoch) {
  const { plan, runs } = stage.state.comparison;
  const going = runs.some((run) => UNDER_WAY.includes(run.status));
  const over = runs.length > 0 && runs.every((run) => OVER.includes(run.status));
  const begun = runs.some((run) => ["stopped", "interrupted", "failed"].includes(run.status));
  stage.state.trainButton.textContent = stage.words[going ? "stop" : begun ? "resume" : "train"];
  stage.state.trainButton.hidden = over || !runs.length;
  stage.readout.replaceChildren(...plan.map((each, k) => entry(stage, each, runs[k], k, epoch)));
}

/** @param {Stage} stage */
function entry(stage, planned, run, k, epoch) {
  const row = document.createElement("p");
  row.dataset.testid = `run-${planned.label}`;
  row.dataset.status = run?.status ?? "";
  row.style.borderLeft = `4px solid ${stage.theme.lines[k % stage.theme.lines.length]}`;
  row.style.paddingLeft = "8px";
  const name = document.createElement("strong");
  name.textContent = nameOf(stage, planned);
  row.append(name, document.createElement("br"), run ? statusOf(stage, run) : "…");
  const shown = run && (epoch === null ? run.epochs.at(-1) : run.epochs[epoch - 1]);
  if (shown) {
    row.append(document.createElement("br"), fill(stage.words.figures, figuresOf(shown)));
  }
  return row;
}

const percent = (share) => (Number.isFinite(share) ? (100 * share).toFixed(1) : "–");

const figuresOf = (row) => ({
  epoch: row[EPOCH.epoch],
  train: percent(row[EPOCH.trainAccuracy]),
  held: percent(row[EPOCH.accuracy]),
  loss: brief(row[EPOCH.loss]),
});

// Where a run stands, in words.
/** @param {Stage} stage */
export function statusOf(stage, run) {
  const sentence = run.sentence?.[stage.data.lang];
  if (sentence) return sentence;
  const seconds = run.seconds_left;
  const left =
    seconds === null || seconds === undefined
      ? ""
      : fill(stage.words.seconds_left, { seconds: Math.ceil(seconds) });
  return fill(stage.words[`status_${run.status}`], {
    ahead: run.ahead,
    step: run.step,
    epoch: run.epoch,
    epochs: run.planned,
    rate: Math.round(run.images_per_s ?? 0),
    left,
  });
}
