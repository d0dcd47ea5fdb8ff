// Segment: the picture in segments, at any opacity; of GrabCut also the way there, from where the
// classifier looks over the seed to the outline after each iteration.

import { buildDrawing } from "../../ui/marks/drawing.js";
import { optionLabel } from "../../ui/stage/controls.js";
import {
  cellAt,
  cellBox,
  drawBitmap,
  fill,
  openCanvas,
  outline,
  pointerPosition,
  write,
} from "../../ui/stage/draw.js";
import { drawPhoto, drawProgress, photoShape } from "../../ui/stage/photo.js";
import { CAM, layersOf, SEED } from "../../ui/stage/segment_layers.js";
import { tell } from "./readout.js";

const MOST_HEIGHT = 380;
const STRIP_MOST = 74; // height of a step's small picture
const CAPTION = 18;
const GAP = 6;
const LEAP = 40; // arrow keys cross the picture in so many steps
// What each method's answer depends on; the other sliders are put away.
const OWN = {
  grabcut: ["step", "seed"],
  drawn: [],
  slic: ["pieces", "compactness"],
  felzenszwalb: ["scale"],
  panoptic: [],
};
const SLIDERS = ["step", "seed", "pieces", "compactness", "scale", "least"];

const state = () => ({
  place: null, // of the picture
  drawnOn: null, // the same, whether there is an answer or not
  pixel: null, // the one pointed at
  shownReply: null,
  tiles: [],
  drawing: null,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  local: ["opacity", "step", "lines"],
  texts: { seed: (value) => `${Math.round(100 * value)} %` },

  build(stage) {
    stage.on("pointermove", (event) => hover(stage, event));
    stage.on("pointerdown", (event) => press(stage, event));
    stage.on("pointerleave", () => point(stage, null));
    stage.on("keydown", (event) => isDrawn(stage) || walk(stage, event));
    stage.state.drawing = buildDrawing(stage, {
      control: "drawn",
      isOn: () => isDrawn(stage),
      place: () => stage.state.drawnOn,
    });
  },

  wait(stage, values, progress) {
    const shape = photoShape(stage, stage.data.fixed.picture);
    Object.assign(stage.state, { place: null, tiles: [] });
    if (!shape) return false;
    showOwn(stage, values.method);
    const place = placeOf(stage, shape);
    const { ctx } = openCanvas(stage, place.height + 2);
    drawPhoto(ctx, stage, stage.data.fixed.picture, place);
    outline(ctx, place, stage.theme.border);
    if (stage.busy) drawProgress(ctx, stage, place, progress);
    return true;
  },

  paint(stage, reply, values) {
    showOwn(stage, values.method);
    if (stage.state.shownReply !== reply) stage.state.pixel = null;
    stage.state.shownReply = reply;
    const width = stage.frame.clientWidth;
    const place = placeOf(stage, reply.about.size);
    stage.state.place = reply.ids ? place : null;
    stage.state.drawnOn = place;
    stage.state.tiles = reply.masks ? planTiles(reply, width, place.height + 12) : [];
    const below = stage.state.tiles.length
      ? stage.state.tiles.at(-1).y + stage.state.tiles.at(-1).height + 4
      : 0;
    const { ctx } = openCanvas(stage, Math.max(below, place.height + 2));
    drawPhoto(ctx, stage, stage.data.fixed.picture, place);
    if (reply.ids) drawSegments(ctx, stage, reply, values, place);
    outline(ctx, place, stage.theme.border);
    if (isDrawn(stage)) stage.state.drawing.draw(ctx, place);
    for (const tile of stage.state.tiles) drawTile(ctx, stage, reply, values, tile);
    tell(stage, reply, values);
  },

  describe(stage, { about, segment_ids: ids }, values) {
    const { words } = stage;
    if (about.why) return about.why;
    const title = titleOf(stage, values);
    if (about.cut) {
      return fill(words.alternative_cut, {
        title,
        name: about.cut.class,
        step: words[`step_${values.step}`],
        percent: (100 * (about.cut.areas_px.at(-1) / (about.size[0] * about.size[1]))).toFixed(1),
      });
    }
    return fill(words.alternative, { title, count: ids.shape[0] });
  },
};

// Whether what is cut out is what the learner draws.
/** @param {Stage} stage */
const isDrawn = ({ values }) => values.method === "drawn";

// Where the picture lies, in the middle of the canvas.
/** @param {Stage} stage */
function placeOf({ frame: { clientWidth: width } }, [rows, columns]) {
  const scale = Math.min(width / columns, MOST_HEIGHT / rows);
  const height = Math.max(24, rows * scale);
  return { x: (width - columns * scale) / 2, y: 0, width: columns * scale, height };
}

/** @param {Stage} stage */
export function titleOf(stage, values) {
  return optionLabel(stage, "method", values.method);
}

/** @param {Stage} stage */
function showOwn(stage, method) {
  stage.state.drawing.show();
  const own = OWN[method] ?? ["least"];
  for (const name of SLIDERS) {
    const entry = stage.inputs[name];
    if (entry) entry.label.style.display = own.includes(name) ? "" : "none";
  }
}

/** @param {Stage} stage */
function drawSegments(ctx, stage, reply, values, place) {
  const { fill: filled, lines } = layersOf(stage, reply, values.step);
  ctx.globalAlpha = values.opacity / 100;
  drawBitmap(ctx, filled, place, values.step === CAM && Boolean(reply.map));
  ctx.globalAlpha = 1;
  if (lines && values.lines) drawBitmap(ctx, lines, place);
  if (reply.about.cut && values.step === SEED) drawBox(ctx, stage, reply.about, place);
  if (stage.state.pixel) drawCursor(ctx, stage, reply, place);
}

// Outside of the seed's box nothing can be found.
/** @param {Stage} stage */
function drawBox(ctx, stage, { cut: { box }, size: [rows, columns] }, place) {
  const [left, top, right, bottom] = box;
  const [w, h] = [place.width / columns, place.height / rows];
  const area = {
    x: place.x + left * w,
    y: place.y + top * h,
    width: (right - left) * w,
    height: (bottom - top) * h,
  };
  outline(ctx, area, stage.theme.background, 4);
  outline(ctx, area, stage.theme.text, 1.5);
}

/** @param {Stage} stage */
function drawCursor(ctx, stage, reply, place) {
  const [rows, columns] = reply.ids.shape;
  const cell = cellBox(place, rows, columns, stage.state.pixel.row, stage.state.pixel.column);
  const [x, y] = [cell.x + cell.width / 2, cell.y + cell.height / 2];
  for (const [colour, wide] of [
    [stage.theme.greyInks.dark, 4],
    [stage.theme.greyInks.bright, 2],
  ]) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = wide;
    ctx.beginPath();
    ctx.arc(x, y, 6, 0, 2 * Math.PI);
    ctx.stroke();
  }
}

function planTiles(reply, width, top) {
  const count = 2 + reply.masks.shape[0];
  const [rows, columns] = reply.ids.shape;
  const across = width < 420 ? Math.ceil(count / 2) : count;
  const tileWidth = (width - (across - 1) * GAP) / across;
  const height = Math.min(STRIP_MOST, (tileWidth * rows) / columns);
  return Array.from({ length: count }, (_, step) => ({
    step,
    width: tileWidth,
    x: (step % across) * (tileWidth + GAP),
    y: top + Math.floor(step / across) * (height + CAPTION + GAP),
    height: height + CAPTION,
    picture: height,
  }));
}

/** @param {Stage} stage */
function drawTile(ctx, stage, reply, values, tile) {
  const [rows, columns] = reply.ids.shape;
  const width = Math.min(tile.width, (tile.picture * columns) / rows);
  const place = { x: tile.x + (tile.width - width) / 2, y: tile.y, width, height: tile.picture };
  drawPhoto(ctx, stage, stage.data.fixed.picture, place);
  ctx.globalAlpha = 0.8;
  drawBitmap(ctx, layersOf(stage, reply, tile.step).fill, place, true);
  ctx.globalAlpha = 1;
  const chosen = values.step === tile.step;
  outline(ctx, place, chosen ? stage.theme.accent : stage.theme.border, chosen ? 3 : 1);
  const text = stage.words[`tile_${Math.min(tile.step, 2)}`];
  write(
    ctx,
    stage,
    fill(text, { n: tile.step - 1 }),
    tile.x + tile.width / 2,
    tile.y + tile.picture + 10,
    {
      size: 11,
      align: "center",
      bold: chosen,
      colour: chosen ? stage.theme.accent : stage.theme.muted,
    },
  );
}

/** @param {Stage} stage */
function pixelUnder(stage, event) {
  if (!stage.state.place || !stage.reply?.ids) return null;
  const { x, y } = pointerPosition(stage, event);
  return cellAt(stage.state.place, ...stage.reply.ids.shape, x, y);
}

/** @param {Stage} stage */
function hover(stage, event) {
  if (event.pointerType === "mouse") point(stage, pixelUnder(stage, event));
}

/** @param {Stage} stage */
function press(stage, event) {
  const { x, y } = pointerPosition(stage, event);
  const tile = (stage.state.tiles ?? []).find(
    (each) => x >= each.x && x < each.x + each.width && y >= each.y && y < each.y + each.height,
  );
  if (tile) stage.set({ step: tile.step });
  else point(stage, pixelUnder(stage, event));
}

/** @param {Stage} stage */
function point(stage, pixel) {
  if (pixel?.row === stage.state.pixel?.row && pixel?.column === stage.state.pixel?.column) return;
  stage.state.pixel = pixel;
  stage.repaint();
}

// Arrow keys carry a point over the picture; Escape takes it away.
/** @param {Stage} stage */
function walk(stage, event) {
  const way = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
  }[event.key];
  if (event.key === "Escape") point(stage, null);
  if (!way || !stage.reply?.ids) return;
  event.preventDefault();
  const [rows, columns] = stage.reply.ids.shape;
  const leap = Math.max(1, Math.round(Math.max(rows, columns) / LEAP));
  const from = stage.state.pixel ?? { row: rows >> 1, column: columns >> 1 };
  const inside = (value, most) => Math.min(Math.max(value, 0), most - 1);
  point(stage, {
    row: inside(from.row + way[0] * leap, rows),
    column: inside(from.column + way[1] * leap, columns),
  });
}
