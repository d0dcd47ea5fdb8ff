// A walk through numbered steps.
import assert from "node:assert/strict";
import test from "node:test";
import { toldApart } from "../../pages/ui/stage/draw.js";
import { stepAfter, stepsMade } from "../../pages/ui/stage/walk.js";

test("a walk begins at its first step, ends with all of them, and stays within", () => {
  assert.equal(stepAfter("", 1, 5), "1");
  assert.equal(stepAfter("", -1, 5), "4");
  assert.equal(stepAfter("4", 1, 5), "5");
  assert.equal(stepAfter("5", 1, 5), "");
  assert.equal(stepAfter("0", -1, 5), "0");
  assert.equal(stepsMade("", 5), 5);
  assert.equal(stepsMade("9", 5), 5);
  assert.equal(stepsMade("2", 5), 2);
});

test("two numbers that differ never read the same", () => {
  assert.deepEqual(toldApart(0.593, 0.141), ["0.593", "0.141"]);
  assert.deepEqual(toldApart(0.59312, 0.5931), ["0.59312", "0.5931"]);
  assert.deepEqual(toldApart(0.5, 0.5), ["0.5", "0.5"]);
  assert.deepEqual(toldApart(0.5, Infinity), ["0.5", "∞"]);
});
