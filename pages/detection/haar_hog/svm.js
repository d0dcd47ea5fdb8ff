// An SVM trained on boxes that are drawn here: the picture with its boxes and the response on it,
// beside it the template, below them the decision values of everything that it was trained on.

import { offerLabels } from "../../ui/own_labels/using.js";
import {
  contextOf,
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  write,
} from "../../ui/stage/draw.js";
import { button } from "../../ui/stage/parts.js";
import { drawPhoto } from "../../ui/stage/photo.js";
import { showChart } from "../../ui/stage/plot.js";
import { drawTemplate } from "./glyphs.js";
import { buildBoxes, drawOwnBoxes, isTaught, linkOf, parse } from "./svm_boxes.js";
import { tell } from "./svm_readout.js";
import { valuesFigure } from "./svm_values.js";

const GAP = 20;
const HEADING = 20;
const MOST_PICTURE = 378;
const MOST_ROUNDS = 6;

const state = () => ({
  places: null,
  buttons: {},
  pressed: null, // where the pointer went down
  draft: null, // the box that would come of it
  corner: null, // the first of two clicks
  chosenBox: null,
  removeBox: () => {},
  keptDrawing: null, // the glyphs as a bitmap
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  charts: "below",
  local: ["draw", "overlay"],
  texts: {
    c: (value) => `${Number((10 ** value).toPrecision(2))}`,
  },

  build(stage) {
    buildBoxes(stage);
    const row = document.createElement("div");
    row.style.cssText = "display:flex;flex-direction:column;gap:6px;align-items:stretch";
    const acts = { mine, remove: () => stage.state.removeBox() };
    for (const [name, act] of Object.entries(acts)) {
      stage.state.buttons[name] = button("", () => act(stage), `stage-${name}`);
      row.append(stage.state.buttons[name]);
    }
    stage.extra.append(row);
    offerLabels(stage, { most: 1, link: linkOf });
  },

  paint(stage, reply, values) {
    const places = placesOf(stage.frame.clientWidth, reply.about);
    const { ctx } = openCanvas(stage, places.bottom);
    stage.state.places = places;
    drawPicture(ctx, stage, reply, values);
    for (const { name, box, sign } of [
      { name: "for", box: places.wanted, sign: 1 },
      { name: "against", box: places.unwanted, sign: -1 },
    ]) {
      write(ctx, stage, stage.words[`svm_${name}`], box.x, box.y - 11, { size: 12, bold: true });
      drawTemplate(ctx, stage, reply.template, box, sign);
    }
    showChart(stage, "svm_values", valuesFigure(stage, reply), values);
    showButtons(stage, reply, values);
    tell(stage, reply, values);
  },

  describe(stage, reply, values) {
    return fill(stage.words.svm_alternative, {
      boxes: parse(values.boxes).length,
      background: reply.background_values.data.length,
      found: reply.found.shape[0],
    });
  },
};

/** @param {Stage} stage */
function mine(stage) {
  if (stage.values.rounds < MOST_ROUNDS) stage.set({ rounds: stage.values.rounds + 1 });
}

/** @param {Stage} stage */
function showButtons(stage, reply, values) {
  const { mine: more, remove } = stage.state.buttons;
  const wrong = reply.wrong.data.at(-1);
  more.textContent = fill(stage.words.svm_mine, { count: wrong });
  more.disabled = wrong === 0 || values.rounds >= MOST_ROUNDS;
  remove.textContent = stage.words.svm_remove;
  remove.disabled = !isTaught(stage, values) || parse(values.boxes).length < 1;
}

function placesOf(width, { size: [rows, columns], cells }) {
  const narrow = width < 540;
  const wide = narrow ? width : Math.round(width * 0.62);
  const zoom = Math.min(wide / columns, MOST_PICTURE / rows);
  const picture = { x: 0, y: HEADING, width: columns * zoom, height: rows * zoom };
  const legend = { x: 0, y: picture.y + picture.height + 8, width: 150, height: 8 };
  const x = narrow ? 0 : wide + GAP;
  const y = narrow ? legend.y + 30 + HEADING : HEADING;
  const room = narrow ? width : width - x;
  const half = Math.floor((room - 16) / 2);
  const cell = Math.min(half / cells[1], 150 / cells[0]);
  const panel = { y, width: cells[1] * cell, height: cells[0] * cell };
  const wanted = { ...panel, x };
  const unwanted = { ...panel, x: x + panel.width + 16 };
  const bottom = Math.max(legend.y + 24, y + panel.height + 4);
  return { picture, legend, wanted, unwanted, bottom };
}

/** @param {Stage} stage */
function drawPicture(ctx, stage, reply, values) {
  const { picture, legend } = stage.state.places;
  const { about } = reply;
  const taught = isTaught(stage, values);
  const title = stage.words[taught ? `svm_title_${values.overlay}` : "svm_title_other"];
  write(ctx, stage, title, 0, 8, { size: 12, bold: true });
  const examples = taught && values.overlay === "examples";
  drawPhoto(ctx, stage, stage.data.fixed.picture, picture, examples ? 0.35 : 0.2);
  ctx.save();
  ctx.beginPath();
  ctx.rect(picture.x, picture.y, picture.width, picture.height);
  ctx.clip();
  const zoom = picture.width / about.size[1];
  if (examples) {
    strokeAll(ctx, reply.sampled, picture, zoom, stage.theme.text, 0.3);
    strokeAll(ctx, reply.hard, picture, zoom, stage.theme.lines[1], 0.7);
  } else {
    drawMap(ctx, stage, reply, zoom);
    strokeAll(ctx, reply.found, picture, zoom, stage.theme.background, 1, 5);
    strokeAll(ctx, reply.found, picture, zoom, stage.theme.lines[2], 1, 2.5);
  }
  drawOwnBoxes(ctx, stage, values, zoom);
  ctx.restore();
  outline(ctx, picture, stage.theme.border);
  const words = { size: 11, colour: stage.theme.muted };
  if (examples) {
    write(ctx, stage, stage.words.svm_legend, 0, legend.y + 4, words);
    return;
  }
  drawScale(ctx, stage, stage.theme.signed, -1, 1, legend, true);
  const x = legend.x + legend.width + 12;
  write(ctx, stage, stage.words.svm_unit, x, legend.y + 4, words);
}

// The strongest response of the windows centred in each cell. Cells without any stay clear, and
// what is surely background is faint.
/** @param {Stage} stage */
function drawMap(ctx, stage, { about, map }, zoom) {
  const { picture } = stage.state.places;
  const [rows, columns] = map.shape;
  const bitmap = mapBitmap(map.data, rows, columns, stage.theme.signed, -1, 1);
  const inner = contextOf(bitmap);
  const image = inner.getImageData(0, 0, columns, rows);
  map.data.forEach((value, i) => {
    const sure = Math.max(0, Math.min(1, value + 1)); // 0 at −1 and below, 1 from 0 on
    image.data[4 * i + 3] = Number.isNaN(value) ? 0 : Math.round(255 * (0.4 + 0.6 * sure));
  });
  inner.putImageData(image, 0, 0);
  const cell = about.cell_px * zoom;
  ctx.globalAlpha = 0.75;
  drawBitmap(ctx, bitmap, { ...picture, width: columns * cell, height: rows * cell });
  ctx.globalAlpha = 1;
}

function strokeAll(ctx, { data, shape }, picture, zoom, colour, alpha, width = 1) {
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  for (let i = 0; i < shape[0]; i++) {
    const [x1, y1, x2, y2] = data.subarray(4 * i, 4 * i + 4);
    ctx.strokeRect(
      picture.x + x1 * zoom,
      picture.y + y1 * zoom,
      (x2 - x1) * zoom,
      (y2 - y1) * zoom,
    );
  }
  ctx.globalAlpha = 1;
}
