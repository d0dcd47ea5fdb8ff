// Faster R-CNN opened on a scene: the object that the reader points at, followed from its anchors to
// its box. At the left the whole scene, at the right the object from near, or a map of it.

import {
  cellBox,
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  pictureBitmap,
  pointerPosition,
  write,
} from "../../ui/stage/draw.js";
import { tell } from "./follow.js";
import { anchorsAt, colourOf, levelOf } from "./levels.js";
import { boxIn, boxOfRow, clipTo, drawPart, nearBy, objectAt, WHOLE } from "./scene.js";
import { ANCHORS, ANSWER, CROP, FATES, OBJECTNESS, PROPOSALS, STEPS } from "./steps.js";

const GAP = 16;
const TITLE = 20;
const MOST_SIDE = 300;
const FAINTEST = 0.2; // of a box that the network is hardly sure of
const OVERLAP = 0.5; // from which a proposal lies on an object

const state = () => ({
  place: null, // of the scene
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["step", "thing"],
  texts: { step: (value, stage) => stage.words[`step_${STEPS[value - 1]}`] },

  build(stage) {
    stage.on("click", (event) => {
      const { place } = stage.state;
      if (!place || !stage.reply) return;
      const { x, y } = pointerPosition(stage, event);
      const thing = objectAt(stage.reply, place, x, y);
      if (thing !== null) stage.set({ thing: String(thing) });
    });
    stage.on("keydown", (event) => walk(stage, event));
  },

  paint(stage, reply, values) {
    const width = stage.frame.clientWidth;
    const side = Math.min(MOST_SIDE, (width - GAP) / 2);
    const { ctx } = openCanvas(stage, TITLE + side + 24);
    const left = { x: 0, y: TITLE, width: side, height: side };
    const right = { ...left, x: side + GAP };
    stage.state.place = left;
    const thing = thingOf(reply, values);
    const step = STEPS[values.step - 1];
    const shown = { ctx, stage, reply, thing, step, bitmap: pictureBitmap(reply.pixels) };
    write(ctx, stage, wordOf(shown, `left_${step}`), left.x, 9, { bold: true });
    write(ctx, stage, wordOf(shown, `right_${step}`), right.x, 9, { bold: true });
    drawLeft(shown, left);
    drawRight(shown, right);
    tell(stage, reply, thing, step);
  },

  describe(stage, reply, values) {
    const found = reply.found_by.data.filter((by) => by >= 0).length;
    return fill(stage.words[reply.about.names ? "photo_alternative" : "opened_alternative"], {
      scene: values.scene,
      objects: reply.found_by.data.length,
      found,
      step: stage.words[`step_${STEPS[values.step - 1]}`],
    });
  },
};

// The object that is followed: the first where none has been chosen, or another scene has fewer.
/** @type {(reply: any, values: any) => number} */
const thingOf = ({ truth_labels: labels }, { thing }) =>
  Number(thing) < labels.data.length ? Number(thing) : 0;

// What a photo's picture is called where it is another one than a scene's.
const wordOf = ({ stage, reply }, name) =>
  (reply.about.names && stage.words[`photo_${name}`]) || stage.words[name];

/** @param {Stage} stage */
function walk(stage, event) {
  const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!stage.reply || !way) return;
  event.preventDefault();
  const count = stage.reply.truth_labels.data.length;
  const at = thingOf(stage.reply, stage.values);
  stage.set({ thing: String((at + way + count) % count) });
}

function drawLeft(shown, place) {
  const { ctx, stage, reply, thing, step, bitmap } = shown;
  const frame = { place, part: WHOLE(reply) };
  drawPart(ctx, bitmap, frame);
  clipTo(ctx, place, () => {
    if (step === OBJECTNESS) drawObjectness(shown, frame, reply.objectness);
    if (step === PROPOSALS) drawProposals(shown, frame, () => true, 0.5);
    if (step === ANSWER || step === FATES) drawSurvivors(shown, frame);
    drawTruths(shown, frame);
    if (step === CROP) drawFollowedBox(shown, frame, true);
  });
  stroke(ctx, stage, boxIn(frame, boxOfRow(reply.truth_boxes, thing)), stage.theme.accent, 2);
  outline(ctx, place, stage.theme.border);
}

function drawRight(shown, place) {
  const { ctx, stage, reply, thing, step, bitmap } = shown;
  if (step === OBJECTNESS) {
    // of a published network nobody has kept what it said before it had learnt anything
    const before = reply.objectness_before;
    const frame = { place, part: before ? WHOLE(reply) : nearBy(reply, thing) };
    drawPart(ctx, bitmap, frame);
    clipTo(ctx, place, () => drawObjectness(shown, frame, before ?? reply.objectness));
    scaleUnder(shown, place, 0, 1);
  } else if (step === CROP) drawCrop(shown, place);
  else {
    const frame = { place, part: nearBy(reply, thing) };
    drawPart(ctx, bitmap, frame);
    clipTo(ctx, place, () => drawNear(shown, frame));
  }
  outline(ctx, place, stage.theme.border);
}

// The object from near: its anchors, its proposals, its two boxes, or the fates of all on it.
function drawNear(shown, frame) {
  const { ctx, stage, reply, thing, step } = shown;
  const { theme } = stage;
  const truth = boxIn(frame, boxOfRow(reply.truth_boxes, thing));
  if (step === PROPOSALS || step === FATES)
    drawProposals(shown, frame, (k) => overlapOf(reply, k, thing) >= OVERLAP, 0.9);
  if (step === ANSWER) drawFollowedBox(shown, frame, false);
  if (step === ANCHORS) drawAnchors(shown, frame);
  ctx.setLineDash([3, 3]);
  stroke(ctx, stage, truth, theme.text, 1.5);
  ctx.setLineDash([]);
}

// All anchors at the place of the best one; the dots are the places of its map.
function drawAnchors(shown, frame) {
  const { ctx, stage, reply, thing } = shown;
  const best = reply.best_anchor.data[thing];
  const level = levelOf(reply, best);
  const { first, count } = anchorsAt(level, best);
  const [across, down] = level.stride_px;
  ctx.fillStyle = stage.theme.accent;
  for (let row = 0; row < level.rows; row++)
    for (let column = 0; column < level.columns; column++) {
      const [x, y] = [column * across, row * down];
      const at = boxIn(frame, [x, y, x, y]);
      ctx.fillRect(at.x - 1, at.y - 1, 2, 2);
    }
  for (let i = first; i < first + count; i++) {
    if (i !== best)
      stroke(ctx, stage, boxIn(frame, boxOfRow(reply.anchors, i)), stage.theme.text, 1);
  }
  stroke(ctx, stage, boxIn(frame, boxOfRow(reply.anchors, best)), stage.theme.accent, 3);
}

// The likeliest anchor of each place, on the map that has the followed object's best anchor.
function drawObjectness({ ctx, stage, reply, thing }, frame, { data }) {
  const level = levelOf(reply, reply.best_anchor.data[thing]);
  const { rows, columns, start } = level;
  const { count } = anchorsAt(level, start);
  const most = Float32Array.from({ length: rows * columns }, (_, i) =>
    data.subarray(start + count * i, start + count * (i + 1)).reduce((a, b) => Math.max(a, b), 0),
  );
  const [across, down] = level.stride_px;
  const box = boxIn(frame, [0, 0, columns * across, rows * down]);
  ctx.globalAlpha = 0.75;
  drawBitmap(ctx, mapBitmap(most, rows, columns, stage.theme.sequential, 0, 1), box);
  ctx.globalAlpha = 1;
}

function drawProposals({ ctx, stage, reply }, frame, isShown, alpha) {
  ctx.globalAlpha = alpha;
  for (let k = 0; k < reply.proposals.data.length; k++) {
    if (!isShown(k)) continue;
    const box = boxIn(frame, boxOfRow(reply.first_boxes, reply.proposals.data[k]));
    stroke(ctx, stage, box, stage.theme.text, 1);
  }
  ctx.globalAlpha = 1;
}

// The boxes of the answer, as opaque as they are sure.
function drawSurvivors({ ctx, stage, reply }, frame) {
  for (let k = 0; k < reply.fate.data.length; k++) {
    if (reply.fate.data[k] !== 0) continue;
    const label = reply.labels.data[k];
    ctx.globalAlpha = Math.max(FAINTEST, reply.probs.data[k * reply.probs.shape[1] + label]);
    const colour = colourOf(stage.theme, label);
    stroke(ctx, stage, boxIn(frame, boxOfRow(reply.boxes, k)), colour, 2.5);
  }
  ctx.globalAlpha = 1;
}

function drawTruths({ ctx, stage, reply }, frame) {
  ctx.setLineDash([3, 3]);
  for (let k = 0; k < reply.truth_labels.data.length; k++) {
    stroke(ctx, stage, boxIn(frame, boxOfRow(reply.truth_boxes, k)), stage.theme.text, 1);
  }
  ctx.setLineDash([]);
}

// The proposal that is followed, dashed, with its crop's cells or with the corrected box, solid.
function drawFollowedBox({ ctx, stage, reply, thing }, frame, withCells) {
  const k = reply.follow.data[thing];
  if (k < 0) return;
  const { theme } = stage;
  const proposal = boxIn(frame, boxOfRow(reply.first_boxes, reply.proposals.data[k]));
  if (withCells) {
    const { cells } = reply.about;
    for (let i = 0; i < cells * cells; i++)
      stroke(
        ctx,
        stage,
        cellBox(proposal, cells, cells, Math.floor(i / cells), i % cells),
        theme.text,
        0.5,
      );
    stroke(ctx, stage, proposal, theme.accent, 2);
    return;
  }
  ctx.setLineDash([6, 4]);
  stroke(ctx, stage, proposal, theme.accent, 2);
  ctx.setLineDash([]);
  const colour = colourOf(theme, reply.labels.data[k]);
  stroke(ctx, stage, boxIn(frame, boxOfRow(reply.boxes, k)), colour, 3);
}

function drawCrop(shown, place) {
  const { ctx, stage, reply, thing } = shown;
  const k = reply.follow.data[thing];
  if (k < 0) return;
  const { cells } = reply.about;
  const crop = reply.crops.data.subarray(k * cells * cells, (k + 1) * cells * cells);
  const high = crop.reduce((most, value) => Math.max(most, value), 0);
  drawBitmap(ctx, mapBitmap(crop, cells, cells, stage.theme.sequential, 0, high), place);
  scaleUnder(shown, place, 0, high);
}

function scaleUnder({ ctx, stage }, place, low, high) {
  const scale = { x: place.x, y: place.y + place.height + 4, width: 120, height: 6 };
  drawScale(ctx, stage, stage.theme.sequential, low, high, scale);
}

const overlapOf = ({ proposal_overlap: { data, shape } }, k, thing) => data[k * shape[1] + thing];

// A line on any picture: the page's ground below, its colour above.
/** @param {Stage} stage */
function stroke(ctx, stage, box, colour, width) {
  if (width > 1) {
    ctx.strokeStyle = stage.theme.background;
    ctx.lineWidth = width + 2;
    ctx.strokeRect(box.x, box.y, box.width, box.height);
  }
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.strokeRect(box.x, box.y, box.width, box.height);
}
