// The face cascade: P-Net's heat on every level of the pyramid, the boxes after each gate, what
// R-Net and O-Net see of them, and the way of one window from gate to gate.
import { fill, openCanvas, pointerPosition } from "../../ui/stage/draw.js";
import { askUntilDone } from "../../ui/stage/engine.js";
import { drawPhoto } from "../../ui/stage/photo.js";
import { drawBoxes, drawChosen, drawHeading, drawLevel, drawStrip } from "./draw.js";
import { boxAt, FACE, LAST, mapBox, onCanvas, placesOf, scoreAt } from "./place.js";
import { addPlayer, showGate } from "./play.js";
import { buildReadout, tell } from "./readout.js";

/** @import { Reply } from "../../ui/stage/types.d.ts" */

const REACH_PX = 8; // how near to an edge a press must be

const state = () => ({
  places: null,
  level: 0, // of the pyramid
  pyramid: null, // the heat of its levels
  strip: null, // the crops that the nets see
  player: null,
  told: null, // parts of the readout
  windowKey: null,
  windowPlace: null,
  windowSeen: null, // what the nets saw of the window
  windowTimer: 0,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["stage", "level", "window"],
  texts: { min_face: (value, stage) => `${stage.reply?.about.min_face ?? value} px` },

  build(stage) {
    addPlayer(stage);
    buildReadout(stage);
    stage.on("pointerdown", (event) => press(stage, event));
    stage.on("keydown", (event) => steer(stage, event));
  },

  paint(stage, reply, values) {
    const { about } = reply;
    const narrow = stage.frame.clientWidth < 540;
    const places = placesOf(stage.frame.clientWidth, about.size, narrow);
    const { ctx } = openCanvas(stage, places.bottom);
    askLevels(stage, reply, values);
    const at = chosen(reply, values);
    stage.state.places = places;
    stage.state.level = levelShown(reply, values, at);
    stage.state.strip = { net: "p", boxes: [], windows: [] };
    if (about.levels.length) drawAll(ctx, stage, reply, at, values.stage, places);
    else drawUnseen(ctx, stage, places);
    showGate(stage, values.stage);
    tell(stage, reply, values, at);
  },

  describe(stage, { about }, values) {
    return fill(stage.words.alternative, {
      windows: about.counts[0],
      gate: stage.words[`gate_${values.stage}`],
      left: about.counts[values.stage],
      faces: about.counts[LAST],
    });
  },
};

/** @param {Stage} stage */
function drawAll(ctx, stage, reply, at, gate, places) {
  if (gate === 0) drawLevel(ctx, stage, reply, stage.state.level, places);
  else {
    const words = { left: reply.about.counts[gate], before: reply.about.counts[gate - 1] };
    const text = `${stage.words[`gate_${gate}`]} · ${fill(stage.words.of, words)}`;
    drawHeading(ctx, stage, text, places.picture);
    drawBoxes(ctx, stage, reply, gate, places);
  }
  stage.state.strip = drawStrip(ctx, stage, reply, at, gate, places);
  if (at) drawChosen(ctx, stage, reply, at, gate, places);
}

// The sentence itself stands in the readout.
/** @param {Stage} stage */
function drawUnseen(ctx, stage, { picture }) {
  drawPhoto(ctx, stage, stage.data.fixed.picture, picture);
  drawHeading(ctx, stage, stage.words.no_window, picture);
}

// The window that is followed: { level, row, column, index }, index null where P-Net refused it;
// the one that came furthest until a reader chooses; null where there is none at all.
function chosen(reply, values) {
  const { cells, about } = reply;
  if (!values.window) {
    if (about.furthest === null) return null;
    const [level, row, column] = cells.data.subarray(3 * about.furthest, 3 * about.furthest + 3);
    return { level, row, column, index: about.furthest };
  }
  const [level, row, column] = values.window.split(",").map(Number);
  const [rows, columns] = about.levels[level]?.cells ?? [0, 0];
  if (row >= rows || column >= columns) return null; // of another pyramid
  for (let i = 0; i < cells.data.length; i += 3) {
    if (cells.data[i] === level && cells.data[i + 1] === row && cells.data[i + 2] === column) {
      return { level, row, column, index: i / 3 };
    }
  }
  return { level, row, column, index: null };
}

function levelShown({ about }, values, at) {
  const wanted = values.level === "" ? (at?.level ?? 0) : Number(values.level);
  return Math.min(wanted, Math.max(0, about.levels.length - 1));
}

// The levels' pictures and maps, which change with the pyramid only.
/** @param {Stage} stage */
function askLevels(stage, reply, { factor }) {
  const params = { ...stage.data.fixed, min_face: reply.about.min_face, factor };
  const key = JSON.stringify(params);
  if (stage.state.pyramid?.key === key) return;
  const pyramid = { key, reply: /** @type {Reply | null} */ (null), bitmaps: [] };
  stage.state.pyramid = pyramid;
  const current = () => stage.state.pyramid === pyramid;
  askUntilDone(stage, "face-cascade/levels", params, current)
    .then((found) => {
      if (!found || !current()) return;
      pyramid.reply = found;
      stage.repaint();
    })
    .catch(() => {
      if (current()) stage.state.pyramid = null; // asked again with the next paint
    });
}

/** @param {Stage} stage */
export function choose(stage, window) {
  const { data } = stage.reply.cells;
  stage.set({ window: data.subarray(3 * window, 3 * window + 3).join(",") });
}

const inside = (box, x, y) =>
  x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;

/** @param {Stage} stage */
function press(stage, event) {
  if (!stage.reply || !stage.state.places) return;
  const { x, y } = pointerPosition(stage, event);
  const { net, boxes, windows } = stage.state.strip;
  const tile = boxes.findIndex((box) => inside(box, x, y));
  if (tile >= 0 && net === "p") stage.set({ level: String(tile), stage: 0 });
  else if (tile >= 0) choose(stage, windows[tile]);
  else if (stage.values.stage === 0) pressLevel(stage, x, y);
  else {
    const found = nearest(stage, x, y);
    if (found !== null) choose(stage, found);
  }
}

// The window around the place that was pressed.
/** @param {Stage} stage */
function pressLevel(stage, x, y) {
  const level = stage.reply.about.levels[stage.state.level];
  if (!level || !inside(stage.state.places.picture, x, y)) return;
  const box = mapBox(level, stage.state.places.picture);
  const cell = (at, start, length, count) =>
    Math.min(count - 1, Math.max(0, Math.floor(((at - start) / length) * count)));
  const row = cell(y, box.y, box.height, level.cells[0]);
  const column = cell(x, box.x, box.width, level.cells[1]);
  stage.set({ window: `${stage.state.level},${row},${column}`, level: String(stage.state.level) });
}

// The shown box whose edge is nearest; those that are left win over those that went.
/** @param {Stage} stage */
function nearest(stage, x, y) {
  const {
    reply,
    values: { stage: gate },
    state: { places },
  } = stage;
  let [best, least] = [null, REACH_PX];
  reply.fell.data.forEach((fell, i) => {
    if (fell < gate) return;
    const box = onCanvas(places, boxAt(reply, i, gate));
    const [right, bottom] = [box.x + box.width, box.y + box.height];
    const out = Math.hypot(Math.max(box.x - x, 0, x - right), Math.max(box.y - y, 0, y - bottom));
    const within = Math.min(x - box.x, right - x, y - box.y, bottom - y);
    const distance = (out > 0 ? out : within) - (fell > gate ? 1 : 0);
    if (distance < least) [best, least] = [i, distance];
  });
  return best;
}

// Arrow keys move the window over its level; after a gate left and right walk over what is left of
// the windows, up and down over what went.
/** @param {Stage} stage */
function steer(stage, event) {
  const move = {
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
  }[event.key];
  if (!move || !stage.reply?.about.levels.length) return;
  event.preventDefault();
  if (stage.values.stage === 0) moveOnLevel(stage, move);
  else walk(stage, move[1] || move[0], move[1] !== 0);
}

/** @param {Stage} stage */
function moveOnLevel(stage, [down, across]) {
  const at = chosen(stage.reply, stage.values);
  const [rows, columns] = stage.reply.about.levels[stage.state.level].cells;
  const from = at && at.level === stage.state.level ? at : { row: rows >> 1, column: columns >> 1 };
  const within = (value, count) => Math.min(count - 1, Math.max(0, value));
  const place = [within(from.row + down, rows), within(from.column + across, columns)];
  stage.set({ window: [stage.state.level, ...place].join(","), level: String(stage.state.level) });
}

/** @param {Stage} stage */
function walk(stage, way, amongLeft) {
  const {
    reply,
    values: { stage: gate },
  } = stage;
  const windows = [];
  reply.fell.data.forEach((fell, i) => {
    if (amongLeft ? fell > gate : fell === gate) windows.push(i);
  });
  if (!windows.length) return;
  const score = (i) => scoreAt(reply, i, reply.fell.data[i] === FACE ? LAST : gate);
  windows.sort((a, b) => score(b) - score(a) || a - b);
  const at = windows.indexOf(chosen(reply, stage.values)?.index);
  const from = at < 0 && way < 0 ? 0 : at; // the first press finds an end of the list
  choose(stage, windows[(from + way + windows.length) % windows.length]);
}
