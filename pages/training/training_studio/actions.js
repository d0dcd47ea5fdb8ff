// What can be done to a run: stopped, taken up, forked, deleted, shared, tested, exported.
import { callRuns, UNDER_WAY } from "../../ui/comparison/runs.js";
import { save } from "../../ui/stage/download.js";
import { fill } from "../../ui/stage/draw.js";
import { askFile } from "../../ui/stage/engine.js";
import { pause } from "../../ui/stage/lifetime.js";
import { ownerToken } from "../../ui/stage/owner.js";
import { say } from "../../ui/stage/painting.js";
import { button, element, note } from "../../ui/stage/parts.js";
import { chosenNames, refreshList, show, watch } from "./watching.js";

/** @import { Stage } from "./runs.js" */

const AGAIN_MS = 300;

/** @param {Stage} stage */
export function small(stage, name, act, testid = name) {
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
export function actions(stage, run, watched) {
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
  if (run.mine && canTest(run, status)) {
    made.append(small(stage, "test", () => test(stage, run.name)));
    made.lastElementChild?.setAttribute("title", stage.words.test_help);
  }
  made.append(...exports(stage, run, watched));
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

// Once, when all is decided; a segmenter has no test part.
const canTest = (run, status) =>
  ["finished", "early_stopped"].includes(status) && !run.test && run.net !== "unet";

/** @param {Stage} stage */
async function test(stage, name) {
  say(stage, stage.words.stage_working);
  while ((await callRuns(stage, "POST", `runs/${name}/test`)).accuracy === undefined)
    await pause(stage, AGAIN_MS);
}

// Which epoch's network is exported, and as what.
/** @param {Stage} stage */
function exports(stage, run, watched) {
  const chosen = document.createElement("select");
  chosen.dataset.testid = "export-epoch";
  chosen.setAttribute("aria-label", stage.words.export_epoch);
  chosen.append(new Option(stage.words.epoch_last, "0"));
  if (watched?.best_epoch) {
    const text = fill(stage.words.epoch_best, { epoch: watched.best_epoch });
    chosen.append(new Option(text, watched.best_epoch));
  }
  chosen.value = String(stage.state.exported);
  if (chosen.selectedIndex < 0) chosen.value = "0";
  chosen.onchange = () => {
    stage.state.exported = Number(chosen.value);
  };
  const forms = ["onnx", "torch"].map((form) =>
    small(stage, form, () => exportRun(stage, run.name, form, Number(chosen.value))),
  );
  return [chosen, ...forms];
}

// The file is written and checked by the server, which takes seconds the first time.
/** @param {Stage} stage */
async function exportRun(stage, name, form, epoch) {
  say(stage, stage.words.stage_working);
  const file = await askFile(stage, `runs/${name}/export/${form}?epoch=${epoch}`);
  const at = epoch ? `-epoch-${epoch}` : "";
  save(file, `${name}${at}.${form === "onnx" ? "onnx" : "pt2"}`);
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
