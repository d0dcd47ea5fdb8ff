// The maps of the whole net as small pictures, and what their colours range over.
import { drawBitmap, mapBitmap, outline, pictureBitmap, write } from "../stage/draw.js";
import { drawTitles } from "./titles.js";

/** @import { Stage } from "./view.js" */

// What the colours of a map range over: [low, high], low = 0 or -high, but of the picture.
/** @param {Stage} stage */
export function rangeOf(stage, number, item, scope) {
  const { layer } = stage.state.plan.layers.get(number);
  if (layer.kind === "input") return pairOf(stage, layer, item);
  if (layer.kind === "softmax") return [0, 1];
  if (scope === "map") return centred(...pairOf(stage, layer, item));
  return scope === "global" ? globalRange(stage) : columnRange(stage, layer.column);
}

const centred = (low, high) =>
  low < 0 ? [-Math.max(-low, high), Math.max(-low, high)] : [0, high];

/** @param {Stage} stage */
function pairOf(stage, layer, index) {
  return stage.reply.ranges.data.subarray(
    layer.ranges_at + 2 * index,
    layer.ranges_at + 2 * index + 2,
  );
}

/** @param {Stage} stage */
export function globalRange(stage) {
  return widest(stage.reply.about.layers.filter(isMeasured));
}

/** @param {Stage} stage */
function columnRange(stage, column) {
  return widest(stage.reply.about.layers.filter((layer) => layer.column === column));
}

const isMeasured = ({ kind }) => kind !== "input" && kind !== "softmax";

const widest = (layers) =>
  centred(Math.min(...layers.map(({ low }) => low)), Math.max(...layers.map(({ high }) => high)));

// Non-negative numbers take the upper half of the signed colours: zero looks the same everywhere.
/** @param {Stage} stage */
export const lutOf = (stage, layer) =>
  layer.kind === "input" ? stage.theme.grey : stage.theme.signed;

export const positionOf = (layer, value, [low, high]) => {
  if (layer.kind === "input") return (value - low) / (high - low);
  const peak = Math.max(-low, high);
  return peak ? 0.5 + value / (2 * peak) : 0.5;
};

/** @param {Stage} stage */
export function valueAt(stage, layer, index) {
  return stage.reply.ranges.data[layer.ranges_at + 2 * index];
}

// All maps of a layer as one tall bitmap, through the colours that the scope gives each.
/** @param {Stage} stage */
function atlasOf(stage, layer, scope) {
  const { atlases } = stage.state;
  if (atlases.has(layer.number)) return atlases.get(layer.number);
  const [rows, columns] = layer.tile;
  const size = rows * columns;
  const bytes = stage.reply.tiles.data.subarray(
    layer.tiles_at,
    layer.tiles_at + layer.count * size,
  );
  const shades = new Float32Array(bytes.length);
  for (let index = 0; index < layer.count; index++) {
    const range = rangeOf(stage, layer.number, index, scope);
    const [from, to] = Array.from(
      pairOf(stage, layer, index),
      (value) => 255 * positionOf(layer, value, range),
    );
    for (let i = index * size; i < (index + 1) * size; i++) {
      shades[i] = from + ((to - from) * bytes[i]) / 255;
    }
  }
  const made = mapBitmap(shades, layer.count * rows, columns, lutOf(stage, layer), 0, 255);
  atlases.set(layer.number, made);
  return made;
}

/** @param {Stage} stage */
export function drawTile(ctx, stage, layer, index, box, scope) {
  const [rows, columns] = layer.tile;
  ctx.imageSmoothingEnabled = columns > box.width;
  ctx.drawImage(
    atlasOf(stage, layer, scope),
    0,
    index * rows,
    columns,
    rows,
    box.x,
    box.y,
    box.width,
    box.height,
  );
}

// The picture itself over its channels, where there is more than one.
/** @param {Stage} stage */
function drawPicture(ctx, stage, { layer, items }) {
  if (stage.state.plan.narrow || layer.shape[0] !== 3 || !items.length) return;
  const side = Math.min(44, items[0].y - stage.state.netBox.y - 26);
  if (side < 20) return;
  const box = {
    x: Math.max(0, items[0].x + items[0].width / 2 - side / 2),
    y: stage.state.netBox.y + 17,
    width: side,
    height: side,
  };
  drawBitmap(ctx, pictureBitmap(stage.reply.picture), box);
  outline(ctx, box, stage.theme.border, 0.5);
}

/** @param {Stage} stage */
export function drawMaps(ctx, stage, scope) {
  for (const [number, placed] of stage.state.plan.layers) {
    const { layer, items, shown } = placed;
    items.forEach((box, i) => {
      if (layer.layout === "map") drawTile(ctx, stage, layer, shown[i], box, scope);
      else drawUnit(ctx, stage, layer, shown[i], box, rangeOf(stage, number, shown[i], scope));
      if (box.width >= 7) outline(ctx, box, stage.theme.border, 0.5);
    });
    if (layer.kind === "softmax") drawClasses(ctx, stage, placed);
    if (layer.kind === "input") drawPicture(ctx, stage, placed);
  }
  drawTitles(ctx, stage);
}

/** @param {Stage} stage */
function drawUnit(ctx, stage, layer, index, box, range) {
  const lut = stage.theme.signed;
  const at =
    3 *
    Math.round(
      255 * Math.min(1, Math.max(0, positionOf(layer, valueAt(stage, layer, index), range))),
    );
  ctx.fillStyle = `rgb(${lut[at]},${lut[at + 1]},${lut[at + 2]})`;
  ctx.fillRect(box.x, box.y, box.width, box.height);
}

// Name, bar and percentage of each class; the true one is marked.
/** @param {Stage} stage */
function drawClasses(ctx, stage, { layer, shown, items }) {
  const { about, probs } = stage.reply;
  const { narrow } = stage.state.plan;
  shown.forEach((index, i) => {
    const box = items[i];
    const of = layer.picked?.[index] ?? index;
    const share = probs.data[of];
    const bold = of === about.predicted;
    const mark = of === about.target ? " ✓" : "";
    const percent = `${(100 * share).toFixed(share > 0.995 || share < 0.005 ? 0 : 1)} %`;
    const name = `${about.classes[of]}${mark}`;
    if (narrow) {
      write(
        ctx,
        stage,
        shorten(ctx, stage, name, 84),
        box.x + box.width / 2,
        box.y + box.height + 9,
        { size: 11, bold, align: "center" },
      );
      write(ctx, stage, percent, box.x + box.width / 2, box.y + box.height + 22, {
        size: 11,
        align: "center",
        colour: stage.theme.muted,
      });
      return;
    }
    const x = box.x + box.width + 7;
    const y = box.y + box.height / 2;
    write(ctx, stage, shorten(ctx, stage, name, 76), x, y - (items.length > 8 ? 4 : 5), {
      size: 12,
      bold,
    });
    write(ctx, stage, percent, x + 120, y - (items.length > 8 ? 4 : 5), {
      size: 11,
      align: "right",
      colour: stage.theme.muted,
    });
    ctx.fillStyle = stage.theme.border;
    ctx.fillRect(x, y + 4, 120, 3);
    ctx.fillStyle = stage.theme.accent;
    ctx.fillRect(x, y + 4, 120 * share, 3);
  });
}

/** @param {Stage} stage */
function shorten(ctx, stage, text, room) {
  ctx.font = `600 12px ${stage.theme.font}`;
  let short = text;
  while (short.length > 2 && ctx.measureText(short).width > room) short = `${short.slice(0, -2)}…`;
  return short;
}
