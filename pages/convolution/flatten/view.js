// Flatten: the picture in order and shuffled, what a 3×3 kernel makes of each, and each as the one
// long row of numbers that a fully connected layer is given.
import {
  brief,
  cellAt,
  cellBox,
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  pictureBitmap,
  pointerPosition,
  write,
} from "../../ui/stage/draw.js";
import { laidRows, rowBox } from "./laying.js";
import { hundredths, tell } from "./readout.js";

const GAP = 12;
const TITLE = 20;
const NAMES = ["ordered", "shuffled"];

const state = () => ({
  side: 0, // pixels along a side of the picture
  boxes: [], // where it can be pointed at
  most: 0, // the largest weight
  bitmaps: null,
  bitmapsFor: null, // the reply that they show
  bitmapTheme: null,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["cell", "laid"],
  texts: { share: (value) => `${Math.round(100 * value)} %` },

  build(stage) {
    const point = (event, commit) => {
      const { x, y } = pointerPosition(stage, event);
      for (const box of stage.state.boxes) {
        const cell = cellAt(box, stage.state.side, stage.state.side, x, y);
        if (cell) choose(stage, cell, commit);
      }
    };
    stage.on("pointermove", (event) => point(event, false));
    stage.on("pointerdown", (event) => point(event, true));
    stage.on("keydown", (event) => step(stage, event));
  },

  paint(stage, reply, values) {
    const width = stage.frame.clientWidth;
    const narrow = width < 520;
    const picture = Math.floor(narrow ? (width - GAP) / 2 : Math.min(196, (width - 2 * GAP) / 3));
    const below = 2 * (TITLE + picture + GAP);
    const patches = narrow ? 142 : 0;
    const { ctx } = openCanvas(stage, below + patches + 92);
    stage.state.side = reply.pictures.shape[1];
    const cell = cellOf(stage, values);
    const bitmaps = bitmapsOf(stage, reply);
    stage.state.boxes = [];
    NAMES.forEach((name, k) => {
      const x = k * (picture + GAP);
      const top = { x, y: TITLE, width: picture, height: picture };
      const low = { ...top, y: 2 * TITLE + picture + GAP };
      write(ctx, stage, stage.words[name], x, 8, { bold: true });
      drawBitmap(ctx, bitmaps.pictures[k], top, stage.state.side > picture);
      write(ctx, stage, stage.words[`map_${name}`], x, low.y - 10, {
        size: 11,
        colour: stage.theme.muted,
      });
      drawBitmap(ctx, bitmaps.maps[k], low);
      for (const box of [top, low]) {
        outline(ctx, box, stage.theme.border);
        frame(ctx, stage, box, cell);
      }
      stage.state.boxes.push(top, low);
    });
    markPlaces(ctx, stage, reply, cell);
    const side = narrow ? { x: 0, y: below } : { x: 2 * (picture + GAP), y: 0 };
    drawPatches(ctx, stage, reply, cell, { ...side, width: width - side.x, narrow });
    drawRows(ctx, stage, bitmaps, values.laid, { x: 0, y: below + patches, width });
    tell(stage, reply);
  },

  describe(stage, { about, pictures }) {
    const [ordered, shuffled] = about.correlations.map(hundredths);
    return fill(stage.words.alternative, { side: pictures.shape[1], ordered, shuffled });
  },
};

/** @param {Stage} stage */
function cellOf(stage, values) {
  const { cell } = values;
  const [row, column] = cell.split(",").map(Number);
  const inside = (at) => Math.min(Math.max(at, 1), stage.state.side - 2);
  return { row: inside(row), column: inside(column) };
}

/** @param {Stage} stage */
function choose(stage, { row, column }, commit) {
  const cell = `${row},${column}`;
  if (commit || cell !== stage.values.cell) stage.set({ cell }, commit);
}

/** @param {Stage} stage */
function step(stage, event) {
  const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[
    event.key
  ];
  if (!move || !stage.state.side) return;
  event.preventDefault();
  const { row, column } = cellOf(stage, stage.values);
  const inside = (at) => Math.min(Math.max(at, 1), stage.state.side - 2);
  choose(stage, { row: inside(row + move[0]), column: inside(column + move[1]) }, true);
}

// Made once an answer: two pictures, two maps on one scale, two rows of pixels.
/** @param {Stage} stage */
function bitmapsOf(stage, reply) {
  if (stage.state.bitmapsFor === reply && stage.state.bitmapTheme === stage.theme.dark)
    return stage.state.bitmaps;
  const side = reply.pictures.shape[1];
  const count = side * side;
  const most = Math.max(1e-6, ...reply.maps.data.map(Math.abs));
  const part = (array, k, length) => array.data.subarray(k * length, (k + 1) * length);
  const picture = (k) => ({ data: part(reply.pictures, k, count * 3), shape: [side, side] });
  stage.state.most = most;
  stage.state.bitmaps = {
    pictures: [0, 1].map((k) => pictureBitmap(picture(k))),
    rows: [0, 1].map((k) => pictureBitmap({ ...picture(k), shape: [1, count] })),
    maps: [0, 1].map((k) =>
      mapBitmap(part(reply.maps, k, count), side, side, stage.theme.signed, -most, most),
    ),
  };
  stage.state.bitmapsFor = reply;
  stage.state.bitmapTheme = stage.theme.dark;
  return stage.state.bitmaps;
}

// The 3×3 window around the cell.
/** @param {Stage} stage */
function frame(ctx, stage, box, { row, column }) {
  const cell = cellBox(box, stage.state.side, stage.state.side, row - 1, column - 1);
  const window = { ...cell, width: 3 * cell.width, height: 3 * cell.height };
  outline(ctx, window, stage.theme.background, 4);
  outline(ctx, window, stage.theme.accent, 2);
}

// Where the nine pixels of the ordered window have gone in the shuffled picture.
/** @param {Stage} stage */
function markPlaces(ctx, stage, { order }, { row, column }) {
  const from = new Set();
  for (let i = 0; i < 9; i++) {
    from.add((row - 1 + Math.floor(i / 3)) * stage.state.side + column - 1 + (i % 3));
  }
  const box = stage.state.boxes[2];
  order.data.forEach((source, place) => {
    if (!from.has(source)) return;
    const cell = cellBox(
      box,
      stage.state.side,
      stage.state.side,
      Math.floor(place / stage.state.side),
      place % stage.state.side,
    );
    const grown = { x: cell.x - 2, y: cell.y - 2, width: cell.width + 4, height: cell.height + 4 };
    outline(ctx, grown, stage.theme.background, 3);
    outline(ctx, grown, stage.theme.lines[1], 2);
  });
}

// The nine pixels under the kernel, in order and shuffled, and the kernel's sum.
/** @param {Stage} stage */
function drawPatches(ctx, stage, reply, { row, column }, place) {
  const size = place.narrow ? 90 : Math.min(96, place.width);
  const { theme, words } = stage;
  NAMES.forEach((name, k) => {
    const x = place.x + (place.narrow ? k * (size + 34) : 0);
    const y = place.y + TITLE + (place.narrow ? 0 : k * (size + 64));
    const box = { x, y, width: size, height: size };
    const title = fill(words.sees, { name: words[name] });
    write(ctx, stage, title, x, y - 12, { size: 11, colour: theme.muted });
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(stage.state.bitmaps.pictures[k], column - 1, row - 1, 3, 3, x, y, size, size);
    outline(ctx, box, theme.accent, 2);
    const answer = reply.maps.data[(k * stage.state.side + row) * stage.state.side + column];
    const text = fill(words.sum, { sum: brief(answer) });
    write(ctx, stage, text, x, y + size + 12, { size: 12, mono: true });
  });
  const free = place.narrow ? 2 * (size + 34) : 0;
  const down = place.narrow ? 30 : 2 * (size + 64) + 8;
  const width = Math.min(140, place.width - free);
  const scale = { x: place.x + free, y: place.y + TITLE + down, width, height: 8 };
  write(ctx, stage, words.scale, scale.x, scale.y - 10, { size: 11, colour: theme.muted });
  drawScale(ctx, stage, theme.signed, -stage.state.most, stage.state.most, scale);
}

// Each picture's rows on their way from the picture into one row of numbers.
/** @param {Stage} stage */
function drawRows(ctx, stage, { pictures, rows }, laid, { x, y, width }) {
  const { words, theme } = stage;
  const { side, boxes } = stage.state;
  const done = laidRows(side, laid);
  const [count, all] = [3 * side * done, 3 * side * side].map((each) => each.toLocaleString("en"));
  const text = fill(words.rows, { laid: done, count, all, side });
  write(ctx, stage, text, x, y + 8, { size: 12, bold: true });
  NAMES.forEach((_, k) => {
    const box = { x, y: y + 22 + k * 34, width, height: 26 };
    ctx.imageSmoothingEnabled = true;
    const part = (done / side) * width;
    if (done) ctx.drawImage(rows[k], 0, 0, done * side, 1, x, box.y, part, box.height);
    outline(ctx, box, theme.border);
    for (let row = side - 1; row >= done; row--) {
      const { moved, box: at } = rowBox(row, side, laid, boxes[2 * k], box);
      if (!moved) continue;
      ctx.drawImage(pictures[k], 0, row, side, 1, at.x, at.y, at.width, at.height);
      outline(ctx, at, theme.accent);
    }
  });
}
