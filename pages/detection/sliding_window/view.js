// Sliding window: the picture under its heatmap with the boxes that come of it, beside it the
// finest grid and what the stride leaves of it. Played, one window crosses and fills the map.

import { fill, openCanvas, pointerPosition } from "../../ui/stage/draw.js";
import { showPlayer } from "../../ui/stage/parts.js";
import { chosen, nameOf, pick } from "./chosen.js";
import { drawMaps, drawPicture, placesOf, windowAt } from "./maps.js";
import { addPlayer, stop } from "./play.js";
import { tell } from "./readout.js";
import { showSearch } from "./search.js";

const state = () => ({
  reached: null, // the last window of the sweep so far; null while nothing is played
  sweptKey: null, // the sweep that it belongs to
  asked: null, // the values painted last
  places: null,
  drawnPicture: null,
  player: null,
  search: null, // the box for a class by its name
  cost: null,
  costKey: null,
  costTimer: 0,
  crop: null, // of the chosen window
  cropKey: null,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["opacity", "cell"],
  texts: {
    threshold: (value) => `${value} %`,
    window: (value, stage) => (stage.reply ? windowText(value, stage.reply.about) : `${value} %`),
    stride: (value, stage) =>
      stage.reply ? `${Math.round(value * stage.reply.about.finest_px[0])} px` : String(value),
  },

  build(stage) {
    addPlayer(stage);
    stage.on("click", (event) => choose(stage, event));
    stage.on("keydown", (event) => steer(stage, event));
  },

  paint(stage, reply, values) {
    const key = JSON.stringify([
      stage.data.fixed,
      values.target,
      values.class_index,
      values.window,
      values.stride,
    ]);
    if (stage.state.sweptKey !== key) {
      // another sweep: what was played no longer belongs to it
      stage.state.sweptKey = key;
      stop(stage);
      stage.state.reached = null;
    }
    stage.state.asked = values;
    const narrow = stage.frame.clientWidth < 540;
    const places = placesOf(stage.frame.clientWidth, reply.about.size, narrow);
    const { ctx } = openCanvas(stage, places.bottom);
    stage.state.places = places;
    drawPicture(ctx, stage, reply, values, places.picture);
    drawMaps(ctx, stage, reply, values, places);
    showPlayer(stage, stage.state.player);
    showSearch(stage, values);
    tell(stage, reply, values);
  },

  describe(stage, { about, heat, scores }) {
    return fill(stage.words.alternative, {
      windows: heat.data.length,
      name: nameOf(stage, about),
      boxes: scores.data.length,
    });
  },
};

// The engine enlarges a window that is too small for the picture to the least that it offers.
function windowText(value, { size, limits }) {
  return `${Math.round((Math.max(value, limits.window.low) / 100) * Math.min(...size))} px`;
}

/** @param {Stage} stage */
function choose(stage, event) {
  if (!stage.state.places || !stage.reply) return;
  const { x, y } = pointerPosition(stage, event);
  const found = windowAt(stage, stage.reply, stage.state.asked, x, y);
  if (!found) return;
  stop(stage);
  stage.state.reached = null;
  pick(stage, found.row, found.column);
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
  stop(stage);
  const [rows, columns] = stage.reply.heat.shape;
  const at = chosen(stage, stage.reply, stage.values) ?? { row: 0, column: -move[1] };
  stage.state.reached = null;
  const within = (value, most) => Math.min(most - 1, Math.max(0, value));
  pick(stage, within(at.row + move[0], rows), within(at.column + move[1], columns));
}
