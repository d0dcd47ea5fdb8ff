// A detector while it learns: its two losses and AP50, and what it makes of the same held-out scenes
// at the end of each epoch. Extends the comparison of trainings.

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
import comparison, { follow, nameOf, tellRuns } from "../../ui/comparison/view.js";
import { fill, openCanvas, write } from "../../ui/stage/draw.js";
import { note } from "../../ui/stage/parts.js";
import {
  boxOn,
  colourOf,
  coverageMap,
  drawPicture,
  overlayCoverage,
  pictureOf,
  strokeBox,
} from "./draw.js";

const GAP = 10;
const TITLE = 22;
const PLOT = 170; // CSS pixels of a chart's height

// The same two sliders under other names in the page's second training.
const sliders = ({ epoch, after, cut, least }) => ({ epoch: epoch ?? after, cut: cut ?? least });
const state = () => ({
  ...comparison.state(),
  ...epochState(),
  ghosts: ghostState(),
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  local: ["epoch", "cut", "after", "least"],
  charts: "above",
  texts: { epoch: ofLast, after: ofLast },

  build: comparison.build,

  paint(stage, reply, values) {
    keepEarlier(stage, reply.about.runs, values);
    follow(stage, reply);
    showEnds(stage);
    const { epoch: wanted, cut } = sliders(values);
    const last = lastOf(stage);
    const epoch = stage.state.comparison.epoch ?? Math.min(wanted, last);
    showCurves(stage, reply, values, last ? epoch : null);
    const width = stage.frame.clientWidth;
    const narrow = width < 520;
    const plan = stage.state.comparison.plan;
    const side = narrow ? (width - GAP) / 2 : Math.min(150, (width - 3 * GAP) / 4);
    const rowHeight = TITLE + (narrow ? 2 * (side + GAP) : side + GAP);
    const { ctx } = openCanvas(stage, plan.length * rowHeight);
    plan.forEach((planned, k) => {
      const place = { y: k * rowHeight, side, columns: narrow ? 2 : 4 };
      drawScenes(ctx, stage, reply, place, { planned, k, epoch, cut });
    });
    tellRuns(stage, last ? epoch : null);
    if (last) stage.readout.append(note(stage.words.legend));
  },

  describe(stage) {
    return comparison.describe(stage);
  },
};

// The slider ends where the epochs do.
/** @param {Stage} stage */
function showEnds(stage) {
  for (const name of ["epoch", "after"]) {
    const entry = stage.inputs[name];
    if (entry?.shown) entry.shown.textContent = ofLast(stage.values[name], stage);
  }
}

// Both losses and AP50 of the trainings that are shown, and of earlier ones as ghosts.
/** @param {Stage} stage */
function showCurves(stage, reply, values, epoch) {
  const { words } = stage;
  const shown = stage.state.comparison;
  const { before } = reply.about;
  const start = before === undefined ? [] : [{ x: 0, y: 100 * before, text: words.before }];
  showTrainingCurves(
    stage,
    [
      partOf(words, "coverage", 0, PLOT),
      partOf(words, "box", 1, PLOT),
      precisionOf(words, PLOT, true),
    ],
    [...plannedRuns(stage), ...ghostRuns(stage)],
    values,
    { epoch, handlers: epochHandlers(stage, shown), marks: { ap50: start } },
  );
}

/** @param {Stage} stage */
function drawScenes(ctx, stage, reply, { y, side, columns }, { planned, k, epoch, cut }) {
  const run = stage.state.comparison.runs[k];
  const begun = run && (run.epochs.length > 0 || run.step > 0);
  const at = begun ? Math.min(epoch, run.epochs.length) : 0;
  const seen = begun ? seenAt(stage, "detectnet/epoch", planned.name, at) : null;
  const title = fill(stage.words[begun ? "scenes_at" : "scenes_before"], {
    run: nameOf(stage, planned),
    epoch: at,
  });
  write(ctx, stage, title, 0, y + 10, { bold: true, colour: stage.theme.lines[k] });
  for (let index = 0; index < reply.pictures.shape[0]; index++) {
    const picture = pictureOf(reply.pictures, index);
    const place = {
      x: (index % columns) * (side + GAP),
      width: side,
      height: side,
      y: y + TITLE + Math.floor(index / columns) * (side + GAP),
    };
    drawPicture(ctx, stage, picture, place);
    if (seen) overlayCoverage(ctx, stage, coverageMap(seen.coverage, "all", index), place);
    drawTruth(ctx, stage, reply.truths, picture, place, index);
    if (seen) drawFound(ctx, stage, seen, picture, place, index, cut);
  }
}

/** @param {Stage} stage */
function drawTruth(ctx, stage, { data, shape: [count] }, picture, place, index) {
  ctx.strokeStyle = stage.theme.background;
  ctx.lineWidth = 1;
  for (let i = 0; i < count; i++) {
    const row = data.subarray(6 * i, 6 * i + 6);
    if (row[0] !== index) continue;
    const box = boxOn(place, picture, row.subarray(2));
    ctx.strokeRect(box.x, box.y, box.width, box.height);
  }
}

/** @param {Stage} stage */
function drawFound(
  ctx,
  stage,
  { boxes, scores, labels, scene, right },
  picture,
  place,
  index,
  cut,
) {
  for (let i = boxes.shape[0] - 1; i >= 0; i--) {
    if (scene.data[i] !== index || scores.data[i] < cut) continue;
    const box = boxOn(place, picture, boxes.data.subarray(4 * i, 4 * i + 4));
    strokeBox(ctx, stage, box, colourOf(stage, labels.data[i]), !right.data[i], 1.5);
  }
}
