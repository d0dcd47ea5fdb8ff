// The stage's own question: the newest values win, a refusal brings the last good ones back.
import assert from "node:assert/strict";
import test from "node:test";

import { isLocal, questionKey, request } from "../../pages/ui/stage/asking.js";
import { aboutReply, fakeEngine, settle } from "./fake_engine.js";

/** A stage without elements; what it painted, said and committed is kept. */
function stageOf(answers, values = { score: 0.5, opacity: 60 }) {
  const engine = fakeEngine(answers);
  /** @type {{ painted: any[], said: string[], committed: object[] }} */
  const told = { painted: [], said: [], committed: [] };
  const message = {
    set textContent(text) {
      if (text) told.said.push(text);
    },
  };
  const stage = Object.assign(engine.stage, {
    data: { lang: "en", source: "nms", fixed: {}, defaults: { score: 0.1, opacity: 60 } },
    words: { stage_working: "Computing", stage_lost: "Lost" },
    view: {
      local: ["opacity"],
      paint: (_stage, reply, painted) => told.painted.push([reply.about.score, { ...painted }]),
    },
    values: { ...values },
    frame: { clientWidth: 800, classList: { add() {}, remove() {}, toggle() {} } },
    canvas: { setAttribute() {}, dataset: {} },
    theme: {},
    message,
    inputs: {},
    answers: new Map(),
    retryMs: 5,
    reply: null,
    replyValues: null,
    wanted: null,
    busy: false,
    moving: null,
    commit: (committed) => told.committed.push(committed),
  });
  return { ...engine, stage, told };
}

const echo = (url) => aboutReply({ score: url.searchParams.get("score") });

async function rest(stage) {
  do await settle();
  while (stage.busy);
}

test("while one answer is awaited only the newest values are asked for next", async () => {
  const { stage, asked, told } = stageOf(echo);
  for (const score of [0.1, 0.2, 0.3, 0.4]) {
    stage.values.score = score;
    request(stage);
  }
  await rest(stage);
  assert.equal(asked.length, 2);
  assert.deepEqual(
    told.painted.map(([score, painted]) => [score, painted.score]),
    [
      ["0.1", 0.1],
      ["0.4", 0.4],
    ],
  );
});

test("local values are painted as they stand, the others as they were asked for", async () => {
  const { stage, told } = stageOf(echo);
  request(stage);
  Object.assign(stage.values, { score: 0.9, opacity: 10 });
  await rest(stage);
  assert.deepEqual(told.painted[0][1], { score: 0.5, opacity: 10 });
  assert.ok(isLocal(stage, { opacity: 1 }));
  assert.ok(!isLocal(stage, { opacity: 1, score: 1 }));
  const data = { source: "nms", fixed: { picture: "cat" } };
  const key = (values, more = {}) => questionKey(stage, { ...data, ...more }, values);
  assert.equal(key({ score: 1, opacity: 1 }), key({ score: 1, opacity: 2 }));
  assert.notEqual(key({ score: 1 }), key({ score: 2 }));
  assert.notEqual(key({ score: 1 }), key({ score: 1 }, { source: "runs/b/epoch" }));
});

test("what a source answers after the page has turned to another one is not painted", async () => {
  const { stage, asked, told } = stageOf((url) => aboutReply({ score: url.pathname }));
  stage.data = { ...stage.data, source: "runs/a/epoch" };
  request(stage);
  stage.data = { ...stage.data, source: "runs/b/epoch" };
  await rest(stage);
  assert.equal(asked.length, 2);
  assert.deepEqual(
    told.painted.map(([path]) => path.split("/").slice(-2)[0]),
    ["b"],
  );
});

test("a refusal is said, and the values of the picture on screen come back", async () => {
  const refuse = () => Response.json({ detail: "At most 1." }, { status: 422 });
  const { stage, told } = stageOf((url) =>
    Number(url.searchParams.get("score")) > 1 ? refuse() : echo(url),
  );
  request(stage);
  await rest(stage);
  stage.values.score = 2;
  request(stage);
  await rest(stage);
  assert.equal(stage.values.score, 0.5);
  assert.deepEqual(told.said, ["At most 1."]);
  assert.equal(told.painted.length, 1);
});

test("a link that is refused opens with the first state, and is told so", async () => {
  const refuse = () => Response.json({ detail: "At most 1." }, { status: 422 });
  const { stage, told } = stageOf(
    (url) => (Number(url.searchParams.get("score")) > 1 ? refuse() : echo(url)),
    { score: 7, opacity: 60 },
  );
  request(stage);
  await rest(stage);
  assert.equal(stage.values.score, 0.1);
  assert.deepEqual(told.committed, [{ score: 0.1, opacity: 60 }]);
  assert.equal(told.said.at(-1), "At most 1."); // also after the picture has come
  assert.equal(told.painted.length, 1);
});

test("a stage that follows another leaves it to that one to say what is refused", async () => {
  const refuse = () => Response.json({ detail: "No box." }, { status: 422 });
  const { stage, told } = stageOf((url) => (url.searchParams.get("truth") ? refuse() : echo(url)));
  stage.view.follows = true;
  stage.data.fixed = { truth: "9,9,1,1" };
  request(stage);
  await rest(stage);
  assert.deepEqual([told.said, told.painted], [[], []]);
  stage.data.fixed = { truth: "" };
  request(stage);
  await rest(stage);
  assert.equal(told.painted.length, 1);
});

test("a lost server is asked again after a growing pause", async () => {
  let left = 2;
  const { stage, asked, told } = stageOf((url) =>
    left-- > 0 ? new Response("", { status: 502 }) : echo(url),
  );
  request(stage);
  while (!told.painted.length) await settle();
  assert.equal(asked.length, 3);
  assert.deepEqual(told.said, ["Lost", "Lost"]);
  assert.equal(stage.retryMs, 500); // as before, for the next time
});

test("work that takes longer says how far it is, and asks again", async () => {
  let left = 2;
  const { stage, told } = stageOf((url) =>
    left-- > 0 ? Response.json({ done: 2 - left, total: 3 }, { status: 202 }) : echo(url),
  );
  request(stage);
  await rest(stage);
  assert.deepEqual(told.said, ["Computing 1 / 3", "Computing 2 / 3"]);
  assert.equal(told.painted.length, 1);
});

test("after leaving nothing is painted any more", async () => {
  const { stage, told, leave } = stageOf(echo);
  request(stage);
  leave();
  await settle();
  await settle();
  assert.deepEqual(told.painted, []);
});
