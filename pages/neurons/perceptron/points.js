// The points of two classes as text "x,y,class;…" (engine/serving/perceptron/contract.py), and what
// a pointer and keys do to them.
import { pointerPosition } from "../../ui/stage/draw.js";
import { placed } from "./numbers.js";
import { at, placeUnder, REACH } from "./plane.js";

/** @import { Stage } from "./view.js" */
/** @typedef {{ x: number, y: number, plus: boolean }} Point */

export const LEAST = 2;
export const MOST = 24;
const GRASP_PX = 14;
const STEP = 0.1; // of an arrow key
/** @type {Record<string, [number, number]>} */
const ARROWS = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, STEP],
  ArrowDown: [0, -STEP],
};

/** @type {(text: string) => Point[]} */
export const readPoints = (text) =>
  text.split(";").map((part) => {
    const [x, y, kind] = part.split(",");
    return { x: Number(x), y: Number(y), plus: kind === "1" };
  });

/** @type {(points: Point[]) => string} */
export const writePoints = (points) =>
  points.map(({ x, y, plus }) => `${placed(x)},${placed(y)},${plus ? 1 : 0}`).join(";");

/** @type {(value: number) => number} */
const inside = (value) => Math.min(Math.max(value, -REACH), REACH);

/**
 * The same points with one of them elsewhere, or of the other class.
 * @param {Point[]} points
 * @param {number} index
 * @param {Partial<Point>} change
 */
export function changed(points, index, change) {
  return points.map((point, i) => {
    if (i !== index) return point;
    const { x, y, plus } = { ...point, ...change };
    return { x: inside(x), y: inside(y), plus };
  });
}

/**
 * The number of the point nearest to a place on the canvas, within reach of a hand; else null.
 * @param {Point[]} points
 * @param {import("./plane.js").Square} square
 * @param {{ x: number, y: number }} place in CSS pixels
 */
export function nearestPoint(points, square, place) {
  let [best, least] = [/** @type {number | null} */ (null), GRASP_PX];
  points.forEach((point, i) => {
    const [x, y] = at(square, point.x, point.y);
    const far = Math.hypot(x - place.x, y - place.y);
    if (far <= least) [best, least] = [i, far];
  });
  return best;
}

/** @param {Stage} stage */
const chosenOf = ({ values, reply }) => {
  const count = reply?.targets.data.length ?? 0;
  return values.chosen === "" || Number(values.chosen) >= count ? null : Number(values.chosen);
};

/**
 * Dragging moves a point, a press chooses one; arrows move the chosen one.
 * @param {Stage} stage
 */
export function editPoints(stage) {
  /** @type {{ index: number, moved: boolean } | null} */
  let drag = null;
  /** @param {{ clientX: number, clientY: number }} event */
  const grasp = (event) => {
    const { square } = stage.state;
    if (!square) return null;
    return nearestPoint(readPoints(stage.values.points), square, pointerPosition(stage, event));
  };
  stage.on("pointerdown", (event) => {
    if (!stage.state.square || event.button > 0) return;
    const index = grasp(event);
    drag = index === null ? null : { index, moved: false };
    if (drag) stage.canvas.setPointerCapture?.(event.pointerId);
    else if (placeUnder(stage.state.square, pointerPosition(stage, event))) {
      stage.set({ chosen: "" });
    }
  });
  stage.on("pointermove", (event) => {
    if (!drag) return;
    const place = placeUnder(stage.state.square, pointerPosition(stage, event), true);
    if (!place) return;
    drag.moved = true;
    const points = changed(readPoints(stage.values.points), drag.index, place);
    stage.set({ points: writePoints(points) }, false);
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
    stage.on(end, () => {
      if (!drag) return;
      const { index, moved } = drag;
      drag = null;
      const again = !moved && stage.values.chosen === String(index);
      stage.set({ chosen: again ? "" : String(index), points: stage.values.points });
    });
  }
  stage.on(
    "touchstart",
    (event) => {
      if (grasp(event.touches[0]) !== null) event.preventDefault(); // elsewhere a finger scrolls
    },
    { passive: false },
  );
  stage.on("keydown", (event) => press(stage, event));
}

// Arrows move the chosen point, Page Up and Page Down choose another, Space turns its class, Delete
// takes it away, + and − add one.
/** @type {(stage: Stage, event: KeyboardEvent) => void} */
function press(stage, event) {
  const points = readPoints(stage.values.points);
  const index = chosenOf(stage);
  const turn = { PageUp: -1, PageDown: 1 }[event.key];
  const arrow = ARROWS[event.key];
  if (turn) {
    const next = index === null ? 0 : (index + turn + points.length) % points.length;
    stage.set({ chosen: String(next) });
  } else if (event.key === "+" || event.key === "-") addPoint(stage, event.key === "+");
  else if (event.key === "Escape") stage.set({ chosen: "" });
  else if (index === null) return;
  else if (arrow) {
    const { x, y } = points[index];
    const moved = changed(points, index, { x: x + arrow[0], y: y + arrow[1] });
    stage.set({ points: writePoints(moved) });
  } else if (event.key === " ") turnPoint(stage);
  else if (event.key === "Delete" || event.key === "Backspace") removePoint(stage);
  else return;
  event.preventDefault();
}

/**
 * A new point of this class, where there is room; it is chosen.
 * @type {(stage: Stage, plus: boolean) => void}
 */
export function addPoint(stage, plus) {
  const points = readPoints(stage.values.points);
  if (points.length >= MOST) return;
  const added = [...points, { ...freePlace(points), plus }];
  stage.set({ points: writePoints(added), chosen: String(points.length) });
}

/** @param {Stage} stage */
export function turnPoint(stage) {
  const [points, index] = [readPoints(stage.values.points), chosenOf(stage)];
  if (index === null) return;
  const turned = changed(points, index, { plus: !points[index].plus });
  stage.set({ points: writePoints(turned) });
}

/** @param {Stage} stage */
export function removePoint(stage) {
  const [points, index] = [readPoints(stage.values.points), chosenOf(stage)];
  if (index === null || points.length <= LEAST) return;
  points.splice(index, 1);
  const chosen = String(Math.min(index, points.length - 1));
  stage.set({ points: writePoints(points), chosen });
}

/**
 * The place of a coarse grid that is farthest from all points.
 * @param {Point[]} points
 */
export function freePlace(points) {
  let best = { x: 0, y: 0 };
  let most = -1;
  for (let y = 1.5; y >= -1.5; y -= 0.5) {
    for (let x = -1.5; x <= 1.5; x += 0.5) {
      const far = Math.min(...points.map((point) => Math.hypot(point.x - x, point.y - y)));
      if (far > most) [best, most] = [{ x, y }, far];
    }
  }
  return best;
}

export { chosenOf };
