import assert from "node:assert/strict";
import test from "node:test";

import { sizeText } from "../../pages/ui/stage/parts.js";

test("sizes are written height × width × channels", () => {
  assert.equal(sizeText([24, 56, 40]), "56 × 40 × 24");
  assert.equal(sizeText([10]), "10");
});
