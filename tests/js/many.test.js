import assert from "node:assert/strict";
import { test } from "node:test";
import { cellOf } from "../../pages/training/training_studio/many.js";

const reply = (meant) => ({
  confusion: { data: Int32Array.of(9, 2, 3, 8), shape: [2, 2] },
  about: { meant },
});

test("at first the fullest cell is chosen whose folder is called otherwise", () => {
  assert.deepEqual(cellOf(null, reply([0, 1])), { row: 1, column: 0 });
  assert.deepEqual(cellOf(null, reply([null, null])), { row: 0, column: 0 });
});

test("a chosen cell stays, unless there is no such cell any more", () => {
  assert.deepEqual(cellOf({ row: 0, column: 1 }, reply([0, 1])), { row: 0, column: 1 });
  assert.deepEqual(cellOf({ row: 5, column: 1 }, reply([0, 1])), { row: 1, column: 0 });
});
