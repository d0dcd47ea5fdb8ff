// The live stage: controls, one canvas, a readout; while a control moves, the engine is asked for
// bytes and they are painted. The value is committed to the page on release.
//
// What a view (view.js of a page, or a further one in its folder) exports: `View` in types.d.ts.
import { noteMove } from "./answers.js";
import { arrive } from "./arrive.js";
import { isLocal, questionKey, request } from "./asking.js";
import { buildControls, readLimits, showValues } from "./controls.js";
import { downloadNumbers, downloadPicture } from "./download.js";
import { askEngine } from "./engine.js";
import { listen } from "./lifetime.js";
import { repaint } from "./painting.js";
import { readTheme } from "./palette.js";
import { button } from "./parts.js";
import { hideCharts, purgeCharts } from "./plot.js";
import { loadPlotly } from "./plot_load.js";

/** @import { Component, EngineError, LiveStage, Pending, Stage, Values, View } from "./types.d.ts" */

/**
 * By the component's element, which outlives its runs.
 * @type {WeakMap<Node, { stage: LiveStage, life: AbortController }>}
 */
const mounted = new WeakMap();

/**
 * The component has run: its first time, or again with other data.
 * @param {Component} component
 * @param {string} base what precedes the page's name in its path
 */
export async function mount(component, base) {
  const known = mounted.get(component.parentElement)?.stage;
  const stage = known ?? createStage(component, base);
  stage.component = component;
  if (known) {
    if (!stage.view) return; // the first run goes on with the newest data
    receive(stage);
    refresh(stage);
    return;
  }
  /** @type {{ default: View }} */
  const { default: view } = await import(`../../${component.data.script}`);
  if (stage.signal.aborted) return;
  stage.view = view;
  stage.state = view.state?.() ?? {};
  stage.canvas.hidden = view.charts === "only";
  if (view.charts) loadPlotly().catch(() => null); // while the numbers are on their way
  receive(stage);
  view.build?.(stage);
  stage.root.classList.add("built");
  arrive(stage);
  refresh(stage);
}

/**
 * The component has left the page, and all that its stage began ends. Streamlit also calls this for
 * a run that a newer one has overtaken: then the stage is still on the page, and stays.
 * @param {Pick<Component, "parentElement">} component
 */
export function unmount({ parentElement }) {
  const found = mounted.get(parentElement);
  if (!found || found.stage.root.isConnected) return;
  mounted.delete(parentElement);
  found.life.abort();
}

/**
 * @param {Component} component
 * @param {string} base
 * @returns {LiveStage}
 */
function createStage(component, base) {
  const root = /** @type {HTMLElement} */ (component.parentElement.querySelector(".stage"));
  const life = new AbortController();
  const stage = /** @type {LiveStage} */ ({
    base,
    root,
    ...partsOf(root),
    signal: life.signal,
    component,
    data: component.data,
    values: {},
    inputs: {},
    reply: null,
    replyValues: null,
    replyPicture: null,
    progress: null,
    busy: false,
    revision: null,
    wanted: null,
    retryMs: 500,
    askedKey: null,
    refusal: null,
    moving: null,
    answers: new Map(),
    openFolds: new Set(),
    repaint: () => repaint(stage),
    on: (type, act, options) => listen(stage, stage.canvas, type, act, options),
    set: (changes, commit = true) =>
      setValues(stage, stage.view.adjust?.(stage, changes) ?? changes, commit),
    commit: (values) => stage.component.setStateValue("values", values),
    askAgain: () => request(stage),
    ask: (path, params) => askEngine(stage, path, params),
  });
  mounted.set(component.parentElement, { stage, life });
  /** @param {CustomEvent} event */
  const tried = ({ detail }) => {
    if (detail.stage === stage.data.name && stage.view) tryThis(stage, detail);
  };
  listen(stage, document, "fovea-try", tried); // a "try this" button (page.py)
  /** @param {CustomEvent} event */
  const chosen = ({ detail }) => stage.view && isInView(root) && takePicture(stage, detail.picture);
  listen(stage, document, "fovea-picture", chosen); // the strip (picture_picker.js)
  const size = new ResizeObserver(() => repaint(stage));
  size.observe(stage.frame);
  const leave = () => {
    size.disconnect();
    purgeCharts(stage);
  };
  stage.signal.addEventListener("abort", leave, { once: true });
  return stage;
}

/** @param {HTMLElement} root */
function partsOf(root) {
  /** @param {string} name */
  const find = (name) => /** @type {HTMLElement} */ (root.querySelector(`.${name}`));
  return {
    controls: find("controls"),
    extra: find("extra"),
    tools: find("tools"),
    frame: find("frame"),
    canvas: /** @type {HTMLCanvasElement} */ (root.querySelector("canvas")),
    message: find("message"),
    readout: find("readout"),
  };
}

/**
 * What the page sent with this run; its own values win only where it changed them itself.
 * @param {LiveStage} stage
 */
function receive(stage) {
  const { data } = stage.component;
  if (stage.data.source !== data.source) forgetReply(stage);
  stage.data = data;
  stage.words = data.words;
  if (data.revision === stage.revision) return;
  stage.revision = data.revision;
  stage.values = { ...data.values };
  writeLink(stage);
  buildControls(stage);
  readLimits(stage, stage.reply?.about?.limits);
  buildTools(stage);
}

/**
 * What another source has answered says nothing of this one, and is not shown under its name.
 * @param {LiveStage} stage
 */
function forgetReply(stage) {
  Object.assign(stage, { reply: null, replyValues: null, askedKey: null });
  stage.frame.classList.add("empty");
  stage.readout.replaceChildren();
  delete stage.canvas.dataset.painted;
  hideCharts(stage);
  stage.view?.forget?.(stage);
}

/** @param {LiveStage} stage */
function refresh(stage) {
  stage.theme = readTheme(stage.root);
  const key = questionKey(stage, stage.data, stage.values);
  if (stage.askedKey !== key || !stage.reply) request(stage);
  else repaint(stage);
}

/**
 * The page's own run follows, with the same values and picture; `commit` where none does, since
 * another stage of the page has asked.
 * @param {LiveStage} stage
 * @param {{ values: Values, picture?: string, commit?: boolean }} chosen
 */
function tryThis(stage, { values, picture, commit = false }) {
  const { fixed } = stage.data;
  const other = picture && "picture" in fixed && fixed.picture !== picture;
  if (other) fixed.picture = picture;
  setValues(stage, values, commit);
  if (other && isLocal(stage, values)) request(stage);
}

/**
 * Ask about another picture before the page's own run has come round to saying so. Stages that
 * nobody sees wait for that run.
 * @type {(stage: LiveStage, picture: string) => void}
 */
function takePicture(stage, picture) {
  const { fixed } = stage.data;
  if (!("picture" in fixed) || fixed.picture === picture) return;
  fixed.picture = picture;
  request(stage);
}

/** @param {HTMLElement} root */
function isInView(root) {
  const { top, bottom } = root.getBoundingClientRect();
  return top < innerHeight && bottom > 0;
}

/**
 * @param {LiveStage} stage
 * @param {Values} changes
 * @param {boolean} commit
 */
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

/**
 * The link holds what is on screen at once. These names are the stage's from now on: a run of the
 * page may be late, and know older values (pages/ui/links.js).
 * @param {Stage} stage
 */
function writeLink({ root, values, data }) {
  const url = new URL(location.href);
  window.foveaLinkOwners ??= new Map();
  for (const [name, value] of Object.entries(values)) {
    window.foveaLinkOwners.set(name, root);
    if (value === data.defaults[name] || value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, String(typeof value === "boolean" ? Number(value) : value));
  }
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}

/** @param {LiveStage} stage */
function buildTools(stage) {
  /** @type {(name: string, act: () => void) => HTMLButtonElement} */
  const tool = (name, act) => button(stage.words[`stage_${name}`], act, `stage-${name}`);
  stage.tools.replaceChildren(
    tool("reset", () => setValues(stage, { ...stage.data.defaults }, true)),
    ...(stage.view.charts === "only" ? [] : [tool("picture", () => downloadPicture(stage))]),
    tool("numbers", () => downloadNumbers(stage)),
  );
}
