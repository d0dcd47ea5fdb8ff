// Growing back: the answer of the chosen decoder, a lens on it and on the truth, all six answers,
// and below, as a U, what the encoder shrank and the decoder grew. Only a new scene asks for more.
import {
  drawBitmap,
  fill,
  openCanvas,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";
import { pixelAt, pointAtPixels } from "../../ui/stage/pixel_pointer.js";
import { drawBorders, drawCursor, paintMap } from "../../ui/stage/scene_segments.js";
import { figure, tell } from "./readout.js";
import { drawStrip } from "./strip.js";

const GAP = 14;
const TITLE = 20;
const MOST_SIDE = 172;
const LENS = 136; // side of a lens, at most
const sizeOf = ({ truth }) => truth.shape;

const state = () => ({
  places: [], // pictures that can be pointed at
  hovered: null, // a pixel, "row,column"
  thumbs: [],
  prepared: null, // bitmaps of a reply
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["decoder", "zoom", "pixel"],
  texts: {
    decoder: (value, stage) => nameOf(stage, DECODERS[value - 1]),
  },

  build(stage) {
    pointAtPixels(stage, sizeOf, (x, y) => choose(stage, x, y));
  },

  paint(stage, reply, values) {
    const made = prepared(stage, reply);
    const at = values.decoder - 1;
    const pixel = pixelAt(stage, values, sizeOf(reply)) ?? focusOf(reply);
    const places = placesOf(stage.frame.clientWidth);
    const lens = lensOf(pixel, values.zoom, sizeOf(reply));
    const { ctx } = openCanvas(stage, places.bottom);
    stage.state.places = [places.input, places.correct, places.whole];
    stage.state.thumbs = places.thumbs;
    const { words } = stage;
    for (const [bitmap, place, title] of [
      [made.picture, places.input, words.input],
      [made.truth, places.correct, words.correct],
      [made.said[at], places.whole, words.whole],
    ]) {
      drawWhole(ctx, stage, reply, bitmap, place, title, lens, pixel);
    }
    drawLens(ctx, stage, made.said[at], reply.truth, places.said, lens, words.lens_said);
    drawLens(ctx, stage, made.truth, reply.truth, places.truth, lens, words.lens_truth);
    const within = { row: pixel.row - lens.row, column: pixel.column - lens.column };
    for (const place of [places.said, places.truth]) {
      drawCursor(ctx, stage, within, [lens.side, lens.side], place);
    }
    places.thumbs.forEach((thumb, i) => {
      drawThumb(ctx, stage, reply, made.said[i], thumb, i === at);
    });
    const shown = { decoder: reply.about.decoders[at], answer: made.said[at], pixel };
    drawStrip(ctx, stage, reply, made, shown, places.strip);
    tell(stage, reply, at, pixel);
  },

  describe(stage, { about }, values) {
    const name = about.decoders[values.decoder - 1];
    return fill(stage.words.alternative, {
      scene: values.scene,
      decoder: nameOf(stage, name),
      iou: figure(about.mean_iou[name]),
      near: figure(about.near_iou[name]),
      px: about.near_px,
    });
  },
};

export const DECODERS = ["fcn32", "fcn16", "fcn8", "transposed", "unpooling", "unet"];
/** @param {Stage} stage */
export const nameOf = (stage, decoder) => stage.words[`decoder_${decoder}`];

// Input, truth and answer whole; below, both lenses and the six answers; then the strip of maps. On
// a phone two stand in a row.
function placesOf(width) {
  const isNarrow = width < 480;
  const across = isNarrow ? 2 : 3;
  const side = Math.floor(Math.min(MOST_SIDE, (width - (across - 1) * GAP) / across));
  const square = (x, y, size) => ({ x, y, width: size, height: size });
  const [row, column] = [TITLE + side + 6, side + GAP];
  const input = square(0, TITLE, side);
  const correct = square(column, TITLE, side);
  const whole = isNarrow ? square(0, TITLE + row, side) : square(2 * column, TITLE, side);
  const lens = isNarrow ? side : Math.min(LENS, side);
  const said = isNarrow ? square(column, TITLE + row, side) : square(0, TITLE + row, lens);
  const truth = square(isNarrow ? 0 : lens + GAP, TITLE + (isNarrow ? 2 : 1) * row, lens);
  const left = truth.x + lens + GAP;
  const step = Math.min((width - left + 6) / 3, (lens + TITLE) / 2 + 40);
  const high = Math.floor((lens + TITLE) / 2); // of a row of answers, with their names
  const thumb = Math.floor(Math.min(step - 6, high - 22));
  const thumbs = DECODERS.map((_, i) =>
    square(left + (i % 3) * step, truth.y - TITLE + 4 + Math.floor(i / 3) * high, thumb),
  );
  const strip = { x: 0, y: truth.y + lens + 8, width };
  const tile = Math.floor(Math.min(56, (width - 6 * 4) / 7));
  const bottom = strip.y + 2 * (tile + 45);
  return { input, correct, whole, said, truth, thumbs, strip: { ...strip, tile }, bottom };
}

// What follows from an answer alone is made once for each.
/** @param {Stage} stage */
function prepared(stage, reply) {
  const made = stage.state.prepared;
  if (made?.reply === reply && made.theme === stage.theme) return made;
  const pixels = reply.truth.data.length;
  const colours = stage.theme.categories;
  const said = reply.about.decoders.map((_, i) => {
    const data = reply.said.data.subarray(i * pixels, (i + 1) * pixels);
    return paintMap({ data, shape: reply.truth.shape }, colours);
  });
  stage.state.prepared = {
    reply,
    theme: stage.theme,
    said,
    truth: paintMap(reply.truth, colours),
    picture: pictureBitmap(reply.pixels),
    tiles: new Map(),
  };
  return stage.state.prepared;
}

function focusOf({ about, truth }) {
  const [row, column] = about.focus;
  return { row, column, at: row * truth.shape[1] + column };
}

// The window of the lens, in pixels of the scene.
function lensOf({ row, column }, zoom, [rows, columns]) {
  const side = Math.round(Math.min(rows, columns) / zoom);
  const start = (middle, most) => Math.min(Math.max(middle - (side >> 1), 0), most - side);
  return { row: start(row, rows), column: start(column, columns), side };
}

/** @param {Stage} stage */
function drawWhole(ctx, stage, reply, bitmap, place, title, lens, pixel) {
  const [rows] = reply.truth.shape;
  write(ctx, stage, title, place.x, place.y - 11, { bold: true });
  drawBitmap(ctx, bitmap, place);
  outline(ctx, place, stage.theme.border);
  const scale = place.width / rows;
  const cell = reply.about.stride_px;
  const { row, column } = pixel;
  both(
    ctx,
    stage,
    {
      x: place.x + Math.floor(column / cell) * cell * scale,
      y: place.y + Math.floor(row / cell) * cell * scale,
      width: cell * scale,
      height: cell * scale,
    },
    [5, 4],
  );
  both(ctx, stage, {
    x: place.x + lens.column * scale,
    y: place.y + lens.row * scale,
    width: lens.side * scale,
    height: lens.side * scale,
  });
  drawCursor(ctx, stage, pixel, reply.truth.shape, place);
}

// An outline that shows on any colour.
/** @param {Stage} stage */
function both(ctx, stage, box, dash = []) {
  outline(ctx, box, stage.theme.greyInks.dark, 3);
  ctx.setLineDash(dash);
  outline(ctx, box, stage.theme.greyInks.bright, 1.5);
  ctx.setLineDash([]);
}

/** @param {Stage} stage */
function drawLens(ctx, stage, bitmap, truth, place, { row, column, side }, title) {
  write(ctx, stage, title, place.x, place.y - 11, { bold: true });
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(bitmap, column, row, side, side, place.x, place.y, place.width, place.height);
  const data = new Uint8Array(side * side);
  for (let i = 0; i < side; i++) {
    const from = (row + i) * truth.shape[1] + column;
    data.set(truth.data.subarray(from, from + side), i * side);
  }
  drawBorders(ctx, stage, { data, shape: [side, side] }, place);
  outline(ctx, place, stage.theme.border);
}

/** @param {Stage} stage */
function drawThumb(ctx, stage, { about }, bitmap, thumb, isChosen) {
  drawBitmap(ctx, bitmap, thumb);
  outline(ctx, thumb, isChosen ? stage.theme.accent : stage.theme.border, isChosen ? 3 : 1);
  const name = about.decoders[stage.state.thumbs.indexOf(thumb)];
  const colour = isChosen ? stage.theme.accent : stage.theme.text;
  const text = stage.words[`brief_${name}`];
  const style = { size: 11, bold: isChosen, colour };
  write(ctx, stage, text, thumb.x, thumb.y + thumb.height + 11, style);
}

/** @param {Stage} stage */
function choose(stage, x, y) {
  const found =
    stage.state.thumbs?.findIndex(
      (thumb) =>
        x >= thumb.x &&
        x < thumb.x + thumb.width &&
        y >= thumb.y &&
        y < thumb.y + thumb.height + 20,
    ) ?? -1;
  if (found >= 0) stage.set({ decoder: found + 1 });
  return found >= 0;
}
