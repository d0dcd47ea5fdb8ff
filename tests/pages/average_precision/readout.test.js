// Counting at a score, and why a found box counts as it does.
import assert from "node:assert/strict";
import test from "node:test";

import { countsAt, verdictOf } from "../../../pages/detection/average_precision/readout.js";

const reply = {
  all_scores: { data: new Float32Array([0.9, 0.8, 0.8, 0.3]) },
  hits: { data: new Uint8Array([1, 0, 1, 1]) },
  about: { objects: 5 },
};

test("boxes at the score itself count too", () => {
  assert.deepEqual(countsAt(reply, Math.fround(0.8)), { made: 3, right: 2, wrong: 1, missed: 3 });
  assert.deepEqual(countsAt(reply, 0.95), { made: 0, right: 0, wrong: 0, missed: 5 });
  assert.deepEqual(countsAt(reply, 0), { made: 4, right: 3, wrong: 1, missed: 2 });
});

test("a box is right, a second one on the same truth, or apart from all", () => {
  const boxes = { truth_of: { data: [4, -1, -1] }, best: { data: [0.7, 0.6, 0.2] } };
  const verdicts = [0, 1, 2].map((i) => verdictOf(boxes, i, 0.5));
  assert.deepEqual(verdicts, ["right", "double", "apart"]);
  assert.equal(verdictOf(boxes, 1, 0.61), "apart");
});
