// NMS: every raw box on the picture; what is left stands out, what was given up is a ghost in the
// colour of the result that it was given up for. The best results have a colour each, all others are
// grey: no two that are coloured look alike.

import { boxOf, drawTag, edgeDistance, strong, tagBox, touch } from "../../ui/stage/boxes.js";
import { fill, openCanvas, pointerPosition } from "../../ui/stage/draw.js";
import { drawPhoto, drawProgress, photoShape } from "../../ui/stage/photo.js";
import { addPlayer, decided, showDecision } from "./player.js";
import { colourOf, focusOf, indexOf, tell } from "./readout.js";

const VEIL = 0.35; // over the photo, so that boxes stand out
const MOST_HEIGHT = 500;
const MOST_NAMES = 14; // more would hide the picture
const CROWD = 60; // results from which on their lines are thinner
const REACH_PX = 7; // how near to an edge the pointer must be

const state = () => ({
  place: null, // of the picture
  step: 0, // decisions shown as taken
  chosen: null, // "b12", raw box 12, or "r3", result 3
  shownReply: null,
  player: null,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["step"],

  build(stage) {
    addPlayer(stage);
    const choose = (event) => {
      const { x, y } = pointerPosition(stage, event);
      const found = stage.state.place ? boxAt(stage, x, y) : null;
      if (found === (stage.state.chosen ?? null)) return;
      stage.state.chosen = found;
      stage.repaint();
    };
    stage.on("pointermove", choose);
    stage.on("pointerdown", choose);
    stage.on("keydown", (event) => move(stage, event));
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
    const { ctx, place } = openPhoto(stage, reply.about.size, VEIL);
    if (stage.state.shownReply !== reply) forgetOutdated(stage, reply);
    stage.state.place = place;
    const step = decided(reply, values);
    stage.state.step = step;
    drawWaiting(ctx, stage, reply, step);
    drawGhosts(ctx, stage, reply, step);
    drawResults(ctx, stage, reply, step);
    drawChosen(ctx, stage, reply);
    showDecision(stage, reply, step);
    tell(stage, reply, values, step);
  },

  describe(stage, { about }, values) {
    return fill(stage.words.alternative, { ...about.counts, score: values.score });
  },
};

// The photo in the middle of the canvas, with a veil over it.
/** @param {Stage} stage */
function openPhoto(stage, [rows, columns], veil) {
  const scale = Math.min(MOST_HEIGHT / rows, stage.frame.clientWidth / columns);
  const { ctx, width } = openCanvas(stage, Math.max(160, Math.round(rows * scale)));
  const place = { x: (width - columns * scale) / 2, y: 0, scale };
  const area = { x: place.x, y: place.y, width: columns * scale, height: rows * scale };
  drawPhoto(ctx, stage, stage.data.fixed.picture, area, veil);
  return { ctx, place, area };
}

/** @param {Stage} stage */
function forgetOutdated(stage, reply) {
  const before = stage.state.shownReply;
  if (before && before.scores.data.length !== reply.scores.data.length) stage.state.chosen = null;
  if (stage.state.chosen && !isShown(reply, stage.state.chosen)) stage.state.chosen = null;
  stage.state.shownReply = reply;
}

// stage.state.chosen = "b12", raw box 12, or "r3", result 3.
const isShown = (reply, chosen) =>
  chosen[0] === "r"
    ? indexOf(chosen) < reply.source.data.length
    : reply.given_up_for.data[indexOf(chosen)] !== -1;

/** @param {Stage} stage */
function strokeAll(ctx, stage, boxes, chosen, colour, alpha) {
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  for (const i of chosen) {
    const box = boxOf(stage.state.place, boxes, i);
    ctx.strokeRect(box.x, box.y, box.width, box.height);
  }
  ctx.globalAlpha = 1;
}

// Boxes that no decision has reached yet, and those whose cluster was too small.
/** @param {Stage} stage */
function drawWaiting(ctx, stage, reply, step) {
  const waiting = [];
  const alone = [];
  reply.given_up_for.data.forEach((result, i) => {
    if (result >= step) waiting.push(i);
    else if (result === -2) alone.push(i);
  });
  strokeAll(ctx, stage, reply.boxes, waiting, stage.theme.text, 0.45);
  ctx.setLineDash([3, 3]);
  strokeAll(ctx, stage, reply.boxes, alone, stage.theme.text, 0.35);
  ctx.setLineDash([]);
}

/** @param {Stage} stage */
function drawGhosts(ctx, stage, reply, step) {
  const focus = focusOf(stage, reply);
  /** @type {number[][]} */
  const groups = Array.from({ length: step }, () => []);
  reply.given_up_for.data.forEach((result, i) => {
    if (result >= 0 && result < step && reply.source.data[result] !== i) groups[result].push(i);
  });
  groups.forEach((group, result) => {
    const alpha = focus === null ? 0.4 : result === focus ? 0.75 : 0.12;
    strokeAll(ctx, stage, reply.boxes, group, colourOf(stage, result), alpha);
  });
}

/** @param {Stage} stage */
function drawResults(ctx, stage, reply, step) {
  const focus = focusOf(stage, reply);
  const taken = [];
  for (let result = step - 1; result >= 0; result--) {
    // the best one on top
    ctx.globalAlpha = focus === null || focus === result ? 1 : 0.45;
    const box = boxOf(stage.state.place, reply.result_boxes, result);
    strong(ctx, stage, box, colourOf(stage, result), step > CROWD ? 1.5 : 2.5);
  }
  ctx.globalAlpha = 1;
  for (let result = 0; result < step && taken.length < MOST_NAMES; result++) {
    if (focus === null || focus === result) nameResult(ctx, stage, reply, result, taken);
  }
}

// Name and score in the box's upper or lower corner, where no better result's name is already.
/** @param {Stage} stage */
function nameResult(ctx, stage, reply, result, taken) {
  const box = boxOf(stage.state.place, reply.result_boxes, result);
  const name = reply.about.names[reply.result_labels.data[result]];
  const text = `${name} ${reply.result_scores.data[result].toFixed(2)}`;
  const corners = [box.y + 3, box.y + box.height - 21];
  const tag = corners
    .map((y) => tagBox(ctx, stage, text, box.x + 3, y))
    .find((free) => !taken.some((other) => touch(free, other)));
  if (!tag) return;
  taken.push(tag);
  drawTag(ctx, stage, text, tag, colourOf(stage, result));
}

// A ghost that is pointed at: tied to its result, with their IoU on the tie.
/** @param {Stage} stage */
function drawChosen(ctx, stage, reply) {
  if (stage.state.chosen?.[0] !== "b") return;
  const i = indexOf(stage.state.chosen);
  const result = reply.given_up_for.data[i];
  const box = boxOf(stage.state.place, reply.boxes, i);
  strong(ctx, stage, box, stage.theme.text);
  if (result < 0 || result >= stage.state.step || reply.source.data[result] === i) return;
  const winner = boxOf(stage.state.place, reply.result_boxes, result);
  const [from, to] = [box, winner].map((b) => [b.x + b.width / 2, b.y + b.height / 2]);
  ctx.strokeStyle = colourOf(stage, result);
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
  const text = `IoU ${reply.iou.data[i].toFixed(2)}`;
  const middle = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  const tag = tagBox(ctx, stage, text, middle[0] - 30, middle[1] - 9);
  drawTag(ctx, stage, text, tag, colourOf(stage, result));
}

// The box whose edge is nearest to the pointer; results win over ghosts where both are as near.
/** @param {Stage} stage */
function boxAt(stage, x, y) {
  const reply = stage.reply;
  /** @type {string | null} */
  let best = null;
  let nearest = REACH_PX;
  const look = (name, boxes, i, favour) => {
    const distance = edgeDistance(boxOf(stage.state.place, boxes, i), x, y) - favour;
    if (distance < nearest) [best, nearest] = [`${name}${i}`, distance];
  };
  for (let r = 0; r < stage.state.step; r++) {
    look("r", reply.result_boxes, r, 1);
  }
  reply.given_up_for.data.forEach((result, i) => {
    if (
      result !== -1 &&
      !(result >= 0 && reply.source.data[result] === i && result < stage.state.step)
    ) {
      look("b", reply.boxes, i, 0);
    }
  });
  return best;
}

// Left and right walk over the results, up and down over the ghosts of the chosen one.
/** @param {Stage} stage */
function move(stage, event) {
  const across = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const along = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") stage.state.chosen = null;
  else if (across && stage.state.step > 0) stage.state.chosen = nextResult(stage, across);
  else if (along && focusOf(stage, stage.reply) !== null)
    stage.state.chosen = nextGhost(stage, along);
  else return;
  event.preventDefault();
  stage.repaint();
}

/** @param {Stage} stage */
function nextResult(stage, way) {
  const at = focusOf(stage, stage.reply);
  if (at === null) return way > 0 ? "r0" : `r${stage.state.step - 1}`;
  return `r${(at + way + stage.state.step) % stage.state.step}`;
}

/** @param {Stage} stage */
function nextGhost(stage, way) {
  const { given_up_for: tied, source, iou } = stage.reply;
  const result = focusOf(stage, stage.reply);
  const ghosts = [];
  tied.data.forEach((r, i) => r === result && source.data[r] !== i && ghosts.push(i));
  ghosts.sort((a, b) => iou.data[b] - iou.data[a] || a - b);
  const places = [`r${result}`, ...ghosts.map((i) => `b${i}`)];
  return places[(places.indexOf(stage.state.chosen) + way + places.length) % places.length];
}
