// Earlier trainings of a stage stay as ghosts: faint behind those that are shown now, named by what
// they were asked otherwise. A view calls `keepEarlier` before `follow`, and lays `ghostRuns` under
// its own curves.
import { optionLabel } from "../stage/controls.js";
import { numberText } from "../stage/plot_numbers.js";
import { UNDER_WAY, watchRuns } from "./runs.js";

/** @import { Stage, Values } from "../stage/types.d.ts" */
/** @typedef {import("./training_curves.js").CurveRun} CurveRun */
/**
 * @typedef {object} Ghost
 * @property {string} name   of the run
 * @property {Values} values the controls that it was asked with
 * @property {any} run       as askCurves gives it
 */

export const MOST_GHOSTS = 3;

/** What a view remembers of them. */
export const ghostState = () => ({
  list: /** @type {Ghost[]} */ ([]), // the newest first
  values: /** @type {Values | null} */ (null), // of the trainings that are shown now
});

/**
 * Where other trainings are planned than those that were shown, these become ghosts, as far as they
 * have come; one that is asked for again is none any more.
 * @param {Stage} stage whose state has `comparison` and `ghosts`
 * @param {{ name: string }[]} plan
 * @param {Values} values that it belongs to
 */
export function keepEarlier(stage, plan, values) {
  const { comparison: shown, ghosts } = stage.state;
  const names = plan.map(({ name }) => name);
  if (shown.key && shown.key !== names.join(",")) {
    const ended = shown.runs
      .map((run, k) => ({ name: shown.plan[k].name, values: ghosts.values, run }))
      .filter(({ run }) => run.epochs.length > 0);
    ghosts.list = withNewest(ghosts.list, ended);
    follow(stage, ended);
  }
  ghosts.list = ghosts.list.filter(({ name }) => !names.includes(name));
  ghosts.values = values;
}

/**
 * The newest first, each once, at most so many.
 * @param {Ghost[]} list
 * @param {Ghost[]} added
 */
export function withNewest(list, added) {
  const rest = list.filter(({ name }) => !added.some((one) => one.name === name));
  return [...added, ...rest].slice(0, MOST_GHOSTS);
}

// One that is still being trained goes on growing.
/** @param {Stage} stage */
function follow(stage, added) {
  for (const ghost of added) {
    if (!UNDER_WAY.includes(ghost.run.status)) continue;
    const isThere = () => stage.state.ghosts.list.includes(ghost);
    const grow = ([run]) => {
      ghost.run = run;
      stage.repaint();
    };
    watchRuns(stage, [ghost.name], isThere, grow).catch(() => null); // deleted meanwhile
  }
}

/**
 * The ghosts as runs that a chart of training curves takes.
 * @param {Stage} stage
 * @returns {CurveRun[]}
 */
export function ghostRuns(stage) {
  return stage.state.ghosts.list.map(({ run, values }, k) => ({
    ...run,
    name: nameOf(stage, values),
    style: stage.state.comparison.plan.length + k, // after those that are shown now
    isGhost: true,
    steps: [],
    stepParts: undefined,
  }));
}

// By the controls that stand otherwise now.
/** @param {Stage} stage */
function nameOf(stage, values) {
  const local = stage.view.local ?? [];
  const differing = stage.data.controls
    .filter(({ name }) => !local.includes(name) && values[name] !== stage.state.ghosts.values[name])
    .map((control) => `${control.label} ${valueText(stage, control, values[control.name])}`);
  return `${stage.words.earlier}: ${differing.join(", ")}`;
}

/** @param {Stage} stage */
function valueText(stage, control, value) {
  if (control.kind === "choice") return optionLabel(stage, control.name, value);
  return typeof value === "number" ? numberText(value) : String(value);
}
