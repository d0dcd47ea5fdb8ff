// What the page Perceptron computes in the browser: lines and sides, points and drawings as text.
import assert from "node:assert/strict";
import test from "node:test";

import { cleared, inkAt, setInk, withTyped } from "../../../pages/neurons/perceptron/drawing.js";
import { pairOf, sideOf, unitRange } from "../../../pages/neurons/perceptron/hidden_space.js";
import { linesOf, sentencesOf } from "../../../pages/neurons/perceptron/neuron.js";
import { placed, readNumber, written } from "../../../pages/neurons/perceptron/numbers.js";
import {
  at,
  lineWithin,
  placeUnder,
  positiveSide,
} from "../../../pages/neurons/perceptron/plane.js";
import {
  changed,
  freePlace,
  nearestPoint,
  readPoints,
  writePoints,
} from "../../../pages/neurons/perceptron/points.js";

const SQUARE = { x: 20, y: 10, side: 400, reach: 2 };
const AND = "0.00,0.00,0;0.00,1.00,0;1.00,0.00,0;1.00,1.00,1";

test("the ends of a line lie on the line and on the frame", () => {
  for (const line of [
    [3, 2, -4],
    [1, 0, 0],
    [0, -2, 1],
    [1, -1, 0],
    [1e-3, 5e3, 2e3],
  ]) {
    const ends = lineWithin(line, 2);
    assert.ok(ends, String(line));
    for (const [x, y] of ends) {
      assert.ok(Math.abs(line[0] * x + line[1] * y + line[2]) < 1e-6 * Math.abs(line[1] || 1));
      assert.ok(Math.abs(Math.max(Math.abs(x), Math.abs(y)) - 2) < 1e-9, `${x}, ${y}`);
    }
  }
  assert.equal(lineWithin([1, 1, 9], 2), null);
  assert.equal(lineWithin([0, 0, 1], 2), null);
});

test("the positive side holds what is positive, and both sides are the whole", () => {
  const area = (corners) =>
    Math.abs(
      corners.reduce((sum, [x, y], i) => {
        const [nx, ny] = corners[(i + 1) % corners.length];
        return sum + (x * ny - nx * y) / 2;
      }, 0),
    );
  for (let k = 0; k < 60; k++) {
    const line = [Math.sin(7 * k), Math.cos(3 * k), 2 * Math.sin(k)];
    const side = positiveSide(line, 2);
    const other = positiveSide(
      line.map((value) => -value),
      2,
    );
    for (const [x, y] of side) assert.ok(line[0] * x + line[1] * y + line[2] > -1e-9);
    assert.ok(Math.abs(area(side) + area(other) - 16) < 1e-9, String(line));
  }
  assert.equal(positiveSide([0, 0, 1], 2).length, 4);
  assert.equal(positiveSide([0, 0, 0], 2).length, 0);
});

test("places of the plane and of the canvas are each other's", () => {
  const [x, y] = at(SQUARE, 1, -0.5);
  assert.deepEqual(placeUnder(SQUARE, { x, y }), { x: 1, y: -0.5 });
  assert.equal(placeUnder(SQUARE, { x: 0, y: 0 }), null);
  assert.deepEqual(placeUnder(SQUARE, { x: -999, y: 999 }, true), { x: -2, y: -2 });
});

test("points are read, changed and written", () => {
  const points = readPoints(AND);
  assert.equal(writePoints(points), AND);
  assert.equal(
    writePoints(changed(points, 1, { x: -0.001, y: 7 })),
    AND.replace("0.00,1.00,0", "0.00,2.00,0"),
  );
  assert.equal(
    writePoints(changed(points, 3, { plus: false })),
    AND.replace("1.00,1.00,1", "1.00,1.00,0"),
  );
  const [x, y] = at(SQUARE, 1, 0);
  assert.equal(nearestPoint(points, SQUARE, { x: x + 5, y: y - 5 }), 2);
  assert.equal(nearestPoint(points, SQUARE, { x: x + 40, y }), null);
  const free = freePlace(points);
  assert.ok(points.every((point) => Math.hypot(point.x - free.x, point.y - free.y) > 1));
});

test("numbers are read strictly and written as links have them", () => {
  assert.equal(readNumber(" −1,5 ", 2), -1.5);
  assert.equal(readNumber("+.5", 2), 0.5);
  for (const text of ["", "x", "1e3", "Infinity", "NaN", "1 2", "--1", "2.01", "0x1"]) {
    assert.equal(readNumber(text, 2), null, text);
  }
  assert.equal(written(-0.0000001), "0");
  assert.equal(written(1200), "1200");
  assert.equal(written(2.5), "2.5");
  assert.equal(placed(-0.001), "0.00");
});

test("a step is written out with its numbers", () => {
  const words = {
    output_of: "{unit}({sum}) = {output}",
    verdict_on: "on {sign}",
    verdict_wrong: "wrong {sign} {side}",
    verdict_right: "right {sign} {side}",
    stays: "stays",
  };
  const shown = {
    point: 3,
    inputs: /** @type {[number, number]} */ ([1, -2]),
    plus: false,
    weights: [3, -1, -4],
    sum: 1,
    output: 1,
    step: 5,
    wrong: true,
    after: [2, 1, -5],
    rate: 1,
  };
  assert.deepEqual(sentencesOf(words, shown, "f"), [
    "z = w₁x₁ + w₂x₂ + b = 3·1 + (−1)·(−2) + (−4) = 1",
    "f(1) = 1",
    "wrong − +",
    "w₁ ← 3 + 1·(−1)·1 = 2",
    "w₂ ← (−1) + 1·(−1)·(−2) = 1",
    "b ← (−4) + 1·(−1) = −5",
  ]);
  const half = { ...shown, rate: 0.5, after: [2.5, -0.25, -4.5] };
  assert.deepEqual(
    sentencesOf(words, half, "f")
      .slice(3)
      .map((text) => text.split(" = ")[1]),
    ["2.5", "−0.25", "−4.5"],
  );
  assert.equal(sentencesOf(words, { ...shown, wrong: false }, "f")[3], "stays");
  assert.equal(sentencesOf(words, { ...shown, step: 0 }, "f").length, 3);
  assert.deepEqual(
    linesOf("one two three", 7, (text) => text.length),
    ["one two", "three"],
  );
});

test("a drawing is text, a pixel a sign", () => {
  const text = setInk(setInk(cleared(), 2, 3, 99), 7, 7, 4.4);
  assert.equal(text.length, 64);
  assert.equal(inkAt(text, 2, 3), 16);
  assert.equal(text[19], "g");
  assert.equal(inkAt(text, 7, 7), 4);
  assert.equal(inkAt(setInk(text, 2, 3, -1), 2, 3), 0);
  assert.equal(withTyped("3:1;4:2", 3, "7"), "4:2;3:7");
  assert.equal(withTyped("", 64, "-1"), "64:-1");
});

test("the hidden space: its axes, its ranges, its two sides", () => {
  assert.deepEqual(pairOf("0,1", 1), [0, 0]);
  assert.deepEqual(pairOf("5,7", 3), [2, 0]);
  assert.deepEqual(pairOf("0,0", 2), [0, 1]);
  const [low, high] = unitRange([0, 5, 1, 5], 2, 0);
  assert.ok(low < 0 && high > 1);
  const [flat, beyond] = unitRange([0, 5, 1, 5], 2, 1);
  assert.ok(flat < 5 && beyond > 5);
  assert.equal(sideOf((part) => part - 0.5).length, 4);
  assert.equal(sideOf(() => -1).length, 0);
});
