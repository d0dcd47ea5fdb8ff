import assert from "node:assert/strict";
import { test } from "node:test";
import { stylesOf } from "../../pages/training/training_studio/colours.js";
import { smoothed } from "../../pages/ui/comparison/smoothing.js";
import {
  accuracyOf,
  bestEpoch,
  curvesFigure,
  epochHandlers,
  lossOf,
  rateOf,
} from "../../pages/ui/comparison/training_curves.js";
import { tracesOf } from "../../pages/ui/stage/plot_traces.js";

const WORDS = {
  axis_epochs: "epochs",
  plot_loss: "Loss",
  plot_accuracy: "Accuracy",
  plot_rate: "Learning rate",
  on_a_log_axis: "{title} (log)",
  look_validation: "validation",
  look_training: "training",
  look_batches: "batches",
  look_smoothed: "smoothed",
  curve_text: "{name}: {value} after epoch {epoch}.",
  curve_empty: "{name}: nothing yet.",
};
const stage = /** @type {any} */ ({ words: WORDS });
const THEME = { lines: ["#111111", "#222222"], text: "#000000", background: "#ffffff" };

// Two steps an epoch; losses falls by `factor` each epoch, the batches lie around them.
const run = (more = {}) => ({
  name: "a",
  style: 1,
  planned: 4,
  beginning: { steps_per_epoch: 2 },
  steps: [
    [1, 2.5, 0.1, 0.01],
    [2, 1.5, 0.3, 0.02],
    [3, 1.2, 0.5, 0.02],
    [4, 0.8, 0.7, 0.01],
  ],
  epochs: [
    [1, 2, 0.2, 2.1, 0.25],
    [2, 1, 0.6, 1.3, 0.5],
  ],
  ...more,
});

test("validation is solid, training dashed, batches faint and at their place between epochs", () => {
  const { series, x } = curvesFigure(accuracyOf(stage), [run()], WORDS);
  assert.deepEqual(
    series.map(({ look, dash }) => [look, dash]),
    [
      ["validation", "solid"],
      ["training", "7px,4px"],
      ["batches", "solid"],
    ],
  );
  const [held, train, batches] = series;
  assert.deepEqual(
    [held.x, held.y],
    [
      [1, 2],
      [25, 50],
    ],
  );
  assert.deepEqual(train.y, [20, 60]);
  assert.deepEqual(batches.x, [0.5, 1, 1.5, 2]);
  assert.ok(Number(batches.opacity) < 0.5);
  assert.deepEqual(x.range, [0, 4]);
  assert.ok(series.every(({ group, style }) => group === "a" && style === 1));
});

test("a loss over two decades gets a logarithmic axis, any other one that begins at 0", () => {
  const plain = curvesFigure(lossOf(stage), [run()], WORDS);
  assert.equal(plain.y.log, undefined);
  assert.deepEqual(plain.y.include, [0]);
  const wild = run({
    epochs: [
      [1, 46916, 0.1, 120, 0.1],
      [2, 2.3, 0.1, 2.3, 0.1],
    ],
  });
  const figure = curvesFigure(lossOf(stage), [wild], WORDS);
  assert.equal(figure.y.log, true);
  assert.equal(figure.title, "Loss (log)");
  const [low, high] = figure.y.range ?? [0, 0];
  assert.ok(low <= 0.8 && high >= 46916);
});

test("what a loss's axis cannot hold is marked at its end", () => {
  const odd = run({
    epochs: [
      [1, 5000, 0.1, Infinity, 0.1],
      [2, 0, 1, 0.001, 1],
    ],
  });
  const figure = curvesFigure(lossOf(stage), [odd], WORDS);
  const words = { chart_beyond: "beyond:" };
  const traces = tracesOf(figure, THEME, { hidden: new Set(), zoom: {}, at: null, words });
  const said = traces.slice(figure.series.length).flatMap(({ customdata }) => customdata);
  assert.deepEqual(said, ["beyond: ∞", "beyond: 0"]);
});

test("a pointer reads the ends of epochs once there are any, the batches before", () => {
  const silent = (each) =>
    curvesFigure(lossOf(stage), [each], WORDS).series.map((one) => Boolean(one.silent));
  assert.deepEqual(silent(run()), [false, false, true]);
  assert.deepEqual(silent(run({ epochs: [] })), [false, false, false]);
});

test("smoothing adds a line and leaves what was measured", () => {
  const figure = curvesFigure(lossOf(stage), [run()], WORDS, 0.5);
  const [, , measured, line] = figure.series;
  assert.equal(line.look, "smoothed");
  assert.deepEqual(measured.y, [2.5, 1.5, 1.2, 0.8]);
  // By hand: (1/4·2.5 + 1/2·1.5) / (3/4).
  assert.ok(Math.abs(line.y[1] - 11 / 6) < 1e-12);
  assert.equal(figure.series.length, 4);
});

test("the moving average forgets its start at 0 and steps over what is no number", () => {
  for (const value of smoothed([3, 3, 3], 0.9)) assert.ok(Math.abs(value - 3) < 1e-12);
  assert.deepEqual(smoothed([1, Number.NaN, 1], 0.5), [1, Number.NaN, 1]);
  assert.deepEqual(smoothed([1, 2, 3], 0), [1, 2, 3]);
});

test("before it is known how many batches an epoch has, none is drawn", () => {
  const early = run({ beginning: null, epochs: [] });
  assert.deepEqual(curvesFigure(rateOf(stage), [early], WORDS).series[0].x, []);
});

test("the words say each run's last value, or that there is none", () => {
  const other = run({ name: "b", epochs: [], steps: [] });
  const { text } = curvesFigure(accuracyOf(stage), [run(), other], WORDS);
  assert.equal(text, "Accuracy. a: 50 % after epoch 2. b: nothing yet.");
});

test("pointing chooses the nearest epoch that was measured; leaving chooses none", () => {
  let painted = 0;
  const shown = { epoch: null, runs: [run()] };
  const asked = /** @type {any} */ ({ repaint: () => painted++ });
  const told = [];
  const handlers = epochHandlers(asked, shown, (how) => told.push(how));
  const point = (x, how) => handlers.point?.({ series: 0, index: 0, x, y: 0 }, how);
  point(1.4, "hover");
  assert.equal(shown.epoch, 1);
  point(0.2, "hover");
  assert.equal(painted, 1); // the same one
  point(9, "click");
  assert.equal(shown.epoch, 2);
  handlers.leave?.();
  assert.equal(shown.epoch, null);
  assert.deepEqual(told, ["hover", "click", "hover"]);
});

test("a run keeps its colour while it is shown, in whatever order", () => {
  const first = stylesOf(["b", "a"], new Map());
  assert.deepEqual([...stylesOf(["a", "b"], new Map())].sort(), [...first].sort());
  const without = stylesOf(["b"], first);
  assert.equal(without.get("b"), first.get("b"));
  const more = stylesOf(["c", "b"], without);
  assert.equal(more.get("b"), first.get("b"));
  assert.notEqual(more.get("c"), more.get("b"));
});

test("the best epoch is the first of those with the lowest validation loss", () => {
  assert.equal(bestEpoch([]), null);
  const rows = [
    [1, 0, 0, 2.1, 0.25],
    [2, 0, 0, Number.NaN, 0.9],
    [3, 0, 0, 1.3, 0.5],
    [4, 0, 0, 1.3, 0.6],
    [5, 0, 0, 1.4, 0.7],
  ];
  assert.equal(bestEpoch(rows), rows[2]);
  assert.equal(bestEpoch([[1, 0, 0, Number.NaN, 0]]), null);
});
