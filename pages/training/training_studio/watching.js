// The list of runs as it stands, and the chosen ones followed while they grow. The other stages of
// the page hear of them too: one watcher for all.
import { callRuns, watchRuns } from "../../ui/comparison/runs.js";
import { listen } from "../../ui/stage/lifetime.js";
import { say } from "../../ui/stage/painting.js";

/** @import { Stage } from "./runs.js" */

const MOST_LAID_OVER = 5;
const MOVED = "fovea-runs"; // something of the chosen runs has changed

/**
 * Hear of the chosen runs, as askCurves gives them, whenever something of them has changed.
 * @param {import("../../ui/stage/types.d.ts").Stage} stage
 * @param {(runs: any[]) => void} act
 */
export function hearOfRuns(stage, act) {
  /** @param {CustomEvent} event */
  const heard = ({ detail }) => act(detail);
  listen(stage, document, MOVED, heard);
}

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
      document.dispatchEvent(new CustomEvent(MOVED, { detail: runs }));
    },
  ).catch((error) => say(stage, error.message));
}
