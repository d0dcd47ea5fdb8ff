// The three grids side by side: the picture in the network's black square, over it each cell as
// bright as its score, the boxes that are left, and the cell of each grid that has the thing.
import { strong } from "../../ui/stage/boxes.js";
import { cellBox, fill, outline, write } from "../../ui/stage/draw.js";
import { mix } from "../../ui/stage/palette.js";
import { drawPhoto } from "../../ui/stage/photo.js";

/** @import { Box, Context } from "../../ui/stage/types.d.ts" */
/** @import { Stage } from "./view.js" */

const MOST_SIDE = 330;
const STACKED_SIDE = 210; // so that the slider below is still on the screen
const GAP = 14;
const TITLE = 24;
const FOOT = 34; // the scale of the colours
const NARROW = 560; // below, the grids stand one below the other
const VEIL = 0.3; // over the photo, so that cells stand out
const FAINTEST = 0.02; // less is not painted
const KEY_STEPS = 50;
const LINES = [0.1, 0.16, 0.22]; // how strong the lines of each grid are

/**
 * Where the grids stand, and the height of them all.
 * @param {Stage} stage
 */
export function panelsOf(stage) {
  const across = stage.frame.clientWidth;
  const stacked = across < NARROW;
  const side = Math.min(MOST_SIDE, stacked ? STACKED_SIDE : (across - 2 * GAP) / 3);
  const left = stacked ? (across - side) / 2 : (across - 3 * side - 2 * GAP) / 2;
  const panels = [0, 1, 2].map((i) => ({
    x: stacked ? left : left + i * (side + GAP),
    y: TITLE + (stacked ? i * (side + TITLE + 6) : 0),
    width: side,
    height: side,
  }));
  return { panels, height: panels[2].y + side + FOOT };
}

/**
 * The picture as large as it will be asked for, before anything has been said of it.
 * @param {Context} ctx
 * @param {Stage} stage
 * @param {Box[]} panels
 * @param {[number, number]} shape of the picture
 */
export function drawWaiting(ctx, stage, panels, [rows, columns]) {
  const share = stage.values.zoom / 100 / Math.max(rows, columns);
  const [width, height] = [columns * share, rows * share];
  const place = { x: (1 - width) / 2, y: (1 - height) / 2, width, height };
  for (const panel of panels) drawSquare(ctx, stage, panel, place, 0);
}

/**
 * @param {Context} ctx
 * @param {Stage} stage
 * @param {Box[]} panels
 */
export function drawGrids(ctx, stage, reply, panels) {
  const { about } = reply;
  const whole = about.input_px;
  const place = {
    x: about.place.x / whole,
    y: about.place.y / whole,
    width: about.place.width / whole,
    height: about.place.height / whole,
  };
  panels.forEach((panel, grid) => {
    drawSquare(ctx, stage, panel, place, VEIL);
    drawScores(ctx, stage, reply[`scores_${grid}`], panel);
    drawLines(ctx, stage, about.grids[grid], panel, LINES[grid]);
    clipped(ctx, panel, () => {
      drawLeft(ctx, stage, reply, panel, grid);
      drawBest(ctx, stage, reply, panel, grid);
    });
    drawOpened(ctx, stage, reply, panel, grid);
    outline(ctx, panel, stage.theme.border);
    drawTitle(ctx, stage, about, panel, grid);
  });
  drawKey(ctx, stage, panels[2]);
}

// The network's square: black, and the picture in it; place in shares of the square.
/** @param {Stage} stage */
function drawSquare(ctx, stage, panel, place, veil) {
  ctx.fillStyle = stage.theme.greyInks.dark;
  ctx.fillRect(panel.x, panel.y, panel.width, panel.height);
  const box = {
    x: panel.x + place.x * panel.width,
    y: panel.y + place.y * panel.height,
    width: place.width * panel.width,
    height: place.height * panel.height,
  };
  drawPhoto(ctx, stage, stage.data.fixed.picture, box, 0);
  ctx.globalAlpha = veil;
  ctx.fillStyle = stage.theme.greyInks.dark;
  ctx.fillRect(panel.x, panel.y, panel.width, panel.height);
  ctx.globalAlpha = 1;
}

// In the brightest colour, the more opaque the higher.
/** @param {Stage} stage */
function drawScores(ctx, stage, { data, shape: [rows, columns] }, panel) {
  ctx.fillStyle = brightest(stage);
  for (let i = 0; i < rows * columns; i++) {
    if (data[i] < FAINTEST) continue;
    const cell = cellBox(panel, rows, columns, Math.floor(i / columns), i % columns);
    ctx.globalAlpha = opacityOf(data[i]);
    ctx.fillRect(cell.x, cell.y, cell.width, cell.height);
  }
  ctx.globalAlpha = 1;
}

/** @param {number} score */
const opacityOf = (score) => 0.1 + 0.75 * Math.min(1, score);

/** @param {Stage} stage */
function brightest({ theme }) {
  const [red, green, blue] = theme.sequential.slice(-3);
  return `rgb(${red},${green},${blue})`;
}

// What the brightness of a cell means, below the last grid.
/** @param {Stage} stage */
function drawKey(ctx, stage, panel) {
  const { theme, words } = stage;
  const width = Math.min(150, panel.width / 2);
  const [x, y] = [panel.x + panel.width - width, panel.y + panel.height + 8];
  const small = { size: 11, colour: theme.muted };
  write(ctx, stage, words.scale, x - 8, y + 5, { ...small, align: "right" });
  ctx.fillStyle = theme.greyInks.dark;
  ctx.fillRect(x, y, width, 10);
  ctx.fillStyle = brightest(stage);
  for (let k = 0; k < KEY_STEPS; k++) {
    const score = (k + 0.5) / KEY_STEPS;
    if (score < FAINTEST) continue;
    ctx.globalAlpha = opacityOf(score);
    ctx.fillRect(x + (k * width) / KEY_STEPS, y, width / KEY_STEPS, 10);
  }
  ctx.globalAlpha = 1;
  write(ctx, stage, "0", x, y + 19, small);
  write(ctx, stage, "1", x + width, y + 19, { ...small, align: "right" });
}

/** @param {Stage} stage */
function drawLines(ctx, stage, [rows, columns], panel, alpha) {
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = stage.theme.greyInks.bright;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (let column = 1; column < columns; column++) {
    const x = panel.x + (column * panel.width) / columns;
    ctx.moveTo(x, panel.y);
    ctx.lineTo(x, panel.y + panel.height);
  }
  for (let row = 1; row < rows; row++) {
    const y = panel.y + (row * panel.height) / rows;
    ctx.moveTo(panel.x, y);
    ctx.lineTo(panel.x + panel.width, y);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
}

// The boxes that are left at the end, each on the grid that it comes from.
/** @param {Stage} stage */
function drawLeft(ctx, stage, reply, panel, grid) {
  const { about, left, boxes } = reply;
  const [first, end] = rangeOf(about.grids, grid);
  left.data.forEach((cell, i) => {
    if (cell < first || cell >= end) return;
    const box = boxOn(panel, about, boxes.data.subarray(4 * cell, 4 * cell + 4));
    strong(ctx, stage, box, stage.theme.lines[1], 2);
    const text = `${about.left_names[i]} ${reply.left_scores.data[i].toFixed(2)}`;
    tag(ctx, stage, text, box, panel, stage.theme.lines[1]);
  });
}

// The cell that has the thing; of the grid that wins strongly, with its box.
/** @param {Stage} stage */
function drawBest(ctx, stage, { about, boxes, left }, panel, grid) {
  const best = about.best[grid];
  if (!best) return;
  const { theme } = stage;
  const wins = about.winner === grid;
  const [rows, columns] = about.grids[grid];
  const cell = cellBox(panel, rows, columns, best.cell[1], best.cell[2]);
  const colour = wins ? theme.accent : mix(theme.accent, theme.background, 0.4);
  const index = indexOf(about.grids, best.cell);
  if (wins && !left.data.includes(index)) {
    const at = 4 * index;
    const box = boxOn(panel, about, boxes.data.subarray(at, at + 4));
    ctx.setLineDash([5, 3]);
    outline(ctx, box, theme.background, 3);
    outline(ctx, box, colour, 2);
    ctx.setLineDash([]);
  }
  const least = Math.max(0, 9 - cell.width) / 2; // small cells get a ring around them
  const ring = {
    x: cell.x - least,
    y: cell.y - least,
    width: cell.width + 2 * least,
    height: cell.height + 2 * least,
  };
  outline(ctx, ring, theme.background, wins ? 5 : 3);
  outline(ctx, ring, colour, wins ? 3 : 1.5);
}

// The cell that is opened or pointed at, on its grid.
/** @param {Stage} stage */
function drawOpened(ctx, stage, { about, boxes }, panel, grid) {
  const chosen = stage.values.cell ? about.cell.place : null;
  const place = stage.state.pointed ?? chosen;
  if (!place || place[0] !== grid) return;
  const [rows, columns] = about.grids[grid];
  const at = 4 * indexOf(about.grids, place);
  const box = boxOn(panel, about, boxes.data.subarray(at, at + 4));
  clipped(ctx, panel, () => strong(ctx, stage, box, stage.theme.text, 1.5));
  const cell = cellBox(panel, rows, columns, place[1], place[2]);
  outline(ctx, cell, stage.theme.background, 4);
  outline(ctx, cell, stage.theme.text, 2);
}

/** @param {Stage} stage */
function drawTitle(ctx, stage, about, panel, grid) {
  const { words, theme } = stage;
  const [rows, columns] = about.grids[grid];
  const wins = about.winner === grid;
  const title = fill(words.grid, { rows, columns, stride: about.strides_px[grid] });
  const colour = wins ? theme.accent : theme.text;
  write(ctx, stage, title, panel.x, TITLE / 2 + panel.y - TITLE, { bold: true, colour });
  const score = about.best[grid]?.score.toFixed(2);
  const said = score ? fill(words[wins ? "grid_wins" : "grid_best"], { score }) : words.grid_none;
  const right = { align: "right", bold: wins, colour: wins ? theme.accent : theme.muted };
  write(ctx, stage, said, panel.x + panel.width, TITLE / 2 + panel.y - TITLE, right);
}

/** @param {Stage} stage */
function tag(ctx, stage, text, box, panel, colour) {
  ctx.font = `600 12px ${stage.theme.font}`;
  const width = ctx.measureText(text).width + 8;
  const x = Math.max(panel.x, Math.min(box.x, panel.x + panel.width - width));
  const above = box.y - 18;
  const y = above >= panel.y ? above : Math.max(panel.y, box.y + 2);
  ctx.fillStyle = stage.theme.background;
  ctx.fillRect(x, y, width, 17);
  write(ctx, stage, text, x + 4, y + 9, { bold: true, colour });
}

/** @type {(ctx: Context, box: Box, draw: () => void) => void} */
function clipped(ctx, box, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.x, box.y, box.width, box.height);
  ctx.clip();
  draw();
  ctx.restore();
}

// xyxy in pixels of the network's input as a rectangle on the canvas.
function boxOn(panel, { input_px: whole }, [x1, y1, x2, y2]) {
  const scale = panel.width / whole;
  return {
    x: panel.x + x1 * scale,
    y: panel.y + y1 * scale,
    width: (x2 - x1) * scale,
    height: (y2 - y1) * scale,
  };
}

// The cells of a grid among all: from, to.
/** @type {(grids: number[][], grid: number) => [number, number]} */
export function rangeOf(grids, grid) {
  const sizes = grids.map(([rows, columns]) => rows * columns);
  const first = sizes.slice(0, grid).reduce((sum, size) => sum + size, 0);
  return [first, first + sizes[grid]];
}

/** @type {(grids: number[][], cell: number[]) => number} */
export const indexOf = (grids, [grid, row, column]) =>
  rangeOf(grids, grid)[0] + row * grids[grid][1] + column;
