// A picture of the store, drawn from its own address: sharper than what a reply would carry.

/** @import { Box, Stage } from "./types.d.ts" */

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
