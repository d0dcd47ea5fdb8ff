// The stage's own question: asked of the engine while controls move, one request at a time.
import { answer, askAhead } from "./answers.js";
import { readLimits, showValues } from "./controls.js";
import { STARTING_MS } from "./engine.js";
import { later, pause } from "./lifetime.js";
import { repaint, say, waits } from "./painting.js";

/** @import { EngineError, LiveStage, Pending, Stage, Values } from "./types.d.ts" */

const PART_MS = 150; // until parts that an answer lacks are asked for again

// Whether the engine need not be asked for these changes.
/** @type {(stage: Stage, changes: Values) => boolean} */
export const isLocal = (stage, changes) =>
  Object.keys(changes).every((name) => stage.view.local?.includes(name) ?? false);

/**
 * Two questions with the same key have the same answer.
 * @param {Stage} stage
 * @param {{ source: string, fixed: Values }} data as the page sent it
 * @param {Values} values
 */
export function questionKey(stage, { source, fixed }, values) {
  const local = stage.view.local ?? [];
  const asked = Object.entries(values).filter(([name]) => !local.includes(name));
  return JSON.stringify([source, fixed, Object.fromEntries(asked)]);
}

/**
 * At most one request in flight; the newest values win.
 * @param {LiveStage} stage
 */
export function request(stage) {
  stage.wanted = { ...stage.values };
  if (!stage.busy) pump(stage);
}

/** @param {LiveStage} stage */
async function pump(stage) {
  stage.busy = true;
  if (waits(stage)) repaint(stage);
  const stale = later(stage, 200, () => waits(stage) || markStale(stage));
  const slow = later(stage, 600, () => stage.reply || waits(stage) || sayWorking(stage));
  while (stage.wanted) {
    const values = stage.wanted;
    stage.wanted = null;
    const { source, fixed } = stage.data;
    try {
      const reply = await answer(stage, { ...fixed, ...values });
      if (stage.data.source !== source) {
        stage.wanted ??= { ...stage.values }; // the page turned to another one meanwhile
        continue;
      }
      stage.reply = reply;
      stage.replyValues = values;
      stage.replyPicture = fixed.picture;
      stage.progress = null;
      stage.askedKey = questionKey(stage, { source, fixed }, values);
      stage.retryMs = 500;
      readLimits(stage, reply.about?.limits);
      say(stage, stage.refusal ?? ""); // what was wrong with a link stays until something moves
      stage.refusal = null;
      repaint(stage);
    } catch (thrown) {
      const error = /** @type {EngineError} */ (thrown);
      if (stage.data.source !== source) stage.wanted ??= { ...stage.values };
      else if (error.pending) await waitForJob(stage, error.pending, values);
      else recover(stage, error, values);
    }
  }
  clearTimeout(stale);
  clearTimeout(slow);
  stage.frame.classList.remove("stale");
  stage.busy = false;
  if (waits(stage)) repaint(stage); // it was refused, or the server is lost
  if (stage.reply?.about?.unfinished) later(stage, PART_MS, () => request(stage));
  else later(stage, 0, () => askAhead(stage)); // after the paint
}

/**
 * What is on screen is not what was asked for; parts that are still missing are no reason.
 * @param {LiveStage} stage
 */
function markStale(stage) {
  if (!stage.reply?.about?.unfinished) stage.frame.classList.add("stale");
}

/** @param {LiveStage} stage */
const sayWorking = (stage) => say(stage, stage.words.stage_working);

/**
 * The engine is at it for longer (202): say how far it is and ask again, unless values changed.
 * @param {LiveStage} stage
 * @param {Pending} progress
 * @param {Values} values
 */
async function waitForJob(stage, { done, total, starting, detail }, values) {
  const { stage_starting, stage_working } = stage.words;
  const text = detail ?? (starting ? stage_starting : stage_working);
  stage.progress = { done, total, text };
  if (waits(stage)) repaint(stage);
  else say(stage, detail ?? `${text} ${done} / ${total}`);
  await pause(stage, starting ? STARTING_MS : 60);
  stage.wanted ??= values;
}

/**
 * A refusal (4xx) is said and the last good values come back; a lost server is asked again.
 * @param {LiveStage} stage
 * @param {EngineError} error
 * @param {Values} values
 */
function recover(stage, error, values) {
  if (!error.refused) say(stage, error.sentence ?? stage.words.stage_lost);
  else if (!stage.view.follows) say(stage, error.message);
  if (error.refused) {
    if (stage.wanted) return;
    const first = !stage.replyValues; // a link whose values do not go together
    stage.values = { ...(first ? stage.data.defaults : stage.replyValues) };
    showValues(stage);
    const { data } = stage;
    if (first && questionKey(stage, data, values) !== questionKey(stage, data, stage.values)) {
      stage.refusal = error.message;
      stage.commit({ ...stage.values });
      stage.wanted = { ...stage.values };
    }
    return;
  }
  console.warn(error); // a view that failed to paint would else be taken for a lost server
  later(stage, stage.retryMs, () => stage.wanted || request(stage));
  stage.retryMs = Math.min(stage.retryMs * 2, 8000);
}
