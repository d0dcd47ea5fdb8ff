// What Classify's stage reckons for itself: the word for a change, and pixels that look removed.
import assert from "node:assert/strict";
import test from "node:test";

import { change, percent } from "../../../pages/images/classify/numbers.js";
import { removedPixels } from "../../../pages/images/classify/removed.js";

test("the word follows the two numbers that are shown", () => {
  assert.equal(change(0.723, 0.79), "rises");
  assert.equal(change(0.79, 0.723), "falls");
  assert.equal(change(0.72304, 0.72296), "stays");
  assert.equal(percent(0.72304), percent(0.72296));
});

test("removed pixels are opaque and hatched, and the others are left alone", () => {
  const [rows, columns] = [14, 14];
  const picture = { data: new Uint8Array(3 * rows * columns).fill(120), shape: [rows, columns, 3] };
  const gone = { data: new Uint8Array(rows * columns).map((_, i) => (i < 98 ? 1 : 0)) };
  const pixels = removedPixels(picture, gone);
  const reds = new Set();
  for (let i = 0; i < rows * columns; i++) {
    assert.equal(pixels[4 * i + 3], i < 98 ? 255 : 0);
    if (i < 98) reds.add(pixels[4 * i]);
  }
  assert.deepEqual([...reds].sort(), [120, 66]);
});
