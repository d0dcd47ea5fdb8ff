// Pixels: a picture as the numbers that it is made of. From afar a photograph; from near, squares
// with their values written in them. Which part is seen lies in pixels_window.js, the overview and
// the channels at the left in pixels_side.js, the numbers at the right in pixels_readout.js.
import { fill, mapBitmap, openCanvas, outline, pictureBitmap } from "../../ui/stage/draw.js";
import { buildReadout, showReadout } from "./readout.js";
import { buildSide, showSide } from "./side.js";
import { centrePixel, listen, moved, pixelAt, readPlace, windowOf } from "./window.js";

const LEAST_TEXT_PX = 11;
const SQUARES_FROM_PX = 3; // smaller pixels are smoothed: no pattern of uneven squares
const LINES_FROM_PX = 14; // cells at least this wide are parted by a line
const TEXT_SHARE = { 1: 0.48, 2: 0.42, 3: 0.29 }; // of a cell's side, by lines of values in it

const state = () => ({
  reply: null, // the one that `bitmap` shows
  bitmap: null,
  view: null, // which part of it is on the canvas
  pixel: null, // the one shown
  hover: null, // where the pointer is
  chosen: null, // a pixel's middle, as parts of the picture
  side: null, // parts beside the picture
  readout: null,
  histogram: null,
  act: null, // how the window is moved
  choose: () => {},
  step: () => {},
  repaintSoon: () => {},
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  local: ["zoom", "at"],
  steady: true,
  texts: {
    zoom: (value, stage) => `×${round(Math.min(value, highestZoom(stage.reply)))}`,
    resolution: (value, { reply }) =>
      `${Math.min(value, reply ? Math.max(...reply.about.own_size) : value)} px`,
  },
  build(stage) {
    stage.state.repaintSoon = soon(stage);
    stage.state.choose = (place) => {
      const pixel = pixelAt(stage.state.view.window, stage.state.view.size, place);
      if (pixel) stage.state.chosen = middleOf(pixel, stage.state.view.size);
      stage.repaint();
    };
    stage.state.step = (columns, rows) => step(stage, columns, rows);
    stage.state.act = listen(stage, () => stage.state.view);
    buildSide(stage);
    buildReadout(stage);
  },
  paint(stage, reply, values) {
    const own = stage.state;
    if (own.reply !== reply) takeReply(own, reply);
    const wide = stage.frame.clientWidth;
    const { ctx, width, height } = openCanvas(stage, Math.min(520, Math.max(320, wide * 0.85)));
    const view = viewOf(reply, { width, height }, values);
    own.view = view;
    drawPicture(ctx, own.bitmap, view);
    drawLines(ctx, stage, view);
    drawValues(ctx, stage, reply, view);
    const pixel = pixelShown(own, view);
    own.pixel = pixel;
    markPixel(ctx, stage, view, pixel);
    stage.canvas.style.cursor = view.zoom > 1 ? "grab" : "crosshair";
    stage.canvas.style.touchAction = view.zoom > 1 ? "none" : "pan-y";
    showSide(stage, reply, view, zoomForValues(reply, view));
    showReadout(stage, reply, pixel, valuesOf(reply, pixel));
  },
  describe(stage, reply) {
    const { view, pixel } = stage.state;
    const [height, width] = view.size;
    const seen = (count, side) => Math.min(side, Math.ceil(count));
    return fill(stage.words.alt, {
      width,
      height,
      bits: reply.about.bits,
      x: pixel.column,
      y: pixel.row,
      columns: seen(view.window.columns, width),
      rows: seen(view.window.rows, height),
      values: valuesOf(reply, pixel).join(", "),
    });
  },
};

const highestZoom = (reply) => reply?.about.limits.zoom.high ?? Infinity;
const round = (zoom) => (zoom < 10 ? Number(zoom.toFixed(1)) : Math.round(zoom));

// Repaints that hovering asks for, at most one a frame of the screen.
/** @param {Stage} stage */
function soon(stage) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      stage.repaint();
    });
  };
}

function takeReply(own, reply) {
  const {
    data,
    shape: [rows, columns, channels],
  } = reply.pixels;
  own.reply = reply;
  own.bitmap =
    channels === 3
      ? pictureBitmap(reply.pixels)
      : mapBitmap(data, rows, columns, GREY, 0, reply.about.white);
}

const GREY = new Uint8ClampedArray(768).map((_, i) => Math.floor(i / 3));

function viewOf(reply, canvas, values) {
  const size = reply.about.size;
  const high = highestZoom(reply);
  const zoom = Math.min(values.zoom, high);
  return { size, canvas, zoom, high, window: windowOf(size, canvas, zoom, readPlace(values.at)) };
}

// The cells that are at least partly seen: half-open in columns and rows.
function cellsOf({ size: [height, width], window: { x, y, columns, rows } }) {
  return {
    x1: Math.max(0, Math.floor(x)),
    x2: Math.min(width, Math.ceil(x + columns)),
    y1: Math.max(0, Math.floor(y)),
    y2: Math.min(height, Math.ceil(y + rows)),
  };
}

const across = ({ window }, column) => (column - window.x) * window.scale;
const down = ({ window }, row) => (row - window.y) * window.scale;

function drawPicture(ctx, bitmap, view) {
  const { x1, x2, y1, y2 } = cellsOf(view);
  const smooth = view.window.scale * (window.devicePixelRatio || 1) < SQUARES_FROM_PX;
  ctx.imageSmoothingEnabled = smooth;
  ctx.imageSmoothingQuality = "medium";
  const least = 2; // a picture of one pixel's width is seen, too
  const [width, height] = [(x2 - x1) * view.window.scale, (y2 - y1) * view.window.scale];
  ctx.drawImage(
    bitmap,
    x1,
    y1,
    x2 - x1,
    y2 - y1,
    across(view, x1),
    down(view, y1),
    Math.max(width, least),
    Math.max(height, least),
  );
}

/** @param {Stage} stage */
function drawLines(ctx, stage, view) {
  if (view.window.scale < LINES_FROM_PX) return;
  const { x1, x2, y1, y2 } = cellsOf(view);
  const [left, right] = [across(view, x1), across(view, x2)];
  const [top, bottom] = [down(view, y1), down(view, y2)];
  ctx.fillStyle = stage.theme.background;
  ctx.globalAlpha = 0.4;
  for (let x = x1; x <= x2; x++) ctx.fillRect(Math.round(across(view, x)), top, 1, bottom - top);
  for (let y = y1; y <= y2; y++) ctx.fillRect(left, Math.round(down(view, y)), right - left, 1);
  ctx.globalAlpha = 1;
}

// Which channels a cell's lines tell: [0, 1, 2] or some of them; [0] for greys.
function told({ pixels, about }) {
  if (pixels.shape[2] === 1) return [0];
  return [0, 1, 2].filter((c) => about.channels.includes("rgb"[c]));
}

function textSize(lines, scale) {
  return lines ? Math.min(16, scale * TEXT_SHARE[lines]) : 0;
}

// From which zoom on the values stand in the pixels; null where that is nearer than one can go.
function zoomForValues(reply, view) {
  const lines = told(reply).length;
  if (!lines) return null;
  const zoom = (LEAST_TEXT_PX / TEXT_SHARE[lines] / view.window.scale) * view.zoom;
  return zoom <= view.high ? zoom : null;
}

/** @param {Stage} stage */
function drawValues(ctx, stage, reply, view) {
  const channels = told(reply);
  const size = textSize(channels.length, view.window.scale);
  if (size < LEAST_TEXT_PX) return;
  const {
    data,
    shape: [, width, depth],
  } = reply.pixels;
  const inks = depth === 1 ? [stage.theme.greyInks] : inkPairs(stage.theme.channelInks);
  ctx.font = `600 ${size}px ${stage.theme.mono}`;
  ctx.textAlign = "center";
  const half = { width: size * 0.95, height: channels.length * size * 0.56 };
  for (const { column, row } of readableCells(view, half)) {
    const at = (row * width + column) * depth;
    const bright = isBright(data, at, depth, reply.about.white);
    const x = across(view, column + 0.5);
    const y = down(view, row + 0.5) - ((channels.length - 1) * size * 1.12) / 2;
    channels.forEach((c, line) => {
      ctx.fillStyle = bright ? inks[c].dark : inks[c].bright;
      ctx.fillText(data[at + c], x, y + line * size * 1.12);
    });
  }
}

const inkPairs = ({ bright, dark }) => bright.map((ink, c) => ({ bright: ink, dark: dark[c] }));

// Cells whose text, half a width and height to each side of the middle, is not cut by an edge.
function* readableCells(view, half) {
  const { x1, x2, y1, y2 } = cellsOf(view);
  const inside = (middle, by, side) => middle >= by && middle + by <= side;
  for (let row = y1; row < y2; row++) {
    if (!inside(down(view, row + 0.5), half.height, view.canvas.height)) continue;
    for (let column = x1; column < x2; column++) {
      if (inside(across(view, column + 0.5), half.width, view.canvas.width)) yield { column, row };
    }
  }
}

// Whether dark writing has the better contrast: relative luminance above 0.18 (WCAG 2).
function isBright(data, at, depth, white) {
  if (depth === 1) return LINEAR[Math.round((255 * data[at]) / white)] > 0.18;
  const [r, g, b] = [data[at], data[at + 1], data[at + 2]];
  return 0.2126 * LINEAR[r] + 0.7152 * LINEAR[g] + 0.0722 * LINEAR[b] > 0.18;
}

const LINEAR = Float32Array.from({ length: 256 }, (_, i) =>
  i <= 10 ? i / 255 / 12.92 : ((i / 255 + 0.055) / 1.055) ** 2.4,
);

// The pixel that the readout tells of: under the pointer, else chosen, else in the middle.
function pixelShown(own, view) {
  const hovered = own.hover && pixelAt(view.window, view.size, own.hover);
  if (hovered) return hovered;
  const chosen = own.chosen && pixelOf(own.chosen, view.size);
  return chosen && isSeen(chosen, view) ? chosen : centrePixel(view.window, view.size);
}

const middleOf = ({ column, row }, [height, width]) => ({
  x: (column + 0.5) / width,
  y: (row + 0.5) / height,
});
const pixelOf = ({ x, y }, [height, width]) => ({
  column: Math.floor(x * width),
  row: Math.floor(y * height),
});

function isSeen({ column, row }, view) {
  const { x1, x2, y1, y2 } = cellsOf(view);
  return column >= x1 && column < x2 && row >= y1 && row < y2;
}

function valuesOf(
  {
    pixels: {
      data,
      shape: [, width, depth],
    },
  },
  { column, row },
) {
  const at = (row * width + column) * depth;
  return [...data.slice(at, at + depth)];
}

/** @param {Stage} stage */
function markPixel(ctx, stage, view, { column, row }) {
  const side = Math.max(view.window.scale, 9);
  const box = {
    x: across(view, column + 0.5) - side / 2,
    y: down(view, row + 0.5) - side / 2,
    width: side,
    height: side,
  };
  const around = (by) => ({
    x: box.x - by,
    y: box.y - by,
    width: side + 2 * by,
    height: side + 2 * by,
  });
  outline(ctx, around(1), stage.theme.background, 4);
  outline(ctx, around(1), stage.theme.text, 2);
}

// An arrow key: to the next pixel, or as far as can be seen from afar; the window goes along.
/** @param {Stage} stage */
function step(stage, columns, rows) {
  const own = stage.state;
  const { view } = own;
  const [height, width] = view.size;
  const pixels = Math.max(1, Math.round(4 / view.window.scale));
  own.hover = null;
  const clamp = (value, side) => Math.min(Math.max(value, 0), side - 1);
  const column = clamp(own.pixel.column + columns * pixels, width);
  const row = clamp(own.pixel.row + rows * pixels, height);
  own.chosen = middleOf({ column, row }, view.size);
  const dx = beyond(column, view.window.x, view.window.columns, width);
  const dy = beyond(row, view.window.y, view.window.rows, height);
  if (dx || dy) own.act.change(moved(view, dx, dy));
  else stage.repaint();
}

// How far the window must move along one side for the pixel to be wholly seen.
function beyond(pixel, from, seen, side) {
  if (seen >= side) return 0;
  if (pixel < from) return pixel - from;
  return Math.max(0, pixel + 1 - (from + seen));
}
