// Colours: reading, mixing, and an ink that stands out on any of them.
import assert from "node:assert/strict";
import test from "node:test";

import { BOXES, inkOn, mix, parse } from "../../pages/ui/stage/palette.js";

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

// As seen with all cones, without red ones and without green ones (Machado et al. 2009, linear RGB).
const EYES = [
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
];
const dot = (row, vector) => row.reduce((sum, weight, i) => sum + weight * vector[i], 0);
const linear = (colour) =>
  parse(colour).map((level) =>
    level / 255 <= 0.04045 ? level / 255 / 12.92 : ((level / 255 + 0.055) / 1.055) ** 2.4,
  );

function lab(rgb) {
  const [x, y, z] = [
    dot([0.4124, 0.3576, 0.1805], rgb) / 0.9505,
    dot([0.2126, 0.7152, 0.0722], rgb),
    dot([0.0193, 0.1192, 0.9505], rgb) / 1.089,
  ].map((value) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

test("boxes are told apart by every eye, and read on the page", () => {
  const pages = { light: "#ffffff", dark: "#101418" };
  for (const [theme, colours] of Object.entries(BOXES)) {
    for (const eye of EYES) {
      const seen = colours.map((colour) =>
        lab(eye.map((row) => Math.min(1, Math.max(0, dot(row, linear(colour)))))),
      );
      seen.forEach((a, i) => {
        for (const b of seen.slice(i + 1)) {
          const apart = Math.hypot(...a.map((value, k) => value - b[k]));
          assert.ok(apart > 30, `${theme}: ${colours[i]} is ${apart} from another`);
        }
      });
    }
    const luminance = (colour) => dot([0.2126, 0.7152, 0.0722], linear(colour));
    for (const colour of colours) {
      const [low, high] = [luminance(colour), luminance(pages[theme])].sort((a, b) => a - b);
      assert.ok((high + 0.05) / (low + 0.05) >= 4.5, colour);
    }
  }
});
