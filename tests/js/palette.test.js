// Colours: reading, mixing, and an ink that stands out on any of them.
import assert from "node:assert/strict";
import test from "node:test";

import { inkOn, mix, parse } from "../../pages/ui/stage/palette.js";

test("colours are read as the browser may write them", () => {
  assert.deepEqual(parse("#ff8000"), [255, 128, 0]);
  assert.deepEqual(parse("#FF8000cc"), [255, 128, 0]);
  assert.deepEqual(parse("rgb(1, 2, 3)"), [1, 2, 3]);
  assert.deepEqual(parse("rgba(1, 2, 3, 0.5)"), [1, 2, 3]);
  assert.deepEqual(parse("transparent"), [255, 255, 255]);
});

test("mixing goes from the one colour to the other", () => {
  assert.equal(mix("#000000", "#ffffff", 0), "rgb(0,0,0)");
  assert.equal(mix("#000000", "#ffffff", 0.4), "rgb(102,102,102)");
  assert.equal(mix("#0a141e", "#ffffff", 1), "rgb(255,255,255)");
});

test("ink is black on the bright half of a scale and white on the dark one", () => {
  const greys = new Uint8ClampedArray(256 * 3).map((_, i) => Math.floor(i / 3));
  assert.equal(inkOn(greys, 0), "#ffffff");
  assert.equal(inkOn(greys, 0.49), "#ffffff");
  assert.equal(inkOn(greys, 0.51), "#000000");
  assert.equal(inkOn(greys, 7), "#000000"); // beyond the scale's end is its end
});
