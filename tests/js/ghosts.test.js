import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ghostRuns,
  ghostState,
  keepEarlier,
  MOST_GHOSTS,
} from "../../pages/ui/comparison/ghosts.js";
import { curvesFigure } from "../../pages/ui/comparison/training_curves.js";

const CONTROLS = [
  { kind: "slider", name: "box_weight", label: "Weight", low: 0, high: 4, step: 0.25 },
  {
    kind: "choice",
    name: "loss",
    label: "Loss",
    options: [
      { value: "l2", label: "L2" },
      { value: "focal", label: "focal" },
    ],
  },
  { kind: "slider", name: "epoch", label: "After epoch", low: 0, high: 9, step: 1 },
];

const stageWith = () =>
  /** @type {any} */ ({
    words: { earlier: "earlier", look_validation: "validation", axis_epochs: "epochs" },
    view: { local: ["epoch"] },
    data: { controls: CONTROLS },
    state: { comparison: { key: "", plan: [], runs: [] }, ghosts: ghostState() },
    repaint() {},
  });

const FIRST = { box_weight: 1, loss: "l2", epoch: 9 };
const ended = (epochs = 1) => ({
  status: "finished",
  epochs: Array.from({ length: epochs }, (_, i) => [i + 1, 0, 0, 0, 0.5]),
  steps: [[1, 2, 0.5, 0.1]],
});

// As a view does at each paint: the earlier ones, then what is planned now.
function show(stage, names, values, runs) {
  const plan = names.map((name) => ({ name }));
  keepEarlier(stage, plan, values);
  Object.assign(stage.state.comparison, { key: names.join(","), plan, runs });
}

test("what has been trained stays, named by what was asked otherwise", () => {
  const stage = stageWith();
  show(stage, ["a"], FIRST, [ended()]);
  show(stage, ["b"], { ...FIRST, box_weight: 0, loss: "focal", epoch: 3 }, [ended(0)]);
  const [ghost, ...none] = ghostRuns(stage);
  assert.equal(ghost.name, "earlier: Weight 1, Loss L2");
  assert.equal(ghost.style, 1); // another colour than that of the one that is shown
  assert.deepEqual(none, []);
});

test("what was never trained leaves no ghost, and what is asked for again is none any more", () => {
  const stage = stageWith();
  show(stage, ["a"], FIRST, [ended(0)]);
  show(stage, ["b"], { ...FIRST, box_weight: 0 }, [ended()]);
  assert.deepEqual(ghostRuns(stage), []);
  show(stage, ["a"], FIRST, [ended()]);
  assert.deepEqual(
    ghostRuns(stage).map(({ name }) => name),
    ["earlier: Weight 0"],
  );
  show(stage, ["b"], { ...FIRST, box_weight: 0 }, [ended()]);
  assert.deepEqual(
    ghostRuns(stage).map(({ name }) => name),
    ["earlier: Weight 1"],
  );
});

test("the same trainings painted again are no earlier ones; the newest few stay", () => {
  const stage = stageWith();
  for (let weight = 0; weight < 6; weight++) {
    const values = { ...FIRST, box_weight: weight };
    show(stage, [`run-${weight}`], values, [ended()]);
    show(stage, [`run-${weight}`], values, [ended()]);
  }
  const names = ghostRuns(stage).map(({ name }) => name);
  assert.equal(names.length, MOST_GHOSTS);
  assert.deepEqual(names, ["earlier: Weight 4", "earlier: Weight 3", "earlier: Weight 2"]);
});

test("a ghost has its validation alone, faint", () => {
  const stage = stageWith();
  show(stage, ["a"], FIRST, [ended(3)]);
  show(stage, ["b"], { ...FIRST, box_weight: 0 }, [ended(0)]);
  /** @type {import("../../pages/ui/comparison/training_curves.js").Measure} */
  const measure = {
    name: "ap50",
    title: "AP50",
    kind: "share",
    step: () => 1,
    held: (run, i) => run.epochs[i][4],
  };
  const { series } = curvesFigure(measure, ghostRuns(stage), {
    ...stage.words,
    curve_text: "",
    curve_empty: "",
  });
  assert.equal(series.length, 1);
  assert.deepEqual(Array.from(series[0].y), [50, 50, 50]);
  assert.ok((series[0].opacity ?? 1) < 0.5);
});
