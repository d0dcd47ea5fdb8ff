// The same for a signal: bars above, bars below, and the kernel sliding between them.
import { brief, drawBitmap, mapBitmap, outline, write } from "../../ui/stage/draw.js";
import { inkOn } from "../../ui/stage/palette.js";
import { fillHatched, writeNumber } from "../../ui/stage/sums.js";
import { channelOf, scaleOf } from "./bitmaps.js";

/** @import { Stage } from "./view.js" */

/** @param {Stage} stage */
export function drawInputRow(ctx, stage, view, layout) {
  const { reply } = view;
  const { input, unit } = layout;
  const [channels] = reply.input.shape;
  for (let i = -input.padBefore; i < input.columns + input.padAfter; i++) {
    if (i >= 0 && i < input.columns) continue;
    fillHatched(ctx, stage, { x: input.at(i), y: input.y, width: unit, height: input.height });
  }
  const wide = (unit - 2) / channels;
  for (let channel = 0; channel < channels; channel++) {
    ctx.fillStyle = channels > 1 ? stage.theme.channels[channel] : stage.theme.muted;
    channelOf(reply.input, channel).forEach((value, i) => {
      const height = (value / reply.about.top) * (input.height - 2);
      ctx.fillRect(input.at(i) + 1 + channel * wide, input.y + input.height - height, wide, height);
    });
  }
  drawBase(ctx, stage, input, input.y + input.height);
  label(ctx, stage, brief(reply.about.top), input.y + 6, layout.width);
}

/** @param {Stage} stage */
export function drawOutputRow(ctx, stage, view, layout) {
  const { reply } = view;
  const { output, unit } = layout;
  const { lut, low, high } = scaleOf(stage, reply.about, view.filter);
  const peak = Math.max(-low, high) || 1;
  const zero = output.y + output.height / 2;
  const signed = low < 0 && high > 0;
  channelOf(reply.output, view.filter).forEach((value, i) => {
    if (view.reached !== null && i > view.reached) return;
    const height = (value / peak) * (output.height / 2);
    const at = 3 * Math.round(127.5 * (1 + Math.sign(value) * 0.75));
    ctx.fillStyle = signed ? `rgb(${lut[at]},${lut[at + 1]},${lut[at + 2]})` : stage.theme.muted;
    ctx.fillRect(output.at(i) + 1, Math.min(zero, zero - height), unit - 2, Math.abs(height));
  });
  drawBase(ctx, stage, output, zero);
  label(ctx, stage, brief(peak), output.y + 6, layout.width);
  label(ctx, stage, brief(-peak), output.y + output.height - 6, layout.width);
  layout.filters.forEach((box, filter) => {
    const values = channelOf(reply.output, filter);
    const scale = scaleOf(stage, reply.about, filter);
    drawBitmap(ctx, mapBitmap(values, 1, values.length, scale.lut, scale.low, scale.high), box);
    const chosen = filter === view.filter;
    outline(ctx, box, chosen ? stage.theme.accent : stage.theme.border, chosen ? 2 : 1);
  });
}

// The patch of the chosen output, the weights below it, and the bar that they make.
/** @param {Stage} stage */
export function drawChoiceRow(ctx, stage, view, layout, places) {
  const { reply, sums } = view;
  const { cell } = sums.about;
  const { input, output, unit } = layout;
  const [, channels, , size] = reply.kernel.shape;
  const channel = channels > 1 ? view.channel : 0;
  const first = (cell.filter * channels + channel) * size;
  const weights = reply.kernel.data.subarray(first, first + size);
  const peak = reply.about.kernel_peaks[cell.filter] || 1;
  const y = input.y + input.height + 8;
  const lut = stage.theme.signed;
  const target = { x: output.at(cell.col), y: output.y, width: unit, height: output.height };
  ctx.strokeStyle = stage.theme.accent;
  cell.input_cols.forEach((at, tap) => {
    const inside = at !== null && (!reply.about.transposed || (at >= 0 && at < input.columns));
    if (!inside) return;
    const box = { x: input.at(at), y, width: unit, height: 20 };
    const i = 3 * Math.round(127.5 * (weights[tap] / peak + 1));
    ctx.fillStyle = `rgb(${lut[i]},${lut[i + 1]},${lut[i + 2]})`;
    ctx.fillRect(box.x, box.y, box.width, box.height);
    writeNumber(ctx, stage, weights[tap], box, inkOn(lut, (weights[tap] / peak + 1) / 2));
    outline(ctx, box, stage.theme.accent, 1);
    outline(ctx, { ...box, y: input.y, height: input.height }, stage.theme.accent, 2);
    ctx.globalAlpha = 0.55;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(box.x + unit / 2, y + 20);
    ctx.lineTo(target.x + unit / 2, target.y);
    ctx.stroke();
    ctx.globalAlpha = 1;
  });
  outline(ctx, target, stage.theme.accent, 2);
  const { total } = places;
  const bend = layout.sums.y - 4;
  ctx.globalAlpha = 0.55;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(target.x + unit / 2, target.y + target.height);
  ctx.lineTo(target.x + unit / 2, bend);
  ctx.lineTo(total.x + total.width / 2, bend);
  ctx.lineTo(total.x + total.width / 2, places.sums.y - 2);
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** @param {Stage} stage */
export function drawLitRow(ctx, stage, view, layout) {
  const { kind, column, links } = view.lit;
  const green = stage.theme.lines[2];
  const bar = (bars, at) => ({
    x: bars.at(at),
    y: bars.y,
    width: layout.unit,
    height: bars.height,
  });
  if (kind === "fed") outline(ctx, bar(layout.input, column), green, 3);
  for (let i = 0; i < links.shape[0]; i++) {
    const link = links.data.subarray(6 * i, 6 * i + 6);
    const box = kind === "fed" ? bar(layout.output, link[5]) : bar(layout.input, link[1]);
    ctx.globalAlpha = 0.2;
    ctx.fillStyle = green;
    ctx.fillRect(box.x, box.y, box.width, box.height);
    ctx.globalAlpha = 1;
    outline(ctx, box, green, 1);
  }
}

/** @param {Stage} stage */
function drawBase(ctx, stage, bars, y) {
  ctx.fillStyle = stage.theme.muted;
  ctx.fillRect(bars.x, y - 0.5, bars.at(bars.columns - 1) - bars.x + 1, 1);
}

/** @param {Stage} stage */
function label(ctx, stage, text, y, width) {
  write(ctx, stage, text, width - 2, y, { size: 11, colour: stage.theme.muted, align: "right" });
}
