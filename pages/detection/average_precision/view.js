// Average precision: found and true boxes on one picture, coloured by what they are at the score
// threshold; below, the precision/recall curve of the whole set and AP at every IoU.

import { offerLabels } from "../../ui/own_labels/using.js";
import { buildBoxButtons, editBoxes } from "../../ui/stage/box_editor.js";
import { edgeDistance } from "../../ui/stage/boxes.js";
import { drawBitmap, fill, openCanvas, pointerPosition } from "../../ui/stage/draw.js";
import { drawProgress } from "../../ui/stage/photo.js";
import { showCharts } from "./charts.js";
import { drawBoxes, drawLegend, drawPicture, pictureOf, placed, planPicture } from "./picture.js";
import { countsAt, isOwn, tell } from "./readout.js";
import { boxesOn, linkOf, MOST_BOXES, MOST_PHOTOS, withBoxes } from "./truths.js";

const REACH_PX = 7;

const state = () => ({
  editor: null,
  place: null, // of the picture
  photo: null,
  photoKey: null,
  pointed: null, // a detection, by rank
  pointedIn: 0, // among how many
  picture: null, // whose boxes are edited
  showButtons: () => {},
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["score"],

  build(stage) {
    stage.frame.classList.add("beside"); // the charts stand beside the picture
    const drawn = () => boxesOn(stage.values.truth, stage.data.fixed.picture);
    stage.state.editor = editBoxes(stage, {
      boxes: drawn,
      place: () => stage.state.place,
      change: (boxes, commit) => {
        const truth = withBoxes(stage.values.truth, stage.data.fixed.picture, boxes);
        stage.set({ truth }, commit);
      },
      may: () => ({
        edit: isOwn(stage.reply),
        remove: true,
        draw: drawn().length < MOST_BOXES,
      }),
    });
    stage.state.showButtons = buildBoxButtons(stage, stage.state.editor);
    offerLabels(stage, { most: MOST_PHOTOS, link: linkOf });
    stage.on("pointermove", (event) => point(stage, event));
    stage.on("keydown", (event) => walk(stage, event));
  },

  wait(stage, values, progress) {
    const photo = pictureOf(stage, values);
    if (!photo) return false;
    /** @type {[number, number]} */
    const shape = [photo.height, photo.width];
    const { place, bottom } = planPicture(stage.canvas.clientWidth, shape);
    const { ctx } = openCanvas(stage, bottom);
    drawBitmap(ctx, photo, place, true);
    if (stage.busy) drawProgress(ctx, stage, place, progress);
    return true;
  },

  paint(stage, reply, values) {
    forgetOutdated(stage, reply);
    const { place, beside, bottom } = planPicture(stage.canvas.clientWidth, reply.about.size);
    stage.state.place = place;
    const { ctx } = openCanvas(stage, bottom);
    drawPicture(ctx, stage, reply, values);
    drawBoxes(ctx, stage, reply, values);
    drawLegend(ctx, stage, reply, values, beside);
    showCharts(stage, reply, values);
    stage.state.showButtons();
    tell(stage, reply, values);
  },

  describe(stage, reply, values) {
    const counts = countsAt(reply, values.score);
    return fill(stage.words.alternative, {
      score: values.score,
      iou: values.iou,
      ...counts,
      objects: reply.about.objects,
      ap: reply.about.ap === null ? "–" : reply.about.ap.toFixed(3),
    });
  },
};

// What was chosen on one picture is not chosen on the next.
/** @param {Stage} stage */
function forgetOutdated(stage, reply) {
  const { picture } = stage.data.fixed;
  if (stage.state.picture !== picture) stage.state.editor.selected = null;
  stage.state.picture = picture;
  if (stage.state.pointedIn !== reply.boxes.data.length) stage.state.pointed = null;
  stage.state.pointedIn = reply.boxes.data.length;
}

// The found box whose edge is nearest to the pointer.
/** @param {Stage} stage */
function point(stage, event) {
  if (!stage.state.place || !stage.reply || stage.state.editor.drag) return;
  const { x, y } = pointerPosition(stage, event);
  let [best, nearest] = [null, REACH_PX];
  stage.reply.scores.data.forEach((score, i) => {
    if (score < stage.values.score) return;
    const box = placed(stage, stage.reply, stage.reply.boxes, i);
    const distance = edgeDistance(box, x, y);
    if (distance < nearest) [best, nearest] = [i, distance];
  });
  if (best === null || best === stage.state.pointed) return;
  stage.state.pointed = best;
  stage.repaint();
}

// Left and right walk over the found boxes, unless they move a drawn one (box_editor.js).
/** @param {Stage} stage */
function walk(stage, event) {
  const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!way || !stage.reply) return;
  const { scores } = stage.reply;
  const count = scores.data.filter((score) => score >= stage.values.score).length;
  event.preventDefault();
  if (!count) return;
  stage.state.pointed = ((stage.state.pointed ?? (way > 0 ? -1 : 0)) + way + count) % count;
  stage.repaint();
}
