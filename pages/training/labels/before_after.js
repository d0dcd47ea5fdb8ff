// The held-out photo twice: before the first epoch and at the end of one, true boxes and found ones.
import { boxOf, drawTag, strong, tagBox } from "../../ui/stage/boxes.js";
import { fill, openCanvas, pictureBitmap, write } from "../../ui/stage/draw.js";

/** @import { Stage } from "./train.js" */

const GAP = 12;
const TITLE = 22;
const TALLEST_PX = 340;
const NARROW_PX = 520;
const MOST_TAGS = 8;

/** @type {(share: number | null | undefined) => string} a dash where there is nothing to find */
export const percent = (share) =>
  share === null || share === undefined ? "–" : `${(100 * share).toFixed(0)} %`;

/**
 * @param {Stage} stage
 * @param {{ before: any, after: any } | null} seen
 * @param {{ epoch: number, least: number }} how
 */
export function drawBeforeAfter(stage, seen, { epoch, least }) {
  const { words, frame } = stage;
  const width = frame.clientWidth;
  if (!seen) {
    const { ctx } = openCanvas(stage, 60);
    const waits = stage.state.shown.runs[0]?.status ?? "none";
    write(ctx, stage, words[waits === "none" ? "train_nothing" : "train_waits"], 0, 20);
    return;
  }
  const [rows, columns] = seen.before.pixels.shape;
  const across = width < NARROW_PX ? 1 : 2;
  const room = (width - (across - 1) * GAP) / across;
  const scale = Math.min(room / columns, TALLEST_PX / rows);
  const size = { width: columns * scale, height: rows * scale };
  const step = TITLE + size.height + GAP;
  const { ctx } = openCanvas(stage, across === 2 ? step : 2 * step);
  const picture = pictureBitmap(seen.before.pixels);
  [seen.before, seen.after].forEach((each, k) => {
    const x = across === 2 ? k * (size.width + GAP) : 0;
    const y = TITLE + (across === 2 ? 0 : k * step);
    const params = { epoch, ap50: percent(each.about.ap50) };
    write(ctx, stage, fill(words[k ? "title_after" : "title_before"], params), x, y - 10, {
      bold: true,
    });
    ctx.drawImage(picture, x, y, size.width, size.height);
    drawTruths(ctx, stage, each, { x, y, scale });
    drawFound(ctx, stage, each, { x, y, scale, right: x + size.width }, least);
  });
}

/** @param {Stage} stage */
function drawTruths(ctx, stage, { truth_boxes: boxes }, place) {
  ctx.save();
  ctx.setLineDash([3, 4]);
  for (let i = 0; i < boxes.shape[0]; i++)
    strong(ctx, stage, boxOf(place, boxes, i), stage.theme.text, 1);
  ctx.restore();
}

// The surest on top; one that found no object is dashed, so that colour is not all that tells.
/** @param {Stage} stage */
function drawFound(ctx, stage, { boxes, scores, labels, right, about }, place, least) {
  const chosen = Array.from({ length: boxes.shape[0] }, (_, i) => i)
    .filter((i) => scores.data[i] >= least)
    .reverse();
  const colour = (/** @type {number} */ i) =>
    stage.theme.boxes[labels.data[i] % stage.theme.boxes.length];
  for (const i of chosen) {
    ctx.save();
    if (!right.data[i]) ctx.setLineDash([7, 5]);
    strong(ctx, stage, boxOf(place, boxes, i), colour(i), 2);
    ctx.restore();
  }
  for (const i of chosen.slice(-MOST_TAGS)) {
    const on = boxOf(place, boxes, i);
    const text = `${about.classes[labels.data[i]]} ${scores.data[i].toFixed(2)}`;
    const y = Math.max(place.y + 2, on.y - 18); // no tag lies over the title
    const tag = tagBox(ctx, stage, text, on.x, y, place.x, place.right);
    drawTag(ctx, stage, text, tag, colour(i));
  }
}
