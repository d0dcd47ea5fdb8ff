// The precision/recall curve with the 101 samples whose mean is AP, and AP at every IoU.
import { fill, outline, write } from "../../ui/stage/draw.js";
import { countsAt } from "./readout.js";

/** @import { Stage } from "./view.js" */

const HEIGHT = 170;
const SAMPLE = 0.01; // width of a sample in recall: the first and last stick out by half

export function chartPlaces(width, top) {
  const narrow = width < 540;
  const left = 42;
  const curve = {
    x: left,
    y: top + 22,
    width: (narrow ? width : width * 0.58) - left - 6,
    height: HEIGHT,
  };
  const low = narrow ? curve.y + HEIGHT + 62 : curve.y;
  const x = narrow ? left : curve.x + curve.width + 46;
  const bars = { x, y: low, width: width - x - 4, height: HEIGHT };
  return { curve, bars, bottom: bars.y + HEIGHT + 36 };
}

const acrossOf = ({ x, width }, recall) => x + ((recall + SAMPLE / 2) / (1 + SAMPLE)) * width;
const downOf = ({ y, height }, precision) => y + (1 - precision) * height;

/** @param {Stage} stage */
export function drawChart(ctx, stage, reply, values) {
  const { curve, bars } = stage.state.places;
  const { ap, objects, ious, mean } = reply.about;
  const title =
    ap === null
      ? stage.words.curve_empty
      : fill(stage.words.curve, { iou: values.iou.toFixed(2), ap: ap.toFixed(3) });
  write(ctx, stage, title, curve.x - 42, curve.y - 12, { size: 12, bold: true });
  axes(ctx, stage, curve, stage.words.recall, stage.words.precision);
  if (objects) {
    drawSamples(ctx, stage, reply, curve);
    drawCurve(ctx, stage, reply, values, curve);
  }
  const heading =
    mean === null ? stage.words.bars_empty : fill(stage.words.bars, { mean: mean.toFixed(3) });
  write(ctx, stage, heading, bars.x - 24, bars.y - 12, { size: 12, bold: true });
  outline(ctx, bars, stage.theme.border);
  drawBars(ctx, stage, reply, values, ious);
}

/** @param {Stage} stage */
function axes(ctx, stage, box, across, down) {
  outline(ctx, box, stage.theme.border);
  const small = { size: 11, colour: stage.theme.muted };
  for (const tick of [0, 0.5, 1]) {
    write(ctx, stage, String(tick), acrossOf(box, tick), box.y + box.height + 9, {
      ...small,
      align: "center",
    });
    write(ctx, stage, String(tick), box.x - 6, downOf(box, tick), { ...small, align: "right" });
  }
  write(ctx, stage, across, box.x + box.width / 2, box.y + box.height + 24, {
    ...small,
    align: "center",
  });
  ctx.save();
  ctx.translate(box.x - 34, box.y + box.height / 2);
  ctx.rotate(-Math.PI / 2);
  write(ctx, stage, down, 0, 0, { ...small, align: "center" });
  ctx.restore();
}

// 101 bars side by side fill the frame from end to end: the share that they cover is AP.
/** @param {Stage} stage */
function drawSamples(ctx, stage, { samples }, box) {
  ctx.fillStyle = stage.theme.accent;
  ctx.globalAlpha = 0.28;
  const width = box.width / samples.data.length;
  samples.data.forEach((precision, i) => {
    const top = downOf(box, precision);
    ctx.fillRect(box.x + i * width, top, width, box.y + box.height - top);
  });
  ctx.globalAlpha = 1;
}

// The curve as it is: strong as far as the score threshold lets it go, faint beyond.
/** @param {Stage} stage */
function drawCurve(ctx, stage, reply, values, box) {
  const { recall, precision } = reply;
  const { made } = countsAt(reply, values.score);
  const line = (from, to, alpha) => {
    ctx.globalAlpha = alpha;
    ctx.strokeStyle = stage.theme.text;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    for (let i = from; i < to; i++) {
      const at = [acrossOf(box, recall.data[i]), downOf(box, precision.data[i])];
      if (i === from) ctx.moveTo(...at);
      else ctx.lineTo(...at);
    }
    ctx.stroke();
    ctx.globalAlpha = 1;
  };
  line(Math.max(0, made - 1), recall.data.length, 0.35);
  line(0, made, 1);
  if (!made) return;
  const [x, y] = [acrossOf(box, recall.data[made - 1]), downOf(box, precision.data[made - 1])];
  ctx.fillStyle = stage.theme.background;
  circle(ctx, x, y, 7);
  ctx.fillStyle = stage.theme.accent;
  circle(ctx, x, y, 5);
}

function circle(ctx, x, y, radius) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fill();
}

const same = (a, b) => Math.abs(a - b) < 1e-6;

function barBox({ bars }, count, i) {
  const width = bars.width / count;
  return { x: bars.x + i * width, y: bars.y, width, height: bars.height };
}

/** @param {Stage} stage */
function drawBars(ctx, stage, { about }, values, ious) {
  const small = { size: 11, colour: stage.theme.muted, align: "center" };
  const { bars } = stage.state.places;
  for (const tick of [0, 0.5, 1]) {
    write(ctx, stage, String(tick), bars.x - 6, downOf(bars, tick), { ...small, align: "right" });
  }
  about.aps.forEach((ap, i) => {
    const box = barBox(stage.state.places, ious.length, i);
    if (ap !== null) {
      const top = downOf(bars, ap);
      ctx.fillStyle = stage.theme.accent;
      ctx.globalAlpha = same(ious[i], values.iou) ? 1 : 0.4;
      ctx.fillRect(box.x + 2, top, box.width - 4, bars.y + bars.height - top);
      ctx.globalAlpha = 1;
    }
    const fits = box.width > 30 || i % 2 === 0;
    const shown = {
      ...small,
      colour: same(ious[i], values.iou) ? stage.theme.text : stage.theme.muted,
    };
    const text = ious[i].toFixed(2).replace("0.", ".");
    if (fits) write(ctx, stage, text, box.x + box.width / 2, bars.y + bars.height + 9, shown);
  });
  const place = bars.x + bars.width / 2;
  write(ctx, stage, stage.words.bars_axis, place, bars.y + bars.height + 24, small);
}

// The IoU whose bar lies under the pointer; null where none does.
/** @param {Stage} stage */
export function iouAt(stage, { about }, x, y) {
  const { bars } = stage.state.places;
  if (x < bars.x || x >= bars.x + bars.width || y < bars.y || y > bars.y + bars.height + 16)
    return null;
  const i = Math.floor(((x - bars.x) / bars.width) * about.ious.length);
  return Number(about.ious[i].toFixed(2));
}
