// Where everything lies, and the maps: heat over the picture, three small maps, one window's cells.
import {
  brief,
  cellAt,
  cellBox,
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";

/** @import { Stage } from "../../ui/stage/types.d.ts" */

/** @param {Stage} stage */
export const nameOf = (stage, about) => stage.words[`name_${about.name}`] ?? about.name;

const GAP = 20;
const HEADING = 22;
const WINDOW_PX = 104; // side of the grid of one window's cells
const LEAST_RANGE = 0.001; // rounding shall look like nothing

// The places of the picture, the three small maps and the window's cells on a canvas of this width.
export function placesOf(width, [height, across], narrow) {
  const shape = height / across;
  const wide = narrow ? width : Math.round((width - GAP) * 0.66);
  const fitted = Math.min(wide, Math.round((narrow ? 430 : 300) / shape));
  const picture = { x: 0, y: HEADING, width: fitted, height: Math.round(fitted * shape) };
  const scale = { x: 0, y: picture.y + picture.height + 10, width: 150, height: 8 };
  const window = { x: 0, y: scale.y + 30 + HEADING, width: WINDOW_PX, height: WINDOW_PX };
  const side = narrow ? (width - 2 * GAP) / 3 : width - fitted - GAP;
  const small = Math.floor(Math.min(side, Math.round(125 / shape)));
  const size = { width: small, height: Math.round(small * shape) };
  const top = narrow ? window.y + WINDOW_PX + 12 + HEADING : HEADING;
  const at = (i) =>
    narrow
      ? { x: i * (small + GAP), y: top, ...size }
      : { x: fitted + GAP, y: top + i * (size.height + 8 + HEADING), ...size };
  const maps = { crops: at(0), whole: at(1), apart: at(2) };
  const lowest = maps.apart.y + size.height;
  const signed = { x: maps.apart.x, y: lowest + 10, width: Math.min(150, size.width), height: 8 };
  const bottom = Math.max(window.y + WINDOW_PX + 6, signed.y + 24);
  return { picture, scale, window, ...maps, signed, bottom, narrow };
}

// Window (row, column) of a grid so many fine steps apart, in CSS pixels on a picture drawn in box.
function windowBox({ size, window_px, finest_px }, box, stride, row, column) {
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
  const [height, width] = [
    stride * about.finest_px[0] * down,
    stride * about.finest_px[1] * across,
  ];
  return {
    x: first.x + (first.width - width) / 2,
    y: first.y + (first.height - height) / 2,
    width: columns * width,
    height: rows * height,
  };
}

// The window whose cell lies under the pointer, on the picture or on a small map.
/** @param {Stage} stage */
export function windowAt(stage, { about, whole }, values, x, y) {
  for (const name of ["picture", "crops", "whole", "apart"]) {
    const box = mapBox(about, stage.state.places[name], values.stride, whole.shape);
    const found = cellAt(box, ...whole.shape, x, y);
    if (found) return found;
  }
  return null;
}

// Made once for a reply: opacity only repaints.
/** @param {Stage} stage */
function bitmapsOf(stage, reply) {
  if (stage.state.drawn?.of === reply) return stage.state.drawn;
  const { theme } = stage;
  const { crops, whole, enlarged, about } = reply;
  const range = Math.max(about.apart_most, LEAST_RANGE);
  const apart = crops.data.map((value, i) => value - whole.data[i]);
  const heat = ({ data, shape: [rows, columns] }) =>
    mapBitmap(data, rows, columns, theme.sequential, 0, 1);
  stage.state.drawn = {
    of: reply,
    range,
    crops: heat(crops),
    whole: heat(whole),
    enlarged: heat(enlarged),
    apart: mapBitmap(apart, whole.shape[0], whole.shape[1], theme.signed, -range, range),
  };
  return stage.state.drawn;
}

/** @param {Stage} stage */
export function drawPicture(ctx, stage, reply, values, picture, at) {
  const { about, whole } = reply;
  const { picture: box, scale } = stage.state.places;
  const title = fill(stage.words[`on_${values.upsample}`], { name: nameOf(stage, about) });
  write(ctx, stage, title, box.x, 9, { size: 12, bold: true });
  if (picture && stage.state.photo?.of !== picture) {
    stage.state.photo = { of: picture, bitmap: pictureBitmap(picture) };
  }
  if (picture) drawBitmap(ctx, stage.state.photo.bitmap, box, true);
  ctx.globalAlpha = values.opacity / 100;
  drawBitmap(ctx, bitmapsOf(stage, reply).enlarged, mapBox(about, box, values.stride, whole.shape));
  ctx.globalAlpha = 1;
  outline(ctx, box, stage.theme.border);
  const window = windowBox(about, box, values.stride, at.row, at.column);
  outline(ctx, window, stage.theme.background, 4);
  outline(ctx, window, stage.theme.text, 2);
  drawScale(ctx, stage, stage.theme.sequential, 0, 1, scale);
  const place = { size: 11, colour: stage.theme.muted };
  write(ctx, stage, stage.words.unit, scale.x + scale.width + 12, scale.y + 4, place);
}

/** @param {Stage} stage */
export function drawMaps(ctx, stage, reply, values, at) {
  const { about, whole } = reply;
  const bitmaps = bitmapsOf(stage, reply);
  for (const name of ["crops", "whole", "apart"]) {
    const box = stage.state.places[name];
    const title = stage.words[stage.state.places.narrow ? `short_${name}` : `map_${name}`];
    write(ctx, stage, title, box.x, box.y - 12, { size: 11, bold: true });
    const place = mapBox(about, box, values.stride, whole.shape);
    drawBitmap(ctx, bitmaps[name], place);
    outline(ctx, box, stage.theme.border);
    outline(ctx, cellBox(place, ...whole.shape, at.row, at.column), stage.theme.text, 1.5);
  }
  drawScale(
    ctx,
    stage,
    stage.theme.signed,
    -bitmaps.range,
    bitmaps.range,
    stage.state.places.signed,
  );
}

// The map that the dense layer is given for one window: how far crop and picture are apart.
/** @param {Stage} stage */
export function drawWindow(ctx, stage, { about }, maps) {
  const { window: box, picture, narrow } = stage.state.places;
  write(ctx, stage, stage.words.window, box.x, box.y - 12, { size: 11, bold: true });
  outline(ctx, box, stage.theme.border);
  if (!maps) return;
  const [rows, columns] = maps.apart.shape;
  const shares = maps.apart.data.map((value) => value / maps.about.size);
  const most = Math.max(1, ...shares);
  const cells = mapBitmap(shares, rows, columns, stage.theme.sequential, 0, most);
  drawBitmap(ctx, cells, box);
  outline(ctx, box, stage.theme.border);
  const x = box.x + box.width + 14;
  const scale = { x, y: box.y, width: 120, height: 8 };
  drawScale(ctx, stage, stage.theme.sequential, 0, most, scale);
  const text = fill(stage.words[about.padded ? "window_padded" : "window_valid"], {
    rows,
    columns,
    channels: maps.about.channels,
    most: brief(Math.max(...shares)),
  });
  const right = narrow ? stage.frame.clientWidth : picture.x + picture.width;
  wrap(ctx, stage, text, x, box.y + 34, right - x);
}

/** @param {Stage} stage */
function wrap(ctx, stage, text, x, y, width) {
  ctx.font = `400 11px ${stage.theme.font}`;
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && ctx.measureText(longer).width > width) {
      write(ctx, stage, line, x, y, { size: 11 });
      [line, y] = [word, y + 15];
    } else line = longer;
  }
  write(ctx, stage, line, x, y, { size: 11 });
}
