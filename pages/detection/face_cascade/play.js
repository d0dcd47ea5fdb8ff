// Play, pause, step: one gate after another. Where a reader asks for less motion, only the steps
// are offered.
import { later, listen } from "../../ui/stage/lifetime.js";
import { LAST } from "./place.js";

/** @import { Stage } from "./view.js" */

const PACE_MS = 1400;

/** @param {Stage} stage */
export function buildPlayer(stage) {
  const row = document.createElement("div");
  row.style.cssText = "display:flex;gap:6px";
  const button = (name, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.dataset.testid = `stage-${name}`;
    made.style.cssText = "flex:1;padding:3px 0;white-space:nowrap;min-height:30px";
    made.onclick = act;
    row.append(made);
    return made;
  };
  stage.state.player = {
    timer: null,
    still: matchMedia("(prefers-reduced-motion: reduce)"),
    back: button("back", () => walk(stage, -1)),
    play: button("play", () => (stage.state.player.timer ? stop(stage) : start(stage))),
    step: button("step", () => walk(stage, 1)),
  };
  listen(stage, stage.state.player.still, "change", () => stage.repaint());
  stage.extra.append(row);
}

/** @param {Stage} stage */
export function showPlayer(stage, gate) {
  const { back, play, step, still, timer } = stage.state.player;
  back.textContent = "−1";
  back.title = stage.words.back;
  back.disabled = gate === 0;
  step.textContent = "+1";
  step.title = stage.words.step;
  step.disabled = gate === LAST;
  play.textContent = timer ? `❚❚ ${stage.words.pause}` : `▶ ${stage.words.play}`;
  play.title = stage.words.play_help;
  play.hidden = still.matches;
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
