// Training studio, the runs: curves over one another while they grow, and what can be done to them.
import { followEpochs } from "../../ui/comparison/view.js";
import { drawCurves } from "../../ui/comparison/curves.js";
import { openCanvas } from "../../ui/stage/draw.js";
import { callRuns, watchRuns } from "../../ui/comparison/runs.js";
import { say } from "../../ui/stage/core.js";
import { isSegmenter, listEntries } from "./list.js";

const MOST_LAID_OVER = 5;

export default {
  build(stage) {
    stage.studio = { list: [], runs: [], names: "", epoch: null, scales: [], fork: false };
    const shown = stage.studio;
    shown.refresh = () => refreshList(stage);
    shown.choose = (names) => stage.set({ names: names.slice(0, MOST_LAID_OVER).join(",") }, true);
    followEpochs(stage, shown);
    refreshList(stage);
  },

  local: ["names"],

  paint(stage, reply, values) {
    const shown = stage.studio;
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
      stage.studio.runs
        .map((run) => {
          const last = run.epochs.at(-1);
          return `${run.name}: ${last ? `${(100 * last[4]).toFixed(1)} %` : "–"}`;
        })
        .join(", ") || stage.words.no_runs
    );
  },
};

export const chosenNames = (stage) => stage.studio.names.split(",").filter(Boolean);

async function refreshList(stage) {
  try {
    stage.studio.list = (await callRuns(stage, "GET", "runs")).runs;
    stage.repaint();
  } catch (error) {
    say(stage, error.refused ? error.message : stage.words.stage_lost);
  }
}

export function watch(stage) {
  const shown = stage.studio;
  const { names } = shown;
  const wanted = chosenNames(stage);
  shown.watch = (shown.watch ?? 0) + 1; // one watcher at a time
  const turn = shown.watch;
  if (!wanted.length) return;
  watchRuns(
    stage,
    wanted,
    () => shown.names === names && shown.watch === turn,
    (runs) => {
      const before = shown.runs.map((run) => run.status).join();
      shown.runs = runs;
      if (before !== runs.map((run) => run.status).join()) refreshList(stage);
      stage.repaint();
    },
  ).catch((error) => say(stage, error.message));
}

function draw(stage) {
  const shown = stage.studio;
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
function judgedBy(stage) {
  const chosen = new Set(chosenNames(stage));
  const runs = stage.studio.list.filter((run) => chosen.has(run.name));
  const segmenters = runs.filter(isSegmenter).length;
  if (!segmenters) return undefined;
  return stage.words[segmenters === runs.length ? "plot_miou" : "plot_accuracy_or_miou"];
}
