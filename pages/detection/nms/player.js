// Play, pause, step: the decisions one after another, the best box first. Where a reader asks for
// less motion, only the step is offered.

import { fill } from "../../ui/stage/draw.js";
import { later } from "../../ui/stage/lifetime.js";
import { buildPlayer, note, showPlayer } from "../../ui/stage/parts.js";

/** @import { Stage } from "./view.js" */

const PACE_MS = 450;
const WHOLE_RUN_MS = 20000; // no run takes longer: with many results it goes faster

/** @param {Stage} stage */
export function addPlayer(stage) {
  const player = buildPlayer(stage, {
    back: () => walk(stage, -1),
    play: () => (player.timer ? stop(stage) : start(stage)),
    step: () => walk(stage, 1),
  });
  const where = note("", "decision");
  where.style.cssText = "margin:4px 0 0;font-size:13px";
  stage.extra.append(where);
  stage.state.player = Object.assign(player, { where });
}

// How many decisions are shown as taken; the empty step means all of them.
export function decided(reply, values) {
  const results = reply.source.data.length;
  return values.step === "" ? results : Math.min(Number(values.step), results);
}

/** @param {Stage} stage */
export function showDecision(stage, reply, step) {
  const { player } = stage.state;
  const results = reply.source.data.length;
  showPlayer(stage, player);
  for (const button of [player.back, player.play, player.step]) button.disabled = results === 0;
  player.where.textContent = fill(stage.words.decision, { step, count: results });
}

/** @param {Stage} stage */
function goTo(stage, step, commit) {
  const results = stage.reply.source.data.length;
  stage.state.chosen = step > 0 && step < results ? `r${step - 1}` : null;
  stage.set({ step: step >= results ? "" : String(step) }, commit);
}

/** @param {Stage} stage */
function walk(stage, way) {
  stop(stage);
  const results = stage.reply.source.data.length;
  goTo(stage, (stage.state.step + way + results + 1) % (results + 1), true);
}

/** @param {Stage} stage */
function start(stage) {
  if (stage.state.step >= stage.reply.source.data.length) goTo(stage, 0, false);
  stage.state.player.timer = later(stage, PACE_MS, () => tick(stage));
  stage.repaint();
}

/** @param {Stage} stage */
function stop(stage) {
  if (!stage.state.player.timer) return;
  clearTimeout(stage.state.player.timer);
  stage.state.player.timer = null;
  goTo(stage, stage.state.step, true);
}

/** @param {Stage} stage */
function tick(stage) {
  const results = stage.reply.source.data.length;
  const next = stage.state.step + 1;
  if (next >= results) {
    stage.state.player.timer = null;
    goTo(stage, results, true);
    return;
  }
  goTo(stage, next, false);
  const pace = Math.min(PACE_MS, WHOLE_RUN_MS / results);
  stage.state.player.timer = later(stage, pace, () => tick(stage));
}
