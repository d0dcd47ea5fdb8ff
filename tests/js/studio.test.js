import assert from "node:assert/strict";
import { test } from "node:test";
import { goOn } from "../../pages/training/training_studio/following.js";
import { begun, liveAfter } from "../../pages/training/training_studio/live.js";

// A stage that shows the end of an epoch of run a, which was over when it was asked.
const stageAt = (epoch, { follow = false, status = "stopped" } = {}) => {
  const done = [];
  const stage = /** @type {any} */ ({
    data: { source: "runs/a/epoch" },
    reply: { about: { status, last: 3 } },
    values: { ended_epoch: epoch, follow },
    set: (changes) => done.push(changes),
    askAgain: () => done.push("asked"),
  });
  return { stage, done };
};
const news = (status, name = "a") => [{ name, status }];

test("a run that goes on is followed from the epoch where it stopped", () => {
  const { stage, done } = stageAt(3);
  goOn(stage, news("running"));
  goOn(stage, news("running"));
  assert.deepEqual(done, [{ follow: true }]);
});

test("whoever looks at an earlier epoch stays there and hears how the run stands", () => {
  const { stage, done } = stageAt(2);
  goOn(stage, news("running"));
  assert.deepEqual(done, ["asked"]);
});

test("a stage that follows asks again; of other runs it hears nothing", () => {
  const { stage, done } = stageAt(3, { follow: true });
  goOn(stage, news("running", "b"));
  goOn(stage, news("stopped"));
  assert.deepEqual(done, []);
  goOn(stage, news("running"));
  assert.deepEqual(done, ["asked"]);
});

test("the run that was begun here is shown until something else is prepared", () => {
  const settings = { net: { name: "lenet" }, train: { epochs: 4 } };
  const first = begun("a", settings);
  assert.equal(first.planned, 4);
  assert.equal(liveAfter(first, news("none"), "a"), first); // not written yet
  const [running] = news("running");
  assert.equal(liveAfter(first, [running], "a"), running);
  const [over] = news("finished");
  assert.equal(liveAfter(/** @type {any} */ (running), [over], "a"), over);
  assert.equal(liveAfter(null, [over], "a"), null); // after a reload the list has it
  assert.equal(liveAfter(null, [running], "a"), running);
  assert.equal(liveAfter(null, news("running", "b"), "a"), null); // begun elsewhere
});
