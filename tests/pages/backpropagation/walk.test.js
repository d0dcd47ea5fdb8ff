// A step of the walk in words, what was typed, and which wire a path runs along.
import assert from "node:assert/strict";
import test from "node:test";
import {
  hiddenNames,
  typed,
  wireOf,
  withExample,
  withWeight,
} from "../../../pages/neurons/backpropagation/numbers.js";
import { lineText, pathTexts } from "../../../pages/neurons/backpropagation/walk.js";

const rules = { activation: "sigmoid", output: "linear", loss: "squared" };

test("a sum is written with its names, then its numbers, then its value", () => {
  /** @type {[string, number][][]} */
  const terms = [
    [
      ["W1[0,0]", 0.15],
      ["x[0]", -2],
    ],
    [["b1[0]", 0.35]],
  ];
  const line = { name: "z1[0]", terms, value: 0.05, through: "" };
  assert.equal(lineText(line, rules), "z1[0] = W1[0,0] · x[0] + b1[0] = 0.15 · (−2) + 0.35 = 0.05");
});

test("an activation is named, a linear output is its sum, a softmax sees the others", () => {
  /** @type {(through: string) => import("../../../pages/neurons/backpropagation/walk.js").Line} */
  const line = (through) => ({ name: "y[0]", terms: [[["z2[0]", 0.5]]], value: 0.5, through });
  assert.equal(lineText(line("f"), rules), "y[0] = σ(z2[0]) = σ(0.5) = 0.5");
  assert.equal(lineText(line("g"), rules), "y[0] = z2[0] = 0.5");
  const soft = { ...rules, output: "softmax" };
  assert.equal(lineText(line("g"), soft), "y[0] = softmax(z2[0], …) = softmax(0.5, …) = 0.5");
});

test("the loss and its derivative are those of the rule", () => {
  /** @type {[string, number][][]} */
  const terms = [
    [
      ["y[0]", 0.5],
      ["t[0]", 1],
    ],
  ];
  const loss = { name: "L", terms, value: 0.125, through: "loss" };
  assert.equal(lineText(loss, rules), "L = ½ (y[0] − t[0])² = ½ (0.5 − 1)² = 0.125");
  const absolute = { ...rules, loss: "absolute" };
  assert.equal(lineText({ ...loss, value: 0.5 }, absolute), "L = |y[0] − t[0]| = |0.5 − 1| = 0.5");
  const slope = { name: "∂L/∂y[0]", terms, value: -1, through: "loss′" };
  assert.equal(lineText(slope, absolute), "∂L/∂y[0] = sign(y[0] − t[0]) = sign(0.5 − 1) = −1");
});

test("a path is its stations and the product of its factors", () => {
  const edges = [
    { to: "z1[0]", factor: 2, called: "x[0]" },
    { to: "h[0]", factor: -0.25, called: "f′(z1[0])" },
  ];
  assert.deepEqual(pathTexts("W1[0,0]", { product: -0.5, edges }), {
    way: "W1[0,0] → z1[0] → h[0]",
    called: "x[0] × f′(z1[0])",
    numbers: "2 × (−0.25) = −0.5",
  });
});

test("what is typed is a number or none", () => {
  assert.equal(typed(" −0,25 "), -0.25);
  assert.equal(typed("1e-3"), 0.001);
  for (const text of ["", "  ", "abc", "1e999", "NaN", "0x"]) assert.equal(typed(text), null);
});

test("one number changes, in full precision, the others stay", () => {
  assert.equal(withWeight(Float64Array.of(0.1 + 0.2, 2), 1, -3), "0.30000000000000004,-3");
  const batch = withExample(
    [
      [1, 0],
      [0, 1],
    ],
    [[1], [1]],
    1,
    { kind: "t", at: 0, value: 0.5 },
  );
  assert.equal(batch, "1,0,1;0,1,0.5");
  const moved = withExample(
    [
      [1, 0],
      [0, 1],
    ],
    [[1], [1]],
    0,
    { kind: "x", at: 1, value: 7 },
  );
  assert.equal(moved, "1,7,1;0,1,1");
});

test("a path's edges run along wires, but for what stays within a neuron", () => {
  assert.equal(wireOf("W1[2,1]", "z1[2]"), "W1[2,1]");
  assert.equal(wireOf("x[1]", "z1[2]"), "W1[2,1]");
  assert.equal(wireOf("h[3]", "z2[0]"), "W2[0,3]");
  assert.equal(wireOf("z1[0]", "h[0]"), null);
  assert.equal(wireOf("y[1]", "L"), "L[1]");
  assert.equal(wireOf("z2[1]", "L"), "L[1]");
});

test("what comes after a step is not there yet", () => {
  const steps = [["a"], ["b", "c"], ["d"]].map((names) => ({
    lines: names.map((name) => ({ name })),
  }));
  assert.deepEqual([...hiddenNames(steps, 1)], ["b", "c", "d"]);
  assert.equal(hiddenNames(steps, 3).size, 0);
});
