// The drawing that steers GrabCut, as text and back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readDrawing, withStroke, writeDrawing } from "../../../pages/ui/marks/drawing.js";

const BOX = {
  kind: "r",
  points: [
    [100, 100],
    [900, 900],
  ],
};
const dot = (kind) => ({ kind, points: [[500, 500]] });

test("a drawing is read as it was written", () => {
  const text = "r:100,100;900,900|f:500,500|b:1,2;3,4";
  assert.equal(writeDrawing(readDrawing(text)), text);
  assert.deepEqual(readDrawing(""), []);
});

test("a new box takes the old one's place, strokes stay", () => {
  const other = {
    kind: "r",
    points: [
      [0, 0],
      [500, 500],
    ],
  };
  assert.deepEqual(withStroke([BOX, dot("f")], other), [dot("f"), other]);
});

test("a box of no size is none", () => {
  const flat = {
    kind: "r",
    points: [
      [100, 100],
      [104, 900],
    ],
  };
  assert.deepEqual(withStroke([BOX], flat), [BOX]);
});

test("what the engine would refuse as too much is left out", () => {
  const many = Array.from({ length: 40 }, () => dot("f"));
  assert.equal(withStroke(many, dot("b")).length, 40);
  const long = { kind: "f", points: Array.from({ length: 400 }, (_, i) => [i, i]) };
  assert.deepEqual(withStroke([BOX], long), [BOX]);
});
