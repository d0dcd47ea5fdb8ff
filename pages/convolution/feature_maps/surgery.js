// Filter surgery: what later stages feel when channels are scaled, and the classes before and after.

import {
  brief,
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  write,
} from "../../ui/stage/draw.js";
import { heading, note, paragraph } from "../../ui/stage/parts.js";

const GAP = 10;
const ROW = 30;

/** @import { Stage } from "../../ui/stage/types.d.ts" */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  texts: { factor: (value) => `× ${brief(value)}` },

  paint(stage, reply) {
    const { felt, labels } = reply.about;
    const full = stage.frame.clientWidth;
    const columns = full < 540 ? 3 : 6;
    const side = Math.floor((full - GAP * (columns - 1)) / columns);
    const lines = Math.ceil(felt.length / columns);
    const top = 24 + lines * (side + 56);
    const { ctx } = openCanvas(stage, top + 26 + labels.length * ROW);
    const muted = { size: 12, colour: stage.theme.muted };
    write(ctx, stage, stage.words.felt, 0, 8, muted);
    felt.forEach((each, i) => {
      const x = (i % columns) * (side + GAP);
      const y = 24 + Math.floor(i / columns) * (side + 56);
      drawFelt(ctx, stage, each, reply[`difference_${i + 1}`], { x, y, width: side, height: side });
    });
    drawLegend(ctx, stage, full, top + 6);
    labels.forEach((label, i) => drawClass(ctx, stage, label, full, top + 26 + i * ROW));
    showNumbers(stage, reply.about);
  },

  describe(stage, { about }) {
    const [first] = about.labels;
    return fill(stage.words.surgery_alternative, {
      channels: about.channels.join(", "),
      layer: about.layer,
      name: first.name,
      before: percent(first.before),
      after: percent(first.after),
    });
  },
};

const percent = (prob) => (100 * prob).toFixed(1);

/** @param {Stage} stage */
function drawFelt(ctx, stage, felt, { data, shape: [rows, columns] }, box) {
  const bitmap = mapBitmap(data, rows, columns, stage.theme.signed, 0, 255);
  drawBitmap(ctx, bitmap, { ...box, y: box.y + 14 });
  outline(ctx, { ...box, y: box.y + 14 }, stage.theme.border);
  write(ctx, stage, felt.name, box.x, box.y + 4, { size: 11, bold: true });
  const change = `${brief(100 * felt.change)} %`;
  const right = { size: 11, align: "right", colour: stage.theme.accent };
  write(ctx, stage, change, box.x + box.width, box.y + 4, right);
  const scale = { x: box.x, y: box.y + box.height + 19, width: box.width, height: 5 };
  drawScale(ctx, stage, stage.theme.signed, -felt.reach, felt.reach, scale);
}

/** @param {Stage} stage */
function drawLegend(ctx, stage, width, y) {
  const small = { size: 11, align: "right" };
  const after = stage.words.after;
  write(ctx, stage, after, width, y, { ...small, colour: stage.theme.accent });
  ctx.font = `400 11px ${stage.theme.font}`;
  const at = width - ctx.measureText(after).width - 14;
  write(ctx, stage, stage.words.before, at, y, { ...small, colour: stage.theme.muted });
  write(ctx, stage, stage.words.classes, 0, y, { size: 12, colour: stage.theme.muted });
}

/** @param {Stage} stage */
function drawClass(ctx, stage, { name, before, after }, width, y) {
  const { theme } = stage;
  write(ctx, stage, name, 0, y + 6, { size: 13 });
  const numbers = { size: 12, align: "right", mono: true };
  write(ctx, stage, `${percent(after)} %`, width, y + 6, { ...numbers, colour: theme.accent });
  write(ctx, stage, `${percent(before)} %`, width - 66, y + 6, { ...numbers, colour: theme.muted });
  ctx.fillStyle = theme.muted;
  ctx.fillRect(0, y + 15, Math.max(1, width * before), 4);
  ctx.fillStyle = theme.accent;
  ctx.fillRect(0, y + 20, Math.max(1, width * after), 4);
}

/** @param {Stage} stage */
function showNumbers(stage, about) {
  const { words } = stage;
  const [first] = about.labels;
  const last = about.felt.at(-1);
  const facts = [
    fill(words.operated_channels, { channels: about.channels.join(", ") }),
    fill(words.operated_answer, {
      name: first.name,
      before: percent(first.before),
      after: percent(first.after),
    }),
    fill(words.operated_last, { layer: last.name, change: brief(100 * last.change) }),
    about.best === first.name ? "" : fill(words.operated_best, { name: about.best }),
  ];
  stage.readout.replaceChildren(
    heading(fill(words.operated, { layer: about.layer })),
    paragraph(facts.join(" "), "surgery-facts"),
    note(words.felt_note),
  );
}
