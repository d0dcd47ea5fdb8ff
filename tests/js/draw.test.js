// Numbers in words, cells of a grid: what the canvases of every page are labelled and hit with.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import test from "node:test";

import { below, brief, cellAt, cellBox, fill, minus } from "../../pages/ui/stage/draw.js";

test("brief keeps three significant digits and a true minus sign", () => {
  const shown = {
    0: "0",
    12: "12",
    99999: "99999",
    100000: "1 × 10⁵",
    4265425: "4.27 × 10⁶",
    0.12345: "0.123",
    0.001: "0.001",
    0.00099: "9.9 × 10⁻⁴",
    1.817e-25: "1.82 × 10⁻²⁵",
    [-2.50499]: "−2.5",
    [-7]: "−7",
  };
  for (const [value, text] of Object.entries(shown)) assert.equal(brief(Number(value)), text);
});

test("minus replaces every hyphen", () => {
  assert.equal(minus("-1 to -2"), "−1 to −2");
});

test("fill puts each value in its place, as often as it is named", () => {
  assert.equal(fill("{n} of {all}, {n}", { n: 2, all: 5 }), "2 of 5, 2");
});

test("fill chooses the word that fits the number", () => {
  const said = (n) => fill("{n} {n:box is|boxes are} left", { n });
  assert.deepEqual([0, 1, "1", 2, "1,001"].map(said), [
    "0 boxes are left",
    "1 box is left",
    "1 box is left",
    "2 boxes are left",
    "1,001 boxes are left",
  ]);
});

test("a cell is found again at every corner of its own box and not beyond the grid", () => {
  const box = { x: 10, y: 20, width: 60, height: 40 };
  const [rows, columns] = [4, 3];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const cell = cellBox(box, rows, columns, row, column);
      assert.equal(cell.width, 20);
      assert.equal(cell.height, 10);
      assert.deepEqual(cellAt(box, rows, columns, cell.x, cell.y), { row, column });
      const [right, bottom] = [cell.x + cell.width - 0.01, cell.y + cell.height - 0.01];
      assert.deepEqual(cellAt(box, rows, columns, right, bottom), { row, column });
    }
  }
  const outside = [
    [9.9, 30],
    [70, 30],
    [30, 19.9],
    [30, 60],
  ];
  for (const [x, y] of outside) assert.equal(cellAt(box, rows, columns, x, y), null);
});

test("what lies below a limit never reads as the limit", () => {
  assert.equal(below(0.4321, 0.9), "0.43");
  assert.equal(below(0.8961, 0.9), "0.896");
  assert.equal(below(0.39999, 0.4), "0.39999");
  assert.equal(below(0.9, 0.9), "0.90");
  assert.equal(below(0.95, 0.9), "0.95");
});

test("no list of numbers is told by the numbers' places in it", () => {
  // map hands the place on as a second argument, which these take for digits
  const named = /\.map\(\s*(brief|numberText|valueText)\s*\)/;
  const scripts = globSync("pages/**/*.js");
  assert.ok(scripts.length > 100);
  const wrong = scripts.filter((path) => named.test(readFileSync(path, "utf8")));
  assert.deepEqual(wrong, []);
});
