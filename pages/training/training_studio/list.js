// The runs as a list: which are laid over one another, where each stands, and what its owner can do.

import { EPOCH } from "../../ui/comparison/training_curves.js";
import { statusOf } from "../../ui/comparison/view.js";
import { fill } from "../../ui/stage/draw.js";
import { element, heading, note } from "../../ui/stage/parts.js";
import { lookOf } from "../../ui/stage/plot_traces.js";
import { actions, small } from "./actions.js";
import { chosenNames, show } from "./watching.js";

/** @import { Stage } from "./runs.js" */

const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** @param {Stage} stage */
export function listEntries(stage) {
  const { list, runs } = stage.state;
  const chosen = chosenNames(stage);
  const watched = new Map(runs.map((run) => [run.name, run]));
  const title = heading(stage.words.runs);
  if (!list.length) return [title, note(stage.words.no_runs)];
  const order = [
    ...chosen,
    ...list.map((run) => run.name).filter((name) => !chosen.includes(name)),
  ];
  const box = document.createElement("div");
  box.style.maxHeight = "440px";
  box.style.overflow = "auto";
  for (const name of order) {
    const run = list.find((each) => each.name === name);
    if (run) box.append(entry(stage, run, watched.get(name), chosen.indexOf(name)));
  }
  return [title, box];
}

// place: 0 for the run that everything below belongs to, −1 for one that is not shown.
/** @param {Stage} stage */
function entry(stage, run, watched, place) {
  const made = document.createElement("div");
  made.className = "run";
  made.dataset.testid = `run-${run.name}`;
  made.dataset.status = watched?.status ?? run.status;
  if (place >= 0) {
    const { colour } = lookOf(stage.theme, stage.state.styles.get(run.name) ?? 0);
    made.style.borderLeft = `4px solid ${colour}`;
    made.style.paddingLeft = "8px";
  }
  const row = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = place >= 0;
  box.dataset.testid = `choose-${run.name}`;
  box.onchange = () => {
    const others = chosenNames(stage).filter((name) => name !== run.name);
    show(stage, box.checked ? [...others, run.name] : others);
  };
  const title = document.createElement(place === 0 ? "strong" : "span");
  title.textContent = ` ${run.name}`;
  row.append(box, title);
  made.append(row, note(standing(stage, run, watched)));
  if (run.test)
    made.append(note(fill(stage.words.test_facts, testFacts(run.test)), "run-test-facts"));
  if (place === 0) made.append(actions(stage, run, watched));
  else if (place > 0) {
    const tools = element("div", "", "", "tools");
    tools.append(small(stage, "first", () => bringFirst(stage, run.name)));
    made.append(tools);
  }
  return made;
}

export const isSegmenter = (run) => run.net === "unet";

/** @param {Stage} stage */
function bringFirst(stage, name) {
  show(stage, [name, ...chosenNames(stage).filter((each) => each !== name)]);
}

/** @param {Stage} stage */
function standing(stage, run, watched) {
  const row =
    watched && stage.state.epoch ? watched.epochs[stage.state.epoch - 1] : watched?.epochs.at(-1);
  const accuracy = row ? row[EPOCH.accuracy] : run.accuracy;
  const facts = fill(stage.words[isSegmenter(run) ? "run_facts_masks" : "run_facts"], {
    accuracy: Number.isFinite(accuracy) ? percent(accuracy) : "–",
    status: statusOf(stage, watched ?? { ...run, planned: run.epochs }),
  });
  const parent = run.parent ? ` ${fill(stage.words.forked, run.parent)}` : "";
  const best = watched?.best_epoch
    ? ` ${fill(stage.words.best_is, { epoch: watched.best_epoch })}`
    : "";
  return facts + best + parent;
}

const testFacts = ({ accuracy, noise, count, epoch, validation_accuracy: held }) => ({
  accuracy: percent(accuracy),
  noise: (100 * noise).toFixed(1),
  count,
  epoch,
  held: percent(held),
});
