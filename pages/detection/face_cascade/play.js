// Play, pause, step: one gate after another. Where a reader asks for less motion, only the steps
// are offered.

import { later } from "../../ui/stage/lifetime.js";
import { buildPlayer, showPlayer } from "../../ui/stage/parts.js";
import { LAST } from "./place.js";

/** @import { Stage } from "./view.js" */

const PACE_MS = 1400;

/** @param {Stage} stage */
export function addPlayer(stage) {
  stage.state.player = buildPlayer(stage, {
    back: () => walk(stage, -1),
    play: () => (stage.state.player.timer ? stop(stage) : start(stage)),
    step: () => walk(stage, 1),
  });
}

/** @param {Stage} stage */
export function showGate(stage, gate) {
  const { player } = stage.state;
  showPlayer(stage, player);
  player.back.disabled = gate === 0;
  player.step.disabled = gate === LAST;
}

/** @param {Stage} stage */
function walk(stage, way) {
  clearTimeout(stage.state.player.timer);
  stage.state.player.timer = null;
  stage.set({ stage: Math.min(LAST, Math.max(0, stage.values.stage + way)) });
}

/** @param {Stage} stage */
function start(stage) {
  stage.state.player.timer = later(stage, PACE_MS, () => tick(stage));
  if (stage.values.stage === LAST) stage.set({ stage: 0 }, false);
  else stage.repaint();
}

/** @param {Stage} stage */
function stop(stage) {
  clearTimeout(stage.state.player.timer);
  stage.state.player.timer = null;
  stage.set({ stage: stage.values.stage }); // what is on screen goes into the link
}

/** @param {Stage} stage */
function tick(stage) {
  const next = Math.min(LAST, stage.values.stage + 1);
  stage.state.player.timer = next < LAST ? later(stage, PACE_MS, () => tick(stage)) : null;
  stage.set({ stage: next }, next === LAST);
}
