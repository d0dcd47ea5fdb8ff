// A page's thumbnail: small pictures and maps side by side, what lies over the first, or a chart.
import { contextOf, drawBitmap, mapBitmap, outline, pictureBitmap } from "../../ui/stage/draw.js";
import { parse } from "../../ui/stage/palette.js";

/** @import { Box, Context, Numbers, Reply, Theme } from "../../ui/stage/types.d.ts" */
/**
 * As engine/serving/thumbnail.py describes it; "none" where a page has none.
 * @typedef {{ pictures?: Numbers, maps?: Numbers, segments?: Numbers, boxes?: Numbers,
 *   groups?: Numbers, paths?: Numbers, bars?: Numbers, palette: string, over: boolean,
 *   peak: number, told: Record<string, any> } | "none"} Thumbnail
 * @typedef {Exclude<Thumbnail, "none">} Drawing
 * @typedef {{ bitmap: OffscreenCanvas, sharp: boolean }} Tile
 */

const GAP = 3;
const PAD = 8; // around a chart
const OVER = 0.62; // opacity of what lies over a picture
const GIVEN_UP = 0.45;

/**
 * What a reply holds of one page.
 * @param {Reply} reply
 * @param {string} stem
 * @returns {Drawing}
 */
export function thumbnailOf(reply, stem) {
  const own = Object.entries(reply).filter(([name]) => name.startsWith(`${stem}.`));
  const arrays = own.map(([name, array]) => [name.slice(stem.length + 1), array]);
  return { ...reply.about.pages[stem], ...Object.fromEntries(arrays) };
}

/**
 * The largest boxes of one size for so many tiles of that ratio, row by row, in the middle.
 * @param {number} count
 * @param {number} ratio width over height of a tile
 * @param {number} width of the room
 * @param {number} height of the room
 * @returns {Box[]}
 */
export function layTiles(count, ratio, width, height) {
  let best = { wide: 0, high: 0, columns: 1 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const fit = (width - GAP * (columns - 1)) / columns;
    const wide = Math.min(fit, ((height - GAP * (rows - 1)) / rows) * ratio);
    if (wide > best.wide) best = { wide, high: wide / ratio, columns };
  }
  const { wide, high, columns } = best;
  const rows = Math.ceil(count / columns);
  const left = (width - columns * wide - GAP * (columns - 1)) / 2;
  const top = (height - rows * high - GAP * (rows - 1)) / 2;
  return Array.from({ length: count }, (_, i) => ({
    x: left + (i % columns) * (wide + GAP),
    y: top + Math.floor(i / columns) * (high + GAP),
    width: wide,
    height: high,
  }));
}

/**
 * Size the canvas for a sharp picture, and draw.
 * @param {HTMLCanvasElement} canvas
 * @param {Drawing} drawing
 * @param {Theme} theme
 */
export function paintThumbnail(canvas, drawing, theme) {
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const ctx = contextOf(canvas);
  ctx.scale(ratio, ratio);
  const tiles = tilesOf(drawing, theme);
  if (drawing.bars) drawBars(ctx, drawing.bars, theme, width, height);
  if (!tiles.length) {
    const room = { x: PAD, y: PAD, width: width - 2 * PAD, height: height - 2 * PAD };
    if (drawing.paths) drawChart(ctx, drawing.paths, theme, room);
    return;
  }
  const { width: wide, height: high } = tiles[0].bitmap;
  const boxes = layTiles(tiles.length, wide / high, width, height);
  tiles.forEach(({ bitmap, sharp }, i) => {
    drawBitmap(ctx, bitmap, boxes[i], !sharp);
  });
  drawOver(ctx, drawing, theme, boxes[0]);
}

/** @type {(drawing: Drawing, theme: Theme) => Tile[]} */
function tilesOf(drawing, theme) {
  const pictures = slices(drawing.pictures).map((each) => ({
    bitmap: pictureBitmap(each),
    sharp: each.shape[1] < 80,
  }));
  const maps = drawing.over ? [] : mapsOf(drawing, theme);
  return [...pictures, ...maps.map((bitmap) => ({ bitmap, sharp: bitmap.width < 80 }))];
}

// A map that lies over a picture is the more transparent the less it says.
/** @type {(drawing: Drawing, theme: Theme) => OffscreenCanvas[]} */
function mapsOf({ maps, palette, peak, over }, theme) {
  const tables = {
    channels: theme.channelTables,
    grey: [theme.grey],
    signed: [theme.signed],
    sequential: [theme.sequential],
  }[palette] ?? [theme.sequential];
  const low = palette === "signed" ? -peak : 0;
  return slices(maps).map(({ data, shape: [rows, columns] }, i) =>
    mapBitmap(data, rows, columns, tables[i % tables.length], low, peak, over),
  );
}

/**
 * The parts of an array along its first axis.
 * @param {Numbers | undefined} array
 * @returns {Numbers[]}
 */
function slices(array) {
  if (!array) return [];
  const [count, ...shape] = array.shape;
  const size = shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
  return Array.from({ length: count }, (_, i) => ({
    data: array.data.subarray(i * size, (i + 1) * size),
    shape,
  }));
}

/** @type {(ctx: Context, drawing: Drawing, theme: Theme, box: Box) => void} */
function drawOver(ctx, drawing, theme, box) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.x, box.y, box.width, box.height);
  ctx.clip();
  if (drawing.over) drawBitmap(ctx, mapsOf(drawing, theme)[0], box, true);
  ctx.globalAlpha = OVER;
  if (drawing.segments) drawBitmap(ctx, segmentBitmap(drawing.segments, theme), box);
  ctx.globalAlpha = 1;
  if (drawing.boxes) drawBoxes(ctx, drawing, theme, box);
  if (drawing.paths) drawPaths(ctx, drawing.paths, theme.boxes, box);
  ctx.restore();
}

/** @type {(segments: Numbers, theme: Theme) => OffscreenCanvas} */
function segmentBitmap({ data, shape: [rows, columns] }, theme) {
  const colours = theme.categories.map(parse);
  const image = new ImageData(columns, rows);
  for (let i = 0; i < data.length; i++) {
    if (!data[i]) continue;
    image.data.set([...colours[(data[i] - 1) % colours.length], 255], 4 * i);
  }
  const canvas = new OffscreenCanvas(columns, rows);
  contextOf(canvas).putImageData(image, 0, 0);
  return canvas;
}

/** @type {(ctx: Context, drawing: Drawing, theme: Theme, box: Box) => void} */
function drawBoxes(ctx, { boxes, groups }, theme, box) {
  for (const [i, { data }] of slices(boxes).entries()) {
    const group = groups ? groups.data[i] : 1;
    const [x1, y1, x2, y2] = data;
    const at = {
      x: box.x + x1 * box.width,
      y: box.y + y1 * box.height,
      width: (x2 - x1) * box.width,
      height: (y2 - y1) * box.height,
    };
    if (!group) {
      ctx.globalAlpha = GIVEN_UP;
      outline(ctx, at, theme.background, 1);
      ctx.globalAlpha = 1;
      continue;
    }
    outline(ctx, at, theme.background, 4);
    outline(ctx, at, theme.boxes[(group - 1) % theme.boxes.length], 2);
  }
}

/** @type {(ctx: Context, paths: Numbers, theme: Theme, box: Box) => void} */
function drawChart(ctx, paths, theme, box) {
  ctx.strokeStyle = theme.border;
  ctx.lineWidth = 1;
  for (const share of [0, 0.5, 1]) {
    const y = Math.round(box.y + share * box.height) + 0.5;
    ctx.beginPath();
    ctx.moveTo(box.x, y);
    ctx.lineTo(box.x + box.width, y);
    ctx.stroke();
  }
  drawPaths(ctx, paths, theme.lines, box);
}

/** @type {(ctx: Context, paths: Numbers, colours: string[], box: Box) => void} */
function drawPaths(ctx, paths, colours, box) {
  ctx.lineWidth = 2;
  ctx.lineJoin = "round";
  slices(paths).forEach(({ data }, k) => {
    ctx.strokeStyle = colours[k % colours.length];
    ctx.beginPath();
    for (let i = 0; i < data.length && !Number.isNaN(data[i]); i += 2) {
      ctx.lineTo(box.x + data[i] * box.width, box.y + data[i + 1] * box.height);
    }
    ctx.stroke();
  });
}

/** @type {(ctx: Context, bars: Numbers, theme: Theme, width: number, height: number) => void} */
function drawBars(ctx, { data }, theme, width, height) {
  const wide = (width - 2 * PAD + GAP) / data.length - GAP;
  ctx.fillStyle = theme.accent;
  data.forEach((/** @type {number} */ share, /** @type {number} */ i) => {
    const high = Math.max(1, share * (height - 2 * PAD));
    ctx.fillRect(PAD + i * (wide + GAP), height - PAD - high, wide, high);
  });
}
