// Pixels: a picture as the numbers that it is made of. From afar a photograph; from near, squares
// with their values written in them. Which part is seen: window.js; how it is drawn: drawing.js; the
// overview and the channels at the left: side.js; the numbers at the right: readout.js.
import { fill, mapBitmap, openCanvas, pictureBitmap } from "../../ui/stage/draw.js";
import {
  cellsOf,
  drawLines,
  drawPicture,
  drawValues,
  markPixel,
  zoomForValues,
} from "./drawing.js";
import { buildReadout, showReadout } from "./readout.js";
import { buildSide, showSide } from "./side.js";
import { centrePixel, listen, moved, pixelAt, readPlace, windowOf } from "./window.js";

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
