// The Face cascade's pictures: a level under P-Net's heat, or the photograph with its boxes; beside
// it what the chosen net sees, the pyramid or the crops.
import {
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";
import { drawPhoto } from "../../ui/stage/photo.js";
import {
  boxAt,
  cropBoxes,
  LAST,
  mapBox,
  O_NET,
  onCanvas,
  probability,
  pyramidBoxes,
  R_NET,
  windowBox,
} from "./place.js";

/** @import { Stage } from "./view.js" */

const CROWD = 60; // boxes from which on their lines are thinner
const CROP_PX = { r: 36, o: 56 };

const netAt = (gate) => (gate >= O_NET ? "o" : gate >= R_NET ? "r" : "p");

/** @param {Stage} stage */
export function drawHeading(ctx, stage, text, { x, y }) {
  write(ctx, stage, text, x, y - 13, { size: 12, bold: true });
}

// P-Net's look: the level in its own pixels, each window's probability in the middle of the window.
/** @param {Stage} stage */
export function drawLevel(ctx, stage, reply, at, places) {
  const level = reply.about.levels[at];
  const name = { level: at + 1, width: level.size[1], height: level.size[0] };
  drawHeading(ctx, stage, fill(stage.words.level, name), places.picture);
  drawHeat(ctx, stage, reply, at, places.picture);
  outline(ctx, places.picture, stage.theme.border);
  const { x, y } = places.foot;
  drawScale(ctx, stage, stage.theme.sequential, 0, 1, { x, y, width: 130, height: 8 });
  write(ctx, stage, stage.words.unit, x + 142, y + 4, { size: 11, colour: stage.theme.muted });
}

/** @param {Stage} stage */
function drawHeat(ctx, stage, reply, at, box) {
  const drawn = bitmapsOf(stage, at);
  if (!drawn) return;
  drawBitmap(ctx, drawn.picture, box);
  drawBitmap(ctx, drawn.heat, mapBox(reply.about.levels[at], box));
}

// A level's picture and heat as bitmaps, made once; null until the levels are here.
/** @param {Stage} stage */
function bitmapsOf(stage, at) {
  const { reply, bitmaps } = stage.state.pyramid ?? {};
  if (!reply?.[`map_${at}`]) return null;
  if (!bitmaps[at]) {
    const {
      data,
      shape: [rows, columns],
    } = reply[`map_${at}`];
    bitmaps[at] = {
      picture: pictureBitmap(reply[`picture_${at}`]),
      heat: mapBitmap(data, rows, columns, stage.theme.sequential, 0, 1, true),
    };
  }
  return bitmaps[at];
}

// The photograph with the boxes that are left after a gate, and those that it took away.
/** @param {Stage} stage */
export function drawBoxes(ctx, stage, reply, gate, places) {
  const { picture } = places;
  drawPhoto(ctx, stage, stage.data.fixed.picture, picture, 0.3);
  const left = [];
  const gone = [];
  reply.fell.data.forEach((fell, i) => {
    if (fell > gate) left.push(i);
    else if (fell === gate) gone.push(i);
  });
  ctx.save();
  ctx.beginPath();
  ctx.rect(picture.x, picture.y, picture.width, picture.height);
  ctx.clip();
  strokeAll(ctx, places, reply, gone, gate, { colour: stage.theme.lines[1], alpha: 0.55, line: 1 });
  const line = left.length > CROWD ? 1.2 : 2.2;
  if (left.length <= CROWD) {
    const under = { colour: stage.theme.background, alpha: 0.8, line: 4 };
    strokeAll(ctx, places, reply, left, gate, under);
  }
  strokeAll(ctx, places, reply, left, gate, { colour: stage.theme.lines[0], alpha: 1, line });
  if (gate === LAST) drawPoints(ctx, stage, reply, places);
  ctx.restore();
  outline(ctx, picture, stage.theme.border);
  drawLegend(ctx, stage, left.length, gone.length, places.foot);
}

function strokeAll(ctx, places, reply, windows, gate, { colour, alpha, line }) {
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = colour;
  ctx.lineWidth = line;
  ctx.beginPath();
  for (const i of windows) {
    const { x, y, width, height } = onCanvas(places, boxAt(reply, i, gate));
    ctx.rect(x, y, width, height);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
}

// Eyes, nose and corners of the mouth.
/** @param {Stage} stage */
function drawPoints(ctx, stage, { points }, { picture, scale }) {
  for (let i = 0; i < points.data.length; i += 2) {
    ctx.beginPath();
    ctx.arc(picture.x + points.data[i] * scale, picture.y + points.data[i + 1] * scale, 3.5, 0, 7);
    ctx.fillStyle = stage.theme.lines[0];
    ctx.strokeStyle = stage.theme.background;
    ctx.lineWidth = 1.5;
    ctx.fill();
    ctx.stroke();
  }
}

/** @param {Stage} stage */
function drawLegend(ctx, stage, left, gone, { x, y }) {
  const { lines, muted } = stage.theme;
  let at = x;
  for (const [colour, word, count] of [
    [lines[0], "left", left],
    [lines[1], "gone", gone],
  ]) {
    ctx.fillStyle = colour;
    ctx.fillRect(at, y + 2, 16, 3);
    const text = fill(stage.words[word], { count });
    write(ctx, stage, text, at + 22, y + 4, { size: 11, colour: muted });
    at += 22 + ctx.measureText(text).width + 18;
  }
}

// The chosen window, dashed once its way has ended, and the one that it was given up for.
/** @param {Stage} stage */
export function drawChosen(ctx, stage, reply, at, gate, places) {
  if (gate === 0) {
    if (at.level !== stage.state.level) return;
    const level = reply.about.levels[at.level];
    strong(ctx, stage, windowBox(level, places.picture, at.row, at.column), stage.theme.text);
    return;
  }
  if (at.index === null) return;
  const fell = reply.fell.data[at.index];
  const by = reply.by.data[at.index];
  if (fell === gate && by >= 0) {
    strong(ctx, stage, onCanvas(places, boxAt(reply, by, gate)), stage.theme.lines[0]);
  }
  if (fell < gate) ctx.setLineDash([4, 3]);
  const ink = fell <= gate ? stage.theme.lines[1] : stage.theme.text;
  strong(ctx, stage, onCanvas(places, boxAt(reply, at.index, gate)), ink);
  ctx.setLineDash([]);
}

/** @param {Stage} stage */
function strong(ctx, stage, box, colour) {
  outline(ctx, box, stage.theme.background, 5);
  outline(ctx, box, colour, 2.5);
}

// What the chosen net sees; says where each picture lies, so that it can be pressed.
/** @param {Stage} stage */
export function drawStrip(ctx, stage, reply, at, gate, places) {
  const net = netAt(gate);
  const shown =
    net === "p"
      ? drawPyramid(ctx, stage, reply, places.strip)
      : drawCrops(ctx, stage, reply, net, at, gate, places.strip);
  return { net, ...shown };
}

/** @param {Stage} stage */
function drawPyramid(ctx, stage, reply, area) {
  const { levels } = reply.about;
  drawHeading(ctx, stage, fill(stage.words.sees_p, { count: levels.length }), area);
  const boxes = pyramidBoxes(levels, area);
  boxes.forEach((box, i) => {
    drawHeat(ctx, stage, reply, i, box);
    outline(ctx, box, stage.theme.border);
  });
  if (boxes[stage.state.level]) outline(ctx, boxes[stage.state.level], stage.theme.text, 2);
  return { boxes, windows: [] };
}

/** @param {Stage} stage */
function drawCrops(ctx, stage, reply, net, at, gate, area) {
  const total = reply[`${net}_windows`].data.length;
  const shown = reply[`${net}_shown`].data;
  const boxes = cropBoxes(shown.length, CROP_PX[net], area);
  const words = { count: boxes.length, total };
  const text = stage.words[boxes.length < total ? `sees_${net}_best` : `sees_${net}`];
  drawHeading(ctx, stage, fill(text, words), area);
  const windows = [];
  boxes.forEach((box, k) => {
    const window = reply[`${net}_windows`].data[shown[k]];
    windows.push(window);
    drawCrop(ctx, stage, reply, net, k, window, gate, box);
    if (window === at?.index) outline(ctx, grown(box, 2), stage.theme.text, 2);
  });
  const faint = { size: 12, colour: stage.theme.muted };
  if (!total) write(ctx, stage, stage.words.nothing, area.x, area.y + 10, faint);
  return { boxes, windows };
}

const grown = ({ x, y, width, height }, by) => ({
  x: x - by,
  y: y - by,
  width: width + 2 * by,
  height: height + 2 * by,
});

/** @param {Stage} stage */
function drawCrop(ctx, stage, reply, net, k, window, gate, box) {
  const fell = reply.fell.data[window];
  const { lines, muted, text } = stage.theme;
  ctx.globalAlpha = fell < gate ? 0.45 : 1;
  drawBitmap(ctx, cropBitmap(reply, net, k), box);
  ctx.globalAlpha = 1;
  if (fell >= gate) outline(ctx, box, fell > gate ? lines[0] : lines[1], 2);
  const score = probability(reply[`${net}_scores`].data[reply[`${net}_shown`].data[k]]);
  const style = { size: 11, align: "center", colour: fell > gate ? text : muted };
  write(ctx, stage, score, box.x + box.width / 2, box.y + box.height + 8, style);
}

const crops = new WeakMap(); // bitmaps by reply

// Crop k of those sent along; made when it is first drawn.
function cropBitmap(reply, net, k) {
  if (!crops.has(reply)) crops.set(reply, { r: [], o: [] });
  const made = crops.get(reply)[net];
  const {
    data,
    shape: [, side],
  } = reply[`${net}_crops`];
  const size = side * side * 3;
  made[k] ??= pictureBitmap({
    data: data.subarray(k * size, (k + 1) * size),
    shape: [side, side],
  });
  return made[k];
}
