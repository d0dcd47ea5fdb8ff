// The picture with found and true boxes, coloured by what they are at the score threshold.
import { boxOn, drawHandles } from "../../ui/stage/box_editor.js";
import { drawBitmap, fill, outline, pictureBitmap, write } from "../../ui/stage/draw.js";
import { askUntilDone } from "../../ui/stage/engine.js";
import { isOwn } from "./readout.js";
import { boxesOn } from "./truths.js";

/** @import { Stage } from "./view.js" */

const HEIGHT = 330;
const HEADING = 22;
const LEGEND_WIDTH = 165; // where there is room, it stands beside the picture

/** Where the picture lies, and whether the legend stands beside it. */
export function planPicture(width, [rows, columns]) {
  const most = width < 540 ? width : width - LEGEND_WIDTH;
  const scale = Math.min(HEIGHT / rows, most / columns);
  const place = {
    x: 0,
    y: HEADING,
    width: Math.round(columns * scale),
    height: Math.round(rows * scale),
  };
  const beside = width - place.width >= LEGEND_WIDTH;
  return { place, beside, bottom: place.y + place.height + (beside ? 4 : 34) };
}

// The picture is asked for once for each scene.
/** @param {Stage} stage */
export function pictureOf(stage, { detector, scene }) {
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
export function drawPicture(ctx, stage, reply, values) {
  const box = stage.state.place;
  const { words } = stage;
  const told = { scene: values.scene, count: reply.about.pictures };
  const title = isOwn(reply) ? words.own_picture : fill(words.scene_picture, told);
  write(ctx, stage, title, box.x, 9, { size: 12, bold: true });
  const photo = pictureOf(stage, values);
  if (photo) drawBitmap(ctx, photo, box, isOwn(reply));
  outline(ctx, box, stage.theme.border);
}

// Box i of an array (n, 4) of pixels, in CSS pixels.
/** @param {Stage} stage */
export function placed(stage, reply, { data }, i) {
  const { place } = stage.state;
  const scale = place.width / reply.about.size[1];
  const [x1, y1, x2, y2] = data.subarray(4 * i, 4 * i + 4);
  return {
    x: place.x + x1 * scale,
    y: place.y + y1 * scale,
    width: (x2 - x1) * scale,
    height: (y2 - y1) * scale,
  };
}

/** @param {import("../../ui/stage/types.d.ts").Stage} stage */
export const colourOf = ({ theme }, kind) =>
  ({ right: theme.boxes[0], wrong: theme.boxes[1], missed: theme.boxes[3] })[kind];

/** @param {Stage} stage */
export function drawBoxes(ctx, stage, reply, values) {
  drawTruths(ctx, stage, reply, values);
  const shown = [];
  reply.scores.data.forEach((score, i) => {
    if (score >= values.score) shown.push(i);
  });
  for (const i of shown.reverse()) {
    // the best one on top
    const kind = reply.truth_of.data[i] >= 0 ? "right" : "wrong";
    const width = i === stage.state.pointed ? 4 : kind === "right" ? 2.5 : 1.5;
    stroke(ctx, stage, placed(stage, reply, reply.boxes, i), colourOf(stage, kind), width);
  }
}

/** @param {Stage} stage */
function drawTruths(ctx, stage, reply, values) {
  const own = isOwn(reply) ? boxesOn(values.truth, stage.data.fixed.picture) : null;
  const missed = truthsMissed(reply, values.score);
  for (let i = 0; i < missed.length; i++) {
    const box = own?.[i] ? boxOn(stage.state.place, own[i]) : placed(stage, reply, reply.truths, i);
    const colour = missed[i] ? colourOf(stage, "missed") : stage.theme.text;
    stroke(ctx, stage, box, colour, 2, [5, 4]);
    if (stage.state.editor.selected === i && own) drawHandles(ctx, stage, box, stage.theme.accent);
  }
}

// Which true boxes nobody has found at this score.
function truthsMissed({ found_by: by, scores }, score) {
  return Array.from(by.data, (i) => i < 0 || scores.data[i] < score);
}

/** @param {import("../../ui/stage/types.d.ts").Stage} stage */
export function stroke(ctx, stage, box, colour, width, dash = []) {
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
export function drawLegend(ctx, stage, reply, values, beside) {
  const { place } = stage.state;
  const { truth_of: of, scores } = reply;
  const counts = [...scores.data].filter((score) => score >= values.score).length;
  const right = of.data.filter((t, i) => t >= 0 && scores.data[i] >= values.score).length;
  const missed = truthsMissed(reply, values.score).filter(Boolean).length;
  const rows = [
    { kind: "right", count: right, dash: [] },
    { kind: "wrong", count: counts - right, dash: [] },
    { kind: "missed", count: missed, dash: [5, 4] },
  ];
  let [x, y] = [place.x + place.width + 16, place.y + 32];
  if (beside) write(ctx, stage, stage.words.legend, x, place.y + 8, { size: 12, bold: true });
  else [x, y] = [place.x, place.y + place.height + 18];
  for (const { kind, count, dash } of rows) {
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
