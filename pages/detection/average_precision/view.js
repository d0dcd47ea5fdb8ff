// Average precision: found and true boxes on one picture, coloured by what they are at the score
// threshold; below, the precision/recall curve of the whole set and AP at every IoU.

import {
  boxOn,
  buildBoxButtons,
  drawHandles,
  editBoxes,
  readBoxes,
  writeBoxes,
} from "../../ui/stage/box_editor.js";
import {
  drawBitmap,
  fill,
  openCanvas,
  outline,
  pictureBitmap,
  pointerPosition,
  write,
} from "../../ui/stage/draw.js";
import { askUntilDone } from "../../ui/stage/engine.js";
import { later } from "../../ui/stage/lifetime.js";
import { chartPlaces, drawChart, iouAt } from "./chart.js";
import { countsAt, isOwn, tell } from "./readout.js";

const PICTURE_HEIGHT = 270;
const HEADING = 22;
const LEGEND_WIDTH = 165; // where there is room, it stands beside the picture
const REACH_PX = 7;
const MOST_DRAWN = 20;

const state = () => ({
  editor: null,
  places: null,
  photo: null,
  photoKey: null,
  pointed: null, // a detection, by rank
  pointedIn: 0, // among how many
  truthOf: null, // the picture and truth before
  showButtons: () => {},
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["score"],

  build(stage) {
    stage.state.editor = editBoxes(stage, {
      boxes: () => readBoxes(stage.values.truth),
      place: () => stage.state.places?.picture,
      change: (boxes, commit) => stage.set({ truth: writeBoxes(boxes) }, commit),
      may: () => ({
        edit: isOwn(stage.values),
        remove: true,
        draw: readBoxes(stage.values.truth).length < MOST_DRAWN,
      }),
    });
    stage.state.showButtons = buildBoxButtons(stage, stage.state.editor);
    stage.on("pointermove", (event) => point(stage, event));
    stage.on("click", (event) => chooseIou(stage, event));
    stage.on("keydown", (event) => walk(stage, event));
  },

  paint(stage, reply, values) {
    forgetOutdated(stage, reply, values);
    const width = stage.frame.clientWidth;
    const picture = picturePlace(width, reply.about.size);
    const beside = width - picture.width >= LEGEND_WIDTH;
    const chart = chartPlaces(width, picture.y + picture.height + (beside ? 14 : 38));
    stage.state.places = { picture, ...chart };
    const { ctx } = openCanvas(stage, chart.bottom);
    drawPicture(ctx, stage, reply, values);
    drawBoxes(ctx, stage, reply, values);
    drawLegend(ctx, stage, reply, values, beside);
    drawChart(ctx, stage, reply, values);
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

function picturePlace(width, [rows, columns]) {
  const most = width < 540 ? width : width - LEGEND_WIDTH;
  const scale = Math.min(PICTURE_HEIGHT / rows, most / columns);
  return { x: 0, y: HEADING, width: Math.round(columns * scale), height: Math.round(rows * scale) };
}

// Boxes drawn on one picture mean nothing on the next.
/** @param {Stage} stage */
function forgetOutdated(stage, reply, values) {
  const { picture } = stage.data.fixed;
  const before = stage.state.truthOf;
  stage.state.truthOf = { picture, truth: values.truth };
  if (before && before.picture !== picture && values.truth && before.truth === values.truth) {
    stage.state.editor.selected = null;
    later(stage, 0, () => stage.set({ truth: "" }));
  }
  if (stage.state.pointedIn !== reply.boxes.data.length) stage.state.pointed = null;
  stage.state.pointedIn = reply.boxes.data.length;
}

// The picture is asked for once for each scene.
/** @param {Stage} stage */
function pictureOf(stage, { detector, scene }) {
  const params = { ...stage.data.fixed, detector, scene };
  const key = JSON.stringify(params);
  if (stage.state.photoKey === key) return stage.state.photo;
  stage.state.photoKey = key;
  const current = () => stage.state.photoKey === key;
  askUntilDone(stage, "average-precision/picture", params, current)
    .then((reply) => {
      if (!reply || !current()) return;
      stage.state.photo = pictureBitmap(reply.picture);
      stage.repaint();
    })
    .catch(() => {
      if (current()) stage.state.photoKey = null;
    }); // asked again with the next repaint
  return stage.state.photo;
}

/** @param {Stage} stage */
function drawPicture(ctx, stage, reply, values) {
  const { picture: box } = stage.state.places;
  const title = isOwn(values)
    ? stage.words.own_picture
    : fill(stage.words.scene_picture, { scene: values.scene, count: reply.about.pictures });
  write(ctx, stage, title, box.x, 9, { size: 12, bold: true });
  const photo = pictureOf(stage, values);
  if (photo) drawBitmap(ctx, photo, box, isOwn(values));
  outline(ctx, box, stage.theme.border);
}

// Box i of an array (n, 4) of pixels, in CSS pixels.
/** @param {Stage} stage */
function placed(stage, reply, { data }, i) {
  const { picture } = stage.state.places;
  const scale = picture.width / reply.about.size[1];
  const [x1, y1, x2, y2] = data.subarray(4 * i, 4 * i + 4);
  return {
    x: picture.x + x1 * scale,
    y: picture.y + y1 * scale,
    width: (x2 - x1) * scale,
    height: (y2 - y1) * scale,
  };
}

/** @param {Stage} stage */
export const colourOf = (stage, kind) =>
  ({
    right: stage.theme.lines[0],
    wrong: stage.theme.lines[1],
    missed: stage.theme.lines[3],
  })[kind];

/** @param {Stage} stage */
function drawBoxes(ctx, stage, reply, values) {
  const own = isOwn(values) ? readBoxes(values.truth) : null;
  const missed = truthsMissed(reply, values.score);
  for (let i = 0; i < missed.length; i++) {
    const box = own?.[i]
      ? boxOn(stage.state.places.picture, own[i])
      : placed(stage, reply, reply.truths, i);
    stroke(ctx, stage, box, missed[i] ? colourOf(stage, "missed") : stage.theme.text, 2, [5, 4]);
    if (stage.state.editor.selected === i && own) drawHandles(ctx, stage, box, stage.theme.accent);
  }
  const shown = [];
  reply.scores.data.forEach((score, i) => {
    if (score >= values.score) shown.push(i);
  });
  for (const i of shown.reverse()) {
    // the best one on top
    const kind = reply.truth_of.data[i] >= 0 ? "right" : "wrong";
    stroke(
      ctx,
      stage,
      placed(stage, reply, reply.boxes, i),
      colourOf(stage, kind),
      kind === "right" ? 2.5 : 1.5,
    );
  }
  const at = stage.state.pointed;
  if (at === null || at === undefined || reply.scores.data[at] < values.score) return;
  const kind = reply.truth_of.data[at] >= 0 ? "right" : "wrong";
  stroke(ctx, stage, placed(stage, reply, reply.boxes, at), colourOf(stage, kind), 4);
}

// Which true boxes nobody has found at this score.
function truthsMissed({ found_by: by, scores }, score) {
  return Array.from(by.data, (i) => i < 0 || scores.data[i] < score);
}

/** @param {Stage} stage */
function stroke(ctx, stage, box, colour, width, dash = []) {
  ctx.setLineDash(dash);
  for (const [line, ink] of [
    [width + 2, stage.theme.background],
    [width, colour],
  ]) {
    ctx.globalAlpha = ink === colour ? 1 : 0.6;
    ctx.strokeStyle = ink;
    ctx.lineWidth = line;
    ctx.strokeRect(box.x, box.y, box.width, box.height);
  }
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
}

/** @param {Stage} stage */
function drawLegend(ctx, stage, reply, values, beside) {
  const { picture } = stage.state.places;
  const right = reply.truth_of.data.filter(
    (t, i) => t >= 0 && reply.scores.data[i] >= values.score,
  ).length;
  const made = reply.scores.data.filter((score) => score >= values.score).length;
  const missed = truthsMissed(reply, values.score).filter(Boolean).length;
  const rows = [
    ["right", right, []],
    ["wrong", made - right, []],
    ["missed", missed, [5, 4]],
  ];
  let [x, y] = [picture.x + picture.width + 16, picture.y + 32];
  if (beside) write(ctx, stage, stage.words.legend, x, picture.y + 8, { size: 12, bold: true });
  else [x, y] = [picture.x, picture.y + picture.height + 18];
  for (const [kind, count, dash] of rows) {
    ctx.setLineDash(dash);
    ctx.strokeStyle = colourOf(stage, kind);
    ctx.lineWidth = 2.5;
    ctx.strokeRect(x + 1, y - 6, 16, 12);
    ctx.setLineDash([]);
    const text = `${count} ${stage.words[`legend_${kind}`]}`;
    write(ctx, stage, text, x + 24, y + 1, { size: 12 });
    if (beside) y += 24;
    else x += 24 + ctx.measureText(text).width + 14;
  }
}

// The found box whose edge is nearest to the pointer.
/** @param {Stage} stage */
function point(stage, event) {
  if (!stage.state.places || !stage.reply || stage.state.editor.drag) return;
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

function edgeDistance({ x: left, y: top, width, height }, x, y) {
  const [right, bottom] = [left + width, top + height];
  const outside = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
  return outside > 0 ? outside : Math.min(x - left, right - x, y - top, bottom - y);
}

/** @param {Stage} stage */
function chooseIou(stage, event) {
  if (!stage.state.places || !stage.reply) return;
  const { x, y } = pointerPosition(stage, event);
  const iou = iouAt(stage, stage.reply, x, y);
  if (iou !== null) stage.set({ iou });
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
