// Which pixels the lens of PNG and JPEG shows, where panels stand, and the waves of a block.
import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutOf } from "../../../pages/images/png_jpeg/block_layout.js";
import { lensWindow, panelsOf, placeAt, stepped } from "../../../pages/images/png_jpeg/lens.js";
import { rowPanels } from "../../../pages/images/png_jpeg/png_layout.js";
import { waveOf, ZIGZAG } from "../../../pages/images/png_jpeg/waves.js";

const LENS = { width: 300, height: 150 };

test("the lens stays within the picture", () => {
  const middle = lensWindow(LENS, [300, 450], [0.5, 0.5]);
  assert.deepEqual([middle.columns, middle.rows, middle.x, middle.y], [60, 30, 195, 135]);
  const corner = lensWindow(LENS, [300, 450], [0.999, 0.999]);
  assert.deepEqual([corner.x, corner.y], [390, 270]);
  assert.equal(lensWindow(LENS, [300, 450], [0, 0]).x, 0);
});

test("a small picture fills the lens", () => {
  const whole = lensWindow(LENS, [10, 10], [0.9, 0.1]);
  assert.deepEqual([whole.columns, whole.rows, whole.x, whole.y], [10, 10, 0, 0]);
  assert.equal(whole.height, 150);
  assert.deepEqual(lensWindow(LENS, [1, 1], [0.5, 0.5]).columns, 1);
});

test("panels of any picture stand within the canvas", () => {
  for (const width of [340, 640, 1100]) {
    for (const size of [
      [300, 451],
      [1, 1],
      [900, 1],
      [1, 900],
    ]) {
      const { encode, error, lenses, height } = panelsOf(width, size);
      assert.ok(error.x + error.width <= width + 1e-9);
      assert.ok(encode.x + encode.width <= error.x);
      assert.ok(lenses[1].y + lenses[1].height <= height);
      const rows = rowPanels(width, size);
      for (const box of rows.panels) {
        assert.ok(box.x + box.width <= width + 1e-9);
        assert.ok(box.y + box.height <= rows.height);
      }
      const layout = layoutOf(width, size);
      for (const box of [layout.picture, layout.source, layout.wave, ...layout.matrices]) {
        assert.ok(box.x + box.width <= width + 1e-9);
        assert.ok(box.y + box.height <= layout.height);
      }
    }
  }
});

test("a place is told in shares of the panel under the pointer", () => {
  const panels = [
    { x: 0, y: 20, width: 100, height: 50 },
    { x: 120, y: 20, width: 100, height: 50 },
  ];
  assert.deepEqual(placeAt(panels, 25, 45), [0.25, 0.5]);
  assert.deepEqual(placeAt(panels, 145, 45), [0.25, 0.5]);
  assert.equal(placeAt(panels, 110, 45), null);
  assert.deepEqual(stepped([0, 0.999], [-1, 1]), [0, 0.999]);
});

test("waves are told along the diagonals, to and fro", () => {
  assert.deepEqual(ZIGZAG.slice(0, 12), [0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25]);
  assert.equal(new Set(ZIGZAG).size, 64);
});

test("a wave repeats as often as its frequency says", () => {
  assert.ok(waveOf("0,0").every((value) => value === 1));
  const once = waveOf("1,0");
  assert.ok(once[0] > 0.9 && once[7] < -0.9);
  assert.equal(once[0], once[56]); // the same in every row
  const signs = [...waveOf("0,7")].filter((_, at) => at % 8 === 0).map(Math.sign);
  assert.deepEqual(signs, [1, -1, 1, -1, 1, -1, 1, -1]);
});
