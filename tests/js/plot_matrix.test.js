import assert from "node:assert/strict";
import { test } from "node:test";
import { confusionFigure, rowShares } from "../../pages/training/training_studio/confusion.js";
import { histogramFigure } from "../../pages/training/training_studio/histograms.js";
import { layoutOf } from "../../pages/ui/stage/plot_layout.js";
import { cellAfter, matrixFigure, matrixTraces } from "../../pages/ui/stage/plot_matrix.js";
import { csvOf, tableOf } from "../../pages/ui/stage/plot_numbers.js";

const THEME = {
  sequential: Uint8ClampedArray.from({ length: 768 }, (_, i) => Math.floor(i / 3)),
  lines: ["#111111"],
  text: "#000000",
  background: "#ffffff",
  border: "#cccccc",
  muted: "#777777",
  accent: "#ff0000",
};
const matrix = {
  rows: ["cat", "<b>dog</b>"],
  columns: ["cat", "<b>dog</b>"],
  values: [3, 1, 0, 0],
  shades: [0.75, 0.25, 0, 0],
  scale: "share of the row",
  words: (row, column) => `${row} as ${column}`,
};
const told = { title: "Confusion", text: "", across: "answer", down: "truth", cell: null };

test("a matrix's first row stands at the top and its colour is a share in percent", () => {
  const figure = matrixFigure(matrix, told);
  assert.deepEqual(figure.y.range, [1.5, -0.5]);
  const [trace] = matrixTraces(matrix, THEME);
  assert.deepEqual(trace.z, [
    [75, 25],
    [0, 0],
  ]);
  assert.deepEqual([trace.zmin, trace.zmax], [0, 100]);
  assert.deepEqual(trace.text[0], ["3", "1"]);
  assert.equal(trace.customdata[1][0], "1 as 0");
  assert.equal(trace.colorscale.at(-1)[1], "rgb(255,255,255)");
});

test("names in a matrix are no markup, and the chosen cell is framed", () => {
  const figure = { ...matrixFigure(matrix, told), cell: { row: 1, column: 0 } };
  const state = { width: 400, height: 300, zoom: {}, dragging: /** @type {false} */ (false) };
  const layout = layoutOf(figure, THEME, state);
  assert.deepEqual(layout.xaxis.ticktext, ["cat", "&lt;b&gt;dog&lt;/b&gt;"]);
  assert.deepEqual(
    layout.shapes.map(({ x0, x1, y0, y1 }) => [x0, x1, y0, y1]),
    [[-0.5, 0.5, 0.5, 1.5]],
  );
});

test("a matrix is saved with the names of its rows and columns", () => {
  const lines = csvOf(tableOf(matrixFigure(matrix, told)))
    .trim()
    .split("\r\n");
  assert.deepEqual(lines, ["truth / answer,cat,<b>dog</b>", "cat,3,1", "<b>dog</b>,0,0"]);
});

test("the arrow keys walk the cells and stop at the edges", () => {
  assert.deepEqual(cellAfter(matrix, null, "ArrowDown"), { row: 0, column: 0 });
  assert.deepEqual(cellAfter(matrix, { row: 0, column: 0 }, "ArrowUp"), { row: 0, column: 0 });
  assert.deepEqual(cellAfter(matrix, { row: 0, column: 0 }, "ArrowRight"), { row: 0, column: 1 });
  assert.equal(cellAfter(matrix, null, "Home"), null);
});

test("of many columns not each is named, and no number is written into the cells", () => {
  const names = Array.from({ length: 100 }, (_, i) => String(i));
  const zeros = new Array(10_000).fill(0);
  const many = { ...matrix, rows: names, columns: names, values: zeros, shades: zeros };
  assert.equal(matrixFigure(many, told).x.ticks?.length, 20);
  assert.equal(matrixTraces(many, THEME)[0].text, undefined);
});

test("a count is told with its share of the row, an empty row has none", () => {
  assert.deepEqual(rowShares([3, 1, 0, 0], 2), [0.75, 0.25, 0, 0]);
  const stage = /** @type {any} */ ({
    words: { pointed: "{target}>{predicted}: {count}, {share} %", class_no_face: "kein Gesicht" },
    state: { pointed: { row: 9, column: 0 } },
  });
  const reply = {
    about: { classes: ["no face", "face"] },
    confusion: { data: Int32Array.of(3, 1, 0, 0), shape: [2, 2] },
  };
  const figure = confusionFigure(stage, reply, "");
  assert.equal(figure.matrix?.words(0, 1), "kein Gesicht>face: 1, 25.0 %");
  assert.equal(figure.cell, null); // of a run with more classes
});

const REPLY = {
  about: { layers: ["conv", "fc"], weight_norms: [2, null] },
  weights: { data: Int32Array.of(1, 4, 0, 0), shape: [2, 2] },
  weights_range: { data: Float32Array.of(-0.5, 0.25, 0, 0) },
};
const WORDS = {
  hist_weights: "Weights",
  hist_across: "value",
  hist_least: "−max",
  hist_most: "max",
};

test("each layer's histogram has its name, its range and zero in the middle", () => {
  const figure = histogramFigure(WORDS, REPLY, "weights", "");
  assert.deepEqual(figure.y.ticks, [
    [1.43, "conv\n±0.5 · ‖ ‖ 2"],
    [0.43, "fc\n±0 · ‖ ‖ –"],
  ]);
  const [conv, fc] = figure.series;
  assert.deepEqual(conv.x, [-1, -1, -0.25, -0.25, 0.5, 0.5]);
  assert.deepEqual(Array.from(conv.y).slice(0, 2), [1, 1 + 0.86 / 4]);
  assert.ok(Math.abs(Math.max(...Array.from(conv.y)) - 1.86) < 1e-9);
  assert.equal(conv.notes?.[1], "−0.5 … −0.125: 1");
  assert.ok(Array.from(fc.y).every((y) => y === 0)); // nothing known of it
});

test("the table of histograms has each bin in its own numbers", () => {
  const { rows } = tableOf(histogramFigure(WORDS, REPLY, "weights", ""));
  assert.deepEqual(rows[1], ["conv", -0.125, 0.25, 4, 2]);
  assert.equal(rows.length, 4);
});

test("a deep network's layers are named as far as there is room", () => {
  const count = 90;
  const deep = {
    about: {
      layers: Array.from({ length: count }, (_, i) => `layer${i}`),
      weight_norms: new Array(count).fill(1),
    },
    weights: { data: new Int32Array(2 * count), shape: [count, 2] },
    weights_range: { data: new Float32Array(2 * count) },
  };
  const figure = histogramFigure(WORDS, deep, "weights", "");
  assert.ok((figure.y.ticks?.length ?? 0) <= count);
  assert.ok(Number(figure.height) / (figure.y.ticks?.length ?? 1) >= 13);
});
