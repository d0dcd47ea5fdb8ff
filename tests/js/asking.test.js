// Questions to the engine: addresses, refusals, work under way, and silence after leaving.
import assert from "node:assert/strict";
import test from "node:test";

import { askEngine, askFile, askUntilDone } from "../../pages/ui/stage/engine.js";
import { aboutReply, fakeEngine, settle } from "./fake_engine.js";

test("parameters that are missing are left out of the address", async () => {
  const { stage, asked } = fakeEngine(() => aboutReply({ found: 3 }));
  const params = { picture: "cat", score: 0, cell: null, step: undefined, bare: false };
  assert.deepEqual((await askEngine(stage, "nms", params)).about, { found: 3 });
  assert.deepEqual(asked, ["/fovea/api/v1/nms?picture=cat&score=0&bare=false"]);
});

test("a refusal carries the engine's sentence, a broken server none", async () => {
  const refused = fakeEngine(() => Response.json({ detail: "Too small." }, { status: 422 }));
  await assert.rejects(askEngine(refused.stage, "x", {}), { refused: true, message: "Too small." });
  const broken = fakeEngine(() => new Response("", { status: 502, statusText: "Bad Gateway" }));
  await assert.rejects(askEngine(broken.stage, "x", {}), (error) => {
    assert.equal(/** @type {any} */ (error).refused, undefined);
    return true;
  });
});

test("what is under way is asked for again until it is there", async () => {
  let left = 2;
  const busy = () => Response.json({ done: 1, total: 3 }, { status: 202 });
  const { stage, asked } = fakeEngine(() => (left-- > 0 ? busy() : aboutReply({ ready: true })));
  await assert.rejects(askEngine(stage, "slow", {}), { pending: { done: 1, total: 3 } });
  const reply = await askUntilDone(stage, "slow", {}, () => true);
  assert.equal(reply?.about.ready, true);
  assert.equal(asked.length, 3);
});

test("nobody asks on for what is not wanted any more", async () => {
  const { stage, asked } = fakeEngine(() => Response.json({ done: 0, total: 1 }, { status: 202 }));
  let wanted = true;
  const answer = askUntilDone(stage, "slow", {}, () => wanted);
  await settle();
  wanted = false;
  assert.equal(await answer, null);
  assert.equal(asked.length, 1);
});

test("after leaving, neither an answer nor an error comes", async () => {
  const later = [];
  const { stage, leave } = fakeEngine(() => new Promise((resolve) => later.push(resolve)));
  const heard = [];
  const tell = (what) => () => heard.push(what);
  askEngine(stage, "a", {}).then(tell("answer"), tell("error"));
  leave();
  for (const resolve of later) resolve(aboutReply({}));
  askEngine(stage, "b", {}).then(tell("answer"), tell("error"));
  await settle();
  await settle();
  assert.deepEqual(heard, []);
});

test("a file is waited for while it is being written", async () => {
  let left = 1;
  const { stage } = fakeEngine(() =>
    left-- > 0 ? new Response(null, { status: 202 }) : new Response("weights"),
  );
  assert.equal(await (await askFile(stage, "runs/x/export/onnx")).text(), "weights");
});
