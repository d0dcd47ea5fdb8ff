// Play, pause, step: the filter walks over the input and the output fills up behind it.
// Where a reader asks for less motion, only the step is offered.

import { later } from "../../ui/stage/lifetime.js";
import { buildPlayer } from "../../ui/stage/parts.js";

/** @import { Stage } from "./view.js" */

const SLOW_MS = 250; // a cell, on a grid small enough to follow
const FAST_MS = 80;
const WHOLE_RUN_MS = 24000; // no run takes longer: larger outputs skip cells

/** @param {Stage} stage */
export function addPlayer(stage, view, goTo) {
  const player = buildPlayer(stage, {
    back: () => walk(stage, view, player, goTo, -1),
    play: () => (view.playing ? stop(stage, view, player) : start(stage, view, player, goTo)),
    step: () => walk(stage, view, player, goTo, 1),
  });
  view.player = player;
}

// Leave the walk: the whole output is shown, and the cell is kept in the link; where one is on its
// way, that one.
/** @param {Stage} stage */
export function stop(stage, view, player = view.player) {
  clearTimeout(player.timer);
  if (!view.playing) return;
  view.playing = false;
  const { aim } = view;
  if (!aim) {
    stage.set({ cell: stage.values.cell }, true);
    return;
  }
  const reached = aim.row * size(view).columns + aim.col;
  view.ask({ kind: "cell", row: aim.row, column: aim.col, reached, commit: true });
  stage.repaint();
}

/** @param {Stage} stage */
function start(stage, view, player, goTo) {
  view.playing = true;
  const { rows, columns } = size(view);
  const at = position(view);
  view.reached = view.reached === null || at >= rows * columns - 1 ? -1 : at;
  tick(stage, view, player, goTo);
}

/** @param {Stage} stage */
async function tick(stage, view, player, goTo) {
  const { rows, columns } = size(view);
  const cells = rows * columns;
  const pace = cells <= 100 ? SLOW_MS : FAST_MS;
  const skip = Math.max(1, Math.ceil((cells * pace) / WHOLE_RUN_MS));
  const next = Math.min(view.reached + skip, cells - 1);
  const begun = performance.now();
  await goTo(Math.floor(next / columns), next % columns, { reached: next });
  if (!view.playing) return;
  if (next >= cells - 1) {
    view.playing = false;
    view.reached = null;
    await goTo(rows - 1, columns - 1, { commit: true });
    return;
  }
  const rest = Math.max(0, pace - (performance.now() - begun));
  player.timer = later(stage, rest, () => tick(stage, view, player, goTo));
}

/** @param {Stage} stage */
async function walk(stage, view, player, goTo, way) {
  stop(stage, view, player);
  const { rows, columns } = size(view);
  const cells = rows * columns;
  const next = (position(view) + way + cells) % cells;
  await goTo(Math.floor(next / columns), next % columns, { reached: next, commit: true });
}

const size = ({ reply }) => ({ rows: reply.output.shape[1], columns: reply.output.shape[2] });

function position(view) {
  const { row, col } = view.aim ?? view.sums.about.cell;
  return row * size(view).columns + col;
}
