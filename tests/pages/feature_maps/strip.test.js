// The strip's levels: each run of equal ones is named once.
import assert from "node:assert/strict";
import test from "node:test";

import { runsOf } from "../../../pages/convolution/feature_maps/strip.js";

test("runs of equal keys", () => {
  assert.deepEqual(runsOf([]), []);
  assert.deepEqual(runsOf(["low"]), [{ start: 0, end: 1 }]);
  assert.deepEqual(runsOf(["low", "low", "middle", "high", "high"]), [
    { start: 0, end: 2 },
    { start: 2, end: 3 },
    { start: 3, end: 5 },
  ]);
});
