// One epoch, batch by batch: each batch's loss, how far it moved the weights, and what was in it.
import {
  brief,
  drawBitmap,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  write,
} from "../../ui/stage/draw.js";
import { showChart } from "../../ui/stage/plot.js";

const THUMB = 26; // CSS pixels of a picture of the chosen batch
const ROWS = 4; // of them

const state = () => ({
  bands: null, // rows of batches
  batch: null, // the one pointed at
  batchOf: null,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  charts: "above",

  paint(stage, reply, values) {
    if (stage.state.batchOf !== `${values.batch} ${values.order}`) stage.state.batch = null;
    stage.state.batchOf = `${values.batch} ${values.order}`;
    const text = described(stage, reply);
    const { batch_losses: losses, batch_moves: moves } = stage.words;
    const handlers = { point: ({ index }) => choose(stage, index) };
    showChart(
      stage,
      "batch_losses",
      barsOf(stage, reply.losses.data, losses, 0, text),
      values,
      handlers,
    );
    showChart(
      stage,
      "batch_moves",
      barsOf(stage, reply.moves.data, moves, 1, text),
      values,
      handlers,
    );
    const { ctx, width } = openCanvas(stage, 22 + ROWS * THUMB);
    drawPictures(ctx, stage, { x: 0, y: 22, width, height: ROWS * THUMB }, reply);
    tell(stage, reply);
  },

  describe: described,
};

function choose(stage, batch) {
  if (batch === stage.state.batch) return;
  stage.state.batch = batch;
  stage.repaint();
}

function described(stage, { losses, about }) {
  const count = losses.data.length;
  return fill(stage.words.alternative_epoch, {
    count,
    first: brief(losses.data[0]),
    last: brief(losses.data[count - 1]),
    after: percent(about.after),
  });
}

const percent = (share) => (100 * share).toFixed(1);

// A bar for each batch; the chosen one stands out.
/** @returns {import("../../ui/stage/plot_numbers.js").Figure} */
function barsOf(stage, values, title, style, text) {
  const count = values.length;
  return {
    title,
    text,
    height: 170,
    start: stage.state.batch ?? 0,
    x: { title: fill(stage.words.batches_in_order, { count }) },
    y: { title, include: [0] },
    series: [
      {
        name: title,
        kind: "bars",
        style,
        x: Array.from({ length: count }, (_, i) => i + 1),
        y: values,
        chosen: stage.state.batch ?? undefined,
      },
    ],
  };
}

// The pictures of the chosen batch (of the first, before one is chosen), as many as there is room for.
/** @param {Stage} stage */
function drawPictures(ctx, stage, box, { pictures, sizes }) {
  const [, rows, columns] = pictures.shape;
  const batch = stage.state.batch ?? 0;
  const start = sizes.data.subarray(0, batch).reduce((sum, size) => sum + size, 0);
  const perRow = Math.floor(box.width / THUMB);
  const shown = Math.min(sizes.data[batch], perRow * Math.floor(box.height / THUMB));
  const text = fill(stage.words.batch_pictures, {
    batch: batch + 1,
    shown,
    size: sizes.data[batch],
  });
  write(ctx, stage, text, box.x, box.y - 13, { bold: true });
  for (let i = 0; i < shown; i++) {
    const from = (start + i) * rows * columns;
    const pixels = pictures.data.subarray(from, from + rows * columns);
    const place = {
      x: box.x + (i % perRow) * THUMB,
      y: box.y + Math.floor(i / perRow) * THUMB,
      width: THUMB - 2,
      height: THUMB - 2,
    };
    drawBitmap(ctx, mapBitmap(pixels, rows, columns, stage.theme.grey, 0, 255), place);
    outline(ctx, place, stage.theme.border);
  }
}

/** @param {Stage} stage */
function tell(stage, { losses, moves, sizes, targets, about }) {
  const heading = document.createElement("h4");
  heading.textContent = fill(stage.words.epoch_of, {
    count: sizes.data.length,
    pictures: targets.data.length,
  });
  const way = moves.data.reduce((sum, move) => sum + move, 0);
  const rows = [
    ["before", `${percent(about.before)} %`],
    ["after", `${percent(about.after)} %`],
    ["way", brief(Number(way.toPrecision(3)))],
    ["displacement", brief(Number(about.displacement.toPrecision(3)))],
    ["rate", brief(about.rate)],
  ];
  const parts = [heading, table(stage, rows)];
  if (stage.state.batch !== null) parts.push(...oneBatch(stage, { losses, moves, sizes, targets }));
  const note = document.createElement("p");
  note.className = "muted";
  note.style.marginTop = "10px";
  note.textContent = stage.words.point_batch;
  stage.readout.replaceChildren(...parts, note);
}

/** @param {Stage} stage */
function oneBatch(stage, { losses, moves, sizes, targets }) {
  const i = stage.state.batch;
  const start = sizes.data.subarray(0, i).reduce((sum, size) => sum + size, 0);
  const kinds = new Set(targets.data.subarray(start, start + sizes.data[i]));
  const heading = document.createElement("h4");
  heading.textContent = fill(stage.words.one_batch, { batch: i + 1 });
  heading.style.marginTop = "12px";
  return [
    heading,
    table(stage, [
      ["size", String(sizes.data[i])],
      ["classes", [...kinds].sort((a, b) => a - b).join(" ")],
      ["loss", brief(losses.data[i])],
      ["move", brief(moves.data[i])],
    ]),
  ];
}

/** @param {Stage} stage */
function table(stage, rows) {
  const made = document.createElement("table");
  for (const [name, value] of rows) {
    const row = made.insertRow();
    row.insertCell().textContent = stage.words[`epoch_${name}`];
    const cell = row.insertCell();
    cell.className = "number";
    cell.dataset.testid = `epoch-${name}`;
    cell.textContent = value;
  }
  return made;
}
