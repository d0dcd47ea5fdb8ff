// A detector learning from the labels of this page: the photo that is held out as it is found before
// the first epoch and at the end of one, AP50 and the losses while it learns.

import { callRuns, UNDER_WAY, watchRuns } from "../../ui/comparison/runs.js";
import { statusOf } from "../../ui/comparison/view.js";
import { filesOf, postForm } from "../../ui/own_labels/sending.js";
import { emptySet, hearOfLabels, load } from "../../ui/own_labels/store.js";
import { below, fill } from "../../ui/stage/draw.js";
import { button, element, heading, note } from "../../ui/stage/parts.js";
import { drawBeforeAfter, percent } from "./before_after.js";
import { showChoices, tellSet } from "./learnt.js";
import { showCurves } from "./losses.js";

const KEPT = 64; // epochs whose answers are remembered
const OVER = ["finished", "early_stopped", "diverged", "stopped", "failed", "interrupted"];

const state = () => ({
  set: emptySet(),
  held: "", // digest of the photo that is held out
  boxes: "each", // each class, "together", or "only <class>"
  shown: { runs: [], epoch: null }, // the run, as the curves have it
  watched: "", // the name of the run that is watched
  answered: new Map(), // "run/epoch" → what the network saw then
  lastSeen: null,
  made: null, // what the engine told of the data set
  posting: false,
  wrong: "",
  parts: null,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  local: ["after", "least", "begun"],
  charts: "below",
  texts: { after: (value, stage) => endOf(value, stage) },

  build(stage) {
    const choice = (/** @type {string} */ name, /** @type {(value: string) => void} */ act) => {
      const select = element("select", "", name);
      select.onchange = () => {
        act(select.value);
        stage.repaint();
      };
      const row = element("label", "", "", "control choice");
      row.append(element("span", stage.words[name]), select);
      return { row, select };
    };
    const { state: own } = stage;
    own.parts = {
      held: choice("held_out", (value) => {
        own.held = value;
      }),
      boxes: choice("which_boxes", (value) => {
        own.boxes = value;
      }),
      train: button(stage.words.train, () => press(stage), "stage-train", "main"),
      said: note("", "train-said"),
    };
    own.parts.said.setAttribute("role", "status");
    const { held, boxes, train, said } = own.parts;
    stage.extra.style.cssText = "display:flex;flex-direction:column;gap:10px;align-items:stretch";
    stage.extra.append(held.row, boxes.row, train, said);
    callRuns(stage, "POST", "runs/expect").catch(() => null); // only to be quicker later
    hearOfLabels(stage, () => read(stage));
    read(stage);
  },

  // Another learner brings the settings with which it learns well.
  adjust(stage, changes) {
    const { learner } = changes;
    if (!learner || learner === stage.values.learner) return changes;
    return { ...stage.reply?.about.learning[learner], ...changes };
  },

  paint(stage, _, values) {
    follow(stage, values.begun);
    const last = lastOf(stage);
    showEnd(stage, values.after);
    const epoch = stage.state.shown.epoch ?? Math.min(values.after, last);
    const seen = values.begun && hasBegun(stage) ? seenAt(stage, values.begun, epoch) : null;
    drawBeforeAfter(stage, seen, { epoch, least: values.least });
    showCurves(stage, values, last ? epoch : null);
    showChoices(stage);
    tell(stage, seen);
  },

  numbers({ state: own, reply }) {
    const found = (/** @type {any} */ seen) =>
      seen && {
        about: seen.about,
        boxes: Array.from(seen.boxes.data),
        scores: Array.from(seen.scores.data),
        labels: Array.from(seen.labels.data),
      };
    const run = own.shown.runs[0];
    return {
      settings: reply?.about.settings,
      run: run && { name: run.name, epochs: run.epochs.map((row) => Array.from(row)) },
      before: found(own.lastSeen?.before),
      after: found(own.lastSeen?.after),
    };
  },

  describe(stage, _, values) {
    const { lastSeen } = stage.state;
    if (!lastSeen) return stage.words.train_nothing;
    return fill(stage.words.train_alternative, {
      before: percent(lastSeen.before?.about.ap50),
      after: percent(lastSeen.after?.about.ap50),
      epoch: Math.min(values.after, lastOf(stage)),
    });
  },
};

// The slider says how many epochs there are, once there are some.
/** @param {Stage} stage */
function showEnd(stage, after) {
  const entry = stage.inputs.after;
  if (entry?.shown) entry.shown.textContent = endOf(after, stage);
}

/** @type {(value: number, stage: Stage) => string} */
const endOf = (value, stage) => {
  const last = lastOf(stage);
  return last ? `${Math.min(value, last)} / ${last}` : "–";
};

/** @param {Stage} stage */
const lastOf = (stage) => stage.state.shown.runs[0]?.epochs.length ?? 0;

// The network is written before the first step.
/** @param {Stage} stage */
const hasBegun = ({ state: { shown } }) => shown.runs[0]?.beginning != null;

// The labels as the page above has kept them; the photo shown there is held out unless another is
// chosen here.
/** @param {Stage} stage */
async function read(stage) {
  const { state: own } = stage;
  try {
    own.set = await load();
  } catch {
    own.set = emptySet(); // this browser keeps nothing; the page above says so
  }
  if (stage.signal.aborted) return;
  stage.repaint();
}

/** @param {Stage} stage */
async function press(stage) {
  const { state: own, values, words } = stage;
  const run = own.shown.runs[0];
  own.posting = true;
  own.wrong = "";
  stage.repaint();
  try {
    if (run && UNDER_WAY.includes(run.status))
      await callRuns(stage, "POST", `runs/${values.begun}/stop`);
    else await begin(stage);
  } catch (error) {
    own.wrong = error.refused ? error.message : words.stage_lost;
  }
  own.posting = false;
  stage.repaint();
}

/** @param {Stage} stage */
async function begin(stage) {
  const { state: own, reply, values } = stage;
  const { settings } = reply.about;
  const set = await load();
  const only = own.boxes.startsWith("only ") ? own.boxes.slice(5) : "";
  const learnt = { held_out: own.held, learner: values.learner, only };
  const fields = {
    labels: JSON.stringify({ classes: set.classes, photos: set.photos }),
    learnt: JSON.stringify({ ...learnt, together: own.boxes === "together" }),
    photos: await filesOf(stage, set),
  };
  own.made = await (await postForm(stage, "labels/set", fields)).json();
  const body = { settings, own_data: own.made.token };
  const { name } = await callRuns(stage, "POST", "runs", body);
  own.lastSeen = null;
  stage.set({ begun: name });
}

// Watches the run of that name.
/** @param {Stage} stage */
function follow(stage, name) {
  const { state: own } = stage;
  if (own.watched === name) return;
  Object.assign(own, { watched: name, shown: { runs: [], epoch: null }, lastSeen: null });
  if (!name) return;
  watchRuns(
    stage,
    [name],
    () => own.watched === name,
    (runs) => {
      own.shown.runs = runs;
      stage.repaint();
    },
  ).catch((error) => {
    own.wrong = error.message;
    stage.repaint();
  });
}

// What the network of a run saw before the first epoch and at the end of one; what it saw last stays
// until the new answers are there.
/** @param {Stage} stage */
function seenAt(stage, name, epoch) {
  const { state: own } = stage;
  const [before, after] = [0, epoch].map((each) => answerAt(stage, name, each));
  if (before && after) own.lastSeen = { before, after };
  return own.lastSeen ?? (before ? { before, after: before } : null);
}

/** @param {Stage} stage */
function answerAt(stage, name, epoch) {
  const { answered } = stage.state;
  const key = `${name}/${epoch}`;
  if (answered.has(key)) return answered.get(key);
  answered.set(key, null);
  stage
    .ask("labels/training/epoch", { name, epoch })
    .then((reply) => {
      answered.set(key, reply);
      if (answered.size > KEPT) answered.delete(answered.keys().next().value);
      stage.repaint();
    })
    .catch(() => answered.delete(key)); // not written yet: the next repaint asks again
  return null;
}

/** @param {Stage} stage */
function tell(stage, seen) {
  const { state: own, words } = stage;
  const run = own.shown.runs[0];
  const going = run && UNDER_WAY.includes(run.status);
  const { train, said } = own.parts;
  train.textContent = words[going ? "stop" : "train"];
  train.disabled = own.posting || (!going && own.set.photos.length < 2);
  said.textContent = own.wrong || (own.posting ? words.sending : "");
  const rows = [heading(words.train_set), ...tellSet(stage)];
  if (run && run.status !== "none") {
    const status = note(statusOf(stage, run), "train-status");
    status.dataset.status = run.status;
    rows.push(status);
  }
  if (seen)
    rows.push(...tellAps(stage, seen, OVER.includes(run?.status)), ...tellUnseen(stage, seen));
  stage.readout.replaceChildren(...rows);
}

// AP50 counts boxes of any score; the picture shows those from the slider's on.
/** @param {Stage} stage */
function tellUnseen({ words, values }, { after: { scores } }) {
  const best = scores.data.length ? scores.data[0] : 0; // they fall
  if (best >= Math.fround(values.least)) return [];
  const params = { least: values.least.toFixed(2), best: below(best, values.least) };
  return [note(fill(words.none_shown, params), "train-none-shown")];
}

// The word by the number: AP50 of the held-out photo before and after.
/** @param {Stage} stage */
function tellAps(stage, { before, after }, isOver) {
  const { words } = stage;
  const [was, is] = [before.about.ap50, after.about.ap50];
  const params = { before: percent(was), after: percent(is) };
  const isSame = params.before === params.after; // as they are written
  const way = isSame ? "stays" : is > was ? "rises" : "falls";
  const made = [element("p", fill(words[`ap50_${way}`], params), "train-ap50")];
  made.push(
    ...after.about.classes.map((name, k) =>
      note(`${name}: ${percent(before.about.each[k])} → ${percent(after.about.each[k])}`),
    ),
  );
  if (isOver && is === 0) made.push(note(words.ap50_none));
  return made;
}
