// Who is ahead in a race of two trainings.
import assert from "node:assert/strict";
import test from "node:test";
import { aheadOf } from "../../../pages/detection/one_stage/race.js";

const words = { race_ahead: "{epoch}: {better} {high} {low}", race_level: "{epoch}: {high}" };
const plan = [{ label: "γ = 0" }, { label: "γ = 2" }];
const run = (...ap50) => ({ epochs: ap50.map((share, i) => [i + 1, 0, 0, 0, share]) });

test("the one with the higher AP50 at the last epoch of both is ahead", () => {
  assert.equal(aheadOf(words, { plan, runs: [run(0.2, 0.7), run(0.5)] }), "1: γ = 2 50.0 20.0");
  assert.equal(
    aheadOf(words, { plan, runs: [run(0.2, 0.7), run(0.5, 0.6)] }),
    "2: γ = 0 70.0 60.0",
  );
});

test("equal ones are level, and before an epoch has ended nobody is ahead", () => {
  assert.equal(aheadOf(words, { plan, runs: [run(0.5), run(0.5)] }), "1: 50.0");
  assert.equal(aheadOf(words, { plan, runs: [run(0.5), run()] }), null);
  assert.equal(aheadOf(words, { plan: plan.slice(0, 1), runs: [run(0.5)] }), null);
});
