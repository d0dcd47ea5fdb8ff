// Curves of trainings over one another, as Plotly charts: solid in validation, dashed in training,
// faint batch by batch. The runs keep their colours from chart to chart. A view calls
//   showTrainingCurves(stage, [accuracyOf(stage), lossOf(stage)], runs, values, options)
// at each paint; what is measured otherwise (parts of a loss, AP50) is a Measure of its own.
import { fill } from "../stage/draw.js";
import { showChart } from "../stage/plot.js";
import { valueText } from "../stage/plot_numbers.js";
import { DASHES } from "../stage/plot_traces.js";
import { showSmoothing, smoothed, smoothingOf } from "./smoothing.js";

/** @import { Stage } from "../stage/types.d.ts" */
/** @typedef {import("../stage/plot_numbers.js").Figure} Figure */
/** @typedef {import("../stage/plot_numbers.js").Series} Series */
/**
 * A run as askCurves (runs.js) gives it, with what the charts need to tell it from others.
 * @typedef {object} CurveRun
 * @property {string} name        in the legend
 * @property {number} style       its colour's place in the palette
 * @property {ArrayLike<number>[]} steps    rows, columns as in STEP
 * @property {ArrayLike<number>[]} epochs   rows, columns as in EPOCH
 * @property {number} [planned]   epochs
 * @property {{ steps_per_epoch?: number } | null} [beginning]
 * @property {ArrayLike<number>[]} [stepParts]   of a loss made of parts
 * @property {ArrayLike<number>[]} [epochParts]
 * @property {boolean} [isGhost]  an earlier one, faint behind the others (ghosts.js)
 */
/**
 * What a chart shows of each run. The functions get a run and the row's number; one that is missing
 * has no line.
 * @typedef {object} Measure
 * @property {string} name    of the chart
 * @property {string} title
 * @property {"share" | "loss" | "rate"} kind  0 to 1 as percent; a loss; a learning rate
 * @property {(run: CurveRun, i: number) => number | undefined} [step]   of a batch
 * @property {(run: CurveRun, i: number) => number | undefined} [train]  of an epoch, in training
 * @property {(run: CurveRun, i: number) => number | undefined} [held]   of an epoch, in validation
 * @property {number} [height]  CSS pixels
 * @property {boolean} [broad]
 */

// Columns of the rows that askCurves gives.
export const STEP = { step: 0, loss: 1, accuracy: 2, rate: 3 };
export const EPOCH = { epoch: 0, trainLoss: 1, trainAccuracy: 2, loss: 3, accuracy: 4 };

const LOG_FROM = 100; // a loss over more than two decades is read on a logarithmic axis
const RARE = 0.02; // … of the batches' losses, so many may lie below it
const MOST_DOTS = 60; // epochs that are marked one by one
const FAINT = 0.3;
const FAINTER = 0.14; // the measured batches behind the smoothed ones

/**
 * @param {Stage} stage
 * @param {string} [title] where the judgement is another one than accuracy
 * @returns {Measure}
 */
export const accuracyOf = (stage, title = stage.words.plot_accuracy) => ({
  name: "accuracy",
  title,
  kind: "share",
  step: (run, i) => run.steps[i][STEP.accuracy],
  train: (run, i) => run.epochs[i][EPOCH.trainAccuracy],
  held: (run, i) => run.epochs[i][EPOCH.accuracy],
});

/**
 * @param {Stage} stage
 * @returns {Measure}
 */
export const lossOf = (stage) => ({
  name: "loss",
  title: stage.words.plot_loss,
  kind: "loss",
  step: (run, i) => run.steps[i][STEP.loss],
  train: (run, i) => run.epochs[i][EPOCH.trainLoss],
  held: (run, i) => run.epochs[i][EPOCH.loss],
});

/**
 * @param {Stage} stage
 * @returns {Measure}
 */
export const rateOf = (stage) => ({
  name: "rate",
  title: stage.words.plot_rate,
  kind: "rate",
  step: (run, i) => run.steps[i][STEP.rate],
  height: 130,
  broad: true,
});

/**
 * The epoch with the lowest validation loss so far, the first of them; null before the first.
 * @param {ArrayLike<number>[]} epochs rows, columns as in EPOCH
 * @returns {ArrayLike<number> | null} its row
 */
export function bestEpoch(epochs) {
  /** @type {ArrayLike<number> | null} */
  let best = null;
  for (const row of epochs) {
    const loss = row[EPOCH.loss];
    if (Number.isFinite(loss) && loss < (best?.[EPOCH.loss] ?? Infinity)) best = row;
  }
  return best;
}

/**
 * Show a chart for each measure, with the next frame.
 * @param {Stage} stage
 * @param {Measure[]} measures
 * @param {CurveRun[]} runs
 * @param {object} values the control values that they belong to
 * @param {{ epoch?: number | null, handlers?: import("../stage/plot.js").Handlers,
 *   marks?: Record<string, import("../stage/plot_numbers.js").Mark[]>, smooth?: boolean }} [options] the epoch that is
 *   pointed at, who is told (`epochHandlers`), by measure what is marked, and whether there is a
 *   slider for smoothing
 */
export function showTrainingCurves(stage, measures, runs, values, options = {}) {
  const { epoch = null, handlers = {}, marks = {}, smooth = true } = options;
  const smoothing = smooth ? smoothingOf(stage) : 0;
  for (const measure of measures) {
    const figure = curvesFigure(measure, runs, stage.words, smoothing);
    const shown = { ...figure, cursor: epoch, marks: marks[measure.name] };
    showChart(stage, measure.name, shown, values, handlers);
  }
  showSmoothing(stage, smooth && runs.some((run) => run.steps.length > 0));
}

/**
 * The figure of a measure: of each run its validation, its training and its batches.
 * @param {Measure} measure
 * @param {CurveRun[]} runs
 * @param {Record<string, string>} words
 * @param {number} smoothing of the batches, 0 to below 1
 * @returns {Figure}
 */
export function curvesFigure(measure, runs, words, smoothing = 0) {
  const unit = measure.kind === "share" ? 100 : 1; // shares are shown in percent
  const series = runs.flatMap((run) => seriesOf(measure, run, words, unit, smoothing));
  const last = Math.max(1, ...runs.map((run) => run.planned ?? run.epochs.length));
  const y = { title: measure.title, ...axisOf(measure.kind, series, words) };
  return {
    title: y.log ? fill(words.on_a_log_axis, { title: measure.title }) : measure.title,
    text: described(measure, runs, words, y, unit),
    x: { title: words.axis_epochs, range: [0, last] },
    y,
    series,
    height: measure.height,
    broad: measure.broad,
    meaning: String(Boolean(y.log)),
  };
}

/**
 * @param {Measure} measure
 * @param {CurveRun} run
 * @returns {Series[]}
 */
function seriesOf({ step, train, held }, run, words, unit, smoothing) {
  const epochs = run.epochs.map((row) => row[EPOCH.epoch]);
  const one = (of, look, more) => {
    const x = of === step ? stepsInEpochs(run) : epochs;
    const y = x.map((_, i) => unit * (of(run, i) ?? Number.NaN));
    return { name: `${run.name}, ${look}`, group: run.name, look, style: run.style, x, y, ...more };
  };
  /** @type {Series[]} */
  const made = [];
  const said = (look) => ({ notes: epochs.map(() => look) });
  const { look_validation: validation, look_training: training, look_batches: batches } = words;
  if (held) {
    const dots = epochs.length <= MOST_DOTS && !run.isGhost;
    const faint = run.isGhost ? { width: 1.5, opacity: FAINT } : { width: 2.5 };
    made.push(one(held, validation, { dash: DASHES[0], dots, ...faint, ...said(validation) }));
  }
  if (run.isGhost) return made;
  if (train) made.push(one(train, training, { dash: DASHES[1], width: 1.5, ...said(training) }));
  if (!step) return made;
  const alone = !held && !train;
  const measured = one(step, batches, { dash: DASHES[0], width: alone ? 1.5 : 1 });
  if (alone) return [measured];
  const opacity = smoothing ? FAINTER : FAINT;
  made.push({ ...measured, opacity, silent: epochs.length > 0 });
  if (!smoothing) return made;
  const look = words.look_smoothed;
  const y = smoothed(measured.y, smoothing);
  const line = { dash: DASHES[0], width: 1.5, opacity: 0.6, silent: epochs.length > 0 };
  made.push({ ...measured, ...line, name: `${run.name}, ${look}`, look, y });
  return made;
}

// Where each batch lies between the epochs; nowhere before it is known how many an epoch has.
/** @param {CurveRun} run */
function stepsInEpochs({ steps, beginning }) {
  const perEpoch = beginning?.steps_per_epoch;
  return perEpoch ? steps.map((row) => row[STEP.step] / perEpoch) : [];
}

/** @returns {Partial<import("../stage/plot_numbers.js").Axis>} */
function axisOf(kind, series, words) {
  if (kind === "share") return { unit: "%", range: [0, 100] };
  if (kind === "rate") return { include: [0] };
  return lossAxis(series, words);
}

/**
 * The axis of a loss: linear from 0 on, or logarithmic where the values span more than two decades.
 * Then the few batches of least loss may lie below it, marked as all that left an axis.
 * @param {Series[]} series
 * @param {{ look_batches?: string }} words
 * @returns {{ log?: boolean, range?: [number, number], include?: number[] }}
 */
export function lossAxis(series, words) {
  const positive = (look) =>
    series
      .filter((one) => (one.look === words.look_batches) === look)
      .flatMap((one) => Array.from(one.y))
      .filter((value) => value > 0 && Number.isFinite(value))
      .sort((a, b) => a - b);
  const [batches, epochs] = [positive(true), positive(false)];
  if (!batches.length && !epochs.length) return { include: [0] };
  const low = Math.min(
    epochs[0] ?? Infinity,
    batches[Math.floor(RARE * batches.length)] ?? Infinity,
  );
  const high = Math.max(epochs.at(-1) ?? 0, batches.at(-1) ?? 0);
  if (high <= LOG_FROM * low) return { include: [0] };
  return { log: true, range: [low / 1.25, high * 1.25] };
}

function described(measure, runs, words, y, unit) {
  const said = runs.map((run) => {
    const of = measure.held ?? measure.step;
    const rows = measure.held ? run.epochs : run.steps;
    const value = rows.length ? of?.(run, rows.length - 1) : undefined;
    if (value === undefined) return fill(words.curve_empty, { name: run.name });
    const epoch = run.epochs.length;
    return fill(words.curve_text, { name: run.name, value: valueText(unit * value, y), epoch });
  });
  return [`${measure.title}.`, ...said].join(" ");
}

/**
 * Pointing at a curve, with a pointer or the arrow keys, chooses the epoch that is nearest.
 * @param {Stage} stage
 * @param {{ epoch: number | null, runs: CurveRun[] }} shown is changed
 * @param {(how: "hover" | "click" | "key") => void} [changed]
 * @returns {import("../stage/plot.js").Handlers}
 */
export function epochHandlers(stage, shown, changed = () => {}) {
  const choose = (epoch, how) => {
    const isNew = epoch !== shown.epoch;
    shown.epoch = epoch;
    if (isNew) stage.repaint();
    if (isNew || how === "click") changed(how);
  };
  return {
    point: ({ x }, how) => {
      const measured = Math.max(0, ...shown.runs.map((run) => run.epochs.length));
      if (measured) choose(Math.min(Math.max(Math.round(x), 1), measured), how);
    },
    leave: () => choose(null, "hover"),
  };
}
