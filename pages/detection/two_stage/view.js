// R-CNN on the photo: every box that was proposed, what is left of them, and the one that is
// followed: as it was cut out and warped, and as it lies in the one map of the whole picture.

import { boxOf, drawTag, edgeDistance, strong, tagBox, touch } from "../../ui/stage/boxes.js";
import {
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
import { drawPhoto, drawProgress, photoShape } from "../../ui/stage/photo.js";
import { showCosts } from "./costs.js";
import { FATE, nameOf, tell } from "./readout.js";

const VEIL = 0.3; // over the photo, so that boxes stand out
const MOST_HEIGHT = 300;
const CROP = 96; // CSS pixels of a side
const GAP = 16;
const TITLE = 20;
const MOST_NAMES = 5; // more would hide the picture
const CROWD = 8; // boxes from which on their lines are thinner
const REACH_PX = 7; // how near to an edge the pointer must be

const state = () => ({
  place: null, // of the photo
  pointed: null, // a proposal under the pointer
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  charts: "below",

  build(stage) {
    stage.on("pointermove", (event) => point(stage, proposalUnder(stage, event)));
    stage.on("pointerleave", () => point(stage, null));
    stage.on("click", (event) => {
      const found = proposalUnder(stage, event);
      if (found !== null) stage.set({ followed: String(found) });
    });
    stage.on("keydown", (event) => walk(stage, event));
  },

  wait(stage, _, progress) {
    const shape = photoShape(stage, stage.data.fixed.picture);
    stage.state.place = null;
    if (!shape) return false;
    const { ctx, area } = openPhoto(stage, shape, 0);
    if (stage.busy) drawProgress(ctx, stage, area, progress);
    return true;
  },

  paint(stage, reply, values) {
    const { ctx, place, area } = openPhoto(stage, reply.about.size, VEIL);
    stage.state.place = place;
    drawProposals(ctx, stage, reply);
    drawKept(ctx, stage, reply);
    drawFollowed(ctx, stage, reply);
    drawCrops(ctx, stage, reply, area.height + GAP);
    showCosts(stage, reply, values);
    tell(stage, reply, values);
  },

  describe(stage, { about }, values) {
    return fill(stage.words.alternative, {
      ...about.counts,
      looked: about.looked,
      score: values.score,
    });
  },
};

// The photo in the middle of the canvas, with room for the crops under it.
/** @param {Stage} stage */
function openPhoto(stage, [rows, columns], veil) {
  const scale = Math.min(MOST_HEIGHT / rows, stage.frame.clientWidth / columns);
  const high = Math.max(120, Math.round(rows * scale));
  const { ctx, width } = openCanvas(stage, high + GAP + TITLE + CROP + 22);
  const place = { x: (width - columns * scale) / 2, y: 0, scale };
  const area = { x: place.x, y: place.y, width: columns * scale, height: rows * scale };
  drawPhoto(ctx, stage, stage.data.fixed.picture, area, veil);
  return { ctx, place, area: { ...area, height: high } };
}

// All boxes that are looked at, in one stroke.
/** @param {Stage} stage */
function drawProposals(ctx, stage, { boxes }) {
  ctx.beginPath();
  for (let i = 0; i < boxes.shape[0]; i++) {
    const box = boxOf(stage.state.place, boxes, i);
    ctx.rect(box.x, box.y, box.width, box.height);
  }
  ctx.globalAlpha = 0.35;
  ctx.strokeStyle = stage.theme.text;
  ctx.lineWidth = 1;
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** @param {Stage} stage */
function drawKept(ctx, stage, reply) {
  const { boxes, scores, fate } = reply;
  const kept = Array.from(fate.data.keys())
    .filter((i) => fate.data[i] === FATE.kept)
    .sort((a, b) => scores.data[a] - scores.data[b]);
  const width = kept.length > CROWD ? 1.2 : 2.5;
  for (const i of kept)
    strong(ctx, stage, boxOf(stage.state.place, boxes, i), stage.theme.lines[0], width);
  const taken = [];
  for (const i of kept.reverse().slice(0, MOST_NAMES)) {
    const box = boxOf(stage.state.place, boxes, i);
    const text = `${nameOf(reply, i)} ${scores.data[i].toFixed(2)}`;
    const tag = [box.y + 3, box.y + box.height - 21]
      .map((y) => tagBox(ctx, stage, text, box.x + 3, y))
      .find((free) => !taken.some((other) => touch(free, other)));
    if (!tag) continue;
    taken.push(tag);
    drawTag(ctx, stage, text, tag, stage.theme.lines[0]);
  }
}

// The one that is followed, the better one that it was given up for, and the one pointed at.
/** @param {Stage} stage */
function drawFollowed(ctx, stage, { boxes, better, about }) {
  const box = (i) => boxOf(stage.state.place, boxes, i);
  const { pointed } = stage.state;
  if (pointed !== null && pointed < boxes.shape[0])
    strong(ctx, stage, box(pointed), stage.theme.text, 1.5);
  if (about.followed === undefined || about.followed >= boxes.shape[0]) return;
  const other = better.data[about.followed];
  if (other >= 0) {
    ctx.setLineDash([6, 4]);
    strong(ctx, stage, box(other), stage.theme.lines[1]);
    ctx.setLineDash([]);
  }
  strong(ctx, stage, box(about.followed), stage.theme.accent, 3);
}

/** @param {Stage} stage */
function drawCrops(ctx, stage, { crop, map_crop: cells, about }, y) {
  if (!crop) return;
  const { words, theme } = stage;
  const middle = stage.canvas.clientWidth / 2;
  const left = { x: Math.max(0, middle - CROP - 110), y: y + TITLE, width: CROP, height: CROP };
  const right = { ...left, x: middle + 20 };
  const [rows, columns] = cells.shape;
  write(ctx, stage, fill(words.crop_picture, { side: crop.shape[0] }), left.x, y + 8, {
    bold: true,
  });
  drawBitmap(ctx, pictureBitmap(crop), left, true);
  outline(ctx, left, theme.border);
  write(ctx, stage, fill(words.crop_map, { rows, columns }), right.x, y + 8, { bold: true });
  const high = cells.data.reduce((most, value) => Math.max(most, value), 0);
  drawBitmap(ctx, mapBitmap(cells.data, rows, columns, theme.sequential, 0, high), right);
  outline(ctx, right, theme.border);
  drawScale(ctx, stage, theme.sequential, 0, high, {
    x: right.x,
    y: right.y + CROP + 3,
    width: CROP,
    height: 5,
  });
  [left, right].forEach((place, k) => {
    const [best] = about.said[k ? "map" : "picture"];
    const text = `${best.name} ${best.prob.toFixed(2)}`;
    const x = place.x + CROP + 8;
    ctx.font = `12px ${theme.font}`;
    if (x + ctx.measureText(text).width > stage.canvas.clientWidth) return; // the readout says it
    write(ctx, stage, text, x, place.y + CROP / 2, { size: 12 });
  });
}

/** @param {Stage} stage */
function point(stage, proposal) {
  if (proposal === stage.state.pointed) return;
  stage.state.pointed = proposal;
  stage.repaint();
}

// The proposal whose edge is nearest to the pointer.
/** @param {Stage} stage */
function proposalUnder(stage, event) {
  const { place } = stage.state;
  if (!place || !stage.reply) return null;
  const { x, y } = pointerPosition(stage, event);
  /** @type {number | null} */
  let best = null;
  let nearest = REACH_PX;
  for (let i = 0; i < stage.reply.boxes.shape[0]; i++) {
    const distance = edgeDistance(boxOf(place, stage.reply.boxes, i), x, y);
    if (distance < nearest) [best, nearest] = [i, distance];
  }
  return best;
}

// Left and right walk over the proposals in the order in which they are looked at, up and down over
// those that are kept.
/** @param {Stage} stage */
function walk(stage, event) {
  const { reply } = stage;
  const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") return void stage.set({ followed: "" });
  if (!reply || !way || reply.about.followed === undefined) return;
  event.preventDefault();
  const every = Array.from(reply.fate.data.keys());
  const kept = every.filter((i) => reply.fate.data[i] === FATE.kept);
  const among = event.key === "ArrowUp" || event.key === "ArrowDown" ? kept : every;
  if (!among.length) return;
  const at = among.indexOf(reply.about.followed);
  const next = at < 0 ? 0 : (at + way + among.length) % among.length;
  stage.set({ followed: String(among[next]) });
}
