// How often each value occurs: one strip a channel with a bar for each value, and the shown pixel's
// values marked. The bars are drawn once for each answer of the engine, the marks at each movement.
import { contextOf, fill, write } from "../../ui/stage/draw.js";
import { openSmall } from "./side.js";

/** @import { Stage } from "./view.js" */

const HEAD_PX = 17; // the channel's name and the height of the scale
const BARS_PX = 34;
const SCALE_PX = 4; // 0 to the highest value, as it looks
const GAP_PX = 7;
const STRIP_PX = HEAD_PX + BARS_PX + SCALE_PX + GAP_PX;
const LABELS_PX = 14;
const NAMES = ["red", "green", "blue"];

/** @param {Stage} stage */
export function showHistogram(stage, canvas, reply, values) {
  const [channels, bins] = reply.counts.shape;
  const wide = canvas.clientWidth;
  const made = stage.state.histogram;
  if (made?.reply !== reply || made.theme !== stage.theme || made.wide !== wide) {
    stage.state.histogram = { reply, theme: stage.theme, wide, bars: barsOf(stage, canvas, reply) };
  }
  const { ctx, width } = openSmall(canvas, channels * STRIP_PX + LABELS_PX);
  ctx.drawImage(stage.state.histogram.bars, 0, 0, width, channels * STRIP_PX + LABELS_PX);
  for (let c = 0; c < channels; c++) {
    if (isLeftOut(reply, c)) continue;
    const x = (edge(values[c], bins, width) + edge(values[c] + 1, bins, width)) / 2;
    markValue(ctx, stage, x, c * STRIP_PX);
  }
}

// Whole pixels, or bars would be striped.
const edge = (value, bins, width) => Math.round((value * width) / bins);
const isLeftOut = ({ about }, c) => about.bits === 24 && !about.channels.includes("rgb"[c]);

/** @param {Stage} stage */
function barsOf(stage, canvas, reply) {
  const {
    data,
    shape: [channels, bins],
  } = reply.counts;
  const { ctx, width } = openSmall(canvas, channels * STRIP_PX + LABELS_PX);
  for (let c = 0; c < channels; c++) {
    ctx.globalAlpha = isLeftOut(reply, c) ? 0.35 : 1;
    drawStrip(ctx, stage, data.subarray(bins * c, bins * (c + 1)), {
      top: c * STRIP_PX,
      width,
      ...looksOf(stage, channels, bins, c),
    });
  }
  ctx.globalAlpha = 1;
  const y = channels * STRIP_PX + LABELS_PX / 2 - 3;
  const small = { size: 11, colour: stage.theme.muted };
  const [low, high] = channels === 1 ? ["black", "white"] : ["none", "full"];
  write(ctx, stage, `0 ${stage.words[low]}`, 0, y, small);
  write(ctx, stage, `${bins - 1} ${stage.words[high]}`, width, y, { ...small, align: "right" });
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  contextOf(copy).drawImage(canvas, 0, 0);
  return copy;
}

function looksOf({ theme, words }, channels, bins, c) {
  if (channels === 3) {
    return { name: words[NAMES[c]], colour: theme.channels[c], lut: theme.channelTables[c] };
  }
  return { name: bins === 2 ? words.bit : words.grey, colour: theme.muted, lut: theme.grey };
}

/** @param {Stage} stage */
function drawStrip(ctx, stage, counts, { top, width, name, colour, lut }) {
  const { theme, words } = stage;
  const bins = counts.length;
  const highest = counts.reduce((a, b) => Math.max(a, b), 1);
  const bottom = top + HEAD_PX + BARS_PX;
  const small = { size: 11, colour: theme.muted };
  write(ctx, stage, name, 0, top + 8, { ...small, colour: theme.text });
  const most = fill(words.most, { count: highest.toLocaleString(stage.data.lang) });
  write(ctx, stage, most, width, top + 8, { ...small, align: "right" });
  for (let value = 0; value < bins; value++) {
    const tall = counts[value] && Math.max(1, (BARS_PX * counts[value]) / highest);
    const left = edge(value, bins, width);
    const wide = edge(value + 1, bins, width) - left;
    ctx.fillStyle = colour;
    ctx.fillRect(left, bottom - tall, wide, tall);
    const at = 3 * Math.round((255 * value) / (bins - 1));
    ctx.fillStyle = `rgb(${lut[at]},${lut[at + 1]},${lut[at + 2]})`;
    ctx.fillRect(left, bottom, wide, SCALE_PX);
  }
}

/** @param {Stage} stage */
function markValue(ctx, stage, x, top) {
  const bottom = top + HEAD_PX + BARS_PX + SCALE_PX;
  ctx.fillStyle = stage.theme.text;
  ctx.fillRect(Math.round(x) - 1, top + HEAD_PX - 2, 2, BARS_PX + SCALE_PX + 3);
  ctx.beginPath();
  ctx.moveTo(x - 4, bottom + 5);
  ctx.lineTo(x + 4, bottom + 5);
  ctx.lineTo(x, bottom);
  ctx.fill();
}
