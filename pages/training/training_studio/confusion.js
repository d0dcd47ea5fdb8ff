// What a network took for what: the confusion matrix of an epoch's end.
import { fill } from "../../ui/stage/draw.js";
import { matrixFigure } from "../../ui/stage/plot_matrix.js";
import { classWord } from "./masks.js";

/** @import { Stage } from "./epoch.js" */

const LEAST_HEIGHT = 280;
const MOST_HEIGHT = 520;
const ROW_PX = 20; // of a class

/**
 * Rows: what it is; columns: the answer. The colour is the share of the row.
 * @param {Stage} stage
 * @param {import("../../ui/stage/types.d.ts").Reply} reply
 * @param {string} text of the whole epoch
 * @returns {import("../../ui/stage/plot_numbers.js").Figure}
 */
export function confusionFigure(stage, { confusion, about }, text) {
  const { words } = stage;
  const names = about.classes.map((name) => classWord(stage, name));
  const [n] = confusion.shape;
  const shades = rowShares(confusion.data, n);
  const said = (row, column) =>
    fill(words[about.masks ? "pointed_pixels" : "pointed"], {
      count: confusion.data[row * n + column],
      target: names[row],
      predicted: names[column],
      share: (100 * shades[row * n + column]).toFixed(1),
    });
  const matrix = {
    rows: names,
    columns: names,
    values: confusion.data,
    shades,
    texts: about.masks ? shades.map((share) => `${Math.round(100 * share)} %`) : undefined,
    scale: words.confusion_scale,
    words: said,
  };
  const { pointed } = stage.state;
  return matrixFigure(matrix, {
    title: words.confusion,
    text,
    across: words.confusion_across,
    down: words.confusion_down,
    height: Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, 90 + ROW_PX * n)),
    cell: pointed && pointed.row < n && pointed.column < n ? pointed : null,
  });
}

/**
 * Each count as a part of its row; 0 where the row is empty.
 * @param {ArrayLike<number>} counts
 * @param {number} n classes
 */
export function rowShares(counts, n) {
  const sums = new Array(n).fill(0);
  for (let i = 0; i < counts.length; i++) sums[Math.floor(i / n)] += counts[i];
  return Array.from(counts, (count, i) => count / Math.max(1, sums[Math.floor(i / n)]));
}
