// A JPEG opened at one block of 8 × 8: chosen on the picture, and every step of its way into the
// file and back, in numbers.
import {
  drawBitmap,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  pictureBitmap,
  pointerPosition,
  write,
} from "../../ui/stage/draw.js";
import { layoutOf } from "./block_layout.js";
import { tellBlock } from "./block_readout.js";
import { placeAt } from "./lens.js";
import { drawMatrix, matricesOf } from "./matrices.js";
import { waveOf } from "./waves.js";

const WAVES = [1, 5]; // of the six matrices, those whose cells are waves
const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

const state = () => ({ reply: null, bitmaps: null, layout: null, cell: null });

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  local: ["wave"],
  steady: true,

  build(stage) {
    stage.root.classList.add("wide");
    stage.on("pointermove", (event) => {
      if (event.pointerType === "mouse") point(stage, cellUnder(stage, event));
    });
    stage.on("pointerleave", () => point(stage, null));
    stage.on("click", (event) => choose(stage, event));
    stage.on("keydown", (event) => walk(stage, event));
  },

  paint(stage, reply, values) {
    const own = stage.state;
    if (own.reply !== reply) takeReply(own, reply);
    const width = stage.canvas.clientWidth || stage.frame.clientWidth;
    const layout = layoutOf(width, reply.about.size);
    own.layout = layout;
    const { ctx } = openCanvas(stage, layout.height);
    drawPicture(ctx, stage, reply, layout);
    const cell = own.cell ?? values.wave;
    drawWave(ctx, stage, layout.wave, cell);
    matricesOf(stage, reply).forEach((matrix, k) => {
      const isOfWaves = k >= WAVES[0] && k < WAVES[1];
      drawMatrix(ctx, stage, matrix, layout.matrices[k], isOfWaves ? cell : null);
    });
    tellBlock(stage, reply, cell);
  },

  describe(stage, { about }) {
    const [x1, y1] = about.box;
    return fill(stage.words.block_alternative, {
      column: x1,
      row: y1,
      left: about.left,
      bits: about.bits,
    });
  },
};

function takeReply(own, reply) {
  own.reply = reply;
  own.bitmaps = {
    picture: pictureBitmap(reply.picture),
    source: pictureBitmap(reply.source),
    shown: pictureBitmap(reply.shown),
  };
}

/** @param {Stage} stage */
function drawPicture(ctx, stage, { about }, layout) {
  const { theme, words, state } = stage;
  const { picture, source, shown } = layout;
  write(ctx, stage, words.block_choose, picture.x, picture.y - 10, { size: 13, bold: true });
  drawBitmap(ctx, state.bitmaps.picture, picture, true);
  const scale = picture.width / about.size[1];
  const [x1, y1, x2, y2] = about.box;
  const box = {
    x: picture.x + x1 * scale,
    y: picture.y + y1 * scale,
    width: (x2 - x1) * scale,
    height: (y2 - y1) * scale,
  };
  ctx.save();
  ctx.beginPath();
  ctx.rect(picture.x, picture.y, picture.width, picture.height);
  ctx.clip();
  outline(ctx, grown(box, 4), theme.background, 3);
  outline(ctx, grown(box, 2), theme.accent, 2);
  ctx.restore();
  for (const [name, place] of /** @type {[string, any][]} */ ([
    ["source", source],
    ["shown", shown],
  ])) {
    const bitmap = state.bitmaps[name];
    // a block at the border has fewer pixels than it stands for
    const fit = Math.min(place.width / (x2 - x1), place.height / (y2 - y1));
    const made = { ...place, width: bitmap.width * fit, height: bitmap.height * fit };
    write(ctx, stage, words[`block_${name}`], place.x, place.y - 10, { size: 12 });
    drawBitmap(ctx, bitmap, made);
    outline(ctx, made, theme.border);
  }
}

// The wave that is pointed out, as a picture of 8 × 8.
/** @param {Stage} stage */
function drawWave(ctx, stage, box, cell) {
  const { theme, words } = stage;
  write(ctx, stage, words.block_wave, box.x, box.y - 10, { size: 12 });
  drawBitmap(ctx, mapBitmap(waveOf(cell), 8, 8, theme.signed, -1, 1), box);
  outline(ctx, box, theme.border);
}

const grown = ({ x, y, width, height }, by) => ({
  x: x - by,
  y: y - by,
  width: width + 2 * by,
  height: height + 2 * by,
});

/** @param {Stage} stage */
function cellUnder(stage, event) {
  const { layout } = stage.state;
  if (!layout || !stage.reply) return null;
  const { x, y } = pointerPosition(stage, event);
  const place = placeAt(layout.matrices.slice(...WAVES), x, y);
  return place?.map((share) => Math.floor(share * 8)).join(",") ?? null;
}

/** @param {Stage} stage */
function point(stage, cell) {
  if (cell === stage.state.cell) return;
  stage.state.cell = cell;
  stage.repaint();
}

/** @param {Stage} stage */
function choose(stage, event) {
  const { layout } = stage.state;
  if (!layout) return;
  const { x, y } = pointerPosition(stage, event);
  const place = placeAt([layout.picture], x, y);
  const cell = cellUnder(stage, event);
  if (place) stage.set({ place: place.map((share) => Math.floor(share * 1000)).join(",") });
  else if (cell) stage.set({ wave: cell });
}

// Arrows go from block to block of the picture, with Shift from cell to cell of the matrices.
/** @param {Stage} stage */
function walk(stage, event) {
  const step = STEPS[event.key];
  if (!step || !stage.reply) return;
  event.preventDefault();
  stage.state.cell = null;
  if (event.shiftKey) {
    const cell = stage.values.wave.split(",").map(Number);
    const to = cell.map((at, k) => Math.min(7, Math.max(0, at + step[k])));
    stage.set({ wave: to.join(",") });
    return;
  }
  const { box, size } = stage.reply.about;
  const [x1, y1, x2, y2] = box;
  const middle = [(x1 + x2) / 2 + step[0] * (x2 - x1), (y1 + y2) / 2 + step[1] * (y2 - y1)];
  const sides = [size[1], size[0]];
  const to = middle.map((at, k) => {
    const inside = Math.min(Math.max(at, 0), sides[k] - 1);
    return Math.min(999, Math.ceil((inside * 1000) / sides[k]));
  });
  stage.set({ place: to.join(",") });
}
