// Boxes over a picture: where they lie, how near a pointer is, and how they are drawn by hand.
import assert from "node:assert/strict";
import test from "node:test";

import { boxOn, editBoxes, readBoxes, writeBoxes } from "../../pages/ui/stage/box_editor.js";
import { boxOf, edgeDistance, tagBox, touch } from "../../pages/ui/stage/boxes.js";

test("a box of an array lies where the picture lies", () => {
  const boxes = { data: new Float32Array([0, 0, 1, 1, 10, 20, 30, 60]), shape: [2, 4] };
  const found = boxOf({ x: 5, y: 7, scale: 2 }, boxes, 1);
  assert.deepEqual(found, { x: 25, y: 47, width: 40, height: 80 });
});

test("the distance to the nearest edge, from within and from outside", () => {
  const box = { x: 10, y: 10, width: 20, height: 10 };
  for (const [x, y, distance] of [
    [10, 15, 0],
    [12, 15, 2],
    [20, 15, 5],
    [33, 15, 3],
    [33, 24, 5],
    [10, 0, 10],
  ]) {
    assert.equal(edgeDistance(box, x, y), distance);
  }
});

test("boxes that only share an edge do not touch", () => {
  const box = { x: 0, y: 0, width: 10, height: 10 };
  assert.ok(touch(box, { ...box, x: 9 }));
  assert.ok(!touch(box, { ...box, x: 10 }));
});

test("a tag stays between the sides that it is given", () => {
  const ctx = /** @type {any} */ ({ measureText: (text) => ({ width: 10 * text.length }) });
  const stage = /** @type {any} */ ({ theme: { font: "x" }, canvas: { clientWidth: 200 } });
  assert.equal(tagBox(ctx, stage, "abcde", 190, 5).x, 140); // 60 wide with its rim
  assert.equal(tagBox(ctx, stage, "abcde", -20, -5, 30).x, 30);
  assert.equal(tagBox(ctx, stage, "abcde", 50, -5).y, 0);
});

test("drawn boxes are the same text again after reading", () => {
  assert.deepEqual(readBoxes(""), []);
  assert.equal(writeBoxes(readBoxes("1,2,300,400;5,6,7,8")), "1,2,300,400;5,6,7,8");
  assert.equal(writeBoxes([[0.6, 1.4, 2.5, 3]]), "1,1,3,3");
  const place = { x: 10, y: 20, width: 500, height: 250 };
  assert.deepEqual(boxOn(place, [100, 200, 300, 1000]), { x: 60, y: 70, width: 100, height: 200 });
});

// A picture of 1000 × 1000 CSS pixels: a thousandth is a pixel.
function editor(text) {
  const handlers = {};
  let boxes = readBoxes(text);
  const canvas = { getBoundingClientRect: () => ({ left: 0, top: 0 }), setPointerCapture() {} };
  const stage = /** @type {any} */ ({
    canvas,
    repaint() {},
    on: (type, act) => {
      handlers[type] = act;
    },
  });
  const commits = [];
  const made = editBoxes(stage, {
    boxes: () => boxes,
    place: () => ({ x: 0, y: 0, width: 1000, height: 1000 }),
    change: (changed, commit) => {
      boxes = changed;
      if (commit) commits.push(writeBoxes(changed));
    },
    may: () => ({ edit: true, draw: true, remove: true }),
  });
  const event = (x, y) => ({ clientX: x, clientY: y, button: 0, pointerType: "mouse" });
  return {
    made,
    commits,
    drag: (from, to) => {
      handlers.pointerdown(event(...from));
      handlers.pointermove(event(...to));
      handlers.pointerup(event(...to));
    },
    press: (key, shiftKey = false) =>
      handlers.keydown({ key, shiftKey, preventDefault() {}, stopImmediatePropagation() {} }),
  };
}

test("a corner that is dragged stretches its box, within the picture", () => {
  const { drag, commits } = editor("100,100,300,300");
  drag([300, 300], [1200, 400]);
  assert.deepEqual(commits, ["100,100,1000,400"]);
});

test("a box that is dragged in its middle moves as it is, up to the edge", () => {
  const { drag, commits } = editor("100,100,300,300");
  drag([200, 200], [250, 20]);
  assert.deepEqual(commits, ["150,0,350,200"]);
});

test("dragging where no box lies draws one", () => {
  const { drag, commits } = editor("100,100,300,300");
  drag([500, 500], [700, 800]);
  assert.deepEqual(commits, ["100,100,300,300;500,500,700,800"]);
});

test("arrows move the chosen box, with Shift its corner, and Delete takes it away", () => {
  const { made, press, commits } = editor("100,100,300,300");
  press("ArrowRight");
  assert.deepEqual(commits, []); // none is chosen yet
  made.selected = 0;
  press("ArrowRight");
  press("ArrowDown", true);
  press("Delete");
  assert.deepEqual(commits, ["105,100,305,300", "105,100,305,305", ""]);
  assert.equal(made.selected, null);
});
