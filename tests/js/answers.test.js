// What is remembered of a steady view's answers, and what is asked ahead.
import assert from "node:assert/strict";
import test from "node:test";

import { answer, askAhead, forgetAnswers, noteMove } from "../../pages/ui/stage/answers.js";
import { aboutReply, fakeEngine } from "./fake_engine.js";

/** @returns {any} */
function steadyStage(answers, changes = {}) {
  const engine = fakeEngine(answers);
  const stage = Object.assign(engine.stage, {
    data: { lang: "en", source: "nms", fixed: { picture: "cat" } },
    view: { steady: true, local: ["opacity"] },
    answers: new Map(),
    values: { score: 0.5, opacity: 60 },
    moving: null,
    busy: false,
    inputs: {},
    ...changes,
  });
  return { ...engine, stage };
}

test("a steady question is asked once, whatever its local values", async () => {
  const { stage, asked } = steadyStage(() => aboutReply({}));
  const first = await answer(stage, { score: 0.5, opacity: 60 });
  assert.equal(await answer(stage, { score: 0.5, opacity: 10 }), first);
  await answer(stage, { score: 0.6, opacity: 10 });
  assert.equal(asked.length, 2);
  forgetAnswers(stage);
  await answer(stage, { score: 0.5, opacity: 10 });
  assert.equal(asked.length, 3);
});

test("another language is another question", async () => {
  const { stage, asked } = steadyStage(() => aboutReply({}));
  await answer(stage, { score: 0.5 });
  stage.data.lang = "ko";
  await answer(stage, { score: 0.5 });
  assert.equal(asked.length, 2);
});

test("a view that is not steady is asked every time", async () => {
  const { stage, asked } = steadyStage(() => aboutReply({}), { view: {} });
  await answer(stage, { score: 0.5 });
  await answer(stage, { score: 0.5 });
  assert.equal(asked.length, 2);
});

test("the oldest answers go first, 64 stay", async () => {
  const { stage, asked } = steadyStage(() => aboutReply({}));
  for (let score = 0; score < 70; score++) await answer(stage, { score });
  assert.equal(stage.answers.size, 64);
  await answer(stage, { score: 69 });
  assert.equal(asked.length, 70);
  await answer(stage, { score: 0 });
  assert.equal(asked.length, 71);
});

test("answers of more than 32 MiB in sum do not all stay", async () => {
  const shape = [9 * 2 ** 20];
  const header = JSON.stringify([{ name: "big", dtype: "uint8", shape }]);
  const big = () => new Response(new Uint8Array(shape[0]), { headers: { "X-Arrays": header } });
  const { stage } = steadyStage(big);
  for (let score = 0; score < 5; score++) await answer(stage, { score });
  assert.equal(stage.answers.size, 3);
});

test("a refusal is not remembered", async () => {
  const { stage, asked } = steadyStage(() => Response.json({ detail: "no" }, { status: 422 }));
  for (let i = 0; i < 2; i++) await assert.rejects(answer(stage, { score: 2 }), { refused: true });
  assert.equal(asked.length, 2);
});

const slider = (min, max, step, log = false) => ({
  kind: "slider",
  control: { kind: "slider", log },
  input: { min: String(min), max: String(max), step: String(step), disabled: false },
});

test("after a move the next values that way, then the other, are asked for", async () => {
  const inputs = { score: slider(0, 1, 0.05) };
  const { stage, asked } = steadyStage(() => aboutReply({}), { inputs });
  noteMove(stage, { score: 0.45 });
  stage.values.score = 0.45;
  await askAhead(stage);
  assert.deepEqual(
    asked.map((address) => new URLSearchParams(address.split("?")[1]).get("score")),
    ["0.4", "0.5"],
  );
});

test("nothing is asked beyond an end, for a logarithmic slider, or while a picture is wanted", async () => {
  for (const [value, changes, count] of [
    [1, { inputs: { score: slider(0, 1, 0.5) } }, 1],
    [1, { inputs: { score: slider(0, 4, 0.5, true) } }, 0],
    [1, { inputs: { score: slider(0, 4, 0.5) }, busy: true }, 0],
    [1, { inputs: {} }, 0],
  ]) {
    const { stage, asked } = steadyStage(() => aboutReply({}), changes);
    noteMove(stage, { score: value });
    stage.values.score = value;
    await askAhead(stage);
    assert.equal(asked.length, count);
  }
});
