// Rows of a picture become one row: each begins in the picture and ends behind the one before it.
import assert from "node:assert/strict";
import test from "node:test";

import { laidRows, rowBox } from "../../../pages/convolution/flatten/laying.js";
import { written } from "../../../pages/convolution/flatten/readout.js";

const picture = { x: 10, y: 20, width: 64, height: 64 };
const line = { x: 0, y: 200, width: 320, height: 26 };

for (const side of [8, 32, 64]) {
  test(`${side} rows lie in the picture at first and end to end at last`, () => {
    assert.equal(laidRows(side, 0), 0);
    assert.equal(laidRows(side, 100), side);
    for (let row = 0; row < side; row++) {
      const first = rowBox(row, side, 0, picture, line);
      assert.equal(first.moved, 0);
      assert.equal(first.box.x, picture.x);
      assert.equal(first.box.y, 20 + (row * 64) / side);
      const last = rowBox(row, side, 100, picture, line);
      assert.equal(last.moved, 1);
      assert.ok(Math.abs(last.box.x - (row * 320) / side) < 1e-9);
      assert.ok(Math.abs(last.box.width - 320 / side) < 1e-9);
      assert.equal(last.box.y, line.y);
    }
  });

  test(`of ${side} rows those above go first, and some are seen on their way`, () => {
    let arrived = 0;
    for (let laid = 0; laid <= 100; laid++) {
      const moved = Array.from(
        { length: side },
        (_, row) => rowBox(row, side, laid, picture, line).moved,
      );
      assert.deepEqual(
        [...moved].sort((a, b) => b - a),
        moved,
      );
      if (laid > 5 && laid < 95) assert.ok(moved.some((each) => each > 0 && each < 1));
      assert.ok(laidRows(side, laid) >= arrived);
      arrived = laidRows(side, laid);
    }
  });
}

test("a layer is written as in × out + out", () => {
  const linear = { inputs: 3072, outputs: 64, biases: 64, params: 196672 };
  assert.equal(written(linear), "3,072 × 64 + 64 = 196,672");
  const bare = { inputs: 27, outputs: 8, biases: 0, params: 216 };
  assert.equal(written(bare), "27 × 8 = 216");
});
