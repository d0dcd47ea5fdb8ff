import assert from "node:assert/strict";
import { test } from "node:test";
import { surfaceFigure } from "../../pages/training/learning_rate/surface.js";
import { csvOf, tableOf } from "../../pages/ui/stage/plot_numbers.js";
import { cameraAfter, surfaceLayout, surfaceTraces } from "../../pages/ui/stage/plot_surface.js";

const THEME = {
  lines: ["#111111", "#222222"],
  text: "#000000",
  background: "#ffffff",
  border: "#cccccc",
  muted: "#777777",
};
const WORDS = {
  in_space_title: "In 3-D",
  weight: "weight {k}",
  heights: "Height",
  steps: "step",
  optimiser: "optimiser",
  at_step: "step {step}, height {height}",
  optimiser_sgd: "Gradient descent",
  optimiser_adamw: "AdamW",
};
// Two ways of three points over a surface of 2 × 4 cells; the second leaves the map.
const REPLY = {
  surface: { shape: [2, 4], data: Float32Array.of(8, 6, 4, 2, 7, 5, 3, 1) },
  points: {
    shape: [2, 3, 2],
    data: Float32Array.of(-4, 4, -2, 3, 0, 1, -4, 4, 9, 0, NaN, NaN),
  },
  heights: { shape: [2, 3], data: Float32Array.of(8, 6, 4, 8, 40, NaN) },
  about: { reach: 5, names: ["sgd", "adamw"] },
};
const figure = surfaceFigure({ words: WORDS }, REPLY, "in words");

test("the cells' centres lie where the map has them, the top row farthest up", () => {
  const { surface } = figure;
  assert.deepEqual(surface.x, [-3.75, -1.25, 1.25, 3.75]);
  assert.deepEqual(surface.y, [2.5, -2.5]);
  assert.deepEqual(surface.z, [
    [8, 6, 4, 2],
    [7, 5, 3, 1],
  ]);
});

test("ways come before the surface, just above it, and end where they leave the map", () => {
  const traces = surfaceTraces(figure, THEME, new Set(["AdamW"]));
  assert.deepEqual(
    traces.map(({ type, visible }) => [type, visible]),
    [
      ["scatter3d", true],
      ["scatter3d", false],
      ["surface", undefined],
    ],
  );
  const [inside, leaves] = traces;
  inside.z.forEach((z, i) => {
    assert.ok(z > [8, 6, 4][i] && z < [8, 6, 4][i] + 0.2);
  });
  assert.deepEqual(leaves.z.slice(1), [null, null]);
  assert.equal(inside.customdata[1], "step 1, height 6");
  assert.notEqual(inside.line.dash, leaves.line.dash);
});

test("the numbers are saved way by way", () => {
  const [head, first] = csvOf(tableOf(figure)).replace("\ufeff", "").split("\r\n");
  assert.equal(head, "optimiser,step,weight 1,weight 2,Height");
  assert.equal(first, "Gradient descent,0,-4,4,8");
  assert.equal(tableOf(figure).rows.length, 6);
});

test("Plotly gets a camera of its own to write into", () => {
  const camera = { eye: { x: 1, y: 1, z: 1 } };
  const { scene } = surfaceLayout(figure, THEME, { width: 300, height: 300, camera });
  scene.camera.eye.x = 7;
  assert.equal(camera.eye.x, 1);
  assert.deepEqual(scene.xaxis.range, [-5, 5]);
  assert.deepEqual(scene.zaxis.range, [0, 8]);
});

test("keys turn the surface at one distance, come nearer, and never tip it over", () => {
  const far = ({ eye }) => Math.hypot(eye.x, eye.y, eye.z);
  const after = (camera, key) => {
    const next = cameraAfter(camera, key);
    assert.ok(next);
    return next;
  };
  const start = after(undefined, "0");
  const turned = after(start, "ArrowRight");
  assert.ok(Math.abs(far(turned) - far(start)) < 1e-9);
  assert.notDeepEqual(turned, start);
  assert.ok(Math.abs(after(turned, "ArrowLeft").eye.x - start.eye.x) < 1e-9);
  assert.ok(far(after(start, "+")) < far(start));
  let camera = start;
  for (let i = 0; i < 20; i++) camera = after(camera, "ArrowUp");
  assert.ok(camera.eye.z > 0.99 * far(start) && camera.eye.z < far(start));
  assert.equal(cameraAfter(start, "a"), null);
});
