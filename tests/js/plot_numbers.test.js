import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clipped,
  csvOf,
  needsLog,
  numberText,
  pointAfter,
  rangeOf,
  tableOf,
  valueText,
} from "../../pages/ui/stage/plot_numbers.js";

test("numbers are written as people write them", () => {
  /** @type {[number, string][]} */
  const cases = [
    [0, "0"],
    [4270000, "4.27 × 10⁶"],
    [-4270000, "−4.27 × 10⁶"],
    [46916, "46916"],
    [46916.4, "46900"],
    [1.8e-25, "1.8 × 10⁻²⁵"],
    [0.0125, "0.0125"],
    [-0.12345, "−0.123"],
    [99999.9, "1 × 10⁵"],
    [NaN, "–"],
    [Infinity, "∞"],
    [-Infinity, "−∞"],
    [12, "12"],
  ];
  for (const [value, text] of cases) assert.equal(numberText(value), text);
});

test("a value on an axis has its unit, or the name of its place", () => {
  assert.equal(valueText(12.5, { title: "left", unit: "%" }), "12.5 %");
  assert.equal(valueText(2, { title: "layer", ticks: [[2, "conv2"]] }), "conv2");
});

test("a range holds what is finite, and on a log axis what is above 0", () => {
  assert.deepEqual(rangeOf([1, 3, NaN, Infinity], {}), [0.9, 3.1]);
  assert.deepEqual(rangeOf([2, 10], { include: [0] }), [0, 10.5]);
  assert.deepEqual(rangeOf([], {}), [0, 1]);
  assert.deepEqual(rangeOf([5, 5], {}), [2.5, 7.5]);
  assert.deepEqual(rangeOf([0, -1, 10, 1e6], { log: true }), [8, 1.25e6]);
  assert.deepEqual(rangeOf([0, 0], { log: true }), [1e-3, 1]);
});

test("what left the axis is marked at the end where it left it", () => {
  const found = clipped([1, 46916, 0, NaN, -Infinity, Infinity], [0.5, 1300]);
  assert.deepEqual(
    found.map(({ i, at, side }) => [i, at, side]),
    [
      [1, 1300, "above"],
      [2, 0.5, "below"],
      [4, 0.5, "below"],
      [5, 1300, "above"],
    ],
  );
  assert.equal(found[0].value, 46916);
});

test("losses of 46,916 among ones near 2 want a logarithmic axis, a usual fall does not", () => {
  assert.ok(needsLog([46916, 800, 3, 2.3, 2.2, 2.1, 2.0]));
  assert.ok(!needsLog([2.3, 1.1, 0.6, 0.4, 0.3, 0.25]));
  assert.ok(!needsLog([]));
});

const CURVES = {
  x: { title: "epoch" },
  y: { title: "accuracy", unit: "%" },
  series: [
    { name: "a", x: [1, 2], y: [10, 20] },
    { name: 'b, "fork"', x: [2, 3], y: [5, NaN] },
  ],
};

test("the table has a row for each x and a column for each series", () => {
  assert.deepEqual(tableOf(CURVES), {
    head: ["epoch", "a (%)", 'b, "fork" (%)'],
    rows: [
      [1, 10, ""],
      [2, 20, 5],
      [3, "", NaN],
    ],
  });
});

test("the CSV quotes, keeps all digits, and gives no formula to a spreadsheet", () => {
  const text = csvOf(tableOf(CURVES));
  assert.equal(text, '\ufeffepoch,a (%),"b, ""fork"" (%)"\r\n1,10,\r\n2,20,5\r\n3,,NaN\r\n');
  assert.match(csvOf({ head: ["=1+1"], rows: [] }), /'=1\+1/);
  const single = new Float32Array([0.1])[0];
  assert.equal(csvOf({ head: ["x"], rows: [[single], [0.1], [1e-25]] }).split("\r\n")[1], "0.1");
  assert.equal(csvOf({ head: ["x"], rows: [[1 / 3]] }).split("\r\n")[1], String(1 / 3));
});

test("arrow keys lead along a series and to the nearest point of the next", () => {
  const { series } = CURVES;
  assert.deepEqual(pointAfter(series, null, "ArrowRight"), { series: 0, index: 0 });
  assert.deepEqual(pointAfter(series, null, "ArrowLeft"), { series: 0, index: 1 });
  assert.deepEqual(pointAfter(series, { series: 0, index: 1 }, "ArrowRight"), {
    series: 0,
    index: 1,
  });
  assert.deepEqual(pointAfter(series, { series: 0, index: 1 }, "ArrowDown"), {
    series: 1,
    index: 0,
  });
  assert.deepEqual(pointAfter(series, { series: 1, index: 1 }, "ArrowUp"), { series: 0, index: 1 });
  assert.equal(pointAfter(series, { series: 0, index: 0 }, "a"), null);
  assert.equal(pointAfter([], null, "ArrowRight"), null);
});
