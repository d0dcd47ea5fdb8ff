// Training studio, the end of an epoch: what is mistaken for what, the surest mistakes, the first
// layer's filters, and how weights and gradients of each layer are spread.

import { askUntilBegun, UNDER_WAY } from "../../ui/comparison/runs.js";
import { showValues } from "../../ui/stage/controls.js";
import {
  cellAt,
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  pointerPosition,
  write,
} from "../../ui/stage/draw.js";
import { later } from "../../ui/stage/lifetime.js";
import { inkOn } from "../../ui/stage/palette.js";
import { paragraph } from "../../ui/stage/parts.js";
import { drawHistograms } from "./histograms.js";
import { drawMasks, movePixel, pixelAt, tellMasks } from "./masks.js";
import { pictureOf } from "./view.js";

const AGAIN_MS = 700;

const state = () => ({
  matrix: null, // where the confusion matrix lies
  maskPlot: null, // where the masks lie
  pointed: null, // a cell of the matrix
  pixel: null, // of the masks
  followTimer: 0,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,

  build(stage) {
    askUntilBegun(stage);
    const point = (event) => {
      const { x, y } = pointerPosition(stage, event);
      if (stage.state.maskPlot) {
        pointPixel(stage, pixelAt(stage.state.maskPlot, x, y));
        return;
      }
      const at =
        stage.state.matrix &&
        cellAt(stage.state.matrix.box, stage.state.matrix.n, stage.state.matrix.n, x, y);
      if (JSON.stringify(at) === JSON.stringify(stage.state.pointed)) return;
      stage.state.pointed = at;
      stage.repaint();
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
    const narrow = stage.frame.clientWidth < 560;
    const { masks } = reply.about;
    stage.state.matrix = stage.state.maskPlot = null;
    const { ctx, width } = openCanvas(stage, narrow ? 1000 : 560);
    const half = narrow ? width : Math.floor(width / 2) - 12;
    if (!reply.about.epoch) {
      write(ctx, stage, stage.words.no_epoch, 0, 12, { size: 14 });
      drawFilters(ctx, stage, reply, { x: 0, y: 40, width: half, height: 220 });
      return;
    }
    if (masks) {
      const top = drawMasks(ctx, stage, reply, width) + 16;
      const room = narrow ? 160 : 560 - top;
      drawFilters(ctx, stage, reply, { x: 0, y: top, width: half, height: room });
      const strips = narrow ? { x: 0, y: top + room + 10 } : { x: half + 24, y: top };
      drawHistograms(ctx, stage, reply, { ...strips, width: half, height: room });
      tell(stage, reply);
      return;
    }
    const side = Math.min(half, 264);
    drawConfusion(ctx, stage, reply, { x: 0, y: 0, width: half, height: side });
    const beside = narrow ? { x: 0, y: 290 } : { x: half + 24, y: 0 };
    drawWorst(ctx, stage, reply, { ...beside, width: half, height: 264 });
    const below = narrow ? 580 : 290;
    drawFilters(ctx, stage, reply, { x: 0, y: below, width: half, height: 250 });
    const strips = narrow ? { x: 0, y: 810 } : { x: half + 24, y: below };
    drawHistograms(ctx, stage, reply, { ...strips, width: half, height: narrow ? 180 : 250 });
    tell(stage, reply);
  },

  describe(stage, { about }) {
    if (!about.epoch) return stage.words.no_epoch;
    return fill(stage.words[about.masks ? "alternative_masks" : "alternative_epoch"], {
      epoch: about.epoch,
      accuracy: (100 * about.accuracy).toFixed(1),
    });
  },
};

// While the run goes on, the newest epoch is asked for again and again.
/** @param {Stage} stage */
function followEnd(stage, about, values) {
  if (values.follow && about.epoch && stage.values.ended_epoch !== about.epoch) {
    stage.values.ended_epoch = about.epoch;
    showValues(stage);
  }
  clearTimeout(stage.state.followTimer);
  if (!UNDER_WAY.includes(about.status)) return;
  stage.state.followTimer = later(stage, AGAIN_MS, stage.askAgain);
}

/** @param {Stage} stage */
function drawConfusion(ctx, stage, { confusion, about }, area) {
  const [n] = confusion.shape;
  write(ctx, stage, stage.words.confusion, area.x, 9, { bold: true });
  const label = Math.min(70, area.width * 0.25);
  const size = Math.min(area.width - label, area.height - 60);
  const box = { x: area.x + label, y: area.y + 40, width: size, height: size };
  const sums = Array.from({ length: n }, (_, row) =>
    confusion.data.subarray(row * n, (row + 1) * n).reduce((sum, value) => sum + value, 0),
  );
  const shares = Float32Array.from(
    confusion.data,
    (count, i) => count / Math.max(1, sums[Math.floor(i / n)]),
  );
  drawBitmap(ctx, mapBitmap(shares, n, n, stage.theme.sequential, 0, 1), box);
  outline(ctx, box, stage.theme.border);
  const cell = size / n;
  if (cell >= 22) {
    confusion.data.forEach((count, i) => {
      const [x, y] = [box.x + ((i % n) + 0.5) * cell, box.y + (Math.floor(i / n) + 0.5) * cell];
      const colour = inkOn(stage.theme.sequential, shares[i]);
      write(ctx, stage, String(count), x, y, { size: 11, align: "center", colour });
    });
  }
  const short = (name, room) =>
    name.length * 6.5 > room ? `${name.slice(0, Math.max(1, Math.floor(room / 7)))}…` : name;
  about.classes.forEach((name, i) => {
    if (cell < 12 && i % Math.ceil(12 / cell)) return;
    const middle = (i + 0.5) * cell;
    const small = { size: 11, colour: stage.theme.muted };
    write(ctx, stage, short(name, label), box.x - 6, box.y + middle, { ...small, align: "right" });
    write(ctx, stage, short(name, cell), box.x + middle, box.y + size + 10, {
      ...small,
      align: "center",
    });
  });
  const note = { size: 11, colour: stage.theme.muted };
  write(ctx, stage, stage.words.confusion_axes, box.x, area.y + 28, note);
  stage.state.matrix = { box, n };
  if (!stage.state.pointed) return;
  outline(
    ctx,
    {
      x: box.x + stage.state.pointed.column * cell,
      y: box.y + stage.state.pointed.row * cell,
      width: cell,
      height: cell,
    },
    stage.theme.accent,
    3,
  );
}

/** @param {Stage} stage */
function drawWorst(ctx, stage, { worst, worst_facts: facts, about }, area) {
  const [count, height, width, channels] = worst.shape;
  write(ctx, stage, stage.words.worst, area.x, area.y + 9, { bold: true });
  if (!count) write(ctx, stage, stage.words.no_mistakes, area.x, area.y + 34);
  const columns = Math.max(2, Math.floor(area.width / 104));
  const size = 44;
  const shown = Math.min(count, 3 * columns);
  for (let i = 0; i < shown; i++) {
    const x = area.x + (i % columns) * (area.width / columns);
    const y = area.y + 26 + Math.floor(i / columns) * (size + 34);
    const bytes = height * width * channels;
    const part = worst.data.subarray(i * bytes, (i + 1) * bytes);
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(pictureOf(part, height, width, channels), x, y, size, size);
    const [, target, predicted, prob] = facts.data.subarray(4 * i, 4 * i + 4);
    write(ctx, stage, about.classes[target], x, y + size + 8, { size: 11 });
    const answer = `→ ${about.classes[predicted]} ${Math.round(100 * prob)} %`;
    write(ctx, stage, answer, x, y + size + 21, { size: 11, colour: stage.theme.lines[1] });
  }
}

// Pictures of three channels are shown in colour, each filter's range stretched alike; others signed.
/** @param {Stage} stage */
function drawFilters(ctx, stage, { filters }, area) {
  const [count, channels, height, width] = filters.shape;
  const most = filters.data.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-9);
  write(ctx, stage, fill(stage.words.filters, { count }), area.x, area.y + 9, { bold: true });
  const columns = Math.min(count, Math.max(4, Math.floor(area.width / 40)));
  const rows = Math.ceil(count / columns);
  const size = Math.min(
    60,
    Math.floor((area.height - 62) / rows) - 4,
    Math.floor(area.width / columns) - 4,
  );
  const plane = height * width;
  for (let k = 0; k < count; k++) {
    const box = {
      x: area.x + (k % columns) * (size + 4),
      y: area.y + 26 + Math.floor(k / columns) * (size + 4),
      width: size,
      height: size,
    };
    const values = filters.data.subarray(k * channels * plane, (k + 1) * channels * plane);
    if (channels === 3) drawBitmap(ctx, colourFilter(values, height, width, most), box);
    else {
      const map = mapBitmap(
        values.subarray(0, plane),
        height,
        width,
        stage.theme.signed,
        -most,
        most,
      );
      drawBitmap(ctx, map, box);
    }
    outline(ctx, box, stage.theme.border);
  }
  const y = area.y + 32 + rows * (size + 4);
  const scale = { x: area.x, y, width: Math.min(160, area.width / 2), height: 8 };
  if (channels === 3) {
    const small = { size: 11, colour: stage.theme.muted };
    write(
      ctx,
      stage,
      fill(stage.words.filter_colours, { most: most.toFixed(2) }),
      area.x,
      y + 6,
      small,
    );
  } else drawScale(ctx, stage, stage.theme.signed, -most, most, scale);
}

// Weights for red, green and blue as one colour: the middle grey is 0.
function colourFilter(values, height, width, most) {
  const image = new Uint8ClampedArray(3 * height * width);
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < 3; c++)
      image[3 * i + c] = 127.5 + (127.5 * values[c * height * width + i]) / most;
  }
  return pictureOf(image, height, width, 3);
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
  if (!(event.key in move) || !(stage.state.matrix || stage.state.maskPlot)) return;
  event.preventDefault();
  if (stage.state.maskPlot) {
    pointPixel(stage, movePixel(stage.state.maskPlot, stage.state.pixel, move[event.key]));
    return;
  }
  const { row, column } = stage.state.pointed ?? { row: 0, column: -move[event.key][1] };
  const clamp = (at) => Math.min(Math.max(at, 0), stage.state.matrix.n - 1);
  stage.state.pointed = {
    row: clamp(row + move[event.key][0]),
    column: clamp(column + move[event.key][1]),
  };
  stage.repaint();
}

/** @param {Stage} stage */
function tell(stage, reply) {
  const said = reply.about.masks ? tellMasks(stage, reply) : tellMistakes(stage, reply);
  stage.extra.replaceChildren(...said.map((text) => paragraph(text, "epoch-facts")));
}

/** @param {Stage} stage */
function tellMistakes(stage, { about, confusion }) {
  const said = [
    fill(stage.words.epoch_facts, {
      epoch: about.epoch,
      accuracy: (100 * about.accuracy).toFixed(1),
      loss: about.loss.toFixed(3),
    }),
  ];
  const [n] = confusion.shape;
  if (stage.state.pointed && stage.state.pointed.row < n && stage.state.pointed.column < n) {
    const { row, column } = stage.state.pointed;
    said.push(
      fill(stage.words.pointed, {
        count: confusion.data[row * n + column],
        target: about.classes[row],
        predicted: about.classes[column],
      }),
    );
  }
  return said;
}
