// Where the steps of an opened block stand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { layOut } from "../../../pages/convolution/architectures/layout.js";
import { sideOf, widthsOf } from "../../../pages/convolution/architectures/strips.js";

const steps = (...sources) => sources.map((each) => ({ sources: each }));

test("a chain is one lane", () => {
  const { rows, lanes, places } = layOut(steps([], [0], [1]));
  assert.deepEqual([rows, lanes], [3, 1]);
  assert.deepEqual(
    places.map(({ row, lane }) => [row, lane]),
    [
      [0, 0],
      [1, 0],
      [2, 0],
    ],
  );
});

test("a skip connection has a lane of its own beside what it skips", () => {
  const { rows, lanes, ways } = layOut(steps([], [0], [1], [2, 0]));
  assert.deepEqual([rows, lanes], [4, 2]);
  const skip = ways.find((way) => way.length === 4);
  assert.deepEqual(
    skip?.map(({ row }) => row),
    [0, 1, 2, 3],
  );
  assert.deepEqual(
    skip?.slice(1, 3).map(({ lane }) => lane),
    [1, 1],
  );
});

test("branches keep their order down to where they are joined", () => {
  // 1×1; 1×1 → 3×3; pool → 1×1
  const { places, lanes } = layOut(steps([], [0], [0], [2], [0], [4], [1, 3, 5]));
  assert.equal(lanes, 3);
  assert.deepEqual([places[3].lane, places[5].lane], [1, 2]);
  assert.equal(places[6].lanes, 1);
});

test("every step stands below all that it takes from, and no two at one place", () => {
  let seed = 1;
  const random = (n) => {
    seed = (seed * 16807) % 2147483647;
    return seed % n;
  };
  for (let turn = 0; turn < 200; turn++) {
    const made = [{ sources: /** @type {number[]} */ ([]) }];
    for (let i = 1; i < 12; i++) made.push({ sources: [random(i), random(i)] });
    const { places } = layOut(made);
    made.forEach(({ sources }, i) => {
      for (const source of sources) assert.ok(places[source].row < places[i].row);
    });
    assert.equal(new Set(places.map(({ row, lane }) => `${row} ${lane}`)).size, places.length);
  }
});

test("boxes fill the strip, and a deeper block is broader", () => {
  const widths = widthsOf(
    [
      { layers: 2, count: 1 },
      { layers: 3, count: 8 },
      { layers: 0, count: 1 },
    ],
    300,
  );
  assert.ok(Math.abs(widths.reduce((a, b) => a + b, 0) + 3 * 2 - 300) < 1e-9);
  assert.ok(widths[1] > widths[0] && widths[0] > widths[2] && widths[2] >= 13);
});

test("tokens are as large as their map was", () => {
  assert.deepEqual([sideOf([14, 28, 3]), sideOf([196, 768]), sideOf([1000])], [28, 14, 1]);
});
