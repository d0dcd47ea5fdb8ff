// Play, pause, step: merge after merge, the many small ones quickly and the last few slowly.
import { fill } from "../../ui/stage/draw.js";
import { later } from "../../ui/stage/lifetime.js";
import { buildPlayer, note, showPlayer } from "../../ui/stage/parts.js";

/** @import { Stage } from "./view.js" */

const FRAMES = 90; // of a whole run
const PACE_MS = 70;
const LAST_MS = 500; // … while only a few regions are left
const FEW = 8;

/** @param {Stage} stage */
export function addPlayer(stage) {
  const player = buildPlayer(stage, {
    back: () => move(stage, 1),
    play: () => (player.timer ? stop(stage) : start(stage)),
    step: () => move(stage, -1),
  });
  const where = note("", "merge");
  where.style.cssText = "margin:4px 0 0;font-size:13px";
  stage.extra.append(where);
  stage.state.player = Object.assign(player, { where });
}

/** @param {Stage} stage */
export function showMerge(stage, left) {
  const { player, tree } = stage.state;
  showPlayer(stage, player);
  player.back.disabled = left >= tree.first;
  player.step.disabled = left <= 1;
  player.play.disabled = tree.first === 1;
  const merges = tree.first - 1;
  player.where.textContent = fill(stage.words.merge_of, { merge: tree.first - left, merges });
}

/** @param {Stage} stage */
const leftNow = (stage) => Math.min(stage.values.left, stage.state.tree.first);

/** @param {Stage} stage */
function move(stage, by) {
  halt(stage);
  const left = Math.min(stage.state.tree.first, Math.max(1, leftNow(stage) + by));
  stage.state.pointed = null;
  stage.set({ left });
}

/** @param {Stage} stage */
function start(stage) {
  if (leftNow(stage) <= 1) stage.set({ left: stage.state.tree.first }, false);
  stage.state.player.timer = later(stage, PACE_MS, () => tick(stage));
  stage.repaint();
}

/** @param {Stage} stage */
function halt(stage) {
  clearTimeout(stage.state.player.timer);
  stage.state.player.timer = null;
}

/** @param {Stage} stage */
function stop(stage) {
  halt(stage);
  stage.set({ left: leftNow(stage) });
}

// Equal factors in equal times, and at least one merge a frame.
/** @param {Stage} stage */
function tick(stage) {
  const now = leftNow(stage);
  const factor = stage.state.tree.first ** (1 / FRAMES);
  const left = Math.max(1, Math.min(now - 1, Math.round(now / factor)));
  if (left === 1) {
    halt(stage);
    stage.set({ left });
    return;
  }
  stage.set({ left }, false);
  stage.state.player.timer = later(stage, left <= FEW ? LAST_MS : PACE_MS, () => tick(stage));
}
