// Training studio, a segmenter: scenes with their masks before it learns, and at the end of an
// epoch what it says of each pixel beside the truth, with the pixels that are wrong.
import {
  contextOf,
  drawBitmap,
  fill,
  openCanvas,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";
import { parse } from "../../ui/stage/palette.js";

/** @import { Stage } from "../../ui/stage/types.d.ts" */

const GAP = 4;
const ROWS = ["picture", "truth", "said", "wrong"];

// Classes, uint8 (H, W), in their colours; with `truth`, right pixels fade into the page.
/** @param {Stage} stage */
export function maskBitmap(stage, data, height, width, truth = null) {
  const image = new ImageData(width, height);
  const colours = stage.theme.categories.map(parse);
  for (let i = 0; i < height * width; i++) {
    const shown = truth ? data[i] !== truth[i] : true;
    image.data.set([...colours[data[i]], shown ? 255 : 0], 4 * i);
  }
  const canvas = new OffscreenCanvas(width, height);
  contextOf(canvas).putImageData(image, 0, 0);
  return canvas;
}

const plane = ({ data, shape: [, height, width] }, k) =>
  data.subarray(k * height * width, (k + 1) * height * width);

function sceneBitmap({ pictures }, k) {
  const [, height, width, channels] = pictures.shape;
  const bytes = height * width * channels;
  const data = pictures.data.subarray(k * bytes, (k + 1) * bytes);
  return pictureBitmap({ data, shape: [height, width] });
}

// What a run would learn from: pictures, and below each the class of every pixel.
/** @param {Stage} stage */
export function drawLearnt(stage, reply) {
  const [count, height, width] = reply.truth.shape;
  const size = Math.min(120, Math.floor((stage.frame.clientWidth + GAP) / 4) - GAP);
  const columns = Math.min(count, Math.floor((stage.frame.clientWidth + GAP) / (size + GAP)));
  const rows = Math.ceil(count / columns);
  const { ctx } = openCanvas(stage, 54 + rows * (2 * size + 3 * GAP));
  write(ctx, stage, stage.words.look_masks, 0, 9, { bold: true });
  drawLegend(ctx, stage, reply.about.classes, 0, 34, stage.frame.clientWidth);
  for (let k = 0; k < count; k++) {
    const x = (k % columns) * (size + GAP);
    const y = 50 + Math.floor(k / columns) * (2 * size + 3 * GAP);
    const below = { x, y: y + size + GAP, width: size, height: size };
    drawBitmap(ctx, sceneBitmap(reply, k), { ...below, y });
    drawBitmap(ctx, maskBitmap(stage, plane(reply.truth, k), height, width), below);
  }
}

/** @param {Stage} stage */
export const classWord = (stage, name) => stage.words[`class_${name.replaceAll(" ", "_")}`] ?? name;

/** @param {Stage} stage */
function drawLegend(ctx, stage, classes, left, y, width) {
  let x = left;
  classes.forEach((name, k) => {
    ctx.fillStyle = stage.theme.categories[k];
    ctx.fillRect(x, y - 5, 10, 10);
    write(ctx, stage, classWord(stage, name), x + 14, y, { size: 11 });
    x += Math.min(78, width / classes.length);
  });
}

// → how high it is. Rows: picture, truth, answer, wrong pixels; IoU of each class beside them.
/** @param {Stage} stage */
export function drawMasks(ctx, stage, reply, width) {
  const narrow = width < 560;
  const [count, height, wide] = reply.said.shape;
  const left = narrow ? 62 : 92;
  const bars = narrow ? 0 : 210;
  const columns = narrow ? Math.min(3, count) : count;
  const size = Math.min(80, Math.floor((width - left - bars) / columns) - GAP);
  const places = [];
  ROWS.forEach((row, r) => {
    const y = 24 + r * (size + GAP);
    write(ctx, stage, stage.words[`row_${row}`], 0, y + size / 2, { size: 11 });
    for (let k = 0; k < columns; k++) {
      const box = { x: left + k * (size + GAP), y, width: size, height: size };
      drawBitmap(ctx, bitmapOf(stage, reply, row, k, height, wide), box);
      outline(ctx, box, stage.theme.border);
      places.push({ ...box, scene: k, row });
    }
  });
  write(ctx, stage, stage.words.masks, 0, 9, { bold: true });
  const below = 24 + ROWS.length * (size + GAP);
  const at = narrow
    ? { x: 0, y: below + 8, width }
    : { x: width - bars + 14, y: 0, width: bars - 14 };
  drawIou(ctx, stage, reply, at);
  stage.state.maskPlot = { places, height, width: wide };
  if (stage.state.pixel) drawPixel(ctx, stage, size);
  return narrow ? below + 36 + 26 * reply.about.classes.length : below;
}

/** @param {Stage} stage */
function bitmapOf(stage, reply, row, k, height, width) {
  if (row === "picture") return sceneBitmap(reply, k);
  if (row === "truth") return maskBitmap(stage, plane(reply.truth, k), height, width);
  const said = plane(reply.said, k);
  return maskBitmap(stage, said, height, width, row === "wrong" ? plane(reply.truth, k) : null);
}

/** @param {Stage} stage */
function drawIou(ctx, stage, { iou, about }, { x, y, width }) {
  write(ctx, stage, stage.words.iou, x, y + 9, { bold: true });
  const room = width - 124;
  about.classes.forEach((name, k) => {
    const row = y + 36 + 26 * k;
    const value = iou.data[k];
    ctx.fillStyle = stage.theme.categories[k];
    ctx.fillRect(x + 70, row - 5, Math.max(1, room * (Number.isFinite(value) ? value : 0)), 10);
    outline(ctx, { x: x + 70, y: row - 5, width: room, height: 10 }, stage.theme.border);
    write(ctx, stage, classWord(stage, name), x, row, { size: 12 });
    write(
      ctx,
      stage,
      Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : "–",
      x + width,
      row,
      { size: 12, align: "right", mono: true },
    );
  });
}

/** @param {Stage} stage */
function drawPixel(ctx, stage, size) {
  const { scene, row, column } = stage.state.pixel;
  const { places, height, width } = stage.state.maskPlot;
  for (const box of places.filter((each) => each.scene === scene)) {
    const spot = {
      x: box.x + ((column + 0.5) * size) / width - 4,
      width: 8,
      y: box.y + ((row + 0.5) * size) / height - 4,
      height: 8,
    };
    outline(ctx, spot, stage.theme.greyInks.dark, 3);
    outline(ctx, spot, stage.theme.greyInks.bright, 1.5);
  }
}

// The pixel under the pointer: { scene, row, column }, or null.
export function pixelAt({ places, height, width }, x, y) {
  const box = places.find(
    (each) => x >= each.x && x < each.x + each.width && y >= each.y && y < each.y + each.height,
  );
  if (!box) return null;
  return {
    scene: box.scene,
    row: Math.floor(((y - box.y) / box.height) * height),
    column: Math.floor(((x - box.x) / box.width) * width),
  };
}

// The pixel beside the one at hand, by [rows, columns]; over an edge comes the next scene.
export function movePixel({ places, height, width }, pixel, [down, across]) {
  const scenes = Math.max(...places.map((each) => each.scene)) + 1;
  const { scene, row, column } = pixel ?? { scene: 0, row: height >> 1, column: width >> 1 };
  const next = column + across;
  const turn = next < 0 ? -1 : next >= width ? 1 : 0;
  return {
    scene: (scene + turn + scenes) % scenes,
    column: (next + width) % width,
    row: Math.min(Math.max(row + down, 0), height - 1),
  };
}

/** @param {Stage} stage */
export function tellMasks(stage, reply) {
  const { about, truth, said } = reply;
  const facts = [
    fill(stage.words.masks_facts, {
      epoch: about.epoch,
      miou: (100 * about.accuracy).toFixed(1),
      loss: about.loss.toFixed(3),
      right: (100 * about.pixel_accuracy).toFixed(1),
    }),
  ];
  if (stage.state.pixel) {
    const { scene, row, column } = stage.state.pixel;
    const i = row * truth.shape[2] + column;
    facts.push(
      fill(stage.words.pixel, {
        scene: scene + 1,
        x: column,
        y: row,
        target: classWord(stage, about.classes[plane(truth, scene)[i]]),
        predicted: classWord(stage, about.classes[plane(said, scene)[i]]),
      }),
    );
  }
  return facts;
}
