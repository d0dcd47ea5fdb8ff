// Fully convolutional: the heatmap of the pass over the whole picture on it, beside it the crops'
// heatmap, the pass's, and how far they are apart; below, where the maps of one window differ.

import { fill, openCanvas, pointerPosition } from "../../ui/stage/draw.js";
import { askUntilDone } from "../../ui/stage/engine.js";
import { later } from "../../ui/stage/lifetime.js";
import { drawMaps, drawPicture, drawWindow, nameOf, placesOf, windowAt } from "./maps.js";
import { tell } from "./readout.js";

const SETTLED_MS = 250; // a slider that moves on is not asked about its window

const state = () => ({
  asked: null, // the values painted last
  places: null,
  drawn: null, // where cells lie
  photo: null,
  beside: {}, // answers beside the heatmaps, by name
  cost: null,
  costKey: null,
  costTimer: 0,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["opacity", "cell"],
  texts: {
    stride: (value, stage) =>
      stage.reply ? `${value * stage.reply.about.net_finest_px} px` : String(value),
    opacity: (value) => `${value} %`,
  },

  build(stage) {
    stage.on("click", (event) => choose(stage, event));
    stage.on("keydown", (event) => steer(stage, event));
  },

  paint(stage, reply, values) {
    stage.state.asked = values;
    const narrow = stage.frame.clientWidth < 540;
    stage.state.places = placesOf(stage.frame.clientWidth, reply.about.size, narrow);
    const { ctx } = openCanvas(stage, stage.state.places.bottom);
    const at = chosen(reply, values);
    drawPicture(ctx, stage, reply, values, pictureOf(stage, values), at);
    drawMaps(ctx, stage, reply, values, at);
    drawWindow(ctx, stage, reply, windowOf(stage, values, at));
    tell(stage, reply, values);
  },

  describe(stage, { about, whole }) {
    return fill(stage.words.alternative, {
      windows: whole.data.length,
      passes: about.passes,
      name: nameOf(stage, about),
      apart: about.apart_heat.toPrecision(2),
    });
  },
};

// The chosen window on the grid of the stride; the surest one where none is chosen.
function chosen({ whole }, values) {
  const [rows, columns] = whole.shape;
  if (!values.cell) {
    let best = 0;
    whole.data.forEach((value, i) => {
      if (value > whole.data[best]) best = i;
    });
    return { row: Math.floor(best / columns), column: best % columns };
  }
  const [row, column] = values.cell.split(",").map((n) => Math.floor(n / values.stride));
  return { row: Math.min(row, rows - 1), column: Math.min(column, columns - 1) };
}

/** @param {Stage} stage */
function pick(stage, row, column) {
  const { stride } = stage.state.asked;
  stage.set({ cell: `${row * stride},${column * stride}` });
}

/** @param {Stage} stage */
function choose(stage, event) {
  if (!stage.state.places || !stage.reply) return;
  const { x, y } = pointerPosition(stage, event);
  const found = windowAt(stage, stage.reply, stage.state.asked, x, y);
  if (found) pick(stage, found.row, found.column);
}

/** @param {Stage} stage */
function steer(stage, event) {
  const move = {
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
  }[event.key];
  if (!move || !stage.reply) return;
  event.preventDefault();
  const [rows, columns] = stage.reply.whole.shape;
  const at = chosen(stage.reply, { ...stage.state.asked, cell: stage.values.cell });
  const within = (value, most) => Math.min(most - 1, Math.max(0, value));
  pick(stage, within(at.row + move[0], rows), within(at.column + move[1], columns));
}

/** @param {Stage} stage */
const subjectOf = (stage, { target, padding }) => ({ ...stage.data.fixed, target, padding });

// The picture that is looked at, asked for once; null until it is there.
/** @param {Stage} stage */
function pictureOf(stage, values) {
  const params = subjectOf(stage, values);
  return besides(stage, "picture", params, 0, (reply) => reply.picture);
}

// The maps of the chosen window; those of the one before stay until they are there.
/** @param {Stage} stage */
function windowOf(stage, values, at) {
  const place = { row: at.row * values.stride, column: at.column * values.stride };
  const params = { ...subjectOf(stage, values), ...place };
  return besides(stage, "window", params, SETTLED_MS, (reply) => reply);
}

// Something beside the heatmaps, asked for when its question changes and then painted.
/** @param {Stage} stage */
function besides(stage, name, params, wait, read) {
  stage.state.beside[name] ??= { key: null, value: null };
  const entry = stage.state.beside[name];
  const key = JSON.stringify(params);
  if (entry.key === key) return entry.value;
  entry.key = key;
  clearTimeout(entry.timer);
  const current = () => entry.key === key;
  entry.timer = later(stage, wait, async () => {
    try {
      const reply = await askUntilDone(stage, `fully-convolutional/${name}`, params, current);
      if (!reply || !current()) return;
      entry.value = read(reply);
      stage.repaint();
    } catch {
      // asked again with the next repaint
      if (current()) entry.key = null;
    }
  });
  return entry.value;
}
