// The live stage: controls, one canvas, a readout; while a control moves, the engine is asked for
// bytes and they are painted. The value is committed to the page on release.
//
// A view (view.js of a page, or a further one in its folder) exports { build?, paint, describe?, local?, texts? }:
//   build(stage)                 once: own buttons, pointer handlers on stage.canvas
//   paint(stage, reply, values)  draw reply (arrays by name, and reply.about) on the canvas
//   describe(stage, reply)       the text alternative of the picture
//   local                        names of controls that need no new answer from the engine
//   steady                       the same question always has the same answer (answers.js)
//   chartsOnly                   its picture is charts (plot.js), which say themselves what they show
//   texts                        { control: (value, stage) => what its slider shows beside it }
import { answer, askAhead, noteMove } from "./answers.js";
import { buildControls, readLimits, showValues } from "./controls.js";
import { downloadNumbers, downloadPicture } from "./download.js";
import { askEngine } from "./engine.js";
import { readTheme } from "./palette.js";
import { purgeCharts } from "./plot.js";

const stages = new WeakMap(); // parentElement → stage; survives reruns of the component

export async function mount(component, base) {
  const { parentElement, data } = component;
  let stage = stages.get(parentElement);
  if (stage) stage.closed = false;
  if (!stage) {
    stage = createStage(parentElement, base);
    stages.set(parentElement, stage);
    const { default: view } = await import(`../../${data.script}`);
    stage.view = view;
    stage.canvas.hidden = Boolean(view.chartsOnly);
    receive(stage, component);
    view.build?.(stage);
  }
  receive(stage, component);
  if (stage.view) refresh(stage);
}

export function unmount(component) {
  const stage = stages.get(component.parentElement);
  if (!stage) return;
  stage.closed = true;
  setTimeout(() => stage.closed && purgeCharts(stage)); // a mere rerun mounts it again at once
}

function createStage(parent, base) {
  const root = parent.querySelector(".stage");
  const find = (name) => root.querySelector(`.${name}`);
  const stage = {
    base,
    root,
    view: null,
    values: {},
    reply: null,
    painted: null,
    revision: -1,
    controls: find("controls"),
    tools: find("tools"),
    canvas: root.querySelector("canvas"),
    readout: find("readout"),
    message: find("message"),
    frame: find("frame"),
    busy: false,
    wanted: null,
    retryMs: 500,
    closed: false,
  };
  stage.repaint = () => repaint(stage);
  stage.set = (changes, commit = true) => setValues(stage, changes, commit);
  stage.askAgain = () => request(stage); // where the same question may have a new answer
  stage.ask = (path, params) => askEngine(stage, path, params);
  document.addEventListener("fovea-try", ({ detail }) => {
    // a "try this" button (page.py)
    if (detail.stage === stage.data?.name && !stage.closed) tryThis(stage, detail);
  });
  new ResizeObserver(() => repaint(stage)).observe(stage.frame);
  return stage;
}

// What the page sent with this run; the page's own values win only when it changed them itself.
function receive(stage, { data, setStateValue }) {
  stage.data = data;
  stage.words = data.words;
  stage.commit = (values) => setStateValue("values", values);
  if (data.revision !== stage.revision) {
    stage.revision = data.revision;
    stage.values = { ...data.values };
    buildControls(stage);
    readLimits(stage, stage.reply?.about?.limits);
    buildTools(stage);
  }
}

function refresh(stage) {
  stage.theme = readTheme(stage.root);
  const key = questionKey(stage, stage.data.fixed, stage.values);
  if (stage.askedKey !== key || !stage.reply) request(stage);
  else repaint(stage);
}

// The page's own run follows, with the same values and picture.
function tryThis(stage, { values, picture }) {
  const { fixed } = stage.data;
  const other = picture && "picture" in fixed && fixed.picture !== picture;
  if (other) fixed.picture = picture;
  setValues(stage, values, false);
  if (other && isLocal(stage, values)) request(stage);
}

const isLocal = (stage, changes) =>
  Object.keys(changes).every((name) => stage.view.local?.includes(name));

function setValues(stage, changes, commit) {
  noteMove(stage, changes);
  Object.assign(stage.values, changes);
  showValues(stage);
  if (isLocal(stage, changes) && stage.reply) repaint(stage);
  else request(stage);
  if (!commit) return;
  writeLink(stage);
  stage.commit({ ...stage.values });
}

// The link holds what is on screen at once; the page's run writes the same when it comes to it.
function writeLink({ values, data }) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(values)) {
    if (value === data.defaults[name]) url.searchParams.delete(name);
    else url.searchParams.set(name, typeof value === "boolean" ? Number(value) : value);
  }
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}

// Two questions with the same key have the same answer.
function questionKey(stage, fixed, values) {
  const local = stage.view.local ?? [];
  const asked = Object.entries(values).filter(([name]) => !local.includes(name));
  return JSON.stringify([fixed, Object.fromEntries(asked)]);
}

// At most one request in flight; the newest values win.
function request(stage) {
  stage.wanted = { ...stage.values };
  if (!stage.busy) pump(stage);
}

async function pump(stage) {
  stage.busy = true;
  const stale = setTimeout(() => stage.frame.classList.add("stale"), 200);
  const slow = setTimeout(() => stage.reply || say(stage, stage.words.stage_working), 600);
  while (stage.wanted && !stage.closed) {
    const values = stage.wanted;
    stage.wanted = null;
    const fixed = stage.data.fixed;
    try {
      const reply = await answer(stage, { ...fixed, ...values });
      stage.reply = reply;
      stage.replyValues = values;
      stage.askedKey = questionKey(stage, fixed, values);
      stage.retryMs = 500;
      readLimits(stage, reply.about?.limits);
      say(stage, stage.refusal ?? ""); // what was wrong with a link stays until something moves
      stage.refusal = null;
      repaint(stage);
    } catch (error) {
      if (error.pending) await waitForJob(stage, error.pending, values);
      else recover(stage, error, values);
    }
  }
  clearTimeout(stale);
  clearTimeout(slow);
  stage.frame.classList.remove("stale");
  stage.busy = false;
  setTimeout(() => askAhead(stage)); // after the paint
}

// The engine is at it for longer (202): say how far it is and ask again, unless values changed.
async function waitForJob(stage, { done, total }, values) {
  say(stage, `${stage.words.stage_working} ${done} / ${total}`);
  await new Promise((resolve) => setTimeout(resolve, 60));
  stage.wanted ??= values;
}

// A refusal (4xx) is said and the last good values come back; a lost server is asked again.
function recover(stage, error, values) {
  say(stage, error.refused ? error.message : stage.words.stage_lost);
  if (error.refused) {
    if (stage.wanted) return;
    const first = !stage.replyValues; // a link whose values do not go together
    stage.values = { ...(first ? stage.data.defaults : stage.replyValues) };
    showValues(stage);
    if (first && questionKey(stage, {}, values) !== questionKey(stage, {}, stage.values)) {
      stage.refusal = error.message;
      stage.commit({ ...stage.values });
      stage.wanted = { ...stage.values };
    }
    return;
  }
  setTimeout(() => stage.closed || stage.wanted || request(stage), stage.retryMs);
  stage.retryMs = Math.min(stage.retryMs * 2, 8000);
}

function repaint(stage) {
  if (!stage.reply || !stage.view || !stage.theme) return;
  if (!stage.frame.clientWidth) return; // taken off the page
  const values = { ...stage.replyValues };
  for (const name of stage.view.local ?? []) values[name] = stage.values[name];
  stage.view.paint(stage, stage.reply, values);
  if (stage.view.chartsOnly) return;
  const text = stage.view.describe?.(stage, stage.reply, values);
  if (text) stage.canvas.setAttribute("aria-label", text);
  stage.canvas.dataset.painted = JSON.stringify(values);
}

export function say(stage, text) {
  stage.message.textContent = text;
  stage.message.hidden = !text;
}

function buildTools(stage) {
  const button = (name, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.dataset.testid = `stage-${name}`;
    made.textContent = stage.words[`stage_${name}`];
    made.onclick = act;
    return made;
  };
  stage.tools.replaceChildren(
    button("reset", () => setValues(stage, { ...stage.data.defaults }, true)),
    button("picture", () => downloadPicture(stage)),
    button("numbers", () => downloadNumbers(stage)),
  );
}
