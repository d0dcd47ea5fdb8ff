// What trainings of detectors show alike: parts of a loss, AP50, and what a run's net saw at the end
// of an epoch. The stage's view extends the comparison (view.js).

import { EPOCH } from "./training_curves.js";
import { nameOf } from "./view.js";

/** @import { Stage } from "../stage/types.d.ts" */
/** @import { CurveRun, Measure } from "./training_curves.js" */

const KEPT = 64; // epochs whose answers are remembered

/**
 * What a view that asks for epochs keeps of them.
 * @returns {{ answered: Map<string, any>, lastSeen: Record<string, any> }} by run and epoch, by run
 */
export const epochState = () => ({ answered: new Map(), lastSeen: {} });

/**
 * Epochs that the longest of the trainings has ended.
 * @param {Stage} stage
 * @returns {number}
 */
export const lastOf = (stage) =>
  Math.max(
    0,
    ...stage.state.comparison.runs.map((/** @type {CurveRun} */ run) => run.epochs.length),
  );

/**
 * A slider of epochs in words; it ends where the epochs do.
 * @type {(value: number, stage: Stage) => string}
 */
export const ofLast = (value, stage) => {
  const last = lastOf(stage);
  return last ? `${Math.min(value, last)} / ${last}` : "–";
};

/**
 * The planned trainings as the charts take them, with what has been measured of each.
 * @param {Stage} stage
 * @returns {CurveRun[]}
 */
export function plannedRuns(stage) {
  const { plan, runs } = stage.state.comparison;
  return plan.map((/** @type {any} */ planned, /** @type {number} */ k) => ({
    steps: [],
    epochs: [],
    ...runs[k],
    name: nameOf(stage, planned),
    style: k,
    planned: planned.settings.train.epochs,
  }));
}

/**
 * One part of the loss: batches, and held-out scenes.
 * @type {(words: Record<string, string>, name: string, part: number, height: number) => Measure}
 */
export const partOf = (words, name, part, height) => ({
  name,
  title: words[`plot_${name}`],
  kind: "loss",
  step: (run, i) => run.stepParts?.[i]?.[part],
  held: (run, i) => run.epochParts?.[i]?.[part],
  height,
});

/**
 * AP50 on held-out scenes.
 * @type {(words: Record<string, string>, height: number, broad?: boolean) => Measure}
 */
export const precisionOf = (words, height, broad = false) => ({
  name: "ap50",
  title: words.plot_ap50,
  kind: "share",
  held: (run, i) => run.epochs[i][EPOCH.accuracy],
  height,
  broad,
});

/**
 * What the net of a run saw at the end of an epoch: asked once, painted when it is there. Until then
 * what it saw last stays.
 * @param {Stage} stage with epochState() in its state
 * @param {string} source path of the API that answers for a run's name and an epoch
 * @param {string} name the run's
 * @param {number} epoch
 * @returns {any} the reply, or null
 */
export function seenAt(stage, source, name, epoch) {
  const key = `${name}/${epoch}`;
  const { answered, lastSeen } = stage.state;
  if (answered.get(key)) {
    lastSeen[name] = answered.get(key);
    return lastSeen[name];
  }
  if (!answered.has(key)) {
    answered.set(key, null);
    stage
      .ask(source, { name, epoch })
      .then((/** @type {any} */ reply) => {
        answered.set(key, reply);
        if (answered.size > KEPT) answered.delete(answered.keys().next().value);
        stage.repaint();
      })
      .catch(() => answered.delete(key)); // not written yet: the next repaint asks again
  }
  return lastSeen[name] ?? null;
}
