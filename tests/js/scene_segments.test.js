// Names of segments: the same number for a true thing and for what found it.
import assert from "node:assert/strict";
import test from "node:test";

import { nameSegments, segmentName } from "../../pages/ui/stage/scene_segments.js";

const about = {
  classes: ["sky", "circle"],
  truths: [
    { id: 1, category: 0, thing: false },
    { id: 2, category: 1, thing: true },
    { id: 3, category: 1, thing: true },
  ],
  segments: [
    { id: 1, category: 1, thing: true },
    { id: 2, category: 1, thing: true },
    { id: 3, category: 0, thing: false },
  ],
  verdicts: [
    { outcome: "match", predicted: 1, truth: 3, iou: 0.8 },
    { outcome: "false_positive", predicted: 2, truth: null, iou: 0.1 },
    { outcome: "match", predicted: 3, truth: 1, iou: 0.9 },
    { outcome: "false_negative", predicted: null, truth: 2, iou: 0 },
  ],
};

test("true things are numbered in their order, what is found takes its partner's number", () => {
  const { said, truth } = nameSegments(about);
  assert.deepEqual(
    [1, 2, 3].map((id) => truth.get(id).number),
    [0, 1, 2],
  );
  assert.equal(said.get(1).number, 2);
  assert.equal(said.get(2).number, 3); // matches nothing: counts on
  assert.equal(said.get(3).number, 0);
  assert.equal(said.get(1).iou, 0.8);
});

test("stuff has the name of its class, a thing its number too, in the reader's words", () => {
  const stage = /** @type {any} */ ({ words: { class_circle: "원" } });
  assert.equal(segmentName(stage, about, { category: 0, thing: false, number: 0 }), "sky");
  assert.equal(segmentName(stage, about, { category: 1, thing: true, number: 2 }), "원 2");
});
