// The seen part of a picture on the canvas: its pixels, lines between them, their values in them,
// and a frame around the one that is shown.
import { outline } from "../../ui/stage/draw.js";

/** @import { Stage } from "./view.js" */

const LEAST_TEXT_PX = 11;
const SQUARES_FROM_PX = 3; // smaller pixels are smoothed: no pattern of uneven squares
const LINES_FROM_PX = 14; // cells at least this wide are parted by a line
const TEXT_SHARE = { 1: 0.48, 2: 0.42, 3: 0.29 }; // of a cell's side, by lines of values in it

// The cells that are at least partly seen: half-open in columns and rows.
export function cellsOf({ size: [height, width], window: { x, y, columns, rows } }) {
  return {
    x1: Math.max(0, Math.floor(x)),
    x2: Math.min(width, Math.ceil(x + columns)),
    y1: Math.max(0, Math.floor(y)),
    y2: Math.min(height, Math.ceil(y + rows)),
  };
}

const across = ({ window }, column) => (column - window.x) * window.scale;
const down = ({ window }, row) => (row - window.y) * window.scale;

export function drawPicture(ctx, bitmap, view) {
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
export function drawLines(ctx, stage, view) {
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
export function zoomForValues(reply, view) {
  const lines = told(reply).length;
  if (!lines) return null;
  const zoom = (LEAST_TEXT_PX / TEXT_SHARE[lines] / view.window.scale) * view.zoom;
  return zoom <= view.high ? zoom : null;
}

/** @param {Stage} stage */
export function drawValues(ctx, stage, reply, view) {
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

/** @param {Stage} stage */
export function markPixel(ctx, stage, view, { column, row }) {
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
