// A net too long for one screen comes in parts: a row of their strongest maps to go from one to
// another, and which part this is.
import { contextOf, fill, mapBitmap } from "../stage/draw.js";

/** @import { Stage } from "./view.js" */

const SIDE = 34;

/** @param {Stage} stage */
export function buildParts(stage) {
  stage.state.parts.className = "parts";
  stage.state.parts.setAttribute("role", "group");
  stage.frame.prepend(stage.state.parts);
}

/** @param {Stage} stage */
export function showParts(stage, about) {
  const { parts } = stage.state;
  parts.hidden = !about.parts.length;
  const key = JSON.stringify([
    about.part,
    about.index,
    about.epoch,
    stage.theme.dark,
    stage.data.lang,
  ]);
  if (parts.hidden || (parts.dataset.key === key && stage.state.partsOf === stage.reply)) return;
  parts.dataset.key = key;
  stage.state.partsOf = stage.reply;
  const caption = document.createElement("span");
  caption.textContent = fill(stage.words.part, { part: about.part, parts: about.parts.length });
  const had = parts.contains(parts.getRootNode().activeElement);
  parts.setAttribute("aria-label", stage.words.parts);
  parts.replaceChildren(...about.parts.map((part, i) => button(stage, part, i + 1)), caption);
  if (had) parts.children[about.part - 1].focus();
}

/** @param {Stage} stage */
function button(stage, part, number) {
  const made = document.createElement("button");
  made.type = "button";
  made.dataset.testid = `part-${number}`;
  made.title = fill(stage.words.part_of, { first: part.first, last: part.last });
  made.setAttribute("aria-label", made.title);
  made.setAttribute("aria-pressed", String(stage.reply.about.part === number));
  const [rows, columns] = part.tile;
  const bytes = stage.reply.faces.data.subarray(part.at, part.at + rows * columns);
  const peak = Math.max(-part.low, part.high) || 1;
  const shades = Float32Array.from(
    bytes,
    (byte) => part.low + ((part.high - part.low) * byte) / 255,
  );
  const canvas = document.createElement("canvas");
  const ratio = rows > columns ? columns / rows : 1;
  canvas.width = canvas.height = SIDE;
  Object.assign(canvas.style, { width: `${SIDE}px`, height: `${SIDE}px` });
  const ctx = contextOf(canvas);
  ctx.imageSmoothingEnabled = columns > SIDE;
  ctx.drawImage(
    mapBitmap(shades, rows, columns, stage.theme.signed, -peak, peak),
    0,
    0,
    SIDE * Math.max(ratio, 0.2),
    SIDE,
  );
  made.append(canvas);
  made.onclick = () => stage.set({ part: String(number), chosen: "" });
  return made;
}
