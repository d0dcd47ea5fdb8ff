// What a stage begins ends with it.
import assert from "node:assert/strict";
import test from "node:test";

import { every, later, listen, pause } from "../../pages/ui/stage/lifetime.js";

function stageWithLife() {
  const life = new AbortController();
  return { stage: { signal: life.signal }, leave: () => life.abort() };
}

test("a listener hears until the stage leaves the page", () => {
  const { stage, leave } = stageWithLife();
  const target = new EventTarget();
  let heard = 0;
  listen(stage, target, "moved", () => {
    heard += 1;
  });
  target.dispatchEvent(new Event("moved"));
  leave();
  target.dispatchEvent(new Event("moved"));
  assert.equal(heard, 1);
});

test("an interval ticks until the stage leaves, or until it is ended", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { stage, leave } = stageWithLife();
  const ticks = [0, 0];
  every(stage, 10, () => {
    ticks[0] += 1;
  });
  const end = every(stage, 10, () => {
    ticks[1] += 1;
  });
  t.mock.timers.tick(20);
  end();
  t.mock.timers.tick(10);
  leave();
  t.mock.timers.tick(50);
  assert.deepEqual(ticks, [3, 2]);
});

test("what was to happen later does not happen once the stage has left", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { stage, leave } = stageWithLife();
  const done = [];
  later(stage, 10, () => done.push("early"));
  later(stage, 30, () => done.push("late"));
  t.mock.timers.tick(10);
  leave();
  t.mock.timers.tick(50);
  assert.deepEqual(done, ["early"]);
});

test("a wait resolves, but never after the stage has left", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { stage, leave } = stageWithLife();
  const done = [];
  pause(stage, 10).then(() => done.push("waited"));
  pause(stage, 30).then(() => done.push("never"));
  t.mock.timers.tick(10);
  await Promise.resolve();
  leave();
  t.mock.timers.tick(50);
  await Promise.resolve();
  assert.deepEqual(done, ["waited"]);
});
