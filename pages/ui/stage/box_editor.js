// Boxes that a learner draws on a picture: drawn, moved and resized by pointer or keys. They are in
// thousandths of the picture, as text "x1,y1,x2,y2;…" (engine/detection/drawn_boxes.py), unless the
// view says of how many parts its sides are.
import { pointerPosition } from "./draw.js";

const WHOLE = [1000, 1000]; // across and down
const LEAST = 10; // a box's side
const REACH_PX = 9; // how near to a corner the pointer must be
const STEP = 5; // of an arrow key

export const readBoxes = (text) =>
  text ? text.split(";").map((p) => p.split(",").map(Number)) : [];

export const writeBoxes = (boxes) => boxes.map((box) => box.map(Math.round).join(",")).join(";");

// In CSS pixels on a picture that lies at place.
export function boxOn(place, box, whole = WHOLE) {
  const [x1, y1, x2, y2] = box;
  const [across, down] = [place.width / whole[0], place.height / whole[1]];
  return {
    x: place.x + x1 * across,
    y: place.y + y1 * down,
    width: (x2 - x1) * across,
    height: (y2 - y1) * down,
  };
}

// options: boxes() → array; place() → where the picture lies; change(boxes, commit);
// may() → { edit, draw, remove }, what is allowed at the moment; whole() → parts of the picture's
// sides, least → of a box's side, step → of an arrow key, in these parts.
export function editBoxes(stage, options) {
  const usual = { whole: () => WHOLE, least: LEAST, step: STEP };
  const editor = { ...usual, ...options, selected: null, drag: null };
  stage.on("pointerdown", (event) => begin(stage, editor, event));
  stage.on("pointermove", (event) => editor.drag && pull(stage, editor, event));
  for (const end of ["pointerup", "pointercancel"]) {
    stage.on(end, () => editor.drag && finish(editor));
  }
  stage.on("keydown", (event) => press(editor, event));
  stage.on(
    "touchstart",
    (event) => {
      // elsewhere a finger scrolls the page
      if (editor.may().edit && grasp(stage, editor, event.touches[0])) event.preventDefault();
    },
    { passive: false },
  );
  return editor;
}

// The handles of the selected box.
export function drawHandles(ctx, stage, box, colour) {
  for (const [x, y] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ]) {
    const corner = [box.x + x * box.width - 4, box.y + y * box.height - 4];
    ctx.fillStyle = stage.theme.background;
    ctx.fillRect(corner[0] - 1, corner[1] - 1, 10, 10);
    ctx.fillStyle = colour;
    ctx.fillRect(...corner, 8, 8);
  }
}

// Which box lies under the pointer and what a drag there does: { index, corner } or { index }.
function grasp(stage, editor, event) {
  const place = editor.place();
  if (!place) return null;
  const { x, y } = pointerPosition(stage, event);
  const boxes = editor.boxes().map((box) => boxOn(place, box, editor.whole()));
  const order = boxes
    .map((_, i) => i)
    .sort(
      (a, b) =>
        Number(b === editor.selected) - Number(a === editor.selected) ||
        boxes[a].width * boxes[a].height - boxes[b].width * boxes[b].height,
    );
  for (const index of order) {
    const box = boxes[index];
    for (const [right, low] of [
      [1, 1],
      [0, 1],
      [1, 0],
      [0, 0],
    ]) {
      const [cx, cy] = [box.x + right * box.width, box.y + low * box.height];
      if (Math.hypot(x - cx, y - cy) <= REACH_PX) return { index, corner: [right, low] };
    }
  }
  const index = order.find(
    (i) =>
      x >= boxes[i].x &&
      x <= boxes[i].x + boxes[i].width &&
      y >= boxes[i].y &&
      y <= boxes[i].y + boxes[i].height,
  );
  return index === undefined ? null : { index };
}

function spot(stage, editor, event) {
  const place = editor.place();
  const { x, y } = pointerPosition(stage, event);
  const [across, down] = editor.whole();
  return [
    Math.min(across, Math.max(0, ((x - place.x) / place.width) * across)),
    Math.min(down, Math.max(0, ((y - place.y) / place.height) * down)),
  ];
}

function begin(stage, editor, event) {
  const { edit, draw } = editor.may();
  const place = editor.place();
  if (!edit || !place || event.button > 0) return;
  const { x, y } = pointerPosition(stage, event);
  const inside =
    x >= place.x && x <= place.x + place.width && y >= place.y && y <= place.y + place.height;
  const found = grasp(stage, editor, event);
  const boxes = editor.boxes().map((box) => [...box]);
  const at = spot(stage, editor, event);
  if (found) editor.drag = { ...found, boxes, from: at, first: [...boxes[found.index]] };
  else if (draw && inside && event.pointerType !== "touch") {
    boxes.push([...at, ...at]);
    const index = boxes.length - 1;
    editor.drag = { index, corner: [1, 1], boxes, from: at, first: [...at, ...at], fresh: true };
  } else {
    editor.selected = null;
    stage.repaint();
    return;
  }
  editor.selected = editor.drag.index;
  stage.canvas.setPointerCapture?.(event.pointerId);
  stage.repaint();
}

function pull(stage, editor, event) {
  const { drag } = editor;
  const at = spot(stage, editor, event);
  if (isAtRest(editor, at) && !drag.moved) return;
  drag.moved = true;
  const [dx, dy] = [at[0] - drag.from[0], at[1] - drag.from[1]];
  drag.boxes[drag.index] = drag.corner
    ? stretched(editor, drag.first, drag.corner, at)
    : shifted(editor, drag.first, dx, dy);
  editor.change(drag.boxes, false);
}

// A press is no drag before it has gone three thousandths of the picture.
function isAtRest({ drag, whole }, at) {
  const [across, down] = [0, 1].map((i) => (at[i] - drag.from[i]) / whole()[i]);
  return Math.hypot(across, down) < 0.003;
}

function finish(editor) {
  const { drag } = editor;
  editor.drag = null;
  if (!drag.moved) {
    // a press without a drag only selects
    if (drag.fresh) editor.selected = null;
    return;
  }
  editor.change(drag.boxes, true);
}

// The box with one corner at a place; the opposite corner stays.
function stretched({ whole, least }, first, [right, low], at) {
  const [fx, fy] = [first[right ? 0 : 2], first[low ? 1 : 3]];
  const span = (fixed, end, all) => {
    const [low1, high] = [Math.min(fixed, end), Math.max(fixed, end)];
    if (high - low1 >= least) return [low1, high];
    return low1 + least <= all ? [low1, low1 + least] : [all - least, all];
  };
  const [across, down] = whole();
  const [[x1, x2], [y1, y2]] = [span(fx, at[0], across), span(fy, at[1], down)];
  return [x1, y1, x2, y2].map(Math.round);
}

function shifted({ whole }, [x1, y1, x2, y2], dx, dy) {
  const across = Math.round(Math.min(whole()[0] - x2, Math.max(-x1, dx)));
  const down = Math.round(Math.min(whole()[1] - y2, Math.max(-y1, dy)));
  return [x1 + across, y1 + down, x2 + across, y2 + down];
}

// Arrows move the selected box, with shift they move its lower right corner; Delete removes it.
function press(editor, event) {
  const { edit, remove } = editor.may();
  const boxes = editor.boxes().map((box) => [...box]);
  if (!edit || editor.selected === null || editor.selected >= boxes.length) return;
  const box = boxes[editor.selected];
  const { step, least, whole } = editor;
  const move = {
    ArrowLeft: [-step, 0],
    ArrowRight: [step, 0],
    ArrowUp: [0, -step],
    ArrowDown: [0, step],
  }[event.key];
  if (move) {
    const corner = [box[2] + move[0], box[3] + move[1]];
    const fits = corner.every((v, i) => v <= whole()[i] && v - box[i] >= least);
    if (!event.shiftKey) boxes[editor.selected] = shifted(editor, box, ...move);
    else if (fits) boxes[editor.selected] = [box[0], box[1], ...corner];
  } else if (remove && ["Delete", "Backspace"].includes(event.key)) removeBox(editor, boxes);
  else if (event.key === "Escape") editor.selected = null;
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
  editor.change(boxes, true);
}

function removeBox(editor, boxes) {
  boxes.splice(editor.selected, 1);
  editor.selected = boxes.length ? Math.min(editor.selected, boxes.length - 1) : null;
}

// Buttons for those who do not draw with a pointer: add, choose the next, remove.
export function buildBoxButtons(stage, editor) {
  const row = document.createElement("div");
  row.style.cssText = "display:none;gap:6px;flex-wrap:wrap";
  const acts = {
    add: (boxes) => {
      const [across, down] = editor.whole();
      boxes.push([0.35 * across, 0.35 * down, 0.65 * across, 0.65 * down].map(Math.round));
      editor.selected = boxes.length - 1;
    },
    next: (boxes) => {
      editor.selected = ((editor.selected ?? -1) + 1) % boxes.length;
    },
    remove: (boxes) => removeBox(editor, boxes),
  };
  const buttons = {};
  for (const [name, act] of Object.entries(acts)) {
    const made = document.createElement("button");
    made.type = "button";
    made.dataset.testid = `stage-box-${name}`;
    made.onclick = () => {
      const boxes = editor.boxes().map((box) => [...box]);
      act(boxes);
      editor.change(boxes, true);
      stage.canvas.focus({ preventScroll: true });
    };
    row.append(made);
    buttons[name] = made;
  }
  stage.extra.append(row);
  return () => {
    const { edit, draw } = editor.may();
    const count = editor.boxes().length;
    row.style.display = edit ? "flex" : "none";
    for (const [name, button] of Object.entries(buttons))
      button.textContent = stage.words[`box_${name}`];
    buttons.add.disabled = !draw;
    buttons.next.disabled = count === 0;
    buttons.remove.disabled = editor.selected === null || count === 0;
  };
}
