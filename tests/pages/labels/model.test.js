// Labelled photos as values: every change gives a new one, and the way back is exact.
import assert from "node:assert/strict";
import test from "node:test";

import {
  accept,
  addBox,
  advance,
  begin,
  changeBox,
  copyBox,
  emptySet,
  join,
  overlap,
  redo,
  removeBox,
  renameClass,
  shown,
  undecided,
  undo,
  withCorners,
} from "../../../pages/training/labels/model.js";
import { placeOf } from "../../../pages/training/labels/picture.js";

const photo = (name, boxes = []) => ({
  name,
  digest: name,
  width: 200,
  height: 100,
  orientation: 1,
  boxes,
});
const box = (corners, label) => ({ box: corners, label, crowd: false, difficult: false });
const set = () => ({
  classes: ["cat"],
  photos: [photo("a", [box([1, 2, 30, 40], "cat")]), photo("b")],
  at: 0,
});

test("undo and redo lead through every state, and a new change ends what was undone", () => {
  let history = begin(set());
  history = advance(history, addBox(history.now, "dog"));
  history = advance(history, removeBox(history.now, 0));
  const last = history.now;
  assert.deepEqual(shown(undo(history).now)?.boxes.length, 2);
  assert.deepEqual(undo(undo(history)).now, set());
  assert.equal(undo(undo(undo(history))).now, undo(undo(history)).now);
  assert.equal(redo(redo(undo(undo(history)))).now, last);
  const other = advance(undo(history), emptySet());
  assert.equal(redo(other), other);
});

test("drawn corners keep their box's class, and a new box gets the one in use", () => {
  const next = withCorners(
    set(),
    [
      [5, 5, 9, 9],
      [0, 0, 50, 50],
    ],
    "dog",
  );
  assert.deepEqual(
    shown(next)?.boxes.map(({ label }) => label),
    ["cat", "dog"],
  );
  assert.deepEqual(next.classes, ["cat", "dog"]);
  assert.deepEqual(set().photos[1], next.photos[1]);
});

test("a copy stays within the photo, whichever corner the box fills", () => {
  for (const corners of [
    [0, 0, 20, 20],
    [180, 80, 200, 100],
    [0, 0, 200, 100],
  ]) {
    const next = copyBox({ ...set(), photos: [photo("a", [box(corners, "cat")])] }, 0);
    const [x1, y1, x2, y2] = shown(next)?.boxes[1].box ?? [];
    assert.ok(x1 >= 0 && y1 >= 0 && x2 <= 200 && y2 <= 100);
    assert.deepEqual([x2 - x1, y2 - y1], [corners[2] - corners[0], corners[3] - corners[1]]);
  }
});

test("a class renamed to another's name becomes that one, in all photos", () => {
  const two = addBox(changeBox(addBox(set(), "dog"), 0, { crowd: true }), "dog");
  const next = renameClass(two, "dog", "cat");
  assert.deepEqual(next.classes, ["cat"]);
  assert.deepEqual(
    shown(next)?.boxes.map(({ label }) => label),
    ["cat", "cat", "cat"],
  );
  assert.equal(shown(next)?.boxes[0].crowd, true);
});

test("what was read joins what is there: photos without labels in the files keep their own", () => {
  const found = {
    classes: ["cat", "bird"],
    read: true,
    photos: [
      { ...photo("a"), from: null, to: null },
      { ...photo("b", [box([0, 0, 9, 9], "bird")]), from: null, to: null },
      { ...photo("c"), from: 0, to: 5 },
    ],
  };
  const next = join(set(), found);
  assert.deepEqual(
    next.photos.map(({ boxes }) => boxes.length),
    [1, 1, 0],
  );
  assert.equal(next.at, 2); // the new one is shown
  assert.deepEqual(next.classes, ["cat", "bird"]);
  assert.ok(!("from" in next.photos[2]));
});

test("a proposal is to be decided until a box of its class lies on it", () => {
  const cat = { box: [1, 2, 30, 40], label: "cat", score: 0.8 };
  const dog = { ...cat, label: "dog", score: 0.3 };
  const far = { box: [100, 50, 150.126, 90], label: "cat", score: 0.1 };
  const own = set().photos[0].boxes;
  assert.deepEqual(undecided([cat, dog, far], own, 0.05), [dog, far]);
  assert.deepEqual(undecided([cat, dog, far], own, 0.2), [dog]);
  const next = accept(set(), [far, { ...far, box: [5, 5, 5, 9] }]);
  assert.deepEqual(shown(next)?.boxes[1].box, [100, 50, 150.13, 90]);
  assert.equal(shown(next)?.boxes.length, 2); // one of no size is none
});

test("overlap is the intersection over the union", () => {
  assert.equal(overlap([0, 0, 2, 2], [1, 0, 3, 2]), 1 / 3);
  assert.equal(overlap([0, 0, 2, 2], [2, 0, 4, 2]), 0);
});

test("a zoomed photo fills the canvas and its edges are reached, never passed", () => {
  const size = { width: 200, height: 100 };
  const whole = placeOf(404, size, 1, [0.5, 0.5]);
  assert.deepEqual(whole, { height: 204, place: { x: 2, y: 2, width: 400, height: 200 } });
  const middle = placeOf(404, size, 4, [0.5, 0.5]).place;
  assert.deepEqual([middle.x, middle.y, middle.width], [202 - 800, 102 - 400, 1600]);
  assert.deepEqual(placeOf(404, size, 4, [0, 0]).place.x, 2);
  assert.deepEqual(placeOf(404, size, 4, [1, 1]).place.x, 404 - 2 - 1600);
});
