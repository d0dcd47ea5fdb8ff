// The arithmetic of a cell, laid out: it fits its box, and no grid covers another.
import assert from "node:assert/strict";
import test from "node:test";

import { placeSums, planSums } from "../../pages/ui/stage/sums.js";

for (const [width, narrow] of [
  [900, false],
  [640, false],
  [360, true],
]) {
  for (const channels of [1, 3]) {
    for (const side of [3, 5, 7]) {
      test(`${side} × ${side} × ${channels} on ${width} px`, () => {
        const box = { x: 0, y: 100, width: Number(width), height: 300 };
        const plan = planSums(box, narrow, channels, [side, side]);
        assert.ok(plan.unit >= 8, `cells of ${plan.unit} px`);
        const view = { channel: 0, sums: { patch: { shape: [channels, side, side] } } };
        const places = placeSums(view, { sums: box }, plan);
        const grids = [...places.patches, ...places.kernels, ...places.products].map((place) => ({
          left: place.x,
          right: place.x + side * plan.unit,
          top: place.y,
          bottom: place.y + side * plan.unit,
        }));
        for (const [i, a] of grids.entries()) {
          assert.ok(a.left >= 0 && a.right <= Number(width), `${a.left} to ${a.right}`);
          assert.ok(a.top >= 100 && a.bottom <= 100 + plan.height);
          for (const b of grids.slice(i + 1)) {
            const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            assert.ok(across <= 0 || down <= 0, "two grids overlap");
          }
        }
      });
    }
  }
}
