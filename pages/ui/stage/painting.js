// What a stage shows of itself: its picture, painted by the view, and a sentence over it.

/** @import { LiveStage, Stage } from "./types.d.ts" */

/**
 * Paint the newest answer with the local values as they stand.
 * @param {LiveStage} stage
 */
export function repaint(stage) {
  if (!stage.reply || !stage.view || !stage.theme) return;
  if (!stage.frame.clientWidth) return; // taken off the page
  const values = { ...stage.replyValues };
  for (const name of stage.view.local ?? []) values[name] = stage.values[name];
  stage.view.paint(stage, stage.reply, values);
  stage.frame.classList.remove("empty");
  if (stage.view.charts === "only") return;
  const text = stage.view.describe?.(stage, stage.reply, values);
  if (text) stage.canvas.setAttribute("aria-label", text);
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
