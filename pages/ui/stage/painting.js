// What a stage shows of itself: its picture, painted by the view, and a sentence over it.
import { tellPainted } from "./first_picture.js";

/** @import { LiveStage, Stage } from "./types.d.ts" */

/**
 * Whether the view shows by itself that nothing has been said of this picture yet.
 * @param {LiveStage} stage
 */
export const waits = (stage) =>
  Boolean(stage.view?.wait) && (!stage.reply || stage.replyPicture !== stage.data.fixed.picture);

/**
 * What stood there belongs to another picture, if anything did.
 * @param {LiveStage} stage
 */
function showWaiting(stage) {
  const isThere = stage.view.wait?.(stage, { ...stage.values }, stage.progress);
  if (!isThere) return;
  stage.frame.classList.remove("empty");
  delete stage.canvas.dataset.painted;
  stage.canvas.dataset.waiting = stage.data.fixed.picture;
  stage.canvas.setAttribute("aria-label", stage.words.stage_working);
}

/**
 * Paint the newest answer with the local values as they stand.
 * @param {LiveStage} stage
 */
export function repaint(stage) {
  if (!stage.view || !stage.theme) return;
  if (!stage.frame.clientWidth) return; // taken off the page
  if (waits(stage)) {
    showWaiting(stage);
    return;
  }
  if (!stage.reply) return;
  const values = { ...stage.replyValues };
  for (const name of stage.view.local ?? []) values[name] = stage.values[name];
  stage.view.paint(stage, stage.reply, values);
  tellPainted();
  stage.frame.classList.remove("empty");
  if (stage.view.charts === "only") return;
  const text = stage.view.describe?.(stage, stage.reply, values);
  if (text) stage.canvas.setAttribute("aria-label", text);
  delete stage.canvas.dataset.waiting;
  stage.canvas.dataset.painted = JSON.stringify(values);
}

/**
 * Show a sentence over the picture; an empty one takes it away.
 * @param {Stage} stage
 * @param {string} text
 */
export function say(stage, text) {
  stage.message.textContent = text;
  stage.message.hidden = !text;
}
