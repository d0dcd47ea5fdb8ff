// A net laid out: every map has a place of its own, in the box, on wide screens and phones.
import assert from "node:assert/strict";
import test from "node:test";

import { itemAt, planNet } from "../../../pages/ui/open_network/layout.js";

const layer = (number, column, layout, count, more = {}) => ({
  number,
  column,
  lane: 0,
  lanes: 1,
  layout,
  count,
  relation: "weights",
  kind: layout === "vector" ? "linear" : "conv",
  ...more,
});

const about = {
  layers: [
    layer(0, 0, "map", 3),
    layer(1, 1, "map", 16),
    layer(2, 2, "map", 16, { relation: "same" }),
    layer(3, 3, "map", 32),
    layer(4, 4, "vector", 64),
    layer(5, 5, "vector", 10, { last: true }),
    layer(6, 6, "vector", 10, { kind: "softmax", relation: "same" }),
  ],
};
const probs = [...Array(10).keys()].map((k) => k / 45);

for (const [width, narrow] of [
  [900, false],
  [700, false],
  [360, true],
]) {
  test(`all maps of a net find room at ${width} px`, () => {
    const box = { x: 0, y: 44, width: Number(width), height: 260 };
    const plan = planNet(about, probs, box, narrow);
    const items = [...plan.layers.values()].flatMap(({ items: own }) => own);
    assert.equal(items.length, 3 + 16 + 16 + 32 + 64 + 10 + 10);
    for (const item of items) {
      assert.ok(item.width > 0 && item.height > 0);
      assert.ok(item.x >= -0.01 && item.x + item.width <= Number(width) + 0.01);
      if (!narrow) assert.ok(item.y >= 44 && item.y + item.height <= 304.01);
    }
    for (const [i, a] of items.entries()) {
      for (const b of items.slice(i + 1)) {
        const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
        const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
        assert.ok(across < 0.01 || down < 0.01, "two maps overlap");
      }
    }
    for (const [number, { items: own }] of plan.layers) {
      own.forEach((item, k) => {
        const found = itemAt(plan, item.x + item.width / 2, item.y + item.height / 2);
        assert.deepEqual(found, { number, item: k });
      });
    }
  });
}

test("the likeliest classes come first where there are too many to show", () => {
  const many = [...Array(1000).keys()].map((k) => (k === 700 ? 0.9 : 0.1 / 999));
  const layers = [
    layer(0, 0, "map", 3),
    layer(1, 1, "vector", 1000, { kind: "softmax", last: false }),
  ];
  const plan = planNet({ layers }, many, { x: 0, y: 0, width: 900, height: 260 }, false);
  const { shown, items } = plan.layers.get(1);
  assert.equal(shown[0], 700);
  assert.equal(shown.length, items.length);
  assert.ok(shown.length < 1000);
});
