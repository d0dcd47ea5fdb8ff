// Faster R-CNN while it learns: its four losses and AP50, and the watched scenes as it saw them after
// an epoch: where it expects objects, and which boxes it says.

import {
  epochState,
  lastOf,
  ofLast,
  partOf,
  plannedRuns,
  precisionOf,
  seenAt,
} from "../../ui/comparison/detector_training.js";
import { ghostRuns, ghostState, keepEarlier } from "../../ui/comparison/ghosts.js";
import { epochHandlers, showTrainingCurves } from "../../ui/comparison/training_curves.js";
import comparison, { follow, tellRuns } from "../../ui/comparison/view.js";
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
const LOSSES = ["objectness", "proposal_box", "class", "box"];

const state = () => ({
  ...comparison.state(),
  ...epochState(),
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
  const losses = LOSSES.map((name, part) => partOf(words, name, part, PLOT));
  const measures = [...losses, precisionOf(words, PLOT, true)];
  const handlers = epochHandlers(stage, shown);
  const runs = [...plannedRuns(stage), ...ghostRuns(stage)];
  showTrainingCurves(stage, measures, runs, values, { epoch, handlers });
}

/** @param {Stage} stage */
function drawScenes(ctx, stage, reply, { side, columns, epoch, least }) {
  const [planned] = stage.state.comparison.plan;
  const [run] = stage.state.comparison.runs;
  const begun = run && (run.epochs.length > 0 || run.step > 0);
  const at = begun ? Math.min(epoch, run.epochs.length) : 0;
  const seen = begun ? seenAt(stage, "two-stage/epoch", planned.name, at) : null;
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
