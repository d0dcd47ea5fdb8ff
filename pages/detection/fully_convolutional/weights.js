// The dense layer and the convolution, weight by weight: one row of the matrix as a list of numbers
// and the kernel that it became, channel by channel. Pointing at a weight shows it in both.

import {
  brief,
  cellAt,
  cellBox,
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  pointerPosition,
  write,
} from "../../ui/stage/draw.js";
import { heading, named, note, paragraph, table } from "../../ui/stage/parts.js";
import { nameOf } from "./maps.js";

const HEADING = 24;
const GAP = 36;
const MOST_WIDTH = 400;
const TILE_GAP = 0.25; // between two channels, in cells

const state = () => ({
  places: null,
  pointed: null, // index of a weight
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["weight"],

  build(stage) {
    const find = (event) => {
      const { x, y } = pointerPosition(stage, event);
      return stage.state.places ? weightAt(stage, x, y) : null;
    };
    stage.on("pointermove", (event) => point(stage, find(event)));
    stage.on("pointerleave", () => point(stage, null));
    stage.on("click", (event) => {
      const index = find(event);
      if (index !== null) stage.set({ weight: String(index) });
    });
    stage.on("keydown", (event) => steer(stage, event));
  },

  paint(stage, reply, values) {
    const width = stage.frame.clientWidth;
    stage.state.places = placesOf(width, reply);
    const { ctx } = openCanvas(stage, stage.state.places.bottom);
    const index = indexOf(stage, reply, values);
    drawRow(ctx, stage, reply);
    drawKernel(ctx, stage, reply);
    tie(ctx, stage, index);
    tell(stage, reply, index);
  },

  describe(stage, reply, values) {
    return fill(
      stage.words.weights_alternative,
      numbers(stage, reply, indexOf(stage, reply, values)),
    );
  },
};

// Which weight is shown: the one pointed at, else the chosen one, else the heaviest.
/** @param {Stage} stage */
function indexOf(stage, { dense }, values) {
  if (stage.state.pointed !== null) return stage.state.pointed;
  if (values.weight) return Math.min(Number(values.weight), dense.data.length - 1);
  let best = 0;
  dense.data.forEach((w, i) => {
    if (Math.abs(w) > Math.abs(dense.data[best])) best = i;
  });
  return best;
}

/** @param {Stage} stage */
function point(stage, index) {
  if (stage.state.pointed === index || !stage.reply) return;
  stage.state.pointed = index;
  stage.repaint();
}

function placesOf(width, { dense, kernel }) {
  const count = dense.data.length;
  const [channels, height, breadth] = kernel.shape;
  const narrow = width < 560;
  const side = Math.min(MOST_WIDTH, narrow ? width : (width - GAP) / 2);
  const columns = Math.round(Math.sqrt(2 * count));
  const rows = Math.ceil(count / columns);
  const row = { x: 0, y: HEADING, width: side, height: (side * rows) / columns, rows, columns };
  const across = Math.round(Math.sqrt(2 * channels));
  const down = Math.ceil(channels / across);
  const gap = height * breadth > 1 ? TILE_GAP : 0;
  const cell = side / (across * (breadth + gap) - gap);
  const tall = cell * (down * (height + gap) - gap);
  const [x, y] = narrow ? [0, row.y + row.height + 14 + HEADING] : [side + GAP, HEADING];
  const tiles = { x, y, width: side, height: tall, across, cell, gap };
  const scale = { x: 0, y: Math.max(row.y + row.height, y + tall) + 14, width: 150, height: 8 };
  return { row, tiles, scale, bottom: scale.y + 24 };
}

function tileBox({ tiles }, [, height, breadth], channel) {
  const { x, y, across, cell, gap } = tiles;
  return {
    x: x + (channel % across) * (breadth + gap) * cell,
    y: y + Math.floor(channel / across) * (height + gap) * cell,
    width: breadth * cell,
    height: height * cell,
  };
}

// Index of a weight ↔ (channel, y, x): the order in which the maps were flattened.
function placeOf(index, [, height, breadth]) {
  const within = index % (height * breadth);
  return {
    channel: Math.floor(index / (height * breadth)),
    y: Math.floor(within / breadth),
    x: within % breadth,
  };
}

/** @param {Stage} stage */
function weightAt(stage, x, y) {
  const { row } = stage.state.places;
  const { dense, kernel } = stage.reply;
  const found = cellAt(row, row.rows, row.columns, x, y);
  if (found) {
    const index = found.row * row.columns + found.column;
    return index < dense.data.length ? index : null;
  }
  const [channels, height, breadth] = kernel.shape;
  for (let channel = 0; channel < channels; channel++) {
    const cell = cellAt(tileBox(stage.state.places, kernel.shape, channel), height, breadth, x, y);
    if (cell) return (channel * height + cell.row) * breadth + cell.column;
  }
  return null;
}

/** @param {Stage} stage */
function steer(stage, event) {
  if (!stage.reply || !stage.state.places) return;
  const { columns } = stage.state.places.row;
  const move = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
  }[event.key];
  if (!move) return;
  event.preventDefault();
  stage.state.pointed = null;
  const next = indexOf(stage, stage.reply, stage.values) + move;
  if (next >= 0 && next < stage.reply.dense.data.length) stage.set({ weight: String(next) });
}

const rangeOf = ({ dense }) => dense.data.reduce((most, w) => Math.max(most, Math.abs(w)), 0);

/** @param {Stage} stage */
function drawRow(ctx, stage, reply) {
  const { dense, about } = reply;
  const { row, scale } = stage.state.places;
  const title = fill(stage.words.dense_row, {
    count: dense.data.length,
    name: nameOf(stage, about),
  });
  write(ctx, stage, title, row.x, 10, { size: 12, bold: true });
  const padded = new Float32Array(row.rows * row.columns);
  padded.set(dense.data);
  const range = rangeOf(reply);
  drawBitmap(ctx, mapBitmap(padded, row.rows, row.columns, stage.theme.signed, -range, range), row);
  outline(ctx, row, stage.theme.border);
  drawScale(ctx, stage, stage.theme.signed, -range, range, scale);
  const place = { size: 11, colour: stage.theme.muted };
  write(ctx, stage, stage.words.weight_unit, scale.x + scale.width + 12, scale.y + 4, place);
}

/** @param {Stage} stage */
function drawKernel(ctx, stage, reply) {
  const { kernel } = reply;
  const [channels, height, breadth] = kernel.shape;
  const { tiles } = stage.state.places;
  const title = fill(stage.words.conv_kernel, { channels, height, breadth });
  write(ctx, stage, title, tiles.x, tiles.y - 14, { size: 12, bold: true });
  const range = rangeOf(reply);
  const cells = height * breadth;
  for (let channel = 0; channel < channels; channel++) {
    const data = kernel.data.subarray(channel * cells, (channel + 1) * cells);
    const box = tileBox(stage.state.places, kernel.shape, channel);
    drawBitmap(ctx, mapBitmap(data, height, breadth, stage.theme.signed, -range, range), box);
    if (cells > 1) outline(ctx, box, stage.theme.border);
  }
}

// The same weight in the list and in the kernel, and a line between them.
/** @param {Stage} stage */
function tie(ctx, stage, index) {
  const { row } = stage.state.places;
  const { kernel } = stage.reply;
  const [, height, breadth] = kernel.shape;
  const place = placeOf(index, kernel.shape);
  const tile = tileBox(stage.state.places, kernel.shape, place.channel);
  const boxes = [
    cellBox(row, row.rows, row.columns, Math.floor(index / row.columns), index % row.columns),
    cellBox(tile, height, breadth, place.y, place.x),
  ];
  ctx.strokeStyle = stage.theme.accent;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(boxes[0].x + boxes[0].width, boxes[0].y + boxes[0].height / 2);
  ctx.lineTo(boxes[1].x, boxes[1].y + boxes[1].height / 2);
  ctx.stroke();
  for (const box of boxes) {
    outline(ctx, box, stage.theme.background, 4);
    outline(ctx, box, stage.theme.accent, 2);
  }
}

/** @param {Stage} stage */
function numbers(stage, { dense, kernel, about }, index) {
  const [channels, height, breadth] = kernel.shape;
  const place = placeOf(index, kernel.shape);
  return {
    index,
    ...place,
    channels,
    height,
    breadth,
    cells: height * breadth,
    name: nameOf(stage, about),
    value: brief(dense.data[index]),
    kernel: brief(kernel.data[index]),
    apart: brief(about.apart),
    matrix: about.dense_shape.join(" × "),
    conv: about.conv_shape.join(" × "),
  };
}

/** @param {Stage} stage */
function tell(stage, reply, index) {
  const { words } = stage;
  const found = numbers(stage, reply, index);
  const rows = [
    ["index", found.index],
    ["place", `${found.channel}, ${found.y}, ${found.x}`],
    ["dense", found.value],
    ["kernel", found.kernel],
    ["matrix", found.matrix],
    ["conv", found.conv],
    ["all", found.apart],
  ];
  stage.readout.replaceChildren(
    heading(words.one_weight),
    table(named(words, rows), "weight"),
    paragraph(fill(words.index_sum, found)),
    note(words.weights_point),
  );
}
