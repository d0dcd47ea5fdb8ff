// Play, pause, step: a window crosses the picture row by row and leaves its answer in the map.
// Where a reader asks for less motion, only the steps are offered.

import { later } from "../../ui/stage/lifetime.js";
import { buildPlayer } from "../../ui/stage/parts.js";
import { chosen, pick } from "./chosen.js";

/** @import { Stage } from "./view.js" */

const SLOW_MS = 120;
const WHOLE_RUN_MS = 14000; // larger grids take several windows at a time

/** @param {Stage} stage */
export function addPlayer(stage) {
  stage.state.player = buildPlayer(stage, {
    back: () => walk(stage, -1),
    play: () => (stage.state.player.timer ? pause(stage) : start(stage)),
    step: () => walk(stage, 1),
  });
}

// Leave the sweep where it is.
/** @param {Stage} stage */
export function stop(stage) {
  clearTimeout(stage.state.player.timer);
  stage.state.player.timer = null;
}

/** @param {Stage} stage */
function pause(stage) {
  stop(stage);
  stage.repaint();
}

/** @param {Stage} stage */
function start(stage) {
  if (!stage.reply) return;
  const last = stage.reply.heat.data.length - 1;
  if (stage.state.reached === null || stage.state.reached >= last) stage.state.reached = -1;
  tick(stage);
}

/** @param {Stage} stage */
function tick(stage) {
  const cells = stage.reply.heat.data.length;
  const skip = Math.max(1, Math.ceil((cells * SLOW_MS) / WHOLE_RUN_MS));
  stage.state.reached = Math.min(stage.state.reached + skip, cells - 1);
  if (stage.state.reached >= cells - 1) return finish(stage);
  stage.state.player.timer = later(stage, SLOW_MS, () => tick(stage));
  stage.repaint();
}

// The whole map is there, and its boxes.
/** @param {Stage} stage */
function finish(stage) {
  stop(stage);
  stage.state.reached = null;
  stage.repaint();
}

/** @param {Stage} stage */
function walk(stage, way) {
  if (!stage.reply) return;
  stop(stage);
  const [rows, columns] = stage.reply.heat.shape;
  const at = chosen(stage, stage.reply, stage.values);
  const cells = rows * columns;
  const next = at ? (at.row * columns + at.column + way + cells) % cells : 0;
  stage.state.reached = next;
  pick(stage, Math.floor(next / columns), next % columns);
}
