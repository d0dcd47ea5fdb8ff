// Faster R-CNN while it learns: its four losses and AP50, and the watched scenes as it saw them after
// an epoch: where it expects objects, and which boxes it says.

import { ghostRuns, ghostState, keepEarlier } from "../../ui/comparison/ghosts.js";
import { EPOCH, epochHandlers, showTrainingCurves } from "../../ui/comparison/training_curves.js";
import comparison, { follow, nameOf, tellRuns } from "../../ui/comparison/view.js";
import {
  drawBitmap,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";
import { note } from "../../ui/stage/parts.js";
import { boxIn } from "./scene.js";

const GAP = 10;
const TITLE = 22;
const PLOT = 140; // CSS pixels of a chart's height
const KEPT = 64; // epochs whose answers are remembered
const LOSSES = ["objectness", "proposal_box", "class", "box"];

/** @param {Stage} stage */
const lastOf = (stage) =>
  Math.max(0, ...stage.state.comparison.runs.map((run) => run.epochs.length));
/** @param {Stage} stage */
const ofLast = (value, stage) => {
  const last = lastOf(stage);
  return last ? `${Math.min(value, last)} / ${last}` : "–";
};

const state = () => ({
  ...comparison.state(),
  answered: new Map(), // "run/epoch" → what the net of that run saw then
  lastSeen: null,
  ghosts: ghostState(),
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  local: ["epoch", "least"],
  charts: "above",
  texts: { epoch: ofLast },

  build: comparison.build,

  paint(stage, reply, values) {
    keepEarlier(stage, reply.about.runs, values);
    follow(stage, reply);
    if (stage.inputs.epoch?.shown)
      stage.inputs.epoch.shown.textContent = ofLast(stage.values.epoch, stage);
    const last = lastOf(stage);
    const epoch = stage.state.comparison.epoch ?? Math.min(values.epoch, last);
    showCurves(stage, values, last ? epoch : null);
    const width = stage.frame.clientWidth;
    const columns = width < 520 ? 2 : 4;
    const side = Math.min(150, (width - (columns - 1) * GAP) / columns);
    const rows = Math.ceil(reply.pictures.shape[0] / columns);
    const { ctx } = openCanvas(stage, TITLE + rows * (side + GAP));
    drawScenes(ctx, stage, reply, { side, columns, epoch, least: values.least });
    tellRuns(stage, last ? epoch : null);
    if (last) stage.readout.append(note(stage.words.legend));
  },

  describe: comparison.describe,
};

/** @param {Stage} stage */
function showCurves(stage, values, epoch) {
  const { words } = stage;
  const shown = stage.state.comparison;
  const runs = shown.plan.map((planned, k) => ({
    steps: [],
    epochs: [],
    ...shown.runs[k], // what has been measured
    name: nameOf(stage, planned),
    style: k,
    planned: planned.settings.train.epochs,
  }));
  const measures = [...LOSSES.map((name, part) => partOf(words, name, part)), precisionOf(words)];
  const handlers = epochHandlers(stage, shown);
  showTrainingCurves(stage, measures, [...runs, ...ghostRuns(stage)], values, { epoch, handlers });
}

// One of the four losses: batches, and held-out scenes.
/** @returns {import("../../ui/comparison/training_curves.js").Measure} */
const partOf = (words, name, part) => ({
  name,
  title: words[`plot_${name}`],
  kind: "loss",
  step: (run, i) => run.stepParts?.[i]?.[part],
  held: (run, i) => run.epochParts?.[i]?.[part],
  height: PLOT,
});

/** @returns {import("../../ui/comparison/training_curves.js").Measure} */
const precisionOf = (words) => ({
  name: "ap50",
  title: words.plot_ap50,
  kind: "share",
  held: (run, i) => run.epochs[i][EPOCH.accuracy],
  height: PLOT,
  broad: true,
});

/** @param {Stage} stage */
function drawScenes(ctx, stage, reply, { side, columns, epoch, least }) {
  const [planned] = stage.state.comparison.plan;
  const [run] = stage.state.comparison.runs;
  const begun = run && (run.epochs.length > 0 || run.step > 0);
  const at = begun ? Math.min(epoch, run.epochs.length) : 0;
  const seen = begun ? askScenes(stage, planned.name, at) : null;
  const title = fill(stage.words[begun ? "scenes_at" : "scenes_before"], { epoch: at });
  write(ctx, stage, title, 0, 10, { bold: true });
  const [count, rows, across] = reply.pictures.shape;
  for (let index = 0; index < count; index++) {
    const place = {
      x: (index % columns) * (side + GAP),
      y: TITLE + Math.floor(index / columns) * (side + GAP),
      width: side,
      height: side,
    };
    const size = rows * across * 3;
    const data = reply.pictures.data.subarray(index * size, (index + 1) * size);
    drawBitmap(ctx, pictureBitmap({ data, shape: [rows, across, 3] }), place, true);
    const frame = { place, part: { x: 0, y: 0, side: Math.max(rows, across) } };
    if (seen) drawExpected(ctx, stage, seen.objectness, index, place);
    drawTruths(ctx, stage, reply.truths, index, frame);
    if (seen) drawFound(ctx, stage, seen, index, frame, least);
    outline(ctx, place, stage.theme.border);
  }
}

// Where an anchor is likely to be an object's.
/** @param {Stage} stage */
function drawExpected(ctx, stage, { data, shape: [, rows, columns] }, index, place) {
  const map = data.subarray(index * rows * columns, (index + 1) * rows * columns);
  ctx.globalAlpha = 0.4;
  drawBitmap(ctx, mapBitmap(map, rows, columns, stage.theme.sequential, 0, 1), place);
  ctx.globalAlpha = 1;
}

/** @param {Stage} stage */
function drawTruths(ctx, stage, { data, shape: [count] }, index, frame) {
  ctx.strokeStyle = stage.theme.background;
  ctx.lineWidth = 1;
  for (let i = 0; i < count; i++) {
    const row = data.subarray(6 * i, 6 * i + 6);
    if (row[0] !== index) continue;
    const box = boxIn(frame, row.subarray(2));
    ctx.strokeRect(box.x, box.y, box.width, box.height);
  }
}

/** @param {Stage} stage */
function drawFound(ctx, stage, { boxes, scores, labels, scene, right }, index, frame, least) {
  for (let i = boxes.shape[0] - 1; i >= 0; i--) {
    if (scene.data[i] !== index || scores.data[i] < least) continue;
    const box = boxIn(frame, boxes.data.subarray(4 * i, 4 * i + 4));
    ctx.setLineDash(right.data[i] ? [] : [4, 4]);
    for (const [ink, width] of [
      [stage.theme.background, 3.5],
      [stage.theme.lines[labels.data[i]], 1.5],
    ]) {
      ctx.strokeStyle = ink;
      ctx.lineWidth = width;
      ctx.strokeRect(box.x, box.y, box.width, box.height);
    }
    ctx.setLineDash([]);
  }
}

// What the net saw at the end of an epoch: asked once, painted when it is there. Until then what it
// saw last stays.
/** @param {Stage} stage */
function askScenes(stage, name, epoch) {
  const key = `${name}/${epoch}`;
  const { answered } = stage.state;
  if (answered.get(key)) {
    stage.state.lastSeen = answered.get(key);
    return stage.state.lastSeen;
  }
  if (!answered.has(key)) {
    answered.set(key, null);
    stage
      .ask("two-stage/epoch", { name, epoch })
      .then((reply) => {
        answered.set(key, reply);
        if (answered.size > KEPT) answered.delete(answered.keys().next().value);
        stage.repaint();
      })
      .catch(() => answered.delete(key)); // not written yet: the next repaint asks again
  }
  return stage.state.lastSeen;
}
