// Where everything lies, and the pictures: heat over the photograph, and the two small maps.
import {
  cellAt,
  contextOf,
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";
import { chosen, nameOf } from "./chosen.js";

/** @import { Stage } from "./view.js" */

const GAP = 20;
const HEADING = 22;
const FAINT = 0.22; // windows below the threshold, as a share of the others' opacity

// The places of the picture and the small maps on a canvas of this width.
export function placesOf(width, [height, across], narrow) {
  const shape = height / across;
  const wide = narrow ? width : Math.round((width - GAP) * 0.66);
  const fitted = Math.min(wide, Math.round(430 / shape));
  const picture = { x: 0, y: HEADING, width: fitted, height: Math.round(fitted * shape) };
  const side = narrow ? (width - GAP) / 2 : width - fitted - GAP;
  const small = Math.min(side, Math.round(175 / shape));
  const size = { width: small, height: Math.round(small * shape) };
  const scale = { x: 0, y: picture.y + picture.height + 12, width: 160, height: 8 };
  const dense = narrow
    ? { x: 0, y: scale.y + 28 + HEADING, ...size }
    : { x: fitted + GAP, y: HEADING, ...size };
  const sparse = narrow
    ? { ...dense, x: small + GAP }
    : { ...dense, y: dense.y + size.height + 12 + HEADING };
  const bottom = Math.max(scale.y + 24, sparse.y + size.height + 6);
  return { picture, dense, sparse, scale, bottom };
}

// Window (row, column) of a grid so many fine steps apart, in CSS pixels on a picture drawn in box.
export function windowBox({ size, window_px, finest_px }, box, stride, row, column) {
  const [down, across] = [box.height / size[0], box.width / size[1]];
  return {
    x: box.x + column * stride * finest_px[1] * across,
    y: box.y + row * stride * finest_px[0] * down,
    width: window_px[1] * across,
    height: window_px[0] * down,
  };
}

// A map's cells lie around the centres of their windows.
function mapBox(about, box, stride, [rows, columns]) {
  const first = windowBox(about, box, stride, 0, 0);
  const [down, across] = [box.height / about.size[0], box.width / about.size[1]];
  const cell = {
    width: stride * about.finest_px[1] * across,
    height: stride * about.finest_px[0] * down,
  };
  return {
    x: first.x + (first.width - cell.width) / 2,
    y: first.y + (first.height - cell.height) / 2,
    width: columns * cell.width,
    height: rows * cell.height,
  };
}

// The window whose cell lies under the pointer, on the picture or on the small map of the stride.
/** @param {Stage} stage */
export function windowAt(stage, { about, heat }, values, x, y) {
  for (const name of ["picture", "sparse"]) {
    const box = mapBox(about, stage.state.places[name], values.stride, heat.shape);
    const found = cellAt(box, ...heat.shape, x, y);
    if (found) return found;
  }
  return null;
}

// Windows below the threshold are faint; on a map without a photo each has the scale's own colour.
/** @param {Stage} stage */
function shown(stage, heat, threshold, reached) {
  const [rows, columns] = heat.shape;
  const drawn = heat.data.map((value, i) => (reached === null || i <= reached ? value : NaN));
  const map = mapBitmap(drawn, rows, columns, stage.theme.sequential, 0, 1);
  const ctx = contextOf(map);
  const image = ctx.getImageData(0, 0, columns, rows);
  drawn.forEach((value, i) => {
    if (Number.isNaN(value)) image.data[4 * i + 3] = 0;
    else if (value < threshold / 100) image.data[4 * i + 3] = Math.round(255 * FAINT);
  });
  ctx.putImageData(image, 0, 0);
  return map;
}

/** @param {Stage} stage */
export function drawPicture(ctx, stage, reply, values, box) {
  const { about, heat, picture } = reply;
  const heading = { size: 12, bold: true };
  write(ctx, stage, fill(stage.words.picture, { name: nameOf(stage, about) }), box.x, 9, heading);
  if (stage.state.drawnPicture?.of !== picture) {
    stage.state.drawnPicture = { of: picture, bitmap: pictureBitmap(picture) };
  }
  drawBitmap(ctx, stage.state.drawnPicture.bitmap, box, true);
  ctx.globalAlpha = values.opacity / 100;
  const map = shown(stage, heat, values.threshold, stage.state.reached);
  drawBitmap(ctx, map, mapBox(about, box, values.stride, heat.shape));
  ctx.globalAlpha = 1;
  outline(ctx, box, stage.theme.border);
  if (stage.state.reached === null) drawBoxes(ctx, stage, reply, box);
  const at = chosen(stage, reply, values);
  if (at) {
    const window = windowBox(about, box, values.stride, at.row, at.column);
    outline(ctx, window, stage.theme.background, 4);
    outline(ctx, window, stage.theme.text, 2);
  }
  const scale = stage.state.places.scale;
  drawScale(ctx, stage, stage.theme.sequential, 0, 1, scale);
  const place = { size: 11, colour: stage.theme.muted };
  write(ctx, stage, stage.words.unit, scale.x + scale.width + 12, scale.y + 4, place);
}

/** @param {Stage} stage */
function drawBoxes(ctx, stage, { about, boxes, scores }, box) {
  const [down, across] = [box.height / about.size[0], box.width / about.size[1]];
  scores.data.forEach((score, i) => {
    const [x1, y1, x2, y2] = boxes.data.subarray(4 * i, 4 * i + 4);
    const drawn = {
      x: box.x + x1 * across,
      y: box.y + y1 * down,
      width: (x2 - x1) * across,
      height: (y2 - y1) * down,
    };
    outline(ctx, drawn, stage.theme.background, 4);
    outline(ctx, drawn, stage.theme.accent, 2);
    const text = `${Math.round(100 * score)} %`;
    ctx.font = `600 11px ${stage.theme.font}`;
    const label = { x: drawn.x, y: drawn.y, width: ctx.measureText(text).width + 8, height: 16 };
    ctx.fillStyle = stage.theme.accent;
    ctx.fillRect(label.x, label.y, label.width, label.height);
    const ink = { size: 11, bold: true, colour: stage.theme.background };
    write(ctx, stage, text, label.x + 4, label.y + 8.5, ink);
  });
}

/** @param {Stage} stage */
export function drawMaps(ctx, stage, reply, values, { dense, sparse }) {
  const { about } = reply;
  const parts = [
    ["dense", dense, reply.dense, 1, null],
    ["sparse", sparse, reply.heat, values.stride, stage.state.reached],
  ];
  for (const [name, box, heat, stride, reached] of parts) {
    const words = { px: Math.round(stride * about.finest_px[0]), windows: heat.data.length };
    write(ctx, stage, fill(stage.words[name], words), box.x, box.y - 12, { size: 11, bold: true });
    const map = shown(stage, heat, 0, reached);
    drawBitmap(ctx, map, mapBox(about, box, stride, heat.shape));
    outline(ctx, box, stage.theme.border);
  }
  const at = chosen(stage, reply, values);
  if (!at) return;
  const place = mapBox(about, sparse, values.stride, reply.heat.shape);
  const [rows, columns] = reply.heat.shape;
  const cell = { width: place.width / columns, height: place.height / rows };
  const around = {
    x: place.x + at.column * cell.width,
    y: place.y + at.row * cell.height,
    ...cell,
  };
  outline(ctx, around, stage.theme.text, 2);
}
