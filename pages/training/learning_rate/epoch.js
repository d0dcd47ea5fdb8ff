// One epoch, batch by batch: each batch's loss, how far it moved the weights, and what was in it.
import {
  brief,
  drawBitmap,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  pointerPosition,
  write,
} from "../../ui/stage/draw.js";
import { openChart } from "../../ui/stage/line_chart.js";

const THUMB = 26; // CSS pixels of a picture of the chosen batch
const LEFT = 48;

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

  build(stage) {
    const choose = (event) => {
      const { x, y } = pointerPosition(stage, event);
      const found = stage.state.bands?.find(({ y: top, height }) => y >= top && y <= top + height);
      if (!found || x < found.x || x > found.x + found.width) return;
      stage.state.batch = Math.floor(((x - found.x) / found.width) * stage.reply.sizes.data.length);
      stage.repaint();
    };
    stage.on("pointermove", choose);
    stage.on("pointerdown", choose);
    stage.on("keydown", (event) => {
      const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!move) return;
      event.preventDefault();
      stage.state.batch = (stage.state.batch ?? 0) + move;
      stage.repaint();
    });
  },

  paint(stage, reply, values) {
    const { ctx, width } = openCanvas(stage, 460);
    const count = reply.sizes.data.length;
    if (stage.state.batchOf !== `${values.batch} ${values.order}`) stage.state.batch = null;
    stage.state.batchOf = `${values.batch} ${values.order}`;
    if (stage.state.batch !== null)
      stage.state.batch = Math.min(count - 1, Math.max(0, stage.state.batch));
    const band = { x: LEFT, width: width - LEFT - 8 };
    stage.state.bands = [
      { ...band, y: 24, height: 130 },
      { ...band, y: 196, height: 90 },
    ];
    drawBars(ctx, stage, stage.state.bands[0], reply.losses.data, stage.words.batch_losses, 0);
    drawBars(ctx, stage, stage.state.bands[1], reply.moves.data, stage.words.batch_moves, 1);
    const middle = { size: 11, colour: stage.theme.muted, align: "center" };
    write(
      ctx,
      stage,
      fill(stage.words.batches_in_order, { count }),
      band.x + band.width / 2,
      311,
      middle,
    );
    drawPictures(ctx, stage, { x: LEFT, y: 348, width: band.width, height: 4 * THUMB }, reply);
    tell(stage, reply);
  },

  describe(stage, { losses, about }) {
    const count = losses.data.length;
    return fill(stage.words.alternative_epoch, {
      count,
      first: brief(losses.data[0]),
      last: brief(losses.data[count - 1]),
      after: percent(about.after),
    });
  },
};

const percent = (share) => (100 * share).toFixed(1);

/** @param {Stage} stage */
function drawBars(ctx, stage, box, values, title, colour) {
  const most = Math.max(...values);
  const scale = { x: [0, values.length], y: [0, most * 1.05] };
  const ticks = {
    y: [
      [0, "0"],
      [most, brief(Number(most.toPrecision(3)))],
    ],
    x: [],
  };
  openChart(ctx, stage, box, scale, { title, ticks });
  const slot = box.width / values.length;
  const gap = Math.min(3, slot * 0.2);
  values.forEach((value, i) => {
    const height = (box.height * value) / scale.y[1];
    ctx.fillStyle = i === stage.state.batch ? stage.theme.text : stage.theme.lines[colour];
    ctx.fillRect(
      box.x + i * slot + gap / 2,
      box.y + box.height - height,
      Math.max(0.5, slot - gap),
      height,
    );
  });
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
