// Boxes drawn by hand: with a pressed pointer, with two clicks or taps on opposite corners, or with
// the keyboard. They are whole pixels of the picture that the engine looks at.
import { inParts } from "../../ui/own_labels/using.js";
import { outline, pointerPosition } from "../../ui/stage/draw.js";

/** @import { Stage } from "./svm.js" */

const STEP_PX = 4;
const DRAG_PX = 5; // less is a click
const MOST_BOXES = 50;
const LOOKED_AT_PX = 400; // the longer side of what the engine looks at

export const parse = (text) =>
  text ? text.split(";").map((box) => box.split(",").map(Number)) : [];

const format = (boxes) => boxes.map((box) => box.join(",")).join(";");

// Whether the picture shown is the one that the boxes lie in.
/** @param {Stage} stage */
export const isTaught = (stage, values) => stage.data.fixed.picture === values.taught;

// Boxes of background can be drawn where boxes of objects are.
/** @param {Stage} stage */
const listOf = (stage) =>
  stage.values.draw === "background" && isTaught(stage, stage.values) ? "background" : "boxes";

/** @param {Stage} stage */
export function buildBoxes(stage) {
  stage.on("pointerdown", (event) => press(stage, event));
  stage.on("pointermove", (event) => pull(stage, event));
  stage.on("pointerup", (event) => letGo(stage, event));
  stage.on("pointercancel", () => drop(stage));
  stage.on("keydown", (event) => key(stage, event));
  stage.state.removeBox = () => remove(stage);
}

/** @param {Stage} stage */
function place(stage, event) {
  if (!stage.state.places || !stage.reply) return null;
  const { picture } = stage.state.places;
  const [rows, columns] = stage.reply.about.size;
  const at = pointerPosition(stage, event);
  const zoom = picture.width / columns;
  const [x, y] = [(at.x - picture.x) / zoom, (at.y - picture.y) / zoom];
  const inside = x >= 0 && y >= 0 && x < columns && y < rows;
  const within = (value, most) => Math.round(Math.max(0, Math.min(most, value)));
  return { x: within(x, columns), y: within(y, rows), inside };
}

const between = (a, b) => [
  Math.min(a.x, b.x),
  Math.min(a.y, b.y),
  Math.max(a.x, b.x),
  Math.max(a.y, b.y),
];

/** @param {Stage} stage */
function press(stage, event) {
  const at = place(stage, event);
  if (!at?.inside || event.button !== 0) return;
  stage.state.pressed = at;
  stage.canvas.setPointerCapture(event.pointerId);
}

/** @param {Stage} stage */
function pull(stage, event) {
  const from = stage.state.pressed ?? stage.state.corner;
  const at = from && place(stage, event);
  if (!at) return;
  stage.state.draft = between(from, at);
  stage.repaint();
}

/** @param {Stage} stage */
function letGo(stage, event) {
  const from = stage.state.pressed;
  const at = from && place(stage, event);
  stage.state.pressed = null;
  if (!at) return;
  if (Math.max(Math.abs(at.x - from.x), Math.abs(at.y - from.y)) >= DRAG_PX) {
    finish(stage, between(from, at));
  } else if (stage.state.corner) finish(stage, between(stage.state.corner, at));
  else choose(stage, at);
}

/** @param {Stage} stage */
function drop(stage) {
  Object.assign(stage.state, { pressed: null, draft: null, corner: null });
  stage.repaint();
}

// A click within a box chooses it; anywhere else it is the first corner of a new one.
/** @param {Stage} stage */
function choose(stage, { x, y }) {
  const boxes = isTaught(stage, stage.values) ? parse(stage.values[listOf(stage)]) : [];
  const area = ([x1, y1, x2, y2]) => (x2 - x1) * (y2 - y1);
  const hit = boxes
    .map((box, i) => ({ box, i }))
    .filter(({ box }) => x >= box[0] && y >= box[1] && x < box[2] && y < box[3])
    .sort((a, b) => area(a.box) - area(b.box))[0];
  stage.state.draft = null;
  if (hit) stage.state.chosenBox = hit.i;
  else stage.state.corner = { x, y };
  stage.repaint();
}

/** @param {Stage} stage */
function finish(stage, box) {
  Object.assign(stage.state, { draft: null, corner: null });
  add(stage, box);
}

// A box on another picture than the one taught begins anew there.
/** @param {Stage} stage */
function add(stage, box) {
  const { picture } = stage.data.fixed;
  if (!isTaught(stage, stage.values)) {
    stage.state.chosenBox = 0;
    stage.set({ boxes: format([box]), background: "", taught: picture, rounds: 0 });
    return;
  }
  const list = listOf(stage);
  const boxes = parse(stage.values[list]);
  if (boxes.length >= MOST_BOXES) boxes.pop();
  stage.state.chosenBox = boxes.length;
  stage.set({ [list]: format([...boxes, box]) });
}

/** @param {Stage} stage */
function remove(stage) {
  const list = listOf(stage);
  const boxes = parse(stage.values[list]);
  if (!boxes.length) return;
  const at = Math.min(stage.state.chosenBox ?? boxes.length - 1, boxes.length - 1);
  boxes.splice(at, 1);
  stage.state.chosenBox = boxes.length ? Math.min(at, boxes.length - 1) : null;
  stage.set({ [list]: format(boxes) });
}

/** @param {Stage} stage */
function key(stage, event) {
  const move = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  }[event.key];
  const acts = {
    Enter: () => addInTheMiddle(stage),
    Delete: () => remove(stage),
    Backspace: () => remove(stage),
    " ": () => next(stage),
    Escape: () => drop(stage),
  };
  if (!stage.reply || !(move || acts[event.key])) return;
  event.preventDefault();
  if (move)
    shift(
      stage,
      move.map((way) => way * STEP_PX),
      event.shiftKey,
    );
  else acts[event.key]();
}

/** @param {Stage} stage */
function addInTheMiddle(stage) {
  const [rows, columns] = stage.reply.about.size;
  const side = Math.round(Math.min(rows, columns) / 4);
  const [x, y] = [Math.round((columns - side) / 2), Math.round((rows - side) / 2)];
  add(stage, [x, y, x + side, y + side]);
}

/** @param {Stage} stage */
function next(stage) {
  const count = parse(stage.values[listOf(stage)]).length;
  if (count) stage.state.chosenBox = ((stage.state.chosenBox ?? -1) + 1) % count;
  stage.repaint();
}

// Move the chosen box, or with Shift its lower right corner, within the picture.
/** @param {Stage} stage */
function shift(stage, [dx, dy], resize) {
  const list = listOf(stage);
  const boxes = parse(stage.values[list]);
  const box = boxes[stage.state.chosenBox ?? 0];
  if (!box || !isTaught(stage, stage.values)) return;
  stage.state.chosenBox ??= 0;
  const [rows, columns] = stage.reply.about.size;
  const [x, y] = [
    Math.max(resize ? box[0] + 1 - box[2] : -box[0], Math.min(dx, columns - box[2])),
    Math.max(resize ? box[1] + 1 - box[3] : -box[1], Math.min(dy, rows - box[3])),
  ];
  boxes[stage.state.chosenBox] = resize
    ? [box[0], box[1], box[2] + x, box[3] + y]
    : [box[0] + x, box[1] + y, box[2] + x, box[3] + y];
  stage.set({ [list]: format(boxes) });
}

/** @param {Stage} stage */
export function drawOwnBoxes(ctx, stage, values, zoom) {
  const { picture } = stage.state.places;
  const on = ([x1, y1, x2, y2]) => ({
    x: picture.x + x1 * zoom,
    y: picture.y + y1 * zoom,
    width: (x2 - x1) * zoom,
    height: (y2 - y1) * zoom,
  });
  const strong = (box, colour, dash = []) => {
    outline(ctx, on(box), stage.theme.background, 4);
    ctx.setLineDash(dash);
    outline(ctx, on(box), colour, 2);
    ctx.setLineDash([]);
  };
  if (isTaught(stage, values)) {
    const active = listOf(stage);
    parse(values.background).forEach((box) => strong(box, stage.theme.lines[1], [2, 3]));
    parse(values.boxes).forEach((box) => strong(box, stage.theme.accent, [6, 3]));
    const chosen = parse(values[active])[stage.state.chosenBox];
    if (chosen) drawHandles(ctx, stage, on(chosen));
  }
  if (stage.state.draft) strong(stage.state.draft, stage.theme.text);
  else if (stage.state.corner) {
    const { x, y } = stage.state.corner;
    strong([x - 2, y - 2, x + 2, y + 2], stage.theme.text);
  }
}

/** @param {Stage} stage */
function drawHandles(ctx, stage, { x, y, width, height }) {
  for (const [cx, cy] of [
    [x, y],
    [x + width, y],
    [x, y + height],
    [x + width, y + height],
  ]) {
    ctx.fillStyle = stage.theme.background;
    ctx.fillRect(cx - 4, cy - 4, 8, 8);
    ctx.fillStyle = stage.theme.text;
    ctx.fillRect(cx - 3, cy - 3, 6, 6);
  }
}

/**
 * What a link says of a labelled photo: its boxes are the objects, in pixels of what is looked at.
 * @param {import("../../ui/own_labels/using.js").Taken[]} taken
 */
export function linkOf([{ token, width, height, boxes }]) {
  const share = Math.min(1, LOOKED_AT_PX / Math.max(width, height));
  // downwards, so that no edge lies beyond the copy, whichever way its sides are rounded
  const [across, down] = [width, height].map((side) => Math.floor(side * share));
  const drawn = inParts(boxes, across, down).slice(0, MOST_BOXES).join(";");
  return { boxes: drawn, background: "", taught: token, rounds: "0" };
}
