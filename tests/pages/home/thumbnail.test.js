// Where the tiles of a thumbnail lie, and what a reply holds of one page.
import assert from "node:assert/strict";
import test from "node:test";

import { layTiles, thumbnailOf } from "../../../pages/start/home/thumbnail.js";

test("one tile is as large as it can be, in the middle", () => {
  const [wide] = layTiles(1, 2, 160, 100);
  assert.deepEqual(wide, { x: 0, y: 10, width: 160, height: 80 });
  const [square] = layTiles(1, 1, 160, 100);
  assert.deepEqual(square, { x: 30, y: 0, width: 100, height: 100 });
});

test("tiles keep their ratio, stay inside and apart, in the best number of rows", () => {
  for (const count of [2, 3, 6, 14]) {
    for (const ratio of [0.3, 1, 1.5, 40]) {
      const tiles = layTiles(count, ratio, 160, 100);
      assert.equal(tiles.length, count);
      for (const { x, y, width, height } of tiles) {
        assert.ok(Math.abs(width / height - ratio) < 1e-9);
        assert.ok(x >= -1e-9 && y >= -1e-9 && x + width <= 160 + 1e-9 && y + height <= 100 + 1e-9);
      }
      for (const [i, a] of tiles.entries()) {
        for (const b of tiles.slice(i + 1)) {
          assert.ok(a.x + a.width < b.x || a.y + a.height < b.y || b.x + b.width < a.x);
        }
      }
    }
  }
  const [a, b] = layTiles(2, 1, 160, 100);
  assert.equal(a.y, b.y); // side by side
});

test("a reply is taken apart by the pages' names", () => {
  const maps = { data: new Float32Array(4), shape: [1, 2, 2] };
  const reply = {
    about: { pages: { nms: { palette: "grey" }, nms_two: { palette: "signed" } } },
    "nms.maps": maps,
    "nms_two.boxes": maps,
  };
  assert.deepEqual(thumbnailOf(reply, "nms"), { palette: "grey", maps });
  assert.deepEqual(thumbnailOf(reply, "nms_two"), { palette: "signed", boxes: maps });
});
