// The controls of a stage: sliders, choices and switches, built from what the page declares.
// Moving one asks the engine at once; letting it go commits the value to the page.

/**
 * @import { ChoiceControl, Control, Input, Limit, LiveStage, SliderControl, Stage, ToggleControl }
 *   from "./types.d.ts"
 */

/**
 * Build the controls anew from what the page declares.
 * @param {LiveStage} stage
 */
export function buildControls(stage) {
  stage.inputs = {};
  const rows = stage.data.controls.map((control) => {
    if (control.kind === "slider") return sliderRow(stage, control);
    if (control.kind === "choice") return choiceRow(stage, control);
    return toggleRow(stage, control);
  });
  stage.controls.replaceChildren(...foldGroups(stage, rows));
  showValues(stage);
}

/**
 * Rows of one group go into a fold; whether it is open outlives a rebuild.
 * @param {LiveStage} stage
 * @param {HTMLElement[]} rows
 * @returns {HTMLElement[]}
 */
function foldGroups(stage, rows) {
  const folds = new Map();
  rows.forEach((row, i) => {
    const { group } = stage.data.controls[i];
    if (!group) {
      folds.set(row, row);
      return;
    }
    if (!folds.has(group)) folds.set(group, foldOf(stage, group));
    folds.get(group).append(row);
  });
  return [...folds.values()];
}

/**
 * @param {LiveStage} stage
 * @param {string} group
 */
function foldOf(stage, group) {
  const fold = document.createElement("details");
  fold.className = "fold";
  fold.open = stage.openFolds.has(group);
  fold.ontoggle = () => stage.openFolds[fold.open ? "add" : "delete"](group);
  const title = document.createElement("summary");
  title.textContent = group;
  fold.append(title);
  return fold;
}

/**
 * @param {LiveStage} stage
 * @param {Control} control
 * @param {HTMLInputElement | HTMLSelectElement} input
 * @param {HTMLOutputElement} [shown]
 */
function row(stage, control, input, shown) {
  const label = document.createElement("label");
  label.className = `control ${control.kind}`;
  const name = document.createElement("span");
  name.textContent = control.label;
  input.dataset.testid = `stage-${control.name}`;
  if (control.help) label.title = control.help;
  label.append(name, ...(shown ? [shown] : []), input);
  stage.inputs[control.name] = /** @type {Input} */ ({
    kind: control.kind,
    input,
    control,
    label,
    shown,
  });
  return label;
}

/**
 * @param {LiveStage} stage
 * @param {SliderControl} control
 */
function sliderRow(stage, control) {
  const input = document.createElement("input");
  const [min, max] = [control.low, control.high].map((value) => position(control, value));
  Object.assign(input, { type: "range", min, max, step: control.log ? "any" : control.step });
  if (control.log) Object.assign(input.dataset, { scale: "log", step: control.step });
  const shown = document.createElement("output");
  const made = row(stage, control, input, shown);
  input.oninput = () => stage.set({ [control.name]: sliderValue(control, input) }, false);
  input.onchange = () => stage.set({ [control.name]: sliderValue(control, input) }, true);
  return made;
}

// Where a value stands on its slider, and back: a log slider moves in doublings.
/** @type {(control: SliderControl, value: number) => number} */
const position = (control, value) => (control.log ? Math.log2(value) : value);

/** @type {(control: SliderControl, input: HTMLInputElement) => number} */
function sliderValue(control, input) {
  const at = Number(input.value);
  return control.log ? Number(snap(2 ** at, control.step).toFixed(6)) : at;
}

/** @type {(value: number, step: number) => number} */
const snap = (value, step) => Math.round(value / step) * step;

/**
 * @param {LiveStage} stage
 * @param {ChoiceControl} control
 */
function choiceRow(stage, control) {
  const select = document.createElement("select");
  for (const { value, label, group } of control.options) {
    const option = new Option(label, value);
    groupOf(select, group).append(option);
  }
  select.onchange = () => stage.set({ [control.name]: select.value });
  return row(stage, control, select);
}

/**
 * @param {HTMLSelectElement} select
 * @param {string | null | undefined} title
 */
function groupOf(select, title) {
  if (!title) return select;
  const found = [...select.querySelectorAll("optgroup")].find((group) => group.label === title);
  if (found) return found;
  const made = document.createElement("optgroup");
  made.label = title;
  select.append(made);
  return made;
}

/**
 * @param {LiveStage} stage
 * @param {ToggleControl} control
 */
function toggleRow(stage, control) {
  const input = document.createElement("input");
  input.type = "checkbox";
  input.onchange = () => stage.set({ [control.name]: input.checked });
  return row(stage, control, input);
}

/**
 * What one of a choice's options is called on the page; its value where there is none such.
 * @param {Stage} stage
 * @param {string} name of the control
 * @param {string} value
 * @returns {string}
 */
export function optionLabel(stage, name, value) {
  const control = stage.data.controls.find((each) => each.name === name);
  const options = control?.kind === "choice" ? control.options : [];
  return options.find((option) => option.value === value)?.label ?? value;
}

/**
 * Put stage.values on the screen.
 * @param {Stage} stage
 */
export function showValues(stage) {
  for (const [name, entry] of Object.entries(stage.inputs)) {
    showValue(stage, entry, stage.values[name]);
  }
}

/** @type {(stage: Stage, entry: Input, value: any) => void} */
function showValue(stage, entry, value) {
  if (entry.kind === "toggle") entry.input.checked = Boolean(value);
  else if (entry.kind === "choice") entry.input.value = value;
  else {
    const { input, control, shown, instead } = entry;
    const at = instead?.at ?? value;
    if (sliderValue(control, input) !== at) input.value = String(position(control, at));
    if (shown) shown.textContent = instead?.text ?? sliderText(stage, control, value);
  }
}

/** @type {(stage: Stage, control: SliderControl, value: any) => string} */
function sliderText(stage, control, value) {
  const own = stage.view?.texts?.[control.name];
  if (own) return own(value, stage);
  const named = control.names?.[value];
  if (named) return named;
  const digits = (String(control.step).split(".")[1] ?? "").length;
  return `${Number(value).toFixed(digits)}${control.unit ? ` ${control.unit}` : ""}`;
}

/**
 * The engine says which values are legal with the others held: the rest cannot be reached.
 * @param {Stage} stage
 * @param {Record<string, Limit> | null | undefined} limits
 */
export function readLimits(stage, limits) {
  for (const [name, limit] of Object.entries(limits ?? {})) {
    const entry = stage.inputs[name];
    if (!entry) continue;
    const { input, label } = entry;
    if (entry.kind === "slider") limitSlider(entry, limit);
    else if (entry.kind === "choice" && limit.options) {
      for (const option of entry.input.querySelectorAll("option")) {
        option.disabled = !limit.options.includes(option.value);
      }
    } else input.disabled = Boolean(limit.disabled);
    label.classList.toggle("off", input.disabled);
  }
  showValues(stage);
}

/** @type {(entry: Extract<Input, { kind: "slider" }>, limit: Limit) => void} */
function limitSlider(entry, limit) {
  const { input, control } = entry;
  entry.instead = limit.shown;
  const [least, most] = [limit.low ?? control.low, limit.high ?? control.high];
  input.min = String(position(control, least));
  input.max = String(position(control, most));
  if (limit.step) input.step = String(limit.step); // in steps from low: every second size, say
  input.disabled = limit.disabled ?? Number(input.min) >= Number(input.max);
}
