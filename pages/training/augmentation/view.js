// Augmentation: the picture and fourteen seeded samples of it, under each what was drawn; beside
// them what was drawn for the one pointed at, and whether its label survives.

import {
  drawBitmap,
  fill,
  minus,
  openCanvas,
  outline,
  pictureBitmap,
  pointerPosition,
  write,
} from "../../ui/stage/draw.js";
import { button, heading, note } from "../../ui/stage/parts.js";

const GAP = 8;
const CAPTION = 18;
const MOST_HEIGHT = 540;
const STRENGTHS = [
  "flip",
  "flip_vertical",
  "crop",
  "zoom",
  "rotate",
  "perspective",
  "colour",
  "blur",
  "erase",
];

/** @param {Stage} stage */
const strengthText = (value, stage) => (value ? `${Math.round(100 * value)} %` : stage.words.off);

const state = () => ({
  grid: null, // of the pictures
  cell: null, // the one pointed at
  pictures: [],
  picturesOf: null, // the reply that they show
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  texts: {
    ...Object.fromEntries(STRENGTHS.map((name) => [name, strengthText])),
    magnitude: strengthText,
  },

  build(stage) {
    stage.root.classList.add("dense");
    const again = () => stage.set({ seed: (stage.values.seed + 1) % 100 });
    stage.extra.append(button(stage.words.again, again, "stage-again"));
    const point = (event) => choose(stage, cellUnder(stage, pointerPosition(stage, event)));
    stage.on("pointermove", point);
    stage.on("pointerdown", point);
    stage.on("keydown", (event) => step(stage, event));
  },

  paint(stage, reply) {
    const width = stage.frame.clientWidth;
    const columns = width < 520 ? 3 : 5;
    const count = reply.samples.shape[0] + 1;
    const rows = Math.ceil(count / columns);
    const fit = (width - GAP * (columns - 1)) / columns;
    const side = Math.floor(
      columns === 3 ? fit : Math.min(fit, (MOST_HEIGHT - rows * (CAPTION + GAP)) / rows),
    );
    const { ctx } = openCanvas(stage, rows * (side + CAPTION + GAP));
    stage.state.grid = { columns, count, side };
    const pictures = bitmapsOf(stage, reply);
    for (let cell = 0; cell < count; cell++) drawCell(ctx, stage, reply, cell, pictures[cell]);
    tell(stage, reply);
  },

  describe(stage, { about, samples }) {
    const drawn = about.draws[(stage.state.cell || 1) - 1].map((draw) => longText(stage, draw));
    return fill(stage.words.alternative, {
      count: samples.shape[0],
      number: stage.state.cell || 1,
      drawn: drawn.join(", ") || stage.words.same,
    });
  },
};

// The original is cell 0; off-screen bitmaps are made once an answer.
/** @param {Stage} stage */
function bitmapsOf(stage, reply) {
  if (stage.state.picturesOf === reply) return stage.state.pictures;
  const [count, height, width] = reply.samples.shape;
  const length = height * width * 3;
  stage.state.pictures = [pictureBitmap(reply.original)];
  for (let i = 0; i < count; i++) {
    const data = reply.samples.data.subarray(i * length, (i + 1) * length);
    stage.state.pictures.push(pictureBitmap({ data, shape: [height, width] }));
  }
  stage.state.picturesOf = reply;
  return stage.state.pictures;
}

function cellBox({ columns, side }, cell) {
  return {
    x: (cell % columns) * (side + GAP),
    y: Math.floor(cell / columns) * (side + CAPTION + GAP),
    width: side,
    height: side,
  };
}

function cellUnder({ state: { grid } }, { x, y }) {
  if (!grid) return null;
  const column = Math.floor(x / (grid.side + GAP));
  const row = Math.floor(y / (grid.side + CAPTION + GAP));
  const cell = row * grid.columns + column;
  return column >= 0 && column < grid.columns && row >= 0 && cell < grid.count ? cell : null;
}

/** @param {Stage} stage */
function choose(stage, cell) {
  if (cell === null || cell === stage.state.cell) return;
  stage.state.cell = cell;
  stage.repaint();
}

/** @param {Stage} stage */
function step(stage, event) {
  const { columns, count } = stage.state.grid ?? {};
  const move = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
  if (!move) return;
  event.preventDefault();
  choose(stage, Math.min(count - 1, Math.max(0, (stage.state.cell ?? 0) + move)));
}

/** @param {Stage} stage */
function drawCell(ctx, stage, reply, cell, bitmap) {
  const box = cellBox(stage.state.grid, cell);
  const { theme } = stage;
  drawBitmap(ctx, bitmap, box, reply.original.shape[0] >= 64);
  const chosen = cell === (stage.state.cell ?? 1);
  outline(ctx, box, chosen || cell === 0 ? theme.accent : theme.border, chosen ? 3 : 1);
  const text =
    cell === 0
      ? stage.words.original
      : reply.about.draws[cell - 1]
          .map((draw) => shortText(stage, draw))
          .filter(Boolean)
          .join(" · ");
  const place = { size: 11, colour: cell === 0 ? theme.text : theme.muted, bold: cell === 0 };
  write(ctx, stage, clipped(ctx, stage, text, box.width), box.x, box.y + box.height + 10, place);
}

// As much of the text as fits, measured in the caption's font.
/** @param {Stage} stage */
function clipped(ctx, stage, text, width) {
  ctx.font = `400 11px ${stage.theme.font}`;
  if (ctx.measureText(text).width <= width) return text;
  let end = text.length;
  while (end && ctx.measureText(`${text.slice(0, end)}…`).width > width) end--;
  return `${text.slice(0, end)}…`;
}

const signed = (value, digits = 0) => {
  const text = minus(value.toFixed(digits));
  return value > 0 ? `+${text}` : text;
};

// What was drawn, in a word or two; "" where the coin left the picture alone.
/** @param {Stage} stage */
function shortText(stage, draw) {
  const { name, values, operations } = draw;
  if (operations.length) return operations.map(([operation]) => operation).join(", ");
  if (!values) return "";
  return fill(stage.words[`short_${name}`] ?? "", numbersOf(values));
}

/** @param {Stage} stage */
function longText(stage, draw) {
  const { name, values, operations } = draw;
  if (!values) return stage.words.left_alone;
  if (operations.length) {
    return operations
      .map(([operation, magnitude]) =>
        magnitude
          ? `${operation} ${signed(magnitude, Number.isInteger(magnitude) ? 0 : 2)}`
          : operation,
      )
      .join(", ");
  }
  const key = name.endsWith("augment") ? "left_alone" : `drawn_${name}`;
  return fill(stage.words[key], numbersOf(values));
}

function numbersOf(values) {
  const shown = {};
  for (const [key, value] of Object.entries(values)) {
    if (key === "degrees" || key === "right_px" || key === "down_px") shown[key] = signed(value);
    else if (key === "share") shown[key] = Math.round(100 * value);
    else if (key === "hue") shown[key] = signed(360 * value);
    else if (key.endsWith("_px") && !Number.isInteger(value)) shown[key] = value.toFixed(1);
    else shown[key] = Number.isInteger(value) ? value : value.toFixed(2);
  }
  return { ...{ hue: "0" }, ...shown };
}

/** @param {Stage} stage */
function tell(stage, { about }) {
  const cell = stage.state.cell ?? 1;
  const title = cell ? fill(stage.words.sample, { number: cell }) : stage.words.original;
  const drawn = cell ? about.draws[cell - 1] : [];
  const rows = drawn.map((draw) =>
    line(stage, draw.name, longText(stage, draw), `draw-${draw.name}`),
  );
  if (!rows.length) rows.push(note(cell ? stage.words.same : stage.words.untouched));
  const verdicts = about.verdicts.map(([name, level, reason]) =>
    verdict(stage, name, level, reason),
  );
  const nothing = verdicts.length ? [] : [note(stage.words.nothing_on)];
  stage.readout.replaceChildren(
    heading(title, "sample"),
    ...rows,
    heading(stage.words.keeps),
    ...verdicts,
    ...nothing,
  );
}

/** @param {Stage} stage */
function line(stage, name, text, testid) {
  const row = document.createElement("p");
  row.dataset.testid = testid;
  const title = document.createElement("strong");
  title.textContent = `${nameOf(stage, name)} `;
  row.append(title, text);
  return row;
}

/** @param {Stage} stage */
function verdict(stage, name, level, reason) {
  const row = line(stage, name, "", `verdict-${name}`);
  row.dataset.level = level;
  const mark = document.createElement("span");
  mark.textContent = stage.words[`level_${level}`];
  const colour = { kept: 2, risky: 4, lost: 1 }[level];
  mark.style.color = stage.theme.lines[colour];
  const why = document.createElement("span");
  why.className = "muted";
  why.textContent = ` ${stage.words[`reason_${reason}`]}`;
  row.append(mark, why);
  return row;
}

/** @param {Stage} stage */
const nameOf = (stage, name) => stage.words[`name_${name}`];
