// The list of steps at the left: switched on and off, moved, taken out, opened; the open one has its
// sliders. The list is built anew only where other steps stand in it, or a hand would lose its hold.
import { button, element } from "../../ui/stage/parts.js";
import {
  added,
  MOST_STEPS,
  moved,
  openOf,
  readChain,
  stageValues,
  switched,
  without,
  withValues,
} from "./chain.js";

/** @import { Stage } from "./view.js" */

const STYLE = `
  .steps { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 6px; }
  .steps li { border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
    padding: 4px 6px; }
  .steps li.open { border-color: var(--st-primary-color); }
  .steps li.later { opacity: 0.55; }
  .steps .head { display: flex; align-items: center; gap: 2px; }
  .steps .head input { margin: 0 4px 0 0; flex: none; }
  .steps .head button { border-color: transparent; background: none; padding: 2px 4px; }
  .steps .head .name { flex: 1; text-align: left; font-weight: 600; font-size: 13px; min-width: 0;
    overflow-wrap: anywhere; line-height: 1.25; }
  .steps .fields { display: flex; flex-direction: column; gap: 6px; margin: 6px 0 4px; }
  .steps .off .name { text-decoration: line-through; }
  .steps .call { display: block; font: 11px/1.5 var(--st-code-font); white-space: nowrap;
    overflow: hidden; text-overflow: ellipsis; opacity: 0.75; }
  .adding { width: 100%; }
  @media (max-width: 760px) { /* the steps and their sliders stand right above the picture */
    .stage .side { display: contents; }
    .stage .extra { order: -2 !important; }
  }
`;

/** @param {Stage} stage */
export function buildSteps(stage) {
  const style = element("style");
  style.textContent = STYLE;
  const list = element("ol", "", "steps", "steps");
  const adding = element("select", "", "stage-add", "adding");
  adding.onchange = () => {
    const operation = operations(stage).find(({ name }) => name === adding.value);
    const { steps, open } = current(stage);
    if (operation) stage.set(stageValues(added(steps, open, operation), open + 1));
  };
  stage.extra.style.cssText = "display:flex;flex-direction:column;gap:8px;order:-1";
  stage.extra.append(style, list, adding);
  stage.state.list = { list, adding, built: "", inputs: [] };
  // What was refused goes back to the last good state without a paint.
  const refused = new MutationObserver(() => stage.reply && showSteps(stage));
  refused.observe(stage.message, { childList: true });
  stage.signal.addEventListener("abort", () => refused.disconnect(), { once: true });
}

/** @type {(stage: Stage) => import("./chain.js").Operation[]} */
const operations = (stage) => stage.reply?.about.operations ?? [];

/** @type {(stage: Stage) => { steps: import("./chain.js").Step[], open: number }} */
export function current({ values }) {
  const steps = readChain(values.chain);
  return { steps, open: openOf(values.step, steps.length) };
}

/** @param {Stage} stage */
export function showSteps(stage) {
  const { list } = stage.state;
  const { steps, open } = current(stage);
  const shape = JSON.stringify([stage.data.lang, open, steps.map((s) => [s.name, s.isOn])]);
  if (list.built !== shape) {
    const focused = focusOf(stage);
    list.built = shape;
    list.inputs = [];
    list.list.replaceChildren(...steps.map((step, at) => rowOf(stage, step, at, open)));
    showAdding(stage, steps);
    if (focused) list.list.querySelector(`[data-testid="${focused}"]`)?.focus();
  }
  for (const show of list.inputs) show(steps);
}

// Which of the list's own elements has the keyboard, by its test id.
/** @param {Stage} stage */
function focusOf(stage) {
  const root = /** @type {Document | ShadowRoot} */ (stage.root.getRootNode());
  const active = /** @type {HTMLElement | null} */ (root.activeElement);
  return stage.state.list.list.contains(active) ? active?.dataset.testid : null;
}

/** @type {(stage: Stage, steps: import("./chain.js").Step[]) => void} */
function showAdding(stage, steps) {
  const { adding } = stage.state.list;
  const { words } = stage;
  const groups = new Map();
  for (const { name, family } of operations(stage)) {
    if (!groups.has(family)) {
      const group = document.createElement("optgroup");
      group.label = words[`family_${family}`];
      groups.set(family, group);
    }
    groups.get(family).append(new Option(words[`op_${name}`], name));
  }
  const first = new Option(words.add, "", true, true);
  first.disabled = true;
  adding.replaceChildren(first, ...groups.values());
  adding.disabled = steps.length >= MOST_STEPS;
  adding.title = adding.disabled ? words.full : "";
  adding.setAttribute("aria-label", words.add);
}

/** @type {(stage: Stage, step: import("./chain.js").Step, at: number, open: number) => HTMLElement} */
function rowOf(stage, step, at, open) {
  const { words } = stage;
  const title = words[`op_${step.name}`] ?? step.name;
  const row = element("li", "", `step-${at}`);
  row.classList.toggle("open", at === open);
  row.classList.toggle("later", at > open);
  row.classList.toggle("off", !step.isOn);
  const isOn = element("input", "", `on-${at}`);
  Object.assign(isOn, { type: "checkbox", checked: step.isOn, title: words.switch });
  isOn.setAttribute("aria-label", `${words.switch}: ${title}`);
  const set = (steps, to) => stage.set(stageValues(steps, to));
  isOn.onchange = () => set(switched(current(stage).steps, at), open);
  const name = button(title, () => set(current(stage).steps, at), `open-${at}`, "name");
  name.setAttribute("aria-expanded", String(at === open));
  const tool = (sign, word, testid, act) => {
    const made = button(sign, act, testid);
    made.title = words[word];
    made.setAttribute("aria-label", `${words[word]}: ${title}`);
    return made;
  };
  const up = tool("↑", "up", `up-${at}`, () => set(moved(current(stage).steps, at, -1), at - 1));
  up.disabled = at === 0;
  const out = tool("✕", "out", `out-${at}`, () => {
    const rest = without(current(stage).steps, at);
    set(rest, Math.min(open > at ? open - 1 : open, rest.length - 1));
  });
  const head = element("div", "", "", "head");
  head.append(isOn, name, up, out);
  const call = element("code", "", `call-${at}`, "call");
  stage.state.list.inputs.push(() => {
    const line = stage.reply.about.steps[at]?.call ?? "";
    call.textContent = line.replace(/^[\w, ]+ = /, "");
    call.title = call.textContent;
  });
  row.append(head, call);
  if (at === open) row.append(fieldsOf(stage, step, at));
  return row;
}

/** @type {(stage: Stage, step: import("./chain.js").Step, at: number) => HTMLElement} */
function fieldsOf(stage, step, at) {
  const box = element("div", "", "", "fields");
  const operation = operations(stage).find(({ name }) => name === step.name);
  (operation?.fields ?? []).forEach((field, k) => {
    box.append(field.options ? choiceOf(stage, field, at, k) : sliderOf(stage, field, at, k));
  });
  return box;
}

/** @type {(stage: Stage, at: number, k: number, value: string, commit: boolean) => void} */
function setField(stage, at, k, value, commit) {
  const { steps, open } = current(stage);
  stage.set(stageValues(withValues(steps, at, { [k]: value }), open), commit);
}

/** @type {(stage: Stage, field: import("./chain.js").Field, at: number, k: number) => HTMLElement} */
function sliderOf(stage, field, at, k) {
  const label = element("label", "", "", "control slider");
  const shown = document.createElement("output");
  const input = element("input", "", `stage-${field.name}`);
  Object.assign(input, { type: "range", min: field.low, max: field.high, step: field.step });
  input.oninput = () => setField(stage, at, k, input.value, false);
  input.onchange = () => setField(stage, at, k, input.value, true);
  label.append(element("span", fieldWord(stage, field.name)), shown, input);
  stage.state.list.inputs.push((steps) => {
    const value = steps[at].values[k];
    const { high } = stage.reply.about.steps[at]?.limits?.[field.name] ?? field;
    if (input.max !== String(high)) input.max = String(high);
    if (input.value !== value) input.value = value;
    shown.textContent = value.replace("-", "−");
  });
  return label;
}

/** @type {(stage: Stage, field: import("./chain.js").Field, at: number, k: number) => HTMLElement} */
function choiceOf(stage, field, at, k) {
  const label = element("label", "", "", "control choice");
  const select = element("select", "", `stage-${field.name}`);
  for (const name of field.options ?? [])
    select.append(new Option(stage.words[`value_${name}`] ?? name, name));
  select.onchange = () => setField(stage, at, k, select.value, true);
  label.append(element("span", fieldWord(stage, field.name)), select);
  stage.state.list.inputs.push((steps) => {
    if (select.value !== steps[at].values[k]) select.value = steps[at].values[k];
  });
  return label;
}

/** @type {(stage: Stage, name: string) => string} */
const fieldWord = ({ words }, name) => words[`field_${name}`] ?? name;
