// Two RetinaNets that differ in γ alone, raced on the same scenes. Extends the comparison of
// trainings: AP50 on held-out scenes, and the loss of the boxes, which γ does not touch. The loss of
// the classes is another measure for each γ, and is not laid side by side.
import { partOf, plannedRuns, precisionOf } from "../../ui/comparison/detector_training.js";
import { EPOCH, epochHandlers, showTrainingCurves } from "../../ui/comparison/training_curves.js";
import comparison, { follow, tellRuns } from "../../ui/comparison/view.js";
import { fill } from "../../ui/stage/draw.js";
import { note, paragraph } from "../../ui/stage/parts.js";

/** @import { Stage } from "../../ui/stage/types.d.ts" */

const BOX = 1; // its place among the losses
const PLOT = 240; // CSS pixels of a chart's height

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  ...comparison,

  paint(stage, reply, values) {
    follow(stage, reply);
    const { words } = stage;
    const shown = stage.state.comparison;
    const measures = [precisionOf(words, PLOT), partOf(words, "box", BOX, PLOT)];
    showTrainingCurves(stage, measures, plannedRuns(stage), values, {
      epoch: shown.epoch,
      handlers: epochHandlers(stage, shown),
    });
    tellRuns(stage, shown.epoch);
    const ahead = aheadOf(words, shown);
    if (ahead) stage.readout.append(paragraph(ahead, "race-ahead"));
    stage.readout.append(note(words.race_note, "race-note"));
  },
};

/**
 * Who is ahead, at the last epoch that both have ended; null before there is one.
 * @param {Record<string, string>} words
 * @param {{ plan: { label: string }[], runs: { epochs: ArrayLike<number>[] }[] }} shown
 */
export function aheadOf(words, { plan, runs }) {
  if (plan.length !== 2 || runs.length !== 2) return null;
  const epoch = Math.min(...runs.map(({ epochs }) => epochs.length));
  if (!epoch) return null;
  const [first, second] = runs.map(({ epochs }) => epochs[epoch - 1][EPOCH.accuracy]);
  const better = plan[first >= second ? 0 : 1].label;
  const [low, high] = [Math.min(first, second), Math.max(first, second)];
  const params = { epoch, better, high: (100 * high).toFixed(1), low: (100 * low).toFixed(1) };
  return fill(params.high === params.low ? words.race_level : words.race_ahead, params);
}
