// Feature maps: the stack as a strip, one map large over the picture with what a cell sees of it,
// and the channels of the layer as a gallery, most selective first.
import { cellAt, fill, openCanvas, pictureBitmap, pointerPosition } from "../../ui/stage/draw.js";
import { askEngine } from "../../ui/stage/engine.js";
import { drawGallery, tileAt, tileGrid } from "./gallery.js";
import { drawLarge } from "./large.js";
import { showReadout } from "./readout.js";
import { drawStrip, stageAt } from "./strip.js";

const STRIP_HEIGHT = 104;
const GAP = 18;

const state = () => ({
  cell: null, // whose field is drawn; null until one is pointed at
  keys: "gallery", // what the arrow keys move: the channel, or the cell ("map")
  kept: null, // the channel to come back to when the pointer leaves
  places: null, // where gallery, map and strip lie
  atlases: null, // all tiles of a layer as bitmaps
  overview: null, // facts of every layer
  overviewKey: null,
  faces: null, // one bitmap a layer
  patchBox: document.createElement("div"), // what excites the channel most
  patchKey: null,
  patchTimer: 0,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["opacity"],
  texts: {
    layer: (value, stage) => stage.reply?.about.names.at(value - 1) ?? String(value),
    part: (value, stage) => pageText(value, stage.reply?.about.parts),
  },

  build(stage) {
    stage.on("pointermove", (event) => event.pointerType === "mouse" && point(stage, event));
    stage.on("pointerleave", () => leave(stage));
    stage.on("click", (event) => press(stage, event));
    stage.on("keydown", (event) => steer(stage, event));
  },

  paint(stage, reply, values) {
    askOverview(stage, values);
    const full = stage.frame.clientWidth;
    const narrow = full < 540;
    const side = narrow ? full : Math.min(300, Math.round(full * 0.46));
    const top = STRIP_HEIGHT + 30;
    const grid = narrow
      ? { x: 0, y: top + side + 70, width: full }
      : { x: side + GAP, y: top, width: full - side - GAP };
    const tiles = tileGrid(reply.about.picked.length, grid.width, narrow ? 0 : side + 26);
    const gallery = { ...grid, ...tiles };
    const { ctx } = openCanvas(stage, Math.max(top + side + 26, gallery.bottom + grid.y) + 4);
    stage.state.places = {
      strip: drawStrip(ctx, stage, reply.about.layer, { width: full, height: STRIP_HEIGHT }),
      large: drawLarge(ctx, stage, reply, values, { x: 0, y: top, side }),
      gallery: drawGallery(ctx, stage, reply, gallery),
    };
    showReadout(stage, reply, values);
  },

  describe(stage, { about }) {
    return fill(stage.words.alternative, {
      name: about.name,
      channels: about.channels,
      rows: about.size[0],
      columns: about.size[1],
      channel: about.channel,
    });
  },
};

const pageText = (value, parts) => (parts ? `${Math.min(value, parts)} / ${parts}` : String(value));

// The picture and the strip's faces belong to picture, network and colours, not to the layer.
/** @param {Stage} stage */
function askOverview(stage, values) {
  const params = { ...stage.data.fixed, model: values.model, scope: values.scope };
  const key = JSON.stringify(params);
  if (stage.state.overviewKey === key) return;
  stage.state.overviewKey = key;
  askEngine(stage, "feature-maps/overview", params)
    .then((reply) => {
      if (stage.state.overviewKey !== key) return;
      stage.state.overview = { ...reply.about, reply, picture: pictureBitmap(reply.view) };
      stage.state.faces = null;
      stage.repaint();
    })
    .catch(() => {
      // The main request says what is wrong; the strip asks again with the next answer.
      if (stage.state.overviewKey === key) stage.state.overviewKey = null;
    });
}

// "network:layer:channel", so that a channel chosen in one layer is not taken for another's.
export const channelTag = (values, about, channel) => `${values.model}:${about.layer}:${channel}`;

/** @param {Stage} stage */
function point(stage, event) {
  if (!stage.state.places) return;
  const { x, y } = pointerPosition(stage, event);
  const cell = cellUnder(stage, x, y);
  const tile = tileAt(stage.state.places.gallery, x, y);
  const over = cell || tile !== null || stageAt(stage.state.places.strip, x, y) !== null;
  stage.canvas.style.cursor = over ? "pointer" : "default";
  if (tile !== null) preview(stage, tile);
  else endPreview(stage);
  if (cell && !sameCell(cell, stage.state.cell)) {
    stage.state.cell = cell;
    stage.repaint();
  }
}

const sameCell = (a, b) => a && b && a.row === b.row && a.column === b.column;

/** @param {Stage} stage */
function cellUnder(stage, x, y) {
  const [rows, columns] = stage.reply.about.size;
  return cellAt(stage.state.places.large, rows, columns, x, y);
}

// Pointing at a channel shows it large; leaving brings the chosen one back.
/** @param {Stage} stage */
function preview(stage, channel) {
  const tag = channelTag(stage.values, stage.reply.about, channel);
  if (stage.values.channel === tag) return;
  stage.state.kept ??= { channel: stage.values.channel };
  stage.set({ channel: tag }, false);
}

/** @param {Stage} stage */
function endPreview(stage) {
  if (!stage.state.kept) return;
  const { channel } = stage.state.kept;
  stage.state.kept = null;
  stage.set({ channel }, false);
}

/** @param {Stage} stage */
function leave(stage) {
  endPreview(stage);
}

/** @param {Stage} stage */
function press(stage, event) {
  if (!stage.state.places) return;
  const { x, y } = pointerPosition(stage, event);
  const { about } = stage.reply;
  const number = stageAt(stage.state.places.strip, x, y);
  const tile = tileAt(stage.state.places.gallery, x, y);
  const cell = cellUnder(stage, x, y);
  if (number !== null) {
    stage.state.kept = null;
    stage.set({ layer: number, part: 1 });
  } else if (tile !== null) {
    stage.state.kept = null;
    stage.state.keys = "gallery";
    stage.set({ channel: channelTag(stage.values, about, tile) });
  } else if (cell) {
    stage.state.keys = "map";
    stage.state.cell = cell;
    stage.repaint();
  }
}

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

// Arrow keys walk over the gallery, or over the cells of the large map after a click on it;
// Enter changes between the two.
/** @param {Stage} stage */
function steer(stage, event) {
  if (!stage.state.places) return;
  if (event.key === "Enter") {
    stage.state.keys = stage.state.keys === "map" ? "gallery" : "map";
    stage.state.cell ??= middle(stage.reply.about.size);
    stage.repaint();
  }
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  if (stage.state.keys === "map") walkCells(stage, step);
  else walkTiles(stage, step);
}

const middle = ([rows, columns]) => ({ row: rows >> 1, column: columns >> 1 });
const clamp = (value, count) => Math.min(Math.max(value, 0), count - 1);

/** @param {Stage} stage */
function walkCells(stage, [down, right]) {
  const { size } = stage.reply.about;
  const { row, column } = stage.state.cell ?? middle(size);
  stage.state.cell = { row: clamp(row + down, size[0]), column: clamp(column + right, size[1]) };
  stage.repaint();
}

/** @param {Stage} stage */
function walkTiles(stage, [down, right]) {
  const { about } = stage.reply;
  const at = about.picked.indexOf(about.channel);
  const to =
    at < 0 ? 0 : clamp(at + right + down * stage.state.places.gallery.columns, about.picked.length);
  stage.state.kept = null;
  stage.set({ channel: channelTag(stage.values, about, about.picked[to]) });
}
