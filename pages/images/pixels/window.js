// Which part of a picture is on the canvas, and how hands, wheels and keys move it.
//
// A window = { scale, x, y, columns, rows }: CSS pixels per picture pixel, the picture's
// coordinates at the canvas's top left corner (below 0 where there is room to spare), and what is
// seen of it.

import { pointerPosition } from "../../ui/stage/draw.js";
import { later } from "../../ui/stage/lifetime.js";

/** @import { Stage } from "./view.js" */

const COMMIT_AFTER_MS = 300; // the page learns of a movement when it has come to rest
const ENLARGE = Math.SQRT2; // of one press of + or −
const GRASP_PX = 8; // how far beside a thin picture a pointer may be

export function windowOf([height, width], canvas, zoom, at) {
  const scale = Math.min(canvas.width / width, canvas.height / height) * zoom;
  const [columns, rows] = [canvas.width / scale, canvas.height / scale];
  return {
    scale,
    columns,
    rows,
    x: start(at.x * width, columns, width),
    y: start(at.y * height, rows, height),
  };
}

// Where the window begins along one side: inside the picture, or around it where it is smaller.
function start(centre, seen, side) {
  if (seen >= side) return (side - seen) / 2;
  return Math.min(Math.max(centre - seen / 2, 0), side - seen);
}

export function readPlace(text) {
  const [x, y] = String(text).split(",").map(Number);
  return { x, y };
}

export const writePlace = ({ x, y }) => `${part(x)},${part(y)}`;
const part = (value) => Number(Math.min(Math.max(value, 0), 1).toFixed(5));

// The pixel { column, row } at a place of the canvas; null off the picture.
export function pixelAt(window, [height, width], { x, y }) {
  const column = along(window.x + x / window.scale, width, window.scale);
  const row = along(window.y + y / window.scale, height, window.scale);
  return column === null || row === null ? null : { column, row };
}

function along(place, side, scale) {
  const grasp = GRASP_PX / scale;
  if (place < -grasp || place > side + grasp) return null;
  return Math.min(Math.max(Math.floor(place), 0), side - 1);
}

export function centrePixel(window, [height, width]) {
  const middle = (from, seen, side) => Math.min(Math.max(Math.floor(from + seen / 2), 0), side - 1);
  return {
    column: middle(window.x, window.columns, width),
    row: middle(window.y, window.rows, height),
  };
}

// Values that show the picture's point (x, y) at the canvas's place `under`, at another zoom.
export function zoomAround(view, zoom, under) {
  const { window, size, canvas } = view;
  const next = windowOf(size, canvas, zoom, { x: 0.5, y: 0.5 });
  const x = window.x + under.x / window.scale - under.x / next.scale;
  const y = window.y + under.y / window.scale - under.y / next.scale;
  return { zoom, at: centreOf(size, { ...next, x, y }) };
}

// The centre, as fractions of the picture, of a window that was moved: kept inside.
function centreOf([height, width], { x, y, columns, rows }) {
  const centre = (from, seen, side) => (start(from + seen / 2, seen, side) + seen / 2) / side;
  return writePlace({ x: centre(x, columns, width), y: centre(y, rows, height) });
}

export function moved(view, dx, dy) {
  const { window, size } = view;
  return { at: centreOf(size, { ...window, x: window.x + dx, y: window.y + dy }) };
}

// Wheel, double click, pinch, drag and keys on the canvas. `view()` gives the picture on screen as
// { window, size, canvas, zoom, high }; stage.state says what a tap and an arrow key choose.
/** @param {Stage} stage */
export function listen(stage, view) {
  const act = actions(stage, view);
  const { canvas } = stage;
  const wheel = (event) => {
    const factor = 2 ** (-event.deltaY * (event.deltaMode ? 0.05 : 0.002));
    if (act.zoomBy(factor, pointerPosition(stage, event))) event.preventDefault();
  };
  stage.on("wheel", wheel, { passive: false }); // at either end the page scrolls
  canvas.ondblclick = (event) =>
    act.zoomBy(event.shiftKey ? 0.5 : 2, pointerPosition(stage, event));
  listenToPointers(stage, view, act);
  canvas.onkeydown = (event) => press(event, stage.state, view(), act);
  return act;
}

/** @param {Stage} stage */
function actions(stage, view) {
  /** @type {ReturnType<typeof later> | undefined} */
  let resting;
  const change = (values) => {
    stage.set(values, false);
    clearTimeout(resting);
    resting = later(stage, COMMIT_AFTER_MS, () => stage.set({}, true));
  };
  const zoomBy = (factor, under) => {
    const now = view();
    const wanted = Math.min(Math.max(now.zoom * factor, 1), now.high);
    const zoom = Math.floor(100 * wanted + 0.001) / 100;
    if (zoom === now.zoom) return false;
    change(zoomAround(now, zoom, under));
    return true;
  };
  return { change, zoomBy };
}

/** @param {Stage} stage */
function listenToPointers(stage, view, { change, zoomBy }) {
  const { canvas, state: own } = stage;
  const pointers = new Map(); // those that are down, by id
  let travelled = 0;
  canvas.onpointerdown = (event) => {
    pointers.set(event.pointerId, pointerPosition(stage, event));
    travelled = 0;
    canvas.setPointerCapture(event.pointerId);
  };
  canvas.onpointermove = (event) => {
    const place = pointerPosition(stage, event);
    if (event.pointerType === "mouse") own.hover = place;
    const before = pointers.get(event.pointerId);
    if (!before) return own.repaintSoon();
    const pinch = pinched(pointers, event.pointerId, place);
    pointers.set(event.pointerId, place);
    travelled += Math.hypot(place.x - before.x, place.y - before.y);
    if (travelled < 3) return;
    if (pinch) zoomBy(pinch.factor, pinch.middle);
    const now = view();
    const share = (pinch ? 0.5 : 1) / now.window.scale; // two fingers move the middle half as far
    change(moved(now, (before.x - place.x) * share, (before.y - place.y) * share));
  };
  canvas.onpointerup = canvas.onpointercancel = (event) => {
    pointers.delete(event.pointerId);
    if (event.type === "pointerup" && travelled < 3) own.choose(pointerPosition(stage, event));
  };
  canvas.onpointerleave = () => {
    own.hover = null;
    own.repaintSoon();
  };
}

function press(event, own, { canvas }, { zoomBy }) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const middle = { x: canvas.width / 2, y: canvas.height / 2 };
  const step = event.shiftKey ? 10 : 1;
  const acts = {
    ArrowLeft: () => own.step(-step, 0),
    ArrowRight: () => own.step(step, 0),
    ArrowUp: () => own.step(0, -step),
    ArrowDown: () => own.step(0, step),
    "+": () => zoomBy(ENLARGE, middle),
    "=": () => zoomBy(ENLARGE, middle),
    "-": () => zoomBy(1 / ENLARGE, middle),
    0: () => zoomBy(0, middle),
  };
  if (!acts[event.key]) return;
  acts[event.key]();
  event.preventDefault();
}

// Two fingers: how far they have spread, and the point between them.
function pinched(pointers, id, place) {
  if (pointers.size !== 2) return null;
  const [[, other]] = [...pointers].filter(([key]) => key !== id);
  const before = pointers.get(id);
  const spread = (p) => Math.max(Math.hypot(p.x - other.x, p.y - other.y), 1);
  return {
    factor: spread(place) / spread(before),
    middle: { x: (place.x + other.x) / 2, y: (place.y + other.y) / 2 },
  };
}
