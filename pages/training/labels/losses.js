// AP50 of the held-out photo and the losses of the detector that learns, epoch by epoch.
import { partOf, precisionOf } from "../../ui/comparison/detector_training.js";
import { epochHandlers, showTrainingCurves } from "../../ui/comparison/training_curves.js";

/** @import { Stage } from "./train.js" */

const PLOT_PX = 170;

/** @param {Stage} stage */
export function showCurves(stage, values, epoch) {
  const { words, state: own } = stage;
  const runs = own.shown.runs
    .filter((run) => run.status !== "none")
    .map((run) => ({ ...run, name: words[`run_${run.net}`], style: 0 }));
  if (!runs.length) return;
  const parts = runs[0].parts ?? [];
  const measures = [
    precisionOf(words, PLOT_PX, true),
    ...parts.map((/** @type {string} */ name, /** @type {number} */ part) =>
      partOf(words, name, part, PLOT_PX),
    ),
  ];
  showTrainingCurves(stage, measures, runs, values, {
    epoch,
    handlers: epochHandlers(stage, own.shown),
    smooth: false,
  });
}
