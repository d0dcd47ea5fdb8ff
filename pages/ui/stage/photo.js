// A picture of the store, drawn from its own address: sharper than what a reply would carry.
import { write } from "./draw.js";

/** @import { Box, Progress, Stage } from "./types.d.ts" */

/** @type {WeakMap<Stage, { ref: string, photo: HTMLImageElement | null }>} */
const fetched = new WeakMap();

/**
 * Draws a picture over the box once it is there; the one before is dropped.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Stage} stage
 * @param {string} ref its name in the store
 * @param {Box} box
 * @param {number} [veil] how much of the page's background lies over it, 0 to 1, so that lines stand
 *   out on any picture
 */
export function drawPhoto(ctx, stage, ref, box, veil = 0) {
  const photo = photoOf(stage, ref);
  ctx.imageSmoothingEnabled = true;
  if (photo) ctx.drawImage(photo, box.x, box.y, box.width, box.height);
  ctx.globalAlpha = veil;
  ctx.fillStyle = stage.theme.background;
  ctx.fillRect(box.x, box.y, box.width, box.height);
  ctx.globalAlpha = 1;
}

/**
 * Rows and columns of a picture as it is drawn; null until it is there.
 * @param {Stage} stage
 * @param {string} ref
 * @returns {[number, number] | null}
 */
export function photoShape(stage, ref) {
  const photo = photoOf(stage, ref);
  return photo && [photo.naturalHeight, photo.naturalWidth];
}

/**
 * How far the engine is, over the foot of a picture.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Stage} stage
 * @param {Box} box the picture's
 * @param {Progress | null} progress
 */
export function drawProgress(ctx, stage, box, progress) {
  const { theme } = stage;
  const wide = Math.min(240, box.width - 16);
  const [x, y] = [box.x + (box.width - wide) / 2, box.y + box.height - 48];
  ctx.globalAlpha = 0.9;
  ctx.fillStyle = theme.background;
  ctx.fillRect(x - 8, y - 4, wide + 16, 42);
  ctx.globalAlpha = 1;
  write(ctx, stage, progress?.text ?? stage.words.stage_working, x, y + 8, { size: 13 });
  ctx.fillStyle = theme.border;
  ctx.fillRect(x, y + 22, wide, 6);
  ctx.fillStyle = theme.accent;
  const share = progress ? progress.done / Math.max(1, progress.total) : 0;
  ctx.fillRect(x, y + 22, wide * Math.max(0.04, Math.min(1, share)), 6);
}

/** @type {(stage: Stage, ref: string) => HTMLImageElement | null} */
function photoOf(stage, ref) {
  const known = fetched.get(stage);
  if (known?.ref === ref) return known.photo;
  const entry = { ref, photo: /** @type {HTMLImageElement | null} */ (null) };
  fetched.set(stage, entry);
  const photo = new Image();
  photo.onload = () => {
    if (fetched.get(stage) !== entry || stage.signal.aborted) return;
    entry.photo = photo;
    stage.repaint();
  };
  photo.src = `${stage.base}/api/v1/pictures/${ref}?max_side_px=1280`;
  return null;
}
