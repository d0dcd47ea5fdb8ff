// Which boxes count for a training, and what links say of labelled photos.
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf as judged } from "../../../pages/detection/average_precision/truths.js";
import { linkOf as taught } from "../../../pages/detection/haar_hog/svm_boxes.js";
import { countBoxes } from "../../../pages/training/labels/learnt.js";
import { inParts, joinWithin, sharesOf } from "../../../pages/ui/own_labels/using.js";

const box = (label, crowd = false) => ({ box: [10, 20, 30, 40], label, crowd, difficult: false });
const photo = (digest, boxes) => ({
  name: digest,
  digest,
  width: 100,
  height: 80,
  orientation: 1,
  boxes,
});
const set = {
  classes: ["cat", "dog"],
  at: 0,
  photos: [photo("a", [box("cat"), box("dog"), box("cat", true)]), photo("b", [box("cat")])],
};

test("boxes are counted by what is held out, crowds are not", () => {
  const each = countBoxes(set, "b", "each", "object");
  assert.deepEqual(
    [...each],
    [
      ["cat", { learnt: 1, held: 1 }],
      ["dog", { learnt: 1, held: 0 }],
    ],
  );
  assert.deepEqual([...countBoxes(set, "b", "only dog", "object").keys()], ["dog"]);
  assert.deepEqual(
    [...countBoxes(set, "b", "together", "object")],
    [["object", { learnt: 2, held: 1 }]],
  );
});

test("shares leave other classes and crowds out", () => {
  assert.deepEqual(sharesOf(set.photos[0], "cat"), [[0.1, 0.25, 0.3, 0.5]]);
  assert.equal(sharesOf(set.photos[0], "").length, 2);
});

test("boxes without a whole part are left out", () => {
  assert.deepEqual(
    inParts(
      [
        [0, 0, 0.0001, 1],
        [0.1, 0.2, 0.5, 1],
      ],
      1000,
    ),
    ["100,200,500,1000"],
  );
});

test("a text is never longer than its field", () => {
  assert.equal(joinWithin(["abc", "def", "ghi"], "|", 8), "abc|def");
});

test("a link to average precision has the boxes of each photo by its token", () => {
  const taken = [
    { token: "T".repeat(22), width: 10, height: 10, boxes: [[0, 0, 0.5, 0.5]] },
    { token: "U".repeat(22), width: 10, height: 10, boxes: [[0.5, 0.5, 1, 1]] },
  ];
  const { truth, detector } = judged(taken);
  assert.equal(truth, `${"T".repeat(22)}:0,0,500,500|${"U".repeat(22)}:500,500,1000,1000`);
  assert.equal(detector, "nanodet");
});

test("a link to the SVM has pixels of the picture that is looked at", () => {
  const { boxes, taught: ref } = taught([
    { token: "T", width: 800, height: 600, boxes: [[0.25, 0.5, 0.75, 1]] },
  ]);
  assert.equal(boxes, "100,150,300,300");
  assert.equal(ref, "T");
});
