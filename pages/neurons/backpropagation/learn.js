// One update, and a hundred: the engine goes down the loss, the net on the screen follows.
import { brief, fill, toldApart } from "../../ui/stage/draw.js";
import { later } from "../../ui/stage/lifetime.js";
import { button, element } from "../../ui/stage/parts.js";

/** @import { EngineError } from "../../ui/stage/types.d.ts" */
/** @import { Stage } from "./view.js" */

const STEPS = 100;
const FRAME_MS = 45;

/** @param {Stage} stage */
export function buildLearning(stage) {
  const { words, state } = stage;
  stage.extra.style.cssText = "display:flex;flex-direction:column;gap:8px";
  const row = element("div", "", "", "player");
  const once = button(words.one_update, () => update(stage), "stage-update");
  const many = button("", () => (state.run?.playing ? stop(stage) : play(stage)), "stage-learn");
  row.append(once, many);
  const said = element("p", "", "update-said", "said");
  said.style.cssText = "margin: 0; font-size: 13px; min-height: 5em";
  stage.extra.append(row, said);
  state.learning = { once, many, said };
}

/** What another net, another batch or another rule would learn is another run. */
/** @type {(values: any) => string} */
const keyOf = ({ weights, step, example, source, target, ...rest }) => JSON.stringify(rest);

/** @param {Stage} stage */
export function showLearning(stage, reply, values) {
  const { words, state } = stage;
  const { once, many, said } = state.learning;
  if (state.run && state.run.key !== keyOf(values)) state.run = null;
  const { run } = state;
  once.disabled = !reply.updated || Boolean(run?.playing);
  many.textContent = run?.playing ? `❚❚ ${words.pause}` : `▶ ${words.hundred}`;
  const { before, after } = reply.about.update;
  const change =
    after === null ? "flies" : after < before ? "falls" : after > before ? "rises" : "stays";
  const [was, now] = toldApart(before, after ?? Infinity);
  const numbers = { before: was, after: now, rate: brief(values.rate) };
  const told = [fill(words[`update_${change}`], numbers)];
  if (run && run.shown > 0) {
    const ends = {
      steps: run.shown,
      first: brief(run.losses[0]),
      last: brief(run.losses[run.shown]),
    };
    told.push(fill(words.run_said, ends));
    if (run.overflowed && run.shown === run.losses.length - 1) told.push(words.run_overflowed);
  }
  said.textContent = told.join(" ");
}

/** @param {Stage} stage */
function update(stage) {
  stage.state.run = null;
  stage.set({ weights: Array.from(stage.reply.updated.data).join(",") });
}

/** @param {Stage} stage */
function stop(stage) {
  stage.state.run.playing = false;
  stage.set({ weights: stage.values.weights });
}

/** @param {Stage} stage */
async function play(stage) {
  const { state } = stage;
  const asked = { ...stage.values, steps: STEPS };
  try {
    const { losses, parameters, about } = await stage.ask("backpropagation/steps", asked);
    state.run = {
      key: keyOf(stage.values),
      losses: losses.data,
      parameters,
      overflowed: about.overflowed,
      shown: 0,
      playing: true,
    };
    next(stage, state.run);
  } catch (error) {
    state.say(/** @type {EngineError} */ (error).message);
  }
}

// The next step that there is time for; the last one goes into the link.
/** @param {Stage} stage */
function next(stage, run) {
  if (stage.state.run !== run || !run.playing) return;
  const last = run.losses.length - 1;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  run.shown = still ? last : Math.min(run.shown + 1, last);
  const done = run.shown >= last;
  if (done) run.playing = false;
  const count = run.parameters.shape[1];
  const row = run.parameters.data.subarray(run.shown * count, (run.shown + 1) * count);
  stage.set({ weights: Array.from(row).join(",") }, done);
  if (!done) later(stage, FRAME_MS, () => next(stage, run));
}
