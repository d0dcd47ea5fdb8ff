// What a network would learn from: some pictures told to be of each class, wrong labels marked, and
// how many there are; below, its parameters against the number of pictures.
import {
  brief,
  drawBitmap,
  fill,
  mapBitmap,
  openCanvas,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";

const TILE = 36; // CSS pixels of a picture and its gap
const COUNT = 118; // … of its bar
const ROWS = 392; // … of all classes together

/** @import { Stage } from "../../ui/stage/types.d.ts" */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  steady: true,

  paint(stage, reply) {
    const { ctx, width } = openCanvas(stage, ROWS + 118);
    const classes = reply.about.classes;
    const height = ROWS / classes.length;
    const most = Math.max(...reply.counts.data);
    write(ctx, stage, stage.words.told, 0, 9, { bold: true });
    write(ctx, stage, stage.words.counted, width - COUNT, 9, { bold: true });
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
      drawClass(ctx, stage, box, left, reply, k, most);
    });
    drawSizes(ctx, stage, { x: 0, y: ROWS + 48, width, height: 56 }, reply);
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
function drawClass(ctx, stage, box, left, reply, k, most) {
  const { pictures, given, counts, wrong, about } = reply;
  const middle = box.y + Math.min(box.height, TILE) / 2;
  write(ctx, stage, className(stage, about.classes[k]), 0, middle);
  const members = Array.from(given.data.keys()).filter((i) => given.data[i] === k);
  const perLine = Math.max(1, Math.floor((box.width - left - COUNT - 10) / TILE));
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
  drawCount(ctx, stage, box, counts.data[k], wrong.data[k], most);
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

/** @param {Stage} stage */
function drawCount(ctx, stage, box, count, wrong, most) {
  const x = box.x + box.width - COUNT;
  const y = box.y + Math.min(box.height, TILE) / 2 - 7;
  const room = COUNT - 46;
  const long = (room * count) / most;
  ctx.fillStyle = stage.theme.lines[0];
  ctx.fillRect(x, y, Math.max(1, long), 14);
  ctx.fillStyle = stage.theme.lines[1];
  const part = (room * wrong) / most;
  ctx.fillRect(x + long - part, y, part, 14);
  write(ctx, stage, String(count), x + long + 6, y + 7);
}

// Two bars on one logarithmic scale: pictures to learn from, and numbers to learn.
/** @param {Stage} stage */
function drawSizes(ctx, stage, box, reply) {
  const count = sum(reply.counts.data);
  const { parameters } = reply.about;
  const last = Math.ceil(Math.log10(Math.max(parameters, count)));
  const left = box.x + 150;
  const room = box.width - 150 - 70;
  write(ctx, stage, stage.words.sizes, box.x, box.y - 12, { bold: true });
  [
    ["pictures", count, 0],
    ["parameters", parameters, 3],
  ].forEach(([name, value, colour], i) => {
    const y = box.y + 6 + i * 22;
    const long = (room * Math.log10(value)) / last;
    write(ctx, stage, stage.words[`size_${name}`], box.x, y + 7);
    ctx.fillStyle = stage.theme.lines[colour];
    ctx.fillRect(left, y, Math.max(1, long), 14);
    write(ctx, stage, value.toLocaleString("en"), left + long + 6, y + 7);
  });
  const small = { size: 11, colour: stage.theme.muted, align: "center" };
  for (let power = 0; power <= last; power++) {
    const text = power < 4 ? String(10 ** power) : `10${"⁰¹²³⁴⁵⁶⁷⁸⁹"[power]}`;
    write(ctx, stage, text, left + (room * power) / last, box.y + 58, small);
  }
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
