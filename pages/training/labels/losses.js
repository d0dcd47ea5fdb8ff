// AP50 of the held-out photo and the losses of the detector that learns, epoch by epoch.
import { EPOCH, epochHandlers, showTrainingCurves } from "../../ui/comparison/training_curves.js";

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
    {
      name: "ap50",
      title: words.plot_ap50,
      kind: /** @type {const} */ ("share"),
      held: (run, i) => run.epochs[i][EPOCH.accuracy],
      height: PLOT_PX,
      broad: true,
    },
    ...parts.map((/** @type {string} */ name, /** @type {number} */ part) => ({
      name,
      title: words[`plot_${name}`],
      kind: /** @type {const} */ ("loss"),
      step: (run, i) => run.stepParts?.[i]?.[part],
      held: (run, i) => run.epochParts?.[i]?.[part],
      height: PLOT_PX,
    })),
  ];
  showTrainingCurves(stage, measures, runs, values, {
    epoch,
    handlers: epochHandlers(stage, own.shown),
    smooth: false,
  });
}
