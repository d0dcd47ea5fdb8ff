// Training studio, many pictures of the learner's own through a run: what each folder's pictures are
// taken for, and those of one cell of that table as a gallery.
import { fill, openCanvas, outline, write } from "../../ui/stage/draw.js";
import { showChart } from "../../ui/stage/plot.js";
import { matrixFigure } from "../../ui/stage/plot_matrix.js";
import { rowShares } from "./confusion.js";
import { classWord } from "./masks.js";
import { pictureOf } from "./pictures.js";

const SIDE = 56;
const STEP = { x: 70, y: 78 };
const TOP = 24;

const state = () => ({
  cell: null, // of the table, whose pictures are shown
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  charts: "above",

  paint(stage, reply, values) {
    const chosen = cellOf(stage.state.cell, reply);
    const cell = (pointed) => {
      stage.state.cell = pointed;
      stage.repaint();
    };
    const handlers = { cell: (pointed, how) => how !== "hover" && cell(pointed) };
    showChart(stage, "many", figureOf(stage, reply, chosen), values, handlers);
    drawGallery(stage, reply, chosen);
  },

  describe: (stage, reply) => told(stage, reply),

  forget(stage) {
    stage.state.cell = null;
  },
};

/**
 * The cell that was chosen; at first the fullest one that is not as its folder is called.
 * @param {import("../../ui/stage/plot_matrix.js").Cell | null} chosen
 * @param {any} reply
 */
export function cellOf(chosen, { confusion, about }) {
  const [rows, columns] = confusion.shape;
  if (chosen && chosen.row < rows && chosen.column < columns) return chosen;
  let best = { row: 0, column: 0, count: -1 };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const count = about.meant[row] === column ? 0 : confusion.data[row * columns + column];
      if (count > best.count) best = { row, column, count };
    }
  }
  return { row: best.row, column: best.column };
}

/** @param {Stage} stage */
function told(stage, { about }) {
  if (!about.judged) return stage.words.many_unjudged;
  const share = ((100 * about.right) / about.judged).toFixed(1);
  return fill(stage.words.many_judged, { right: about.right, judged: about.judged, share });
}

/**
 * @param {Stage} stage
 * @returns {import("../../ui/stage/plot_numbers.js").Figure}
 */
function figureOf(stage, reply, cell) {
  const { confusion, about } = reply;
  const [rows, columns] = confusion.shape;
  const names = about.classes.map((name) => classWord(stage, name));
  const shades = rowShares(confusion.data, columns);
  const matrix = {
    rows: about.folders,
    columns: names,
    values: confusion.data,
    shades,
    scale: stage.words.confusion_scale,
    words: (row, column) =>
      fill(stage.words.many_cell, {
        folder: about.folders[row],
        predicted: names[column],
        count: confusion.data[row * columns + column],
      }),
  };
  return matrixFigure(matrix, {
    title: told(stage, reply),
    text: told(stage, reply),
    across: stage.words.confusion_across,
    down: stage.words.many_down,
    height: Math.min(460, 100 + 26 * rows),
    cell,
  });
}

/** @param {Stage} stage */
function drawGallery(stage, { pictures, facts, about, confusion }, { row, column }) {
  const [count, height, width, channels] = pictures.shape;
  const shown = [];
  for (let i = 0; i < count; i++) {
    if (facts.data[3 * i] === row && facts.data[3 * i + 1] === column) shown.push(i);
  }
  const across = Math.max(1, Math.floor(stage.frame.clientWidth / STEP.x));
  const { ctx } = openCanvas(
    stage,
    TOP + 12 + STEP.y * Math.max(1, Math.ceil(shown.length / across)),
  );
  const title = fill(stage.words.many_gallery, {
    folder: about.folders[row],
    predicted: classWord(stage, about.classes[column]),
    shown: shown.length,
    count: confusion.data[row * confusion.shape[1] + column],
  });
  write(ctx, stage, title, 0, 9, { bold: true });
  shown.forEach((i, k) => {
    const box = {
      x: (k % across) * STEP.x,
      y: TOP + Math.floor(k / across) * STEP.y,
      width: SIDE,
      height: SIDE,
    };
    const bytes = height * width * channels;
    const part = pictures.data.subarray(i * bytes, (i + 1) * bytes);
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(pictureOf(part, height, width, channels), box.x, box.y, SIDE, SIDE);
    const isRight = about.meant[row] === column;
    outline(ctx, box, isRight ? stage.theme.border : stage.theme.lines[1], isRight ? 1 : 2);
    const share = `${Math.round(100 * facts.data[3 * i + 2])} %`;
    write(ctx, stage, share, box.x, box.y + SIDE + 9, { size: 11, colour: stage.theme.muted });
  });
}
