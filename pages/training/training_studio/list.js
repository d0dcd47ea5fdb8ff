// The runs as a list: which are laid over one another, where each stands, and what its owner can do.

import { callRuns, UNDER_WAY } from "../../ui/comparison/runs.js";
import { EPOCH } from "../../ui/comparison/training_curves.js";
import { statusOf } from "../../ui/comparison/view.js";
import { save } from "../../ui/stage/download.js";
import { fill } from "../../ui/stage/draw.js";
import { askFile } from "../../ui/stage/engine.js";
import { ownerToken } from "../../ui/stage/owner.js";
import { say } from "../../ui/stage/painting.js";
import { button, element, heading, note } from "../../ui/stage/parts.js";
import { lookOf } from "../../ui/stage/plot_traces.js";
import { chosenNames, refreshList, show, watch } from "./watching.js";

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
  if (place === 0) made.append(actions(stage, run, watched));
  else if (place > 0) made.append(small(stage, "first", () => bringFirst(stage, run.name)));
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
  return facts + parent;
}

/** @param {Stage} stage */
function small(stage, name, act, testid = name) {
  const press = () => attempt(stage, act);
  return button(stage.words[`act_${name}`], press, `run-${testid}`, "small");
}

/** @param {Stage} stage */
async function attempt(stage, act) {
  try {
    await act();
    say(stage, "");
  } catch (error) {
    say(stage, error.refused ? error.message : stage.words.stage_lost);
  }
  refreshList(stage);
  watch(stage);
}

/** @param {Stage} stage */
function actions(stage, run, watched) {
  const made = document.createElement("div");
  made.className = "tools";
  const status = watched?.status ?? run.status;
  const path = `runs/${run.name}`;
  const send = (action) => () => callRuns(stage, "POST", `${path}/${action}`);
  if (run.mine) {
    if (UNDER_WAY.includes(status)) made.append(small(stage, "stop", send("stop")));
    else if (status !== "finished") made.append(small(stage, "resume", send("resume")));
    made.append(
      small(stage, "fork", () => {
        stage.state.fork = !stage.state.fork;
      }),
    );
    if (!UNDER_WAY.includes(status))
      made.append(small(stage, "delete", () => remove(stage, run.name)));
    made.append(small(stage, "share", () => copyLink(ownerToken())));
    if (run.private) made.append(small(stage, "show", () => copyGuestsLink(stage, run.name)));
    if (run.shared) made.append(small(stage, "hide", () => hideRun(stage, run.name)));
  }
  for (const form of ["onnx", "torch"]) {
    made.append(small(stage, form, () => exportRun(stage, run.name, form)));
  }
  if (stage.state.fork && run.mine) made.append(forkForm(stage, run));
  if (!run.mine) made.append(note(stage.words.not_mine));
  return made;
}

/** @param {Stage} stage */
async function remove(stage, name) {
  if (!window.confirm(fill(stage.words.sure, { name }))) return;
  await callRuns(stage, "DELETE", `runs/${name}`);
  show(
    stage,
    chosenNames(stage).filter((each) => each !== name),
  );
}

// With its owner's secret whoever opens the link may stop and delete what this browser began; with
// a run's own key they may look at that run.
async function copyLink(secret) {
  const link = new URL(location.href);
  link.searchParams.set("owner", secret);
  await navigator.clipboard?.writeText(link.href);
}

// A run on own pictures is its owner's alone until then; an older link to it no longer opens.
/** @param {Stage} stage */
async function copyGuestsLink(stage, name) {
  const { key } = await callRuns(stage, "POST", `runs/${name}/share`);
  await copyLink(key);
}

/** @param {Stage} stage */
function hideRun(stage, name) {
  return callRuns(stage, "DELETE", `runs/${name}/share`);
}

// The file is written and checked by the server, which takes seconds the first time.
/** @param {Stage} stage */
async function exportRun(stage, name, form) {
  say(stage, stage.words.stage_working);
  const file = await askFile(stage, `runs/${name}/export/${form}`);
  save(file, `${name}.${form === "onnx" ? "onnx" : "pt2"}`);
}

const FORKABLE = [
  "learning_rate",
  "optimiser",
  "schedule",
  "epochs",
  "batch_size",
  "momentum",
  "weight_decay",
  "warmup_steps",
  "shuffle",
  "patience",
];

// One change, from the end of an epoch on.
/** @param {Stage} stage */
function forkForm(stage, run) {
  const made = document.createElement("form");
  made.className = "fork";
  const name = document.createElement("select");
  for (const each of FORKABLE)
    name.append(new Option(stage.words[`setting_${each}`] ?? each, each));
  const value = document.createElement("input");
  value.type = "text";
  value.size = 10;
  const epoch = document.createElement("input");
  Object.assign(epoch, { type: "number", min: 0, max: run.epochs, value: run.epoch, size: 4 });
  name.dataset.testid = "fork-setting";
  value.dataset.testid = "fork-value";
  epoch.dataset.testid = "fork-epoch";
  const begin = element("button", stage.words.act_fork, "fork-begin");
  made.append(stage.words.fork_from, epoch, name, value, begin);
  made.onsubmit = (event) => {
    event.preventDefault();
    attempt(stage, async () => {
      const changes = { train: { [name.value]: parse(value.value) } };
      const body = { epoch: Number(epoch.value), changes };
      const fork = await callRuns(stage, "POST", `runs/${run.name}/fork`, body);
      stage.state.fork = false;
      show(stage, [fork.name, ...chosenNames(stage)]);
    });
  };
  return made;
}

// "0.1" is a number, "true" a switch, anything else a name.
function parse(text) {
  const trimmed = text.trim();
  if (trimmed === "true" || trimmed === "false") return trimmed === "true";
  return trimmed !== "" && Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
}
