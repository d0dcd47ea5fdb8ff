// Which part of the picture the canvas shows.
import assert from "node:assert/strict";
import test from "node:test";

import {
  centrePixel,
  pixelAt,
  readPlace,
  windowOf,
  writePlace,
  zoomAround,
} from "../../../pages/images/pixels/window.js";

/** @type {[number, number]} */
const size = [300, 400];
const canvas = { width: 800, height: 400 };

test("at zoom 1 the whole picture is seen, in the middle", () => {
  const window = windowOf(size, canvas, 1, { x: 0.1, y: 0.9 });
  assert.ok(Math.abs(window.scale - 4 / 3) < 1e-12);
  assert.equal(window.y, 0);
  assert.ok(Math.abs(window.x + 100) < 1e-9); // as much room to the left as to the right
});

test("zoomed in, the window stays within the picture", () => {
  for (const at of [
    { x: 0, y: 0 },
    { x: 1, y: 1 },
    { x: 0.5, y: 0.2 },
  ]) {
    const { x, y, columns, rows } = windowOf(size, canvas, 6, at);
    assert.ok(x >= 0 && x + columns <= 400 + 1e-9);
    assert.ok(y >= 0 && y + rows <= 300 + 1e-9);
  }
});

test("what lies under the pointer stays there while one zooms", () => {
  const window = windowOf(size, canvas, 4, { x: 0.5, y: 0.5 });
  const under = { x: 200, y: 150 };
  const { zoom, at } = zoomAround({ window, size, canvas }, 8, under);
  const next = windowOf(size, canvas, zoom, readPlace(at));
  const point = (w) => [w.x + under.x / w.scale, w.y + under.y / w.scale];
  const [before, after] = [point(window), point(next)];
  assert.ok(Math.abs(before[0] - after[0]) < 0.01 && Math.abs(before[1] - after[1]) < 0.01);
});

test("a pixel is found under every place of the picture, and none far beside it", () => {
  const window = windowOf(size, canvas, 1, { x: 0.5, y: 0.5 });
  const left = -window.x * window.scale;
  assert.deepEqual(pixelAt(window, size, { x: left + 0.1, y: 0.1 }), { column: 0, row: 0 });
  assert.deepEqual(pixelAt(window, size, { x: left + 533, y: 399.9 }), { column: 399, row: 299 });
  assert.equal(pixelAt(window, size, { x: left - 20, y: 10 }), null);
  assert.deepEqual(centrePixel(window, size), { column: 200, row: 150 });
});

test("a place is the same after writing and reading, and never off the picture", () => {
  assert.deepEqual(readPlace(writePlace({ x: 0.12345, y: 1 })), { x: 0.12345, y: 1 });
  assert.deepEqual(readPlace(writePlace({ x: -2, y: 7 })), { x: 0, y: 1 });
});
