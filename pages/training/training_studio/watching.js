// The list of runs as it stands, and the chosen ones followed while they grow.
import { callRuns, watchRuns } from "../../ui/comparison/runs.js";
import { say } from "../../ui/stage/painting.js";

/** @import { Stage } from "./runs.js" */

const MOST_LAID_OVER = 5;

/** @param {Stage} stage */
export const chosenNames = (stage) => stage.state.names.split(",").filter(Boolean);

// Lay these runs over one another; the first is the one that everything else belongs to.
/** @param {Stage} stage */
export const show = (stage, names) =>
  stage.set({ names: names.slice(0, MOST_LAID_OVER).join(",") }, true);

/** @param {Stage} stage */
export async function refreshList(stage) {
  try {
    stage.state.list = (await callRuns(stage, "GET", "runs")).runs;
    stage.repaint();
  } catch (error) {
    say(stage, error.refused ? error.message : stage.words.stage_lost);
  }
}

/** @param {Stage} stage */
export function watch(stage) {
  const shown = stage.state;
  const { names } = shown;
  const wanted = chosenNames(stage);
  shown.watch += 1; // one watcher at a time
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
