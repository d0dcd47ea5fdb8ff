// What a view asks beside its main question: the newest wish wins, one request at a time.
import assert from "node:assert/strict";
import test from "node:test";

import { latest } from "../../../pages/detection/haar_hog/latest_answer.js";
import { aboutReply, fakeEngine, settle } from "../../js/fake_engine.js";

/** A stage whose questions wait until they are answered by hand. */
function waiting() {
  const open = [];
  const engine = fakeEngine((url) => new Promise((resolve) => open.push({ url, resolve })));
  let paints = 0;
  engine.stage.repaint = () => {
    paints += 1;
  };
  const answerFirst = async () => {
    const { url, resolve } = open.shift();
    resolve(aboutReply({ x: url.searchParams.get("x") }));
    for (let i = 0; i < 5; i++) await settle();
  };
  return { ...engine, open, answerFirst, paints: () => paints };
}

test("the answer comes with a repaint, and is asked for once", async () => {
  const { stage, asked, answerFirst, paints } = waiting();
  assert.deepEqual(latest(stage, "window", { x: 1 }), { reply: null, current: false });
  latest(stage, "window", { x: 1 });
  await answerFirst();
  assert.equal(asked.length, 1);
  assert.equal(paints(), 1);
  const { reply, current } = latest(stage, "window", { x: 1 });
  assert.equal(reply.about.x, "1");
  assert.ok(current);
});

test("of many wishes only the first and the newest are asked", async () => {
  const { stage, asked, answerFirst } = waiting();
  for (const x of [1, 2, 3, 4]) latest(stage, "window", { x });
  assert.equal(asked.length, 1);
  await answerFirst();
  await answerFirst();
  assert.deepEqual(
    asked.map((address) => address.at(-1)),
    ["1", "4"],
  );
  assert.equal(latest(stage, "window", { x: 4 }).reply.about.x, "4");
});

test("the answer before stays until the new one is there", async () => {
  const { stage, answerFirst } = waiting();
  latest(stage, "window", { x: 1 });
  await answerFirst();
  const { reply, current } = latest(stage, "window", { x: 2 });
  assert.equal(reply.about.x, "1");
  assert.ok(!current);
});

test("two paths and two stages do not disturb one another", async () => {
  const [one, other] = [waiting(), waiting()];
  latest(other.stage, "window", { x: 2 });
  await other.answerFirst();
  latest(other.stage, "cells", { x: 3 });
  await other.answerFirst();
  assert.equal(latest(other.stage, "window", { x: 2 }).reply.about.x, "2");
  assert.equal(latest(one.stage, "window", { x: 2 }).reply, null);
});
