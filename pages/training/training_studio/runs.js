// Training studio, the runs: curves over one another while they grow, and what can be done to them.

import { drawCurves } from "../../ui/comparison/curves.js";
import { followEpochs } from "../../ui/comparison/view.js";
import { openCanvas } from "../../ui/stage/draw.js";
import { isSegmenter, listEntries } from "./list.js";
import { chosenNames, refreshList, watch } from "./watching.js";

const state = () => ({
  list: [], // all runs
  runs: [], // curves of the chosen ones
  names: "", // of those, with commas
  epoch: null, // the one pointed at
  scales: [], // where the curves lie
  fork: false, // whether the form of a fork is open
  watch: 0, // which watcher is the one
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,

  build(stage) {
    followEpochs(stage, stage.state);
    refreshList(stage);
  },

  local: ["names"],

  paint(stage, _reply, values) {
    const shown = stage.state;
    if (shown.names !== values.names) {
      shown.names = values.names;
      shown.runs = [];
      shown.epoch = null;
      refreshList(stage);
      watch(stage);
    }
    draw(stage);
    stage.readout.replaceChildren(...listEntries(stage));
  },

  describe(stage) {
    return (
      stage.state.runs
        .map((run) => {
          const last = run.epochs.at(-1);
          return `${run.name}: ${last ? `${(100 * last[4]).toFixed(1)} %` : "–"}`;
        })
        .join(", ") || stage.words.no_runs
    );
  },
};

/** @param {Stage} stage */
function draw(stage) {
  const shown = stage.state;
  const narrow = stage.frame.clientWidth < 560;
  const { ctx, width } = openCanvas(stage, narrow ? 620 : 400);
  const half = narrow ? width : width / 2;
  const boxes = narrow
    ? [
        [0, 0, 250],
        [0, 250, 250],
        [0, 500, 120],
      ]
    : [
        [0, 0, 280],
        [half, 0, 280],
        [0, 280, 120],
      ];
  const runs = shown.runs.map((run, k) => ({
    ...run,
    colour: stage.theme.lines[k % stage.theme.lines.length],
    epochsPlanned: run.planned,
  }));
  shown.scales = ["accuracy", "loss", "rate"].map((what, i) => {
    const [x, y, height] = boxes[i];
    const title = what === "accuracy" ? judgedBy(stage) : undefined;
    const box = { x, y, width: i === 2 ? width : half, height };
    return drawCurves(ctx, stage, box, what, runs, shown.epoch, title);
  });
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
