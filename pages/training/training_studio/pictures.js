// Pictures as networks of the studio take them, and those that a run is surest to get wrong.
import { contextOf, write } from "../../ui/stage/draw.js";
import { classWord } from "./masks.js";

/** @import { Stage } from "../../ui/stage/types.d.ts" */

const SIDE = 44;
const STEP_X = 104;

// uint8 (H, W, 1 or 3) as an off-screen bitmap.
export function pictureOf(data, height, width, channels) {
  const image = new ImageData(width, height);
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < 3; c++)
      image.data[4 * i + c] = data[channels * i + (channels === 3 ? c : 0)];
    image.data[4 * i + 3] = 255;
  }
  const canvas = new OffscreenCanvas(width, height);
  contextOf(canvas).putImageData(image, 0, 0);
  return canvas;
}

/** @param {Stage} stage */
export function drawWorst(ctx, stage, { worst, worst_facts: facts, about }, area) {
  const [count, height, width, channels] = worst.shape;
  write(ctx, stage, stage.words.worst, area.x, area.y + 9, { bold: true });
  if (!count) write(ctx, stage, stage.words.no_mistakes, area.x, area.y + 34);
  const columns = Math.max(2, Math.floor(area.width / STEP_X));
  const shown = Math.min(count, 3 * columns);
  for (let i = 0; i < shown; i++) {
    const x = area.x + (i % columns) * (area.width / columns);
    const y = area.y + 26 + Math.floor(i / columns) * (SIDE + 34);
    const bytes = height * width * channels;
    const part = worst.data.subarray(i * bytes, (i + 1) * bytes);
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(pictureOf(part, height, width, channels), x, y, SIDE, SIDE);
    const [, target, predicted, prob] = facts.data.subarray(4 * i, 4 * i + 4);
    const name = (k) => classWord(stage, about.classes[k]);
    write(ctx, stage, name(target), x, y + SIDE + 8, { size: 11 });
    const answer = `→ ${name(predicted)} ${Math.round(100 * prob)} %`;
    write(ctx, stage, answer, x, y + SIDE + 21, { size: 11, colour: stage.theme.lines[1] });
  }
}
