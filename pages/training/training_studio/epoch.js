// Training studio, the end of an epoch: what is mistaken for what, the surest mistakes, the first
// layer's filters, and how weights and gradients of each layer are spread.

import { askUntilBegun } from "../../ui/comparison/runs.js";
import { fill, openCanvas, pointerPosition, write } from "../../ui/stage/draw.js";
import { button, paragraph } from "../../ui/stage/parts.js";
import { hideChart, showChart } from "../../ui/stage/plot.js";
import { confusionFigure } from "./confusion.js";
import { drawFilters } from "./filters.js";
import { followEnd, goOn } from "./following.js";
import { histogramFigure } from "./histograms.js";
import { drawMasks, movePixel, pixelAt, tellMasks } from "./masks.js";
import { drawWorst } from "./pictures.js";
import { hearOfRuns } from "./watching.js";

const CHARTS = ["confusion", "weights", "gradients"];
const FILTERS = { narrow: 190, wide: 260 }; // height in CSS pixels

const state = () => ({
  maskPlot: null, // where the masks lie
  pointed: null, // a cell of the matrix
  pixel: null, // of the masks
  followTimer: 0,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  charts: "below",

  build(stage) {
    askUntilBegun(stage);
    hearOfRuns(stage, (runs) => goOn(stage, runs));
    const point = (event) => {
      if (!stage.state.maskPlot) return;
      const { x, y } = pointerPosition(stage, event);
      pointPixel(stage, pixelAt(stage.state.maskPlot, x, y));
    };
    stage.on("pointermove", point);
    stage.on("pointerdown", point);
    stage.on("keydown", (event) => step(stage, event));
  },

  // Who chooses an epoch does not follow the run any more.
  adjust(_stage, changes) {
    const follow = "ended_epoch" in changes && !("follow" in changes) ? { follow: false } : {};
    return { ...changes, ...follow };
  },

  paint(stage, reply, values) {
    followEnd(stage, reply.about, values);
    drawPictures(stage, reply);
    showCharts(stage, reply, values);
    tell(stage, reply);
  },

  describe: described,

  forget(stage) {
    stage.state.pointed = stage.state.pixel = null;
    stage.extra.replaceChildren();
  },
};

/** @param {Stage} stage */
function described(stage, { about }) {
  if (!about.epoch) return stage.words.no_epoch;
  return fill(stage.words[about.masks ? "alternative_masks" : "alternative_epoch"], {
    epoch: about.epoch,
    accuracy: (100 * about.accuracy).toFixed(1),
  });
}

// Masks, or the surest mistakes; and the filters, below them or beside.
/** @param {Stage} stage */
function drawPictures(stage, reply) {
  const { about } = reply;
  const narrow = stage.frame.clientWidth < 560;
  const room = narrow ? FILTERS.narrow : FILTERS.wide;
  stage.state.maskPlot = null;
  if (about.masks && about.epoch) {
    const { ctx, width } = openCanvas(stage, narrow ? 760 : 590);
    const top = drawMasks(ctx, stage, reply, width) + 16;
    drawFilters(ctx, stage, reply, { x: 0, y: top, width, height: room - 60 });
    return;
  }
  const { ctx, width } = openCanvas(stage, narrow && about.epoch ? 2 * room + 100 : room);
  const half = narrow ? width : Math.floor(width / 2) - 12;
  if (!about.epoch) {
    write(ctx, stage, stage.words.no_epoch, 0, 12, { size: 14 });
    drawFilters(ctx, stage, reply, { x: 0, y: 40, width: half, height: room - 40 });
    return;
  }
  drawWorst(ctx, stage, reply, { x: 0, y: 0, width: half, height: room });
  const beside = narrow ? { x: 0, y: room + 80 } : { x: half + 24, y: 0 };
  drawFilters(ctx, stage, reply, { ...beside, width: half, height: room });
}

/** @param {Stage} stage */
function showCharts(stage, reply, values) {
  if (!reply.about.epoch) {
    for (const name of CHARTS) hideChart(stage, name);
    return;
  }
  const text = described(stage, reply);
  const cell = (pointed) => {
    if (JSON.stringify(pointed) === JSON.stringify(stage.state.pointed)) return;
    stage.state.pointed = pointed;
    stage.repaint();
  };
  showChart(stage, "confusion", confusionFigure(stage, reply, text), values, { cell });
  showChart(stage, "weights", histogramFigure(stage.words, reply, "weights", text), values);
  showChart(stage, "gradients", histogramFigure(stage.words, reply, "gradients", text), values);
}

/** @param {Stage} stage */
function pointPixel(stage, pixel) {
  if (JSON.stringify(pixel) === JSON.stringify(stage.state.pixel)) return;
  stage.state.pixel = pixel;
  stage.repaint();
}

/** @param {Stage} stage */
function step(stage, event) {
  const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  if (!(event.key in move) || !stage.state.maskPlot) return;
  event.preventDefault();
  pointPixel(stage, movePixel(stage.state.maskPlot, stage.state.pixel, move[event.key]));
}

/** @param {Stage} stage */
function tell(stage, reply) {
  if (!reply.about.epoch) {
    stage.extra.replaceChildren();
    return;
  }
  const { best } = reply.about;
  const said = reply.about.masks ? tellMasks(stage, reply) : [figuresOf(stage, reply.about)];
  const { pointed } = stage.state;
  const { matrix } = confusionFigure(stage, reply, "");
  if (pointed && matrix && pointed.row < matrix.rows.length)
    said.push(matrix.words(pointed.row, pointed.column));
  const lines = said.map((text) => paragraph(text, "epoch-facts"));
  stage.extra.replaceChildren(...lines);
  if (!best || best === reply.about.epoch) return;
  const text = fill(stage.words.epoch_best, { epoch: best });
  stage.extra.append(button(text, () => stage.set({ ended_epoch: best }), "epoch-best"));
}

/** @param {Stage} stage */
const figuresOf = (stage, about) =>
  fill(stage.words.epoch_facts, {
    epoch: about.epoch,
    accuracy: (100 * about.accuracy).toFixed(1),
    loss: about.loss.toFixed(3),
  });
