// Where the picture, the maps and the windows lie.
import assert from "node:assert/strict";
import test from "node:test";

import { placesOf, windowAt, windowBox } from "../../../pages/detection/sliding_window/maps.js";

/** @type {any} */
const about = { size: [300, 400], window_px: [60, 60], finest_px: [15, 15] };

test("nothing overlaps and nothing leaves the canvas, wide or narrow", () => {
  for (const [width, narrow] of [
    [900, false],
    [620, false],
    [380, true],
  ]) {
    const { picture, dense, sparse, scale, bottom } = placesOf(width, about.size, narrow);
    const boxes = [picture, dense, sparse, scale];
    for (const box of boxes) {
      assert.ok(box.x >= 0 && box.x + box.width <= Number(width) + 0.5, JSON.stringify(box));
      assert.ok(box.y >= 0 && box.y + box.height <= bottom);
    }
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) {
        const apart =
          a.x + a.width <= b.x ||
          b.x + b.width <= a.x ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y;
        assert.ok(apart, `${width}: ${JSON.stringify([a, b])}`);
      }
    }
    assert.ok(Math.abs(picture.height / picture.width - 0.75) < 0.01);
  }
});

test("a window is as large on the picture as in its pixels", () => {
  const box = { x: 10, y: 20, width: 800, height: 600 };
  const window = windowBox(about, box, 2, 1, 3);
  assert.deepEqual(window, { x: 10 + 2 * 90, y: 20 + 2 * 30, width: 120, height: 120 });
});

test("the middle of a window is the middle of its cell", () => {
  const places = placesOf(900, about.size, false);
  const heat = { shape: [9, 12] };
  const stage = /** @type {any} */ ({ state: { places } });
  for (const [row, column] of [
    [0, 0],
    [4, 7],
    [8, 11],
  ]) {
    const { x, y, width, height } = windowBox(about, places.picture, 2, row, column);
    const [right, down] = [x + width / 2, y + height / 2];
    const found = windowAt(stage, { about, heat }, { stride: 2 }, right, down);
    assert.deepEqual(found, { row, column });
  }
  assert.equal(windowAt(stage, { about, heat }, { stride: 2 }, 0, places.bottom), null);
});
