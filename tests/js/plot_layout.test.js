import assert from "node:assert/strict";
import { test } from "node:test";
import { marginOf, wrapped } from "../../pages/ui/stage/plot_layout.js";

test("a title too long for its axis is broken at its spaces, a short one is not", () => {
  assert.deepEqual(wrapped("pixels removed", 200), ["pixels removed"]);
  assert.deepEqual(wrapped("probability of the true class", 100), [
    "probability of",
    "the true class",
  ]);
  assert.deepEqual(wrapped("정답 클래스의 확률", 80), ["정답", "클래스의", "확률"]);
  assert.deepEqual(wrapped("unbreakable", 10), ["unbreakable"]);
});

test("the margin below the axis has room for the lines of its title", () => {
  const figure = (title) => /** @type {any} */ ({ x: { title }, y: { title: "" } });
  const [none, one, two] = ["", "epoch", "probability of the true class"].map(
    (title) => marginOf(figure(title), 180).b,
  );
  assert.ok(none < one && one < two);
});
