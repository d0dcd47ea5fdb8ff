// Training studio, the runs: curves over one another while they grow, and what can be done to them.

import {
  accuracyOf,
  EPOCH,
  epochHandlers,
  lossOf,
  rateOf,
  showTrainingCurves,
} from "../../ui/comparison/training_curves.js";
import { stylesOf } from "./colours.js";
import { isSegmenter, listEntries } from "./list.js";
import { chosenNames, refreshList, watch } from "./watching.js";

const state = () => ({
  list: [], // all runs
  runs: [], // curves of the chosen ones
  names: "", // of those, with commas
  epoch: null, // the one pointed at
  styles: new Map(), // by the name of a run that is shown, its colour's place in the palette
  fork: false, // whether the form of a fork is open
  exported: 0, // the epoch that is exported, 0 for the last
  watch: 0, // which watcher is the one
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  charts: "only",

  build(stage) {
    refreshList(stage);
  },

  local: ["names"],

  paint(stage, _reply, values) {
    const shown = stage.state;
    if (shown.names !== values.names) {
      shown.names = values.names;
      shown.styles = stylesOf(chosenNames(stage), shown.styles);
      shown.runs = [];
      shown.epoch = null;
      refreshList(stage);
      watch(stage);
    }
    draw(stage, values);
    stage.readout.replaceChildren(...listEntries(stage));
  },
};

/** @param {Stage} stage */
function draw(stage, values) {
  const shown = stage.state;
  const runs = shown.runs.map((run) => ({ ...run, style: shown.styles.get(run.name) }));
  const measures = [accuracyOf(stage, judgedBy(stage)), lossOf(stage), rateOf(stage)];
  const handlers = epochHandlers(stage, shown);
  const options = { epoch: shown.epoch, handlers, marks: bestMarks(stage, runs) };
  showTrainingCurves(stage, measures, runs, values, options);
}

// Where each run did best in validation: the epoch that early stopping goes by.
/** @param {Stage} stage */
function bestMarks(stage, runs) {
  const of = (column, unit) =>
    runs
      .filter((run) => run.best_epoch)
      .map((run) => ({
        x: run.best_epoch,
        y: unit * run.epochs[run.best_epoch - 1]?.[column],
        text: stage.words.best_mark,
        style: run.style,
        symbol: "star",
        of: run.name,
      }));
  return { accuracy: of(EPOCH.accuracy, 100), loss: of(EPOCH.loss, 1) };
}

// What the curve of the judgement says: accuracy, mIoU, or of some runs the one, of others the other.
/** @param {Stage} stage */
function judgedBy(stage) {
  const chosen = new Set(chosenNames(stage));
  const runs = stage.state.list.filter((run) => chosen.has(run.name));
  const segmenters = runs.filter(isSegmenter).length;
  if (!segmenters) return undefined;
  return stage.words[segmenters === runs.length ? "plot_miou" : "plot_accuracy_or_miou"];
}
