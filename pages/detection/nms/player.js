// Play, pause, step: the decisions one after another, the best box first. Where a reader asks for
// less motion, only the step is offered.

import { fill } from "../../ui/stage/draw.js";
import { later } from "../../ui/stage/lifetime.js";

/** @import { Stage } from "./view.js" */

const PACE_MS = 450;
const WHOLE_RUN_MS = 20000; // no run takes longer: with many results it goes faster

/** @param {Stage} stage */
export function buildPlayer(stage) {
  const extra = stage.extra;
  const row = document.createElement("div");
  row.style.cssText = "display:flex;gap:6px";
  const player = { still: matchMedia("(prefers-reduced-motion: reduce)"), timer: null };
  for (const name of ["back", "play", "step"]) {
    const made = document.createElement("button");
    made.type = "button";
    made.dataset.testid = `stage-${name}`;
    made.style.cssText = "flex:1;padding:3px 0;white-space:nowrap;min-height:30px";
    row.append(made);
    player[name] = made;
  }
  player.where = document.createElement("p");
  player.where.className = "muted";
  player.where.style.cssText = "margin:4px 0 0;font-size:13px";
  player.where.dataset.testid = "decision";
  extra.append(row, player.where);
  player.play.onclick = () => (player.timer ? stop(stage) : start(stage));
  player.back.onclick = () => walk(stage, -1);
  player.step.onclick = () => walk(stage, 1);
  stage.state.player = player;
}

// How many decisions are shown as taken; the empty step means all of them.
export function decided(reply, values) {
  const results = reply.source.data.length;
  return values.step === "" ? results : Math.min(Number(values.step), results);
}

/** @param {Stage} stage */
export function showPlayer(stage, reply, step) {
  const { back, play, step: next, where, still, timer } = stage.state.player;
  const words = stage.words;
  const results = reply.source.data.length;
  back.textContent = "−1";
  back.title = words.back;
  next.textContent = "+1";
  next.title = words.step;
  play.textContent = timer ? `❚❚ ${words.pause}` : `▶ ${words.play}`;
  play.title = words.play_help;
  play.hidden = still.matches;
  for (const button of [back, play, next]) button.disabled = results === 0;
  where.textContent = fill(words.decision, { step, count: results });
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
