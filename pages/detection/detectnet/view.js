// DetectNet on a held-out scene: what every cell of the grid answers, and the boxes that come of it.
import {
  cellAt,
  cellBox,
  drawScale,
  fill,
  openCanvas,
  outline,
  pointerPosition,
  write,
} from "../../ui/stage/draw.js";
import {
  boxOn,
  className,
  colourOf,
  coverageMap,
  drawCoverage,
  drawPicture,
  overlayCoverage,
  pictureOf,
  strokeBox,
  tag,
} from "./draw.js";
import { precisionState, showPrecision } from "./precision.js";
import { tell } from "./readout.js";

const GAP = 16;
const TITLE = 20;
const MOST_SIDE = 300;
const MAP_SIDE = 96;
const MOST_TAGS = 12; // more would hide the picture

const state = () => ({
  precision: precisionState(),
  places: [],
  hovered: null, // a cell, "row,column"
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  charts: "below",
  local: ["cell", "shown"],

  build(stage) {
    stage.on("pointermove", (event) => hover(stage, event));
    stage.on("pointerleave", () => point(stage, null));
    stage.on("pointerdown", (event) => {
      const cell = cellUnder(stage, event);
      if (cell) stage.set({ cell: cell === stage.values.cell ? "" : cell });
    });
    stage.on("keydown", (event) => move(stage, event));
  },

  paint(stage, reply, values) {
    const width = stage.frame.clientWidth;
    const side = Math.min(MOST_SIDE, (width - GAP) / 2);
    const { ctx } = openCanvas(stage, TITLE + side + 34 + MAP_SIDE + 22);
    const left = { x: 0, y: TITLE, width: side, height: side };
    const right = { ...left, x: side + GAP };
    stage.state.places = [left, ...mapPlaces(side)];
    const picture = pictureOf(reply.pixels);
    write(ctx, stage, stage.words.said, left.x, 9, { bold: true });
    write(ctx, stage, stage.words.truth, right.x, 9, { bold: true });
    drawPicture(ctx, stage, picture, left);
    drawPicture(ctx, stage, picture, right);
    const which = values.shown === "all" ? "all" : reply.about.classes.indexOf(values.shown);
    overlayCoverage(ctx, stage, coverageMap(reply.coverage, which), left);
    drawFound(ctx, stage, reply, picture, left);
    drawTruth(ctx, stage, reply, picture, right);
    drawMaps(ctx, stage, reply);
    const cell = stage.state.hovered ?? values.cell;
    if (cell && isThere(reply, cell)) drawCell(ctx, stage, reply, picture, cell);
    showPrecision(stage, values);
    tell(stage, reply, values, cell && isThere(reply, cell) ? cell : null);
  },

  describe(stage, { boxes, right, found_by: foundBy, about }, values) {
    return fill(stage.words.alternative, {
      scene: values.scene,
      objects: foundBy.data.length,
      boxes: boxes.shape[0],
      right: right.data.reduce((sum, is) => sum + is, 0),
      raw: about.raw,
      threshold: values.threshold,
    });
  },
};

const mapPlaces = (side) =>
  [0, 1, 2].map((k) => ({
    x: k * (MAP_SIDE + GAP),
    y: TITLE + side + 34,
    width: MAP_SIDE,
    height: MAP_SIDE,
  }));

const fourOf = (data, i) => data.subarray(4 * i, 4 * i + 4);

// Boxes first, the surest on top; then their tags, so that no line crosses a word.
/** @param {Stage} stage */
function drawBoxes(ctx, stage, boxes, picture, place, { labels, isDashed, text }) {
  const each = Array.from({ length: boxes.shape[0] }, (_, i) => i).reverse();
  const on = (i) => boxOn(place, picture, fourOf(boxes.data, i));
  const colour = (i) => colourOf(stage, labels.data[i]);
  for (const i of each) strokeBox(ctx, stage, on(i), colour(i), isDashed(i));
  for (const i of each) if (i < MOST_TAGS) tag(ctx, stage, text(i), on(i), place, colour(i));
}

/** @param {Stage} stage */
function drawFound(ctx, stage, { boxes, scores, labels, right }, picture, place) {
  drawBoxes(ctx, stage, boxes, picture, place, {
    labels,
    isDashed: (i) => !right.data[i],
    text: (i) => scores.data[i].toFixed(2),
  });
}

/** @param {Stage} stage */
function drawTruth(ctx, stage, reply, picture, place) {
  const { truth_boxes: boxes, truth_labels: labels, found_by: foundBy, about } = reply;
  drawBoxes(ctx, stage, boxes, picture, place, {
    labels,
    isDashed: (i) => foundBy.data[i] < 0,
    text: (i) => className(stage, about.classes, labels.data[i]),
  });
}

/** @param {Stage} stage */
function drawMaps(ctx, stage, reply) {
  const { about, coverage } = reply;
  about.classes.forEach((_, k) => {
    const place = stage.state.places[1 + k];
    const name = className(stage, about.classes, k);
    write(ctx, stage, name, place.x, place.y - 10, {
      size: 12,
      bold: true,
      colour: colourOf(stage, k),
    });
    drawCoverage(ctx, stage, coverageMap(coverage, k), place);
    outline(ctx, place, stage.theme.border);
  });
  const last = stage.state.places[3];
  const x = last.x + last.width + GAP;
  const width = Math.min(150, stage.frame.clientWidth - x - 8);
  const scale = { x, y: last.y + 16, width, height: 12 };
  if (scale.width < 60) {
    Object.assign(scale, { x: 0, y: last.y + last.height + 4, height: 6, width: 120 });
    drawScale(ctx, stage, stage.theme.sequential, 0, 1, scale);
    return;
  }
  write(ctx, stage, stage.words.coverage, scale.x, last.y + 4, { size: 12 });
  drawScale(ctx, stage, stage.theme.sequential, 0, 1, scale);
}

// The chosen cell: its place on picture and maps, and its four distances, from its centre on.
/** @param {Stage} stage */
function drawCell(ctx, stage, { cells }, picture, cell) {
  const [rows, columns] = cells.shape;
  const [row, column] = cell.split(",").map(Number);
  for (const place of stage.state.places) {
    outline(ctx, cellBox(place, rows, columns, row, column), stage.theme.accent, 2);
  }
  const place = stage.state.places[0];
  const own = cellBox(place, rows, columns, row, column);
  const box = boxOn(place, picture, fourOf(cells.data, row * columns + column));
  strokeBox(ctx, stage, box, stage.theme.accent, false, 1.5);
  const [x, y] = [own.x + own.width / 2, own.y + own.height / 2];
  const ends = [
    [box.x, y],
    [x, box.y],
    [box.x + box.width, y],
    [x, box.y + box.height],
  ];
  ctx.strokeStyle = stage.theme.accent;
  ctx.lineWidth = 1.5;
  for (const end of ends) {
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(...end);
    ctx.stroke();
  }
}

function isThere(
  {
    cells: {
      shape: [rows, columns],
    },
  },
  cell,
) {
  const [row, column] = cell.split(",").map(Number);
  return row < rows && column < columns;
}

/** @param {Stage} stage */
function cellUnder(stage, event) {
  if (!stage.state.places || !stage.reply) return null;
  const { x, y } = pointerPosition(stage, event);
  const [rows, columns] = stage.reply.cells.shape;
  for (const place of stage.state.places) {
    const found = cellAt(place, rows, columns, x, y);
    if (found) return `${found.row},${found.column}`;
  }
  return null;
}

/** @param {Stage} stage */
function hover(stage, event) {
  if (event.pointerType === "mouse") point(stage, cellUnder(stage, event));
}

/** @param {Stage} stage */
function point(stage, cell) {
  if (cell === (stage.state.hovered ?? null)) return;
  stage.state.hovered = cell;
  stage.repaint();
}

/** @param {Stage} stage */
function move(stage, event) {
  const step = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
  }[event.key];
  if (!stage.reply || (!step && event.key !== "Escape")) return;
  event.preventDefault();
  if (!step) return void stage.set({ cell: "" });
  const [rows, columns] = stage.reply.cells.shape;
  const middle = `${rows >> 1},${columns >> 1}`;
  const [row, column] = (stage.values.cell || middle).split(",").map(Number);
  const inside = (value, most) => Math.min(Math.max(value, 0), most - 1);
  stage.set({ cell: `${inside(row + step[0], rows)},${inside(column + step[1], columns)}` });
}
