// The patches of the samples that excite a channel most: asked for once the reader rests.

import { brief, contextOf, fill, outline, pictureBitmap } from "../../ui/stage/draw.js";
import { askUntilDone } from "../../ui/stage/engine.js";
import { later } from "../../ui/stage/lifetime.js";

/** @import { Stage } from "./view.js" */

const SIDE = 72;
const REST_MS = 300;

/** @param {Stage} stage */
export function showPatches(stage, about, values) {
  const channel = `${values.model}:${about.layer}:${about.channel}`;
  if (stage.state.patchKey === channel + stage.data.lang) return;
  stage.state.patchKey = channel + stage.data.lang;
  clearTimeout(stage.state.patchTimer);
  stage.state.patchBox.style.opacity = "0.4";
  if (!stage.state.patchBox.childElementCount) title(stage, stage.words.patches_coming);
  const current = () => stage.state.patchKey === channel + stage.data.lang;
  const params = { model: values.model, layer: about.layer, channel: about.channel };
  stage.state.patchTimer = later(stage, REST_MS, () => ask(stage, params, current));
}

/** @param {Stage} stage */
function ask(stage, params, current) {
  askUntilDone(stage, "feature-maps/patches", params, current)
    .then((reply) => {
      if (reply && current()) fillBox(stage, reply);
    })
    .catch(() => {
      if (current()) stage.state.patchKey = null; // asked again with the next paint
    });
}

/** @param {Stage} stage */
function title(stage, text) {
  const heading = document.createElement("h4");
  heading.textContent = text;
  stage.state.patchBox.replaceChildren(heading);
}

/** @param {Stage} stage */
function fillBox(stage, reply) {
  const { patches } = reply.about;
  title(stage, patches.length ? stage.words.patches : stage.words.patches_none);
  const grid = document.createElement("div");
  grid.dataset.testid = "patches";
  Object.assign(grid.style, {
    display: "grid",
    gridTemplateColumns: `repeat(3, ${SIDE}px)`,
    gap: "4px 10px",
  });
  grid.append(...patches.map((patch, i) => tile(stage, patch, reply[`patch_${i + 1}`])));
  stage.state.patchBox.append(grid);
  stage.state.patchBox.style.opacity = "1";
}

/** @param {Stage} stage */
function tile(stage, patch, pixels) {
  const made = document.createElement("figure");
  made.style.margin = "0";
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  Object.assign(canvas.style, { width: `${SIDE}px`, height: `${SIDE}px` });
  const ctx = contextOf(canvas);
  const [rows, columns] = pixels.shape;
  const unit = SIDE / Math.max(rows, columns);
  const [width, height] = [columns * unit, rows * unit];
  const box = { x: (SIDE - width) / 2, y: (SIDE - height) / 2, width, height };
  ctx.imageSmoothingEnabled = unit < 2;
  ctx.drawImage(pictureBitmap(pixels), box.x, box.y, box.width, box.height);
  outline(ctx, box, stage.theme.border);
  const [left, top, right, bottom] = patch.box;
  const words = fill(patch.whole ? stage.words.patch_whole : stage.words.patch, {
    value: brief(patch.value),
    left,
    top,
    right,
    bottom,
  });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", words);
  made.title = words;
  const caption = document.createElement("figcaption");
  caption.textContent = brief(patch.value);
  Object.assign(caption.style, { fontSize: "11px", textAlign: "center", lineHeight: 1.2 });
  made.append(canvas, caption);
  return made;
}
