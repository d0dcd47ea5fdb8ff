// Answers that the engine gave lately, and those that the next move of a slider will need.
//
// A view that says `steady: true` promises that the same question always has the same answer (a
// picture's token never changes its picture). Its answers are kept for a while, and whenever
// nothing else is wanted the values next to the slider's are asked for, so that a drag finds them.
import { askEngine } from "./engine.js";

/** @import { EngineError, Input, LiveStage, Reply, Stage, Values } from "./types.d.ts" */

const KEPT = 64;
const KEPT_BYTES = 32 * 2 ** 20;

/**
 * The engine's answer to the stage's question, from memory where the view is steady.
 * @param {LiveStage} stage
 * @param {Values} params
 * @returns {Promise<Reply>}
 */
export async function answer(stage, params) {
  const { source, lang } = stage.data;
  if (!source) return { about: {} }; // the view asks by itself
  if (!stage.view.steady) return askEngine(stage, source, params);
  const kept = stage.answers;
  const local = stage.view.local ?? [];
  const asked = Object.entries(params).filter(([name]) => !local.includes(name));
  const key = JSON.stringify([source, lang, asked]);
  const entry = kept.get(key) ?? { reply: askEngine(stage, source, params), bytes: 0 };
  kept.delete(key);
  kept.set(key, entry);
  try {
    const reply = await entry.reply;
    if (reply.about?.unfinished) kept.delete(key); // parts of it are still to come
    entry.bytes = bytesOf(reply);
    forgetOldest(kept);
    return reply;
  } catch (error) {
    kept.delete(key); // refused, lost or not ready yet: asked anew next time
    throw error;
  }
}

/**
 * What the same questions were answered is no longer so.
 * @param {Stage} stage
 */
export function forgetAnswers(stage) {
  /** @type {LiveStage} */ (stage).answers.clear();
}

/** @type {(reply: Reply) => number} */
const bytesOf = (reply) =>
  Math.max(0, ...Object.values(reply).map((array) => array?.data?.buffer?.byteLength ?? 0)); // all arrays of a reply share one buffer

/** @param {LiveStage["answers"]} kept */
function forgetOldest(kept) {
  let bytes = 0;
  for (const entry of kept.values()) bytes += entry.bytes;
  for (const [key, entry] of kept) {
    if (kept.size <= KEPT && bytes <= KEPT_BYTES) return;
    kept.delete(key);
    bytes -= entry.bytes;
  }
}

/**
 * Remember the slider that moved, and which way.
 * @param {LiveStage} stage
 * @param {Values} changes
 */
export function noteMove(stage, changes) {
  const [name, ...others] = Object.keys(changes);
  const before = stage.values[name];
  if (others.length || changes[name] === before) return;
  stage.moving = { name, way: changes[name] < before ? -1 : 1 };
}

/**
 * Ask for the values next to the slider's.
 * @param {LiveStage} stage
 */
export async function askAhead(stage) {
  if (!stage.moving) return;
  const { name, way } = stage.moving;
  const moved = stage.inputs[name]; // a view's own value (a chosen cell) has none
  if (!stage.view.steady || !moved || stage.view.local?.includes(name)) return;
  for (const value of neighbours(moved, stage.values[name], way)) {
    if (stage.busy || stage.moving?.name !== name) return;
    try {
      await answer(stage, { ...stage.data.fixed, ...stage.values, [name]: value });
    } catch (thrown) {
      const error = /** @type {EngineError} */ (thrown);
      if (!error.refused && !error.pending) return; // the server is lost: the stage itself says so
    }
  }
}

/** @type {(moved: Input, value: number, way: number) => number[]} */
function neighbours(moved, value, way) {
  if (moved.kind !== "slider" || moved.control.log || moved.input.disabled) return [];
  const { input } = moved;
  const step = Number(input.step);
  const digits = (String(input.step).split(".")[1] ?? "").length;
  return [value + way * step, value - way * step]
    .filter((next) => next >= Number(input.min) && next <= Number(input.max))
    .map((next) => Number(next.toFixed(digits)));
}
