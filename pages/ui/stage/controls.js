// The controls of a stage: sliders, choices and switches, built from what the page declares.
// Moving one asks the engine at once; letting it go commits the value to the page.

export function buildControls(stage) {
  stage.inputs = {};
  const rows = stage.data.controls.map((control) => {
    if (control.kind === "slider") return sliderRow(stage, control);
    if (control.kind === "choice") return choiceRow(stage, control);
    return toggleRow(stage, control);
  });
  stage.controls.replaceChildren(...rows);
  showValues(stage);
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
  Object.assign(input, { type: "range", min: control.low, max: control.high, step: control.step });
  const shown = document.createElement("output");
  const made = row(stage, control, input, [shown]);
  stage.inputs[control.name].shown = shown;
  input.oninput = () => stage.set({ [control.name]: Number(input.value) }, false);
  input.onchange = () => stage.set({ [control.name]: Number(input.value) }, true);
  return made;
}

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
    else if (input.value !== String(value)) input.value = value;
    if (shown) shown.textContent = sliderText(control, value);
  }
}

function sliderText(control, value) {
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
      input.min = limit.low ?? control.low;
      input.max = limit.high ?? control.high;
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
