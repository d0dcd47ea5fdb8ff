// Anchors by map, and the classes that are worth a bar.
import assert from "node:assert/strict";
import test from "node:test";
import {
  anchorsAt,
  colourOf,
  levelOf,
  likeliest,
  nameOf,
  shapeOf,
} from "../../../pages/detection/two_stage/levels.js";

/** @type {import("../../../pages/detection/two_stage/levels.js").Level[]} */
const levels = [
  { start: 0, rows: 2, columns: 2, stride_px: [8, 8], sides_px: [16, 32], ratios: [1] },
  { start: 8, rows: 1, columns: 1, stride_px: [16, 16], sides_px: [64], ratios: [0.5, 1, 2] },
];

test("an anchor stands on the map that begins at or before it", () => {
  assert.equal(levelOf({ about: { levels } }, 7), levels[0]);
  assert.equal(levelOf({ about: { levels } }, 8), levels[1]);
});

test("a place has one anchor for each side and ratio, sides first", () => {
  assert.deepEqual(anchorsAt(levels[0], 5), { first: 4, count: 2 });
  assert.deepEqual(anchorsAt(levels[1], 10), { first: 8, count: 3 });
  assert.deepEqual(shapeOf(levels[0], 5), { side: 32, ratio: 1 });
  assert.deepEqual(shapeOf(levels[1], 10), { side: 64, ratio: 2 });
});

test("few classes all have a bar, of many the likeliest, the background always", () => {
  assert.deepEqual(likeliest([0.1, 0.2, 0.7], 5), [0, 1, 2]);
  assert.deepEqual(likeliest([0.1, 0.2, 0.4, 0.3], 2), [0, 2, 3]);
});

test("a photo's classes bring their names, a scene's have words of the page", () => {
  const words = { class_circle: "원" };
  assert.equal(nameOf({ words }, { about: { classes: ["circle"] } }, 0), "원");
  assert.equal(nameOf({ words }, { about: { classes: ["cat"], names: ["고양이"] } }, 0), "고양이");
});

test("more classes than colours begin again", () => {
  const theme = { lines: ["red", "green"] };
  assert.deepEqual(
    [1, 2, 3].map((label) => colourOf(theme, label)),
    ["red", "green", "red"],
  );
});
