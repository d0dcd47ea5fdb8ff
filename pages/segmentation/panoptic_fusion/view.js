// Panoptic fusion, step by step: on the left what the chosen step makes, on the right the truth;
// below, all steps. Only the fusion is asked again while a threshold moves.
import {
  contextOf,
  drawBitmap,
  drawScale,
  fill,
  openCanvas,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";
import { pixelAt, pointAtPixels } from "../../ui/stage/pixel_pointer.js";
import {
  drawBorders,
  drawCursor,
  drawMarks,
  drawNames,
  nameSegments,
  paintMap,
  segmentColours,
} from "../../ui/stage/scene_segments.js";
import { tell } from "./readout.js";
import { drawAim, drawStep, STEPS } from "./steps.js";

const GAP = 16;
const TITLE = 20;
const MOST_SIDE = 320;
const MOST_THUMB = 78;
const sizeOf = (reply) => reply.ids.shape;

const state = () => ({
  places: [], // pictures that can be pointed at
  hovered: null, // a pixel, "row,column"
  thumbs: [],
  prepared: null, // bitmaps of a reply
  truthLayer: null,
  truthKey: null,
  truthTheme: null,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["step", "errors", "pixel"],

  build(stage) {
    pointAtPixels(stage, sizeOf, (x, y) => choose(stage, x, y));
  },

  paint(stage, reply, values) {
    const width = stage.frame.clientWidth;
    const side = Math.floor(Math.min(MOST_SIDE, (width - GAP) / 2));
    const thumb = Math.floor(Math.min(MOST_THUMB, (width - 6 * 6) / 7));
    const below = TITLE + side + 44;
    const { ctx } = openCanvas(stage, below + thumb + 20);
    const left = { x: 0, y: TITLE, width: side, height: side };
    const right = { ...left, x: side + GAP };
    stage.state.places = [left, right];
    stage.state.thumbs = STEPS.map((name, i) => ({
      name,
      step: i + 1,
      x: i * (thumb + 6),
      y: below,
      width: thumb,
      height: thumb,
    }));
    const made = prepared(stage, reply);
    const step = STEPS[values.step - 1];
    write(ctx, stage, `${values.step}. ${stage.words[`step_${step}`]}`, left.x, 9, { bold: true });
    write(ctx, stage, stage.words.truth, right.x, 9, { bold: true });
    drawStep(ctx, stage, reply, made, { step, place: left });
    drawTruth(ctx, stage, reply, made, right, values);
    if (values.errors) drawErrors(ctx, stage, reply, step);
    drawScaleBelow(ctx, stage, step, left);
    drawThumbs(ctx, stage, reply, made, values);
    const pixel = pixelAt(stage, values, sizeOf(reply));
    if (pixel) {
      drawAim(ctx, stage, reply, pixel, left);
      for (const place of stage.state.places) drawCursor(ctx, stage, pixel, sizeOf(reply), place);
    }
    tell(stage, reply, made.names, pixel);
  },

  describe(stage, { about, peaks }, values) {
    const count = (outcome) => about.verdicts.filter((each) => each.outcome === outcome).length;
    return fill(stage.words.alternative, {
      scene: values.scene,
      step: stage.words[`step_${STEPS[values.step - 1]}`],
      threshold: values.threshold,
      peaks: peaks.shape[0],
      matches: count("match"),
      extra: count("false_positive"),
      missed: count("false_negative"),
      pq: about.pq === null ? "–" : about.pq.toFixed(3),
    });
  },
};

// What follows from an answer alone; small pictures of the steps are made once for each answer.
/** @param {Stage} stage */
function prepared(stage, reply) {
  const made = stage.state.prepared;
  if (made?.reply === reply && made.theme === stage.theme) return made;
  stage.state.prepared = {
    reply,
    theme: stage.theme,
    thumbs: null,
    bitmap: pictureBitmap(reply.pixels),
    names: nameSegments(reply.about),
  };
  return stage.state.prepared;
}

// The truth is the same at all thresholds: drawn once for each scene.
/** @param {Stage} stage */
function drawTruth(ctx, stage, reply, { names }, place, { scene, things, difficulty, overlap }) {
  const ratio = window.devicePixelRatio || 1;
  const key = [scene, things, difficulty, overlap, place.width, ratio].join(" ");
  if (stage.state.truthKey !== key || stage.state.truthTheme !== stage.theme) {
    Object.assign(stage, { truthKey: key, truthTheme: stage.theme });
    const [width, height] = [place.width * ratio, place.height * ratio].map(Math.round);
    stage.state.truthLayer = new OffscreenCanvas(width, height);
    const on = contextOf(stage.state.truthLayer);
    on.scale(ratio, ratio);
    on.textBaseline = "middle";
    const whole = { ...place, x: 0, y: 0 };
    drawBitmap(on, paintMap(reply.truth_ids, segmentColours(stage, names.truth)), whole);
    drawBorders(on, stage, reply.truth_ids, whole);
    drawNames(on, stage, reply.truth_ids, names.truth, whole);
  }
  ctx.drawImage(stage.state.truthLayer, place.x, place.y, place.width, place.height);
  outline(ctx, place, stage.theme.border);
}

// Wrong classes on the map of classes, wrong segments on the result.
/** @param {Stage} stage */
function drawErrors(ctx, stage, reply, step) {
  const { mean_iou: wrongClass, sq, rq } = reply.about.costs;
  const bits = { semantic: wrongClass, result: sq | rq }[step];
  if (bits) drawMarks(ctx, stage, reply.costs, bits, stage.state.places);
}

/** @param {Stage} stage */
function drawScaleBelow(ctx, stage, step, { x, y, width, height }) {
  const word = { heatmap: "scale_height", peaks: "scale_height" }[step];
  if (!word) return;
  const box = { x, y: y + height + 6, width: Math.min(120, width / 2), height: 8 };
  drawScale(ctx, stage, stage.theme.sequential, 0, 1, box, true);
  write(ctx, stage, stage.words[word], box.x + box.width + 10, box.y + 5, { size: 11 });
}

/** @param {Stage} stage */
function drawThumbs(ctx, stage, reply, made, values) {
  const { width } = stage.state.thumbs[0];
  const ratio = window.devicePixelRatio || 1;
  if (made.thumbs?.width !== Math.round(width * ratio) * STEPS.length) {
    made.thumbs = new OffscreenCanvas(
      Math.round(width * ratio) * STEPS.length,
      Math.round(width * ratio),
    );
    const on = contextOf(made.thumbs);
    on.scale(ratio, ratio);
    STEPS.forEach((step, i) => {
      const place = { x: i * width, y: 0, width, height: width };
      on.save();
      on.beginPath();
      on.rect(place.x, 0, width, width);
      on.clip();
      drawStep(on, stage, reply, made, { step, place, isSmall: true });
      on.restore();
    });
  }
  const part = made.thumbs.height;
  stage.state.thumbs.forEach((thumb, i) => {
    ctx.drawImage(made.thumbs, i * part, 0, part, part, thumb.x, thumb.y, width, width);
    const isChosen = thumb.step === values.step;
    outline(ctx, thumb, isChosen ? stage.theme.accent : stage.theme.border, isChosen ? 3 : 1);
    const name = stage.words[`brief_${thumb.name}`];
    const text = width < 60 ? String(thumb.step) : `${thumb.step}. ${name}`;
    const colour = isChosen ? stage.theme.accent : stage.theme.text;
    write(ctx, stage, text, thumb.x, thumb.y + width + 11, { size: 11, bold: isChosen, colour });
  });
}

/** @param {Stage} stage */
function choose(stage, x, y) {
  const found = stage.state.thumbs?.find(
    (thumb) =>
      x >= thumb.x && x < thumb.x + thumb.width && y >= thumb.y && y < thumb.y + thumb.height + 20,
  );
  if (found) stage.set({ step: found.step });
  return Boolean(found);
}
