// HOG: the gradients of one level of the picture, their cells and blocks, and where the template
// of a person responds; beside it the template, and the cell or the window pointed at.

import {
  brief,
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";
import { button } from "../../ui/stage/parts.js";
import { drawKept, drawStars, drawTemplate, largest } from "./glyphs.js";
import { drawCell, drawResponse, responseOf } from "./template_parts.js";
import { choose, goToBest, placeOf, steer } from "./template_place.js";
import { tell } from "./template_readout.js";

const GAP = 20;
const HEADING = 20;
const MOST_PICTURE = 378;
const SHOWN = 4; // responses beyond are as strong as can be shown: what matters lies near 0
const PANEL_PX = 96; // width of the template's panels; they are twice as high

const state = () => ({
  places: null,
  bestButton: null,
  keptDrawing: null, // the glyphs as a bitmap
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["layer", "at"],
  texts: {
    level: (value, stage) =>
      stage.reply ? `1 / ${stage.reply.about.scale.toFixed(2)}` : String(value),
  },

  build(stage) {
    const point = (commit) => (event) => choose(stage, event, commit);
    stage.on("pointermove", point(false));
    stage.on("pointerdown", point(true));
    stage.on("keydown", (event) => steer(stage, event));
    stage.state.bestButton = button("", () => goToBest(stage), "stage-best");
    stage.extra.append(stage.state.bestButton);
  },

  paint(stage, reply, values) {
    stage.state.bestButton.textContent = stage.words.hog_best;
    const places = placesOf(stage.frame.clientWidth, reply.about.size);
    const { ctx } = openCanvas(stage, places.bottom);
    stage.state.places = places;
    const at = placeOf(reply, values);
    drawLevel(ctx, stage, reply, values, at);
    const asked = values.layer === "response" ? responseOf(stage, reply, at) : null;
    const { wanted, unwanted } = places;
    for (const { name, box, sign } of [
      { name: "wanted", box: wanted, sign: 1 },
      { name: "unwanted", box: unwanted, sign: -1 },
    ]) {
      write(ctx, stage, stage.words[`hog_${name}`], box.x, box.y - 11, { size: 12, bold: true });
      drawTemplate(ctx, stage, reply.template, box, sign);
    }
    if (values.layer === "response") drawResponse(ctx, stage, reply, at, asked, places);
    else drawCell(ctx, stage, reply, at, places);
    tell(stage, reply, values, at, asked);
  },

  describe(stage, { about }, values) {
    return fill(stage.words.hog_alternative, {
      layer: stage.words[`hog_layer_${values.layer}`],
      windows: about.windows,
      above: about.above,
    });
  },
};

function placesOf(width, [rows, columns]) {
  const narrow = width < 540;
  const wide = narrow ? width : Math.round(width * 0.62);
  const scale = Math.min(wide / columns, MOST_PICTURE / rows);
  const picture = { x: 0, y: HEADING, width: columns * scale, height: rows * scale };
  const legend = { x: 0, y: picture.y + picture.height + 8, width: 150, height: 8 };
  const side = narrow ? Math.floor((width - 36) / 4) : PANEL_PX;
  const step = side + (narrow ? 12 : 16);
  const x = narrow ? 0 : wide + GAP;
  const y = narrow ? legend.y + 30 + HEADING : HEADING;
  const panel = (column, row) => ({
    x: x + column * step,
    y: y + row * (2 * side + 8 + HEADING),
    width: side,
    height: 2 * side,
  });
  const [wanted, unwanted] = [panel(0, 0), panel(1, 0)];
  const [left, right] = narrow ? [panel(2, 0), panel(3, 0)] : [panel(0, 1), panel(1, 1)];
  const bottom = Math.max(legend.y + 24, right.y + right.height + 26);
  return { picture, legend, wanted, unwanted, left, right, bottom };
}

/** @param {Stage} stage */
function drawLevel(ctx, stage, reply, values, at) {
  const { about, picture } = reply;
  const box = stage.state.places.picture;
  const [height, width] = picture.shape;
  const title = fill(stage.words[`hog_title_${values.layer}`], { width, height });
  write(ctx, stage, title, 0, 8, { size: 12, bold: true });
  drawKept(ctx, stage, [reply, values.layer], box, (inner, area) =>
    drawLayer(inner, stage, reply, values.layer, area),
  );
  const zoom = box.width / width;
  const cell = about.cell_px * zoom;
  const [rows, columns] = about.window_px;
  if (values.layer === "response") {
    drawBest(ctx, stage, reply);
    const frame = {
      x: box.x + at.left * cell,
      y: box.y + at.top * cell,
      width: columns * zoom,
      height: rows * zoom,
    };
    outline(ctx, frame, stage.theme.background, 4);
    outline(ctx, frame, stage.theme.text, 2);
  } else {
    const frame = {
      x: box.x + at.column * cell,
      y: box.y + at.row * cell,
      width: cell,
      height: cell,
    };
    outline(ctx, frame, stage.theme.background, 4);
    outline(ctx, frame, stage.theme.accent, 2);
  }
  outline(ctx, box, stage.theme.border);
  drawLegend(ctx, stage, reply, values.layer);
}

/** @param {Stage} stage */
function drawLayer(
  ctx,
  stage,
  { about, picture, strength, cells, normalised, response },
  layer,
  box,
) {
  const [height, width] = picture.shape;
  const { theme } = stage;
  if (layer === "gradients") {
    const most = largest(strength.data);
    drawBitmap(ctx, mapBitmap(strength.data, height, width, theme.sequential, 0, most), box, true);
    return;
  }
  drawBitmap(ctx, pictureBitmap(picture), box, true);
  ctx.globalAlpha = layer === "response" ? 0.45 : 0.8;
  ctx.fillStyle = theme.background;
  ctx.fillRect(box.x, box.y, box.width, box.height);
  ctx.globalAlpha = 1;
  const zoom = box.width / width;
  const cell = about.cell_px * zoom;
  if (layer === "response") {
    const [rows, columns] = response.shape;
    const map = mapBitmap(response.data, rows, columns, theme.signed, -SHOWN, SHOWN);
    const [down, across] = about.window_px.map((side) => (side / 2) * zoom - cell / 2);
    const area = { x: across, y: down, width: columns * cell, height: rows * cell };
    ctx.globalAlpha = 0.8;
    drawBitmap(ctx, map, area);
    ctx.globalAlpha = 1;
    return;
  }
  const shown = layer === "cells" ? cells : normalised;
  const [rows, columns] = shown.shape;
  const area = { x: 0, y: 0, width: columns * cell, height: rows * cell };
  drawStars(ctx, shown, area, largest(shown.data), theme.text);
}

// The best windows of all levels; those of another level are dashed.
/** @param {Stage} stage */
function drawBest(ctx, stage, { about, boxes, best, places }) {
  const box = stage.state.places.picture;
  const zoom = box.width / about.size[1];
  for (let i = boxes.shape[0] - 1; i >= 0; i--) {
    const [x1, y1, x2, y2] = boxes.data.subarray(4 * i, 4 * i + 4);
    const frame = {
      x: box.x + x1 * zoom,
      y: box.y + y1 * zoom,
      width: (x2 - x1) * zoom,
      height: (y2 - y1) * zoom,
    };
    ctx.setLineDash(places.data[3 * i] === about.level ? [] : [4, 4]);
    outline(ctx, frame, stage.theme.lines[best.data[i] > 0 ? 1 : 2], 1.5);
    ctx.setLineDash([]);
  }
}

/** @param {Stage} stage */
function drawLegend(ctx, stage, { strength, cells, normalised }, layer) {
  const { legend } = stage.state.places;
  const { theme } = stage;
  const words = { size: 11, colour: theme.muted };
  const beside = legend.x + legend.width + 12;
  if (layer === "gradients") {
    drawScale(ctx, stage, theme.sequential, 0, largest(strength.data), legend);
  } else if (layer === "response") {
    drawScale(ctx, stage, theme.signed, -SHOWN, SHOWN, legend, true);
  } else {
    const most = brief(largest((layer === "cells" ? cells : normalised).data));
    write(ctx, stage, fill(stage.words.hog_longest, { most }), 0, legend.y + 4, words);
    return;
  }
  write(ctx, stage, stage.words[`hog_unit_${layer}`], beside, legend.y + 4, words);
}
