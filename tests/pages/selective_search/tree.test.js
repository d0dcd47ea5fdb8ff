// The tree of merges: four first regions, 0 and 2 first, then 1 and 3, then the two.
import assert from "node:assert/strict";
import test from "node:test";

import {
  growTree,
  largestAt,
  lastMade,
  leftAfter,
  partnerOf,
  partsOf,
  rootsAt,
  standsAt,
  walkTo,
} from "../../../pages/detection/selective_search/tree.js";

const tree = growTree([0, 2, 1, 3, 4, 5]);
const SIZES = [10, 20, 30, 5, 40, 25, 65];

test("every region knows its parts and what it becomes", () => {
  assert.equal(tree.first, 4);
  assert.deepEqual([...tree.parent], [4, 5, 4, 5, 6, 6, -1]);
  assert.deepEqual(partsOf(tree, 6), [4, 5]);
  assert.deepEqual(partsOf(tree, 3), []);
  assert.equal(partnerOf(tree, 0), 2);
  assert.equal(partnerOf(tree, 6), null);
});

test("the parts of a region stand side by side, so that no lines cross", () => {
  assert.deepEqual([...tree.place], [0, 2, 1, 3]);
  for (let region = 4; region < 7; region++) {
    const [one, other] = partsOf(tree, region);
    assert.equal(tree.to[one], tree.from[other]);
    assert.equal(tree.from[region], tree.from[one]);
    assert.equal(tree.to[region], tree.to[other]);
    assert.equal(tree.across[region], (tree.across[one] + tree.across[other]) / 2);
  }
});

test("the regions at each moment are as many as are left, and hold all first ones", () => {
  for (let left = 1; left <= 4; left++) {
    const roots = rootsAt(tree, left);
    const standing = new Set(roots);
    assert.equal(standing.size, left);
    for (let region = 0; region < tree.count; region++)
      assert.equal(standsAt(tree, region, left), standing.has(region));
  }
  assert.deepEqual([...rootsAt(tree, 3)], [4, 1, 4, 3, 4]);
  assert.deepEqual([...rootsAt(tree, 99)], [0, 1, 2, 3]); // more than there are: the first ones
});

test("the largest region is one of those that are left", () => {
  assert.deepEqual(
    [4, 3, 2, 1, 99].map((left) => largestAt(tree, SIZES, left)),
    [30, 40, 40, 65, 30],
  );
});

test("after each merge one region less is left", () => {
  assert.deepEqual(
    [0, 3, 4, 5, 6].map((region) => leftAfter(tree, region)),
    [4, 4, 3, 2, 1],
  );
  assert.deepEqual(
    [4, 3, 1].map((left) => lastMade(tree, left)),
    [null, 4, 6],
  );
});

test("arrows lead up, down to the larger part and to the partner, and stop at the ends", () => {
  assert.equal(walkTo(tree, SIZES, 6, "ArrowUp"), 6);
  assert.equal(walkTo(tree, SIZES, 6, "ArrowDown"), 4);
  assert.equal(walkTo(tree, SIZES, 4, "ArrowDown"), 2);
  assert.equal(walkTo(tree, SIZES, 2, "ArrowDown"), 2);
  assert.equal(walkTo(tree, SIZES, 2, "ArrowRight"), 0);
  assert.equal(walkTo(tree, SIZES, 0, "ArrowUp"), 4);
});

test("one region alone is a tree too", () => {
  const alone = growTree([]);
  assert.equal(alone.count, 1);
  assert.deepEqual([...rootsAt(alone, 1)], [0]);
  assert.equal(walkTo(alone, [9], 0, "ArrowLeft"), 0);
});
