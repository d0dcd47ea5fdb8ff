// The text of a chain, and what is done to the list of its steps.
import assert from "node:assert/strict";
import test from "node:test";
import * as chain from "../../../pages/images/image_processing/chain.js";
import { cornerAt } from "../../../pages/images/image_processing/corners.js";
import { sharesOf, topOf } from "../../../pages/images/image_processing/histogram.js";

const TEXT = "salt_and_pepper,10,1;-median_blur,3;grey";
const STEPS = chain.readChain(TEXT);
const names = (steps) => steps.map(({ name }) => name);

test("a chain is written as it was read", () => {
  assert.equal(chain.writeChain(STEPS), TEXT);
  assert.deepEqual(chain.readChain(""), []);
  assert.equal(chain.writeChain([]), "");
  assert.deepEqual(STEPS[1], { name: "median_blur", isOn: false, values: ["3"] });
});

test("steps are switched, moved, taken out and put in", () => {
  assert.equal(chain.writeChain(chain.switched(STEPS, 1)), TEXT.replace("-", ""));
  assert.deepEqual(names(chain.moved(STEPS, 1, -1)), ["median_blur", "salt_and_pepper", "grey"]);
  assert.equal(chain.moved(STEPS, 0, -1), STEPS);
  assert.equal(chain.moved(STEPS, 2, 1), STEPS);
  assert.deepEqual(names(chain.without(STEPS, 0)), ["median_blur", "grey"]);
  const flip = { name: "flip", family: "geometric", fields: [{ name: "code", default: 1 }] };
  assert.equal(chain.writeChain(chain.added(STEPS, 0, flip)), TEXT.replace(";", ";flip,1;"));
  assert.equal(chain.writeChain(chain.added([], -1, flip)), "flip,1");
  assert.equal(
    chain.writeChain(chain.withValues(STEPS, 0, { 1: "7" })),
    TEXT.replace("10,1", "10,7"),
  );
  assert.equal(chain.writeChain(STEPS), TEXT);
});

test("the open step is the last where none is named", () => {
  assert.equal(chain.openOf("", 3), 2);
  assert.equal(chain.openOf("0", 3), 0);
  assert.equal(chain.openOf("7", 3), 2);
  assert.equal(chain.openOf("", 0), -1);
  assert.deepEqual(chain.stageValues(STEPS, 2), { chain: TEXT, step: "" });
  assert.deepEqual(chain.stageValues(STEPS, 1), { chain: TEXT, step: "1" });
  assert.deepEqual(chain.stageValues([], -1), { chain: "", step: "" });
});

test("a hand takes the nearest corner within its reach", () => {
  const corners = [
    [0, 0],
    [1000, 0],
    [1000, 1000],
    [0, 1000],
  ];
  const box = { x: 0, y: 0, width: 200, height: 100 };
  assert.equal(cornerAt(corners, box, { x: 195, y: 96 }), 2);
  assert.equal(cornerAt(corners, box, { x: 100, y: 50 }), -1);
});

test("the axis follows the values inside, not black and white alone", () => {
  const data = new Uint32Array(2 * 256);
  data.set([90, 10], 0);
  data[256] = 50;
  data[511] = 50;
  assert.deepEqual(sharesOf({ data }, 0).slice(0, 3), [90, 10, 0]);
  assert.ok(Math.abs(topOf([sharesOf({ data }, 0)]) - 11.5) < 1e-9);
  assert.ok(Math.abs(topOf([sharesOf({ data }, 1)]) - 52.5) < 1e-9);
});
