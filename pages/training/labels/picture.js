// The photo with its boxes: where it lies when it is zoomed, own boxes and those that are proposed.
import { boxOn, drawHandles } from "../../ui/stage/box_editor.js";
import { strong, tagBox } from "../../ui/stage/boxes.js";
import { openCanvas, write } from "../../ui/stage/draw.js";
import { shown, undecided } from "./model.js";

/** @import { Stage } from "./view.js" */

const TALLEST_PX = 440;
const MARGIN_PX = 2;

/**
 * Where the photo lies on the canvas; `centre` is what lies in the middle, in shares of its sides.
 * @param {number} width of the canvas
 * @param {{ width: number, height: number }} photo
 * @param {number} zoom
 * @param {number[]} centre
 */
export function placeOf(width, photo, zoom, centre) {
  const scale = Math.min((width - 2 * MARGIN_PX) / photo.width, TALLEST_PX / photo.height);
  const height = Math.round(photo.height * scale) + 2 * MARGIN_PX;
  const size = [photo.width * scale * zoom, photo.height * scale * zoom];
  const at = [width, height].map((room, i) => {
    if (size[i] <= room) return (room - size[i]) / 2;
    const wanted = room / 2 - centre[i] * size[i];
    return Math.min(MARGIN_PX, Math.max(room - MARGIN_PX - size[i], wanted));
  });
  return { height, place: { x: at[0], y: at[1], width: size[0], height: size[1] } };
}

/** @type {(stage: Stage, label: string) => string} a class's colour, by its number */
export function colourOf({ theme, state }, label) {
  const index = Math.max(0, state.set.classes.indexOf(label));
  return theme.boxes[index % theme.boxes.length];
}

/** @param {Stage} stage */
export function drawPhoto(stage, values) {
  const { state, theme } = stage;
  const photo = shown(state.set);
  if (!photo) {
    openCanvas(stage, 240);
    return;
  }
  const found = placeOf(stage.frame.clientWidth, photo, values.zoom, state.centre);
  state.place = found.place;
  const { ctx, width, height } = openCanvas(stage, found.height);
  ctx.fillStyle = theme.panel;
  ctx.fillRect(0, 0, width, height);
  const { place } = found;
  ctx.imageSmoothingEnabled = values.zoom < 4;
  if (state.bitmap) ctx.drawImage(state.bitmap, place.x, place.y, place.width, place.height);
  const whole = [photo.width, photo.height];
  for (const each of undecided(state.proposals, photo.boxes, values.score))
    drawProposal(ctx, stage, each, boxOn(place, each.box, whole));
  photo.boxes.forEach(({ box, label }, i) => {
    const on = boxOn(place, box, whole);
    const colour = colourOf(stage, label);
    strong(ctx, stage, on, colour);
    tag(ctx, stage, label, on, colour);
    if (state.editor.selected === i) drawHandles(ctx, stage, on, colour);
  });
}

function drawProposal(ctx, stage, { label, score }, on) {
  ctx.setLineDash([6, 5]);
  strong(ctx, stage, on, stage.theme.muted, 1.5);
  ctx.setLineDash([]);
  tag(ctx, stage, `${label} ${score.toFixed(2)} ?`, on, stage.theme.muted);
}

function tag(ctx, stage, text, on, colour) {
  const at = tagBox(ctx, stage, text, on.x, on.y - 18);
  ctx.fillStyle = colour;
  ctx.fillRect(at.x, at.y, at.width, at.height);
  const ink = { colour: stage.theme.background, bold: true };
  write(ctx, stage, text, at.x + 5, at.y + 9.5, ink);
}

/**
 * The smallest proposal under a place on the canvas; null where there is none.
 * @param {Stage} stage
 */
export function proposalAt(stage, { x, y }) {
  const { state, values } = stage;
  const photo = shown(state.set);
  if (!photo || !state.place) return null;
  const under = undecided(state.proposals, photo.boxes, values.score)
    .map((each) => ({ each, on: boxOn(state.place, each.box, [photo.width, photo.height]) }))
    .filter(({ on }) => x >= on.x && x <= on.x + on.width && y >= on.y && y <= on.y + on.height)
    .sort((a, b) => a.on.width * a.on.height - b.on.width * b.on.height);
  return under[0]?.each ?? null;
}
