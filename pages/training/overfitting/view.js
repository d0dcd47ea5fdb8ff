// What a network would learn from: some pictures told to be of each class, wrong labels marked; as
// charts, how many there are, and its parameters against the number of pictures.
import {
  brief,
  drawBitmap,
  fill,
  mapBitmap,
  openCanvas,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";
import { showChart } from "../../ui/stage/plot.js";

const TILE = 32; // CSS pixels of a picture and its gap
const ROWS = 320; // … of all classes together
const CHART = 170; // … of a chart's height

/** @import { Stage } from "../../ui/stage/types.d.ts" */
/** @typedef {import("../../ui/stage/plot_numbers.js").Figure} Figure */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  steady: true,
  charts: "below",

  paint(stage, reply, values) {
    const { ctx, width } = openCanvas(stage, ROWS + 30);
    const classes = reply.about.classes;
    const height = ROWS / classes.length;
    write(ctx, stage, stage.words.told, 0, 9, { bold: true });
    const left =
      14 +
      widest(
        ctx,
        stage,
        classes.map((name) => className(stage, name)),
        12,
      );
    classes.forEach((_, k) => {
      const box = { x: 0, y: 22 + k * height, width, height };
      drawClass(ctx, stage, box, left, reply, k);
    });
    const text = fill(stage.words.alternative, numbersOf(reply));
    showChart(stage, "counts", countsOf(stage, reply, text), values);
    showChart(stage, "sizes", sizesOf(stage, reply, text), values);
    tell(stage, reply);
  },

  describe(stage, reply) {
    return fill(stage.words.alternative, numbersOf(reply));
  },
};

const sum = (values) => values.reduce((total, value) => total + value, 0);

const numbersOf = ({ counts, wrong, about }) => ({
  count: sum(counts.data),
  wrong: sum(wrong.data),
  classes: about.classes.length,
  parameters: about.parameters.toLocaleString("en"),
  held: about.held,
});

// What a class is called in the reader's language; digits are called what they are.
/** @param {Stage} stage */
export const className = (stage, name) => stage.words[`class_${name.replace(" ", "_")}`] ?? name;

// The width in CSS pixels of the longest of some words.
/** @param {Stage} stage */
export function widest(ctx, stage, words, size) {
  ctx.font = `400 ${size}px ${stage.theme.font}`;
  return Math.max(0, ...words.map((word) => ctx.measureText(word).width));
}

export function tile({ data, shape: [, rows, columns, channels] }, i, stage) {
  const size = rows * columns * channels;
  const pixels = data.subarray(i * size, (i + 1) * size);
  return channels === 1
    ? mapBitmap(pixels, rows, columns, stage.theme.grey, 0, 255)
    : pictureBitmap({ data: pixels, shape: [rows, columns] });
}

/** @param {Stage} stage */
function drawClass(ctx, stage, box, left, { pictures, given, about, ...reply }, k) {
  const middle = box.y + Math.min(box.height, TILE) / 2;
  write(ctx, stage, className(stage, about.classes[k]), 0, middle);
  const members = Array.from(given.data.keys()).filter((i) => given.data[i] === k);
  const perLine = Math.max(1, Math.floor((box.width - left) / TILE));
  const lines = Math.max(1, Math.floor(box.height / TILE));
  const side = Math.min(TILE, box.height) - 3;
  members.slice(0, perLine * lines).forEach((i, place) => {
    const x = box.x + left + (place % perLine) * TILE;
    const y = box.y + Math.floor(place / perLine) * TILE;
    drawPicture(
      ctx,
      stage,
      tile(pictures, i, stage),
      { x, y, width: side, height: side },
      reply.true.data[i] !== k,
    );
  });
}

// A picture; where its label is wrong, framed and crossed at a corner.
/** @param {Stage} stage */
export function drawPicture(ctx, stage, bitmap, box, isWrong) {
  drawBitmap(ctx, bitmap, box);
  if (!isWrong) return;
  ctx.strokeStyle = stage.theme.lines[1];
  ctx.lineWidth = 2.5;
  ctx.setLineDash([]);
  ctx.strokeRect(box.x + 1, box.y + 1, box.width - 2, box.height - 2);
  ctx.beginPath();
  ctx.moveTo(box.x + box.width - 9, box.y + 1);
  ctx.lineTo(box.x + box.width - 1, box.y + 9);
  ctx.stroke();
}

// Pictures told to be of each class: those that are, and those that are not.
/**
 * @param {Stage} stage
 * @returns {Figure}
 */
function countsOf(stage, { counts, wrong, about }, text) {
  const { words } = stage;
  const places = about.classes.map((_, k) => k);
  /** @returns {import("../../ui/stage/plot_numbers.js").Series} */
  const bars = (name, style, y) => ({ name, kind: "bars", style, x: places, y });
  const right = Array.from(counts.data, (count, k) => count - wrong.data[k]);
  const named = (name, k) => [k, className(stage, name)];
  return {
    title: words.counted,
    text,
    height: CHART,
    x: { title: words.told, ticks: about.classes.map(named) },
    y: { title: words.counted },
    series: [bars(words.label_right, 0, right), bars(words.label_wrong, 1, wrong.data)],
  };
}

// On one logarithmic scale: pictures to learn from, and numbers to learn.
/**
 * @param {Stage} stage
 * @returns {Figure}
 */
function sizesOf({ words }, reply, text) {
  const sizes = [sum(reply.counts.data), reply.about.parameters];
  return {
    title: words.sizes,
    text,
    height: CHART,
    x: {
      title: "",
      ticks: [
        [0, words.size_pictures],
        [1, words.size_parameters],
      ],
    },
    y: { title: words.sizes_axis, log: true, include: [1] },
    series: [{ name: words.sizes, kind: "bars", style: 3, x: [0, 1], y: sizes }],
  };
}

/** @param {Stage} stage */
function tell(stage, reply) {
  const numbers = numbersOf(reply);
  const heading = document.createElement("h4");
  heading.textContent = fill(stage.words.lessons, numbers);
  const rows = [
    ["wrong", numbers.wrong],
    ["parameters", numbers.parameters],
    ["ratio", brief(Number((reply.about.parameters / numbers.count).toPrecision(3)))],
    ["held", numbers.held],
  ];
  const table = document.createElement("table");
  for (const [name, value] of rows) {
    const row = table.insertRow();
    row.insertCell().textContent = stage.words[`row_${name}`];
    const cell = row.insertCell();
    cell.className = "number";
    cell.dataset.testid = `row-${name}`;
    cell.textContent = String(value);
  }
  const note = document.createElement("p");
  note.className = "muted";
  note.style.marginTop = "10px";
  note.textContent = stage.words.marked;
  stage.readout.replaceChildren(heading, table, note);
}
