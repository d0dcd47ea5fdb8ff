// Home: the picture as the network sees it, the strongest maps at one depth, and the answer.

import {
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";
import { barRow, heading, note, sizeText } from "../../ui/stage/parts.js";

const GAP = 6;
const SIDE = 250; // of the picture, so that the path begins on the first screen

/** @import { Stage } from "../../ui/stage/types.d.ts" */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  steady: true,
  build(stage) {
    stage.canvas.style.height = `${measure(stage).height}px`; // what stands below stays there
  },

  paint(stage, reply) {
    const { narrow, side, height } = measure(stage);
    const { ctx, width } = openCanvas(stage, height);
    const picture = { x: 0, y: 0, width: side, height: side };
    drawBitmap(ctx, pictureBitmap(reply.view), picture, true);
    drawField(ctx, stage, reply.about.field_px, reply.view.shape, picture);
    const grid = narrow
      ? { x: 0, y: side + GAP, width, columns: 8 }
      : { x: side + 20, y: 0, width: width - side - 20, columns: 4 };
    const bottom = drawMaps(ctx, stage, reply, grid, narrow ? Infinity : side);
    drawShape(ctx, stage, reply.about, grid.x, bottom + 22);
    listLabels(stage, reply.about);
  },

  describe(stage, { about }) {
    const top = about.labels[0];
    return fill(stage.words.alternative, {
      layer: about.layer,
      channels: about.channels,
      rows: about.size[0],
      columns: about.size[1],
      name: top.name,
      percent: (100 * top.prob).toFixed(1),
    });
  },
};

// Maps beside the picture; on a phone below it, in two rows of eight.
/** @param {Stage} stage */
function measure({ frame }) {
  const narrow = frame.clientWidth < 520;
  const side = Math.min(SIDE, frame.clientWidth * (narrow ? 1 : 0.48));
  const rows = narrow ? frame.clientWidth / 4 + GAP : 0;
  return { narrow, side, height: side + 44 + rows };
}

// How much of the picture one cell in the middle of these maps depends on.
/** @param {Stage} stage */
function drawField(ctx, stage, [height, wide], [rows, columns], picture) {
  const across = (picture.width * Math.min(wide, columns)) / columns;
  const down = (picture.height * Math.min(height, rows)) / rows;
  const box = {
    x: picture.x + (picture.width - across) / 2,
    y: picture.y + (picture.height - down) / 2,
    width: across,
    height: down,
  };
  outline(ctx, box, stage.theme.background, 4);
  outline(ctx, box, stage.theme.accent, 2);
}

/** @param {Stage} stage */
function drawMaps(ctx, stage, { maps }, grid, mostHeight) {
  const [count, rows, columns] = maps.shape;
  const lines = Math.ceil(count / grid.columns);
  const fit = (grid.width - GAP * (grid.columns - 1)) / grid.columns;
  const side = Math.min(fit, (mostHeight - GAP * (lines - 1)) / lines);
  const { low, high } = range(maps.data);
  const lut = low < 0 ? stage.theme.signed : stage.theme.sequential;
  for (let i = 0; i < count; i++) {
    const data = maps.data.subarray(i * rows * columns, (i + 1) * rows * columns);
    const box = {
      x: grid.x + (i % grid.columns) * (side + GAP),
      y: grid.y + Math.floor(i / grid.columns) * (side + GAP),
      width: side,
      height: side,
    };
    drawBitmap(ctx, mapBitmap(data, rows, columns, lut, low, high), box);
    outline(ctx, box, stage.theme.border);
  }
  const bottom = grid.y + lines * (side + GAP) - GAP;
  const used = grid.columns * (side + GAP) - GAP;
  const scale = { x: grid.x + used - 120, y: bottom + 10, width: 120, height: 8 };
  drawScale(ctx, stage, lut, low, high, scale);
  return bottom;
}

// One scale for all maps shown; around zero where any is negative.
function range(data) {
  let low = 0;
  let high = 0;
  for (const value of data) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low === 0) return { low, high };
  const most = Math.max(-low, high);
  return { low: -most, high: most };
}

/** @param {Stage} stage */
function drawShape(ctx, stage, about, x, y) {
  const text = sizeText([about.channels, ...about.size]);
  write(ctx, stage, text, x, y, { size: 13, bold: true });
  const width = ctx.measureText(text).width;
  write(ctx, stage, about.layer, x + width + 10, y, { size: 12, colour: stage.theme.muted });
}

/** @param {Stage} stage */
function listLabels(stage, about) {
  const rows = about.labels.map(({ name, prob }) =>
    barRow("div", name, `${(100 * prob).toFixed(1)} %`, prob),
  );
  const [height, width] = about.field_px;
  stage.readout.replaceChildren(
    heading(fill(stage.words.answer, { title: about.title })),
    ...rows,
    note(fill(stage.words.field, { height, width })),
  );
}
