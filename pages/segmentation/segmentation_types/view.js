// One scene, five readings by one net: what it says beside what is true, at any opacity; below, the
// five readings side by side. Marks show the pixels that are wrong, or those that cost a figure.
import {
  contextOf,
  drawBitmap,
  fill,
  openCanvas,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";
import { pixelAt, pointAtPixels } from "../../ui/stage/pixel_pointer.js";
import { drawCursor, drawMarks, nameSegments } from "../../ui/stage/scene_segments.js";
import { drawReading, READINGS } from "./draw.js";
import { tell } from "./readout.js";

const GAP = 16;
const TITLE = 20;
const MOST_SIDE = 320;
const MOST_THUMB = 96;
// What marks stand for: names of costs in about.costs; "wrong" is what is wrong in this reading.
const WRONG = { semantic: ["mean_iou"], instance: ["mask_ap"], panoptic: ["sq", "rq"] };
const sizeOf = (reply) => reply.ids.shape;

const state = () => ({
  places: [], // pictures that can be pointed at
  hovered: null, // a pixel, "row,column"
  thumbs: [],
  prepared: null, // bitmaps of a reply
  layers: new Map(), // bitmaps by their names
  layerTheme: null,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["opacity", "reading", "marks", "pixel"],

  build(stage) {
    pointAtPixels(stage, sizeOf, (x, y) => choose(stage, x, y));
  },

  paint(stage, reply, values) {
    const width = stage.frame.clientWidth;
    const side = Math.floor(Math.min(MOST_SIDE, (width - GAP) / 2));
    const thumb = Math.floor(Math.min(MOST_THUMB, (width - 4 * 8) / 5));
    const below = TITLE + side + 26;
    const { ctx } = openCanvas(stage, below + thumb + 20);
    const said = { x: 0, y: TITLE, width: side, height: side };
    const truth = { ...said, x: side + GAP };
    stage.state.places = [said, truth];
    stage.state.thumbs = READINGS.map((reading, i) => ({
      reading,
      x: i * (thumb + 8),
      y: below,
      width: thumb,
      height: thumb,
    }));
    const { bitmap, names } = prepared(stage, reply);
    write(ctx, stage, stage.words.said, said.x, 9, { bold: true });
    write(ctx, stage, stage.words.truth, truth.x, 9, { bold: true });
    for (const [which, place] of Object.entries({ said, truth })) {
      drawBitmap(ctx, bitmap, place, true);
      const layer = layerOf(stage, reply, names, values.reading, which, side);
      drawLayer(ctx, layer, place, values.opacity / 100);
      outline(ctx, place, stage.theme.border);
    }
    const bits = bitsOf(reply.about.costs, values);
    if (bits) drawMarks(ctx, stage, reply.costs, bits, stage.state.places);
    drawThumbs(ctx, stage, reply, values);
    const pixel = pixelAt(stage, values, sizeOf(reply));
    if (pixel) {
      for (const place of stage.state.places) drawCursor(ctx, stage, pixel, sizeOf(reply), place);
    }
    tell(stage, reply, names, pixel);
  },

  describe(stage, { about, costs }, values) {
    const bits = bitsOf(about.costs, { ...values, marks: "wrong" });
    return fill(stage.words.alternative, {
      scene: values.scene,
      reading: stage.words[`reading_${values.reading}`],
      things: about.truths.filter(({ thing }) => thing).length,
      segments: about.segments.length,
      wrong: bits ? costs.data.filter((cost) => cost & bits).length : "–",
      pq: about.pq === null ? "–" : about.pq.toFixed(2),
    });
  },
};

export function bitsOf(costs, { reading, marks }) {
  const names = marks === "none" ? [] : marks === "wrong" ? (WRONG[reading] ?? []) : [marks];
  return names.reduce((bits, name) => bits | costs[name], 0);
}

// What follows from an answer alone is made once for each.
/** @param {Stage} stage */
function prepared(stage, reply) {
  if (stage.state.prepared?.reply !== reply) {
    const bitmap = pictureBitmap(reply.pixels);
    stage.state.prepared = { reply, bitmap, names: nameSegments(reply.about) };
    stage.state.layers = new Map();
  }
  if (stage.state.layerTheme !== stage.theme) {
    stage.state.layerTheme = stage.theme;
    stage.state.layers = new Map();
  }
  return stage.state.prepared;
}

// A reading as a picture of its own, so that opacity costs no more than laying it over.
/** @param {Stage} stage */
function layerOf(stage, reply, names, reading, which, side, isSmall = false) {
  const key = `${reading} ${which} ${side}`;
  if (!stage.state.layers.has(key)) {
    const ratio = window.devicePixelRatio || 1;
    const layer = new OffscreenCanvas(Math.round(side * ratio), Math.round(side * ratio));
    const ctx = contextOf(layer);
    ctx.scale(ratio, ratio);
    ctx.textBaseline = "middle";
    ctx.imageSmoothingEnabled = false;
    const place = { x: 0, y: 0, width: side, height: side };
    drawReading(ctx, stage, reply, names, { reading, which, place, isSmall });
    stage.state.layers.set(key, layer);
  }
  return stage.state.layers.get(key);
}

function drawLayer(ctx, layer, place, opacity) {
  ctx.globalAlpha = opacity;
  ctx.drawImage(layer, place.x, place.y, place.width, place.height);
  ctx.globalAlpha = 1;
}

/** @param {Stage} stage */
function drawThumbs(ctx, stage, reply, values) {
  const { bitmap, names } = stage.state.prepared;
  for (const thumb of stage.state.thumbs) {
    const isChosen = thumb.reading === values.reading;
    drawBitmap(ctx, bitmap, thumb, true);
    const layer = layerOf(stage, reply, names, thumb.reading, "said", thumb.width, true);
    drawLayer(ctx, layer, thumb, values.opacity / 100);
    outline(ctx, thumb, isChosen ? stage.theme.accent : stage.theme.border, isChosen ? 3 : 1);
    const colour = isChosen ? stage.theme.accent : stage.theme.text;
    const name = stage.words[`${thumb.width < 80 ? "brief" : "reading"}_${thumb.reading}`];
    const how = { size: 11, bold: isChosen, colour };
    write(ctx, stage, name, thumb.x, thumb.y + thumb.height + 11, how);
  }
}

/** @param {Stage} stage */
function choose(stage, x, y) {
  const found = stage.state.thumbs?.find(
    (thumb) =>
      x >= thumb.x && x < thumb.x + thumb.width && y >= thumb.y && y < thumb.y + thumb.height + 20,
  );
  if (found) stage.set({ reading: found.reading });
  return Boolean(found);
}
