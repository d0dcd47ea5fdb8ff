// A drawing that steers GrabCut: a box around the thing, strokes on it and beside it; by pointer or
// keys. As text, "r:x,y;x,y|f:x,y;…|b:x,y;…" in thousandths of the picture's sides, as
// engine/segment/drawn_marks.py reads it.
import { outline, pointerPosition } from "../stage/draw.js";
import { button, element, note } from "../stage/parts.js";

/** @import { Box, Context, Stage } from "../stage/types.d.ts" */
/** @typedef {{ kind: string, points: number[][] }} Stroke kind: "r", "f" or "b" */

const WHOLE = 1000;
const APART = 12; // points of a stroke, at least
const MOST_STROKES = 40;
const MOST_POINTS = 400;
const LEAP = 25; // of an arrow key
const KINDS = ["r", "f", "b"];

/** @type {(text: string) => Stroke[]} */
export const readDrawing = (text) =>
  text
    .split("|")
    .filter(Boolean)
    .map((part) => ({
      kind: part[0],
      points: part
        .slice(2)
        .split(";")
        .map((point) => point.split(",").map(Number)),
    }));

/** @type {(strokes: Stroke[]) => string} */
export const writeDrawing = (strokes) =>
  strokes
    .map(({ kind, points }) => `${kind}:${points.map((each) => each.join(",")).join(";")}`)
    .join("|");

/**
 * The drawing with one more stroke; a new box takes the place of the old one, and what would be too
 * much is left out.
 * @param {Stroke[]} strokes
 * @param {Stroke} stroke
 */
export function withStroke(strokes, stroke) {
  const kept = stroke.kind === "r" ? strokes.filter(({ kind }) => kind !== "r") : strokes;
  const [[x1, y1], [x2, y2]] = [stroke.points[0], stroke.points.at(-1) ?? stroke.points[0]];
  if (stroke.kind === "r" && (Math.abs(x1 - x2) < APART || Math.abs(y1 - y2) < APART))
    return strokes;
  const points = [...kept, stroke].reduce((sum, each) => sum + each.points.length, 0);
  return kept.length >= MOST_STROKES || points > MOST_POINTS ? strokes : [...kept, stroke];
}

/**
 * The tools under the controls, and the listeners on the canvas.
 * @param {Stage} stage whose words are those of `marks`
 * @param {{ control: string, isOn: () => boolean, place: () => Box | null }} how the control that
 *   holds the text, whether the learner's drawing is what cuts, and where the picture lies
 */
export function buildDrawing(stage, { control, isOn, place }) {
  /** @type {{ kind: string, draft: Stroke | null, cursor: number[] | null }} */
  const own = { kind: "r", draft: null, cursor: null };
  const strokes = () => readDrawing(stage.values[control]);
  const set = (/** @type {Stroke[]} */ next) =>
    stage.set({ [control]: writeDrawing(next) || stage.data.defaults[control] });
  const end = () => {
    const { draft } = own;
    own.draft = null;
    if (draft) set(withStroke(strokes(), draft));
    stage.repaint();
  };
  const extend = (/** @type {number[]} */ at) => {
    const { draft } = own;
    if (!draft) own.draft = { kind: own.kind, points: [at] };
    else if (draft.kind === "r") draft.points = [draft.points[0], at];
    else {
      const [x, y] = draft.points.at(-1) ?? at;
      if (Math.hypot(at[0] - x, at[1] - y) >= APART) draft.points.push(at);
    }
    stage.repaint();
  };
  const row = buildTools(stage, own, {
    undo: () => set(strokes().slice(0, -1)),
    clear: () => stage.set({ [control]: stage.data.defaults[control] }),
  });
  const under = (/** @type {{ clientX: number, clientY: number }} */ event) => {
    const box = isOn() ? place() : null;
    if (!box) return null;
    const { x, y } = pointerPosition(stage, event);
    const at = [(x - box.x) / box.width, (y - box.y) / box.height];
    return at.every((share) => share >= 0 && share <= 1)
      ? at.map((share) => Math.round(WHOLE * share))
      : null;
  };
  stage.on("pointerdown", (event) => {
    const at = event.button ? null : under(event);
    if (!at) return;
    stage.canvas.setPointerCapture(event.pointerId);
    own.draft = null;
    extend(at);
  });
  stage.on("pointermove", (event) => {
    const at = own.draft && event.buttons ? under(event) : null;
    if (at) extend(at);
  });
  stage.on("pointerup", () => own.draft && end());
  stage.on("pointercancel", () => {
    own.draft = null;
    stage.repaint();
  });
  stage.on("touchstart", (event) => under(event.touches[0]) && event.preventDefault(), {
    passive: false,
  });
  stage.on("keydown", (event) => {
    if (isOn() && press(stage, own, event, { extend, end })) event.preventDefault();
  });
  return {
    /** Whether the tools are offered now. */
    show: () => {
      row.hidden = !isOn();
    },
    /** @param {Context} ctx @param {Box} box */
    draw: (ctx, box) => {
      const all = own.draft ? withDraft(strokes(), own.draft) : strokes();
      for (const stroke of all) drawStroke(ctx, stage, stroke, box);
      if (own.cursor) drawCursor(ctx, stage, own.cursor, box);
    },
  };
}

/** @type {(strokes: Stroke[], draft: Stroke) => Stroke[]} */
const withDraft = (strokes, draft) => [
  ...strokes.filter(({ kind }) => draft.kind !== "r" || kind !== "r"),
  draft,
];

/** @param {Stage} stage */
function buildTools(stage, own, { undo, clear }) {
  const { words } = stage;
  const row = element("div", "", "marks");
  row.hidden = true;
  const kinds = element("div", "", "", "words");
  const made = KINDS.map((kind) => {
    const one = button(words[`marks_${kind}`], () => choose(kind), `marks-${kind}`);
    kinds.append(one);
    return one;
  });
  const choose = (/** @type {string} */ kind) => {
    own.kind = kind;
    own.draft = null;
    made.forEach((one, i) => {
      one.setAttribute("aria-pressed", String(KINDS[i] === kind));
    });
    stage.repaint();
  };
  choose(own.kind);
  kinds.append(button(words.marks_undo, undo, "marks-undo"));
  kinds.append(button(words.marks_clear, clear, "marks-clear"));
  row.append(kinds, note(words.marks_help));
  stage.extra.append(row);
  return row;
}

// Arrow keys carry a cross over the picture; Space sets a point of the stroke or a corner of the
// box, Enter ends the stroke, Escape gives it up.
/** @param {Stage} stage */
function press(stage, own, event, { extend, end }) {
  const way = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  }[event.key];
  if (way) {
    const from = own.cursor ?? [WHOLE / 2, WHOLE / 2];
    own.cursor = from.map((/** @type {number} */ at, /** @type {number} */ i) =>
      Math.min(WHOLE, Math.max(0, at + LEAP * way[i])),
    );
    stage.repaint();
  } else if (event.key === " " && own.cursor) {
    const isSecond = own.draft?.kind === "r";
    extend(own.cursor);
    if (isSecond) end();
  } else if (event.key === "Enter" && own.draft) end();
  else if (event.key === "Escape") {
    Object.assign(own, { draft: null, cursor: null });
    stage.repaint();
  } else return false;
  return true;
}

/** @type {(point: number[], box: Box) => number[]} */
const onCanvas = ([x, y], box) => [
  box.x + (x / WHOLE) * box.width,
  box.y + (y / WHOLE) * box.height,
];

/** @param {Context} ctx @param {Stage} stage @param {Stroke} stroke @param {Box} box */
function drawStroke(ctx, stage, { kind, points }, box) {
  const on = points.map((point) => onCanvas(point, box));
  if (kind === "r") {
    const [[x1, y1], [x2, y2]] = [on[0], on.at(-1) ?? on[0]];
    const area = {
      x: Math.min(x1, x2),
      y: Math.min(y1, y2),
      width: Math.abs(x2 - x1),
      height: Math.abs(y2 - y1),
    };
    outline(ctx, area, stage.theme.background, 4);
    outline(ctx, area, stage.theme.text, 1.5);
    return;
  }
  ctx.save();
  ctx.lineCap = "round";
  ctx.lineJoin = "round";
  const colour = kind === "f" ? stage.theme.categories[0] : stage.theme.lines[1];
  const strokes = [
    { wide: 8, ink: stage.theme.background, dash: [] },
    { wide: 5, ink: colour, dash: kind === "f" ? [] : [1, 9] },
  ];
  for (const { wide, ink, dash } of strokes) {
    ctx.setLineDash(dash);
    ctx.lineWidth = wide;
    ctx.strokeStyle = ink;
    ctx.beginPath();
    on.forEach(([x, y], i) => {
      if (i) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
    });
    if (on.length === 1) ctx.lineTo(on[0][0] + 0.1, on[0][1]);
    ctx.stroke();
  }
  ctx.restore();
}

/** @param {Context} ctx @param {Stage} stage @param {number[]} cursor @param {Box} box */
function drawCursor(ctx, stage, cursor, box) {
  const [x, y] = onCanvas(cursor, box);
  for (const [colour, wide] of /** @type {[string, number][]} */ ([
    [stage.theme.background, 4],
    [stage.theme.text, 1.5],
  ])) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = wide;
    ctx.beginPath();
    ctx.moveTo(x - 8, y);
    ctx.lineTo(x + 8, y);
    ctx.moveTo(x, y - 8);
    ctx.lineTo(x, y + 8);
    ctx.stroke();
  }
}
