// ImageNet's tree as numbers, and the public data sets as rows.
import assert from "node:assert/strict";
import test from "node:test";
import { bestOf, eachOf, sorted, until } from "../../../pages/images/datasets/sets_table.js";
import {
  search,
  spread,
  surest,
  termAt,
  treeOf,
  wayTo,
} from "../../../pages/images/datasets/terms.js";

/** @type {(name: string, parent: number, index?: number) => any} */
const term = (name, parent, index = -1) => ({
  parent,
  index,
  wnid: `n0000000${parent + 1}`,
  words: [name],
  gloss: "",
  others: [],
});
const TERMS = [
  term("entity", -1),
  term("animal", 0),
  term("house cat", 1, 0),
  term("dog", 1, 1),
  term("cat", 0, 2),
];
const SUMS = [1, 0.9, 0.3, 0.6, 0.1];

test("depths and classes are counted from the leaves up", () => {
  const tree = treeOf(TERMS);
  assert.deepEqual(tree.depth, [0, 1, 2, 2, 1]);
  assert.deepEqual(tree.classes, [3, 2, 1, 1, 1]);
  assert.deepEqual(tree.below[1], [2, 3]);
  assert.deepEqual(wayTo(TERMS, 3), [0, 1, 3]);
});

test("children lie side by side within their parent, the heaviest first", () => {
  const tree = treeOf(TERMS);
  const lain = spread(tree, SUMS);
  assert.deepEqual(
    Array.from(lain.from, (x) => Number(x.toFixed(6))),
    [0, 0, 0.6, 0, 0.9],
  );
  TERMS.forEach(({ parent }, place) => {
    if (parent < 0) return;
    assert.ok(lain.from[place] >= lain.from[parent] && lain.to[place] <= lain.to[parent]);
  });
  assert.equal(termAt(tree, lain, 0.7, 2), 2);
  assert.equal(termAt(tree, lain, 0.95, 1), 4);
  assert.equal(termAt(tree, lain, 0.95, 2), -1);
  assert.ok(spread(tree, [0, 0, 0, 0, 0]).to.every((x, place) => x === (place ? 0 : 1)));
});

test("the surer, the more general the answer", () => {
  assert.equal(surest(SUMS, 0.51), 3);
  assert.equal(surest(SUMS, 0.8), 1);
  assert.equal(surest(SUMS, 0.95), 0);
});

test("a whole name is found before one that begins so, and nothing by nothing", () => {
  assert.deepEqual(search(TERMS, " CAT "), [4, 2]);
  assert.deepEqual(search(TERMS, "an"), [1]);
  assert.deepEqual(search(TERMS, "  "), []);
  assert.deepEqual(search(TERMS, "unicorn"), []);
});

/** @type {(title: string, year: number, pictures: number, classes: number) => any} */
const set = (title, year, pictures, classes) => ({ title, year, pictures, classes });
const SETS = [set("b", 2000, 100, 10), set("a", 2010, 0, 0), set("c", 1998, 90, 3)];

test("rows are sorted either way, and what has no number comes last", () => {
  /** @type {(column: any, falling: boolean) => string} */
  const by = (column, falling) =>
    sorted(SETS, column, falling)
      .map((s) => s.title)
      .join("");
  assert.equal(by("title", false), "abc");
  assert.equal(by("title", true), "cba");
  assert.equal(by("pictures", true), "bca");
  assert.equal(by("pictures", false), "cba");
  assert.equal(by("each", true), "cba");
  assert.equal(eachOf(SETS[2]), 30);
  assert.equal(eachOf(SETS[1]), 0);
});

test("the best is the lowest of errors and the highest of precisions", () => {
  const rows = [3, 1, 2].map((percent, i) => /** @type {any} */ ({ percent, year: 2000 + i }));
  assert.equal(bestOf(rows, true)?.percent, 1);
  assert.equal(bestOf(rows, false)?.percent, 3);
  assert.equal(bestOf(until(rows, 2000), true)?.percent, 3);
  assert.equal(bestOf([], true), undefined);
});
