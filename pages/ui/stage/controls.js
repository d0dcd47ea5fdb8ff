// The controls of a stage: sliders, choices and switches, built from what the page declares.
// Moving one asks the engine at once; letting it go commits the value to the page.

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

// Rows of one group go into a fold; whether it is open outlives a rebuild.
function foldGroups(stage, rows) {
  const folds = new Map();
  stage.openFolds ??= new Set();
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

function row(stage, control, input, extra = []) {
  const label = document.createElement("label");
  label.className = `control ${control.kind}`;
  const name = document.createElement("span");
  name.textContent = control.label;
  input.dataset.testid = `stage-${control.name}`;
  if (control.help) label.title = control.help;
  label.append(name, ...extra, input);
  stage.inputs[control.name] = { input, control, label };
  return label;
}

function sliderRow(stage, control) {
  const input = document.createElement("input");
  const [min, max] = [control.low, control.high].map((value) => position(control, value));
  Object.assign(input, { type: "range", min, max, step: control.log ? "any" : control.step });
  if (control.log) Object.assign(input.dataset, { scale: "log", step: control.step });
  const shown = document.createElement("output");
  const made = row(stage, control, input, [shown]);
  stage.inputs[control.name].shown = shown;
  input.oninput = () => stage.set({ [control.name]: sliderValue(control, input) }, false);
  input.onchange = () => stage.set({ [control.name]: sliderValue(control, input) }, true);
  return made;
}

// Where a value stands on its slider, and back: a log slider moves in doublings.
const position = (control, value) => (control.log ? Math.log2(value) : value);

function sliderValue(control, input) {
  const at = Number(input.value);
  return control.log ? Number(snap(2 ** at, control.step).toFixed(6)) : at;
}

const snap = (value, step) => Math.round(value / step) * step;

function choiceRow(stage, control) {
  const select = document.createElement("select");
  for (const { value, label, group } of control.options) {
    const option = new Option(label, value);
    groupOf(select, group).append(option);
  }
  select.onchange = () => stage.set({ [control.name]: select.value });
  return row(stage, control, select);
}

function groupOf(select, title) {
  if (!title) return select;
  const found = [...select.querySelectorAll("optgroup")].find((group) => group.label === title);
  if (found) return found;
  const made = document.createElement("optgroup");
  made.label = title;
  select.append(made);
  return made;
}

function toggleRow(stage, control) {
  const input = document.createElement("input");
  input.type = "checkbox";
  input.onchange = () => stage.set({ [control.name]: input.checked });
  return row(stage, control, input);
}

// Put stage.values on the screen.
export function showValues(stage) {
  for (const [name, { input, control, shown }] of Object.entries(stage.inputs)) {
    const value = stage.values[name];
    if (control.kind === "toggle") input.checked = Boolean(value);
    else if (control.kind === "choice") input.value = value;
    else if (sliderValue(control, input) !== value) input.value = position(control, value);
    if (shown) shown.textContent = sliderText(stage, control, value);
  }
}

function sliderText(stage, control, value) {
  const own = stage.view?.texts?.[control.name];
  if (own) return own(value, stage);
  const named = control.names?.[value];
  if (named) return named;
  const digits = (String(control.step).split(".")[1] ?? "").length;
  return `${Number(value).toFixed(digits)}${control.unit ? ` ${control.unit}` : ""}`;
}

// The engine says which values are legal with the others held: the rest cannot be reached.
// limits = { size: { low, high } | { options: [...] } | { disabled: true } }
export function readLimits(stage, limits) {
  for (const [name, limit] of Object.entries(limits ?? {})) {
    const entry = stage.inputs[name];
    if (!entry) continue;
    const { input, control, label } = entry;
    if (control.kind === "slider") {
      input.min = position(control, limit.low ?? control.low);
      input.max = position(control, limit.high ?? control.high);
      if (limit.step) input.step = limit.step; // in steps from low: every second size, say
      input.disabled = limit.disabled ?? Number(input.min) >= Number(input.max);
    } else if (control.kind === "choice" && limit.options) {
      for (const option of input.querySelectorAll("option")) {
        option.disabled = !limit.options.includes(option.value);
      }
    } else {
      input.disabled = Boolean(limit.disabled);
    }
    label.classList.toggle("off", input.disabled);
  }
  showValues(stage);
}
