// Two RetinaNets that differ in γ alone, raced on the same scenes. Extends the comparison of
// trainings: AP50 on held-out scenes, and the loss of the boxes, which γ does not touch. The loss of
// the classes is another measure for each γ, and is not laid side by side.
import { EPOCH, epochHandlers, showTrainingCurves } from "../../ui/comparison/training_curves.js";
import comparison, { follow, nameOf, tellRuns } from "../../ui/comparison/view.js";
import { note } from "../../ui/stage/parts.js";

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
    const runs = shown.plan.map((planned, k) => ({
      steps: [],
      epochs: [],
      ...shown.runs[k], // what has been measured
      name: nameOf(stage, planned),
      style: k,
      planned: planned.settings.train.epochs,
    }));
    showTrainingCurves(stage, [precisionOf(words), boxOf(words)], runs, values, {
      epoch: shown.epoch,
      handlers: epochHandlers(stage, shown),
    });
    tellRuns(stage, shown.epoch);
    stage.readout.append(note(words.race_note, "race-note"));
  },
};

/** @returns {import("../../ui/comparison/training_curves.js").Measure} */
const precisionOf = (words) => ({
  name: "ap50",
  title: words.plot_ap50,
  kind: "share",
  held: (run, i) => run.epochs[i][EPOCH.accuracy],
  height: PLOT,
});

/** @returns {import("../../ui/comparison/training_curves.js").Measure} */
const boxOf = (words) => ({
  name: "box",
  title: words.plot_box,
  kind: "loss",
  step: (run, i) => run.stepParts?.[i]?.[BOX],
  held: (run, i) => run.epochParts?.[i]?.[BOX],
  height: PLOT,
});
