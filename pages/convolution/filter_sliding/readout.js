// Beside the picture: the shape arithmetic, what the layer costs, and the kernel to type into.
import { optionLabel } from "../../ui/stage/controls.js";
import { brief, fill, minus } from "../../ui/stage/draw.js";

/** @import { Stage } from "./view.js" */

const LARGEST_WEIGHT = 100;
const LARGEST_BIAS = 255;

/** @param {Stage} stage */
export function buildReadout(stage, view) {
  const style = document.createElement("style");
  style.textContent = `
    .stage .controls { row-gap: 4px; }
    .stage .side { gap: 10px; }
    .readout .formula { font-size: 13px; }
    .readout .general { font-size: 12px; line-height: 1.35; }
    .readout .costs { margin-bottom: 10px; }
    .readout .costs td { padding: 1px 4px 1px 0; white-space: nowrap; }
    .weights { display: grid; gap: 2px; margin: 4px 0; }
    .weights input[type="text"] { width: 100%; min-width: 0; padding: 2px 1px; text-align: center;
      font-size: 12px; }
    .weights input[type="text"].wrong { border-color: var(--st-red-color, var(--st-primary-color)); }
    .biasline { display: grid; grid-template-columns: auto 64px; gap: 8px; align-items: center;
      font-size: 13px; justify-content: start; }
    .biasline input[type="text"] { width: 64px; padding: 2px 4px; text-align: right; font-size: 12px; }`;
  const parts = { formula: make("div"), costs: make("table", "costs"), editor: make("div") };
  stage.readout.setAttribute("aria-live", "off"); // it changes with every step of the walk
  stage.readout.append(style, parts.formula, parts.costs, parts.editor);
  view.parts = parts;
}

/** @param {Stage} stage */
export function showReadout(stage, view) {
  showFormula(stage, view);
  showCosts(stage, view);
  showEditor(stage, view);
}

/** @param {Stage} stage */
function showFormula(stage, { parts, reply, filter }) {
  const { cost, dims, transposed, pads } = reply.about;
  const lines = [make("h4", "", stage.words.output_size)];
  const even = pads[2] === pads[3] ? "formula" : "formula_uneven";
  const general = transposed ? "formula_transposed" : even;
  lines.push(make("p", "muted general", stage.words[general]));
  const same = dims === 1 || cost.height === cost.width;
  if (!same) lines.push(make("p", "formula", cost.height));
  lines.push(make("p", "formula", cost.width));
  const remarks = transposed ? [] : [stage.words.floor];
  if (cost.left_over_px) remarks.push(fill(stage.words.left_over, { count: cost.left_over_px }));
  const { signed, low, high } = reply.about.scales[filter];
  if (!signed) {
    remarks.push(fill(stage.words.one_sided, { low: brief(low), high: brief(high) }));
  }
  lines.push(...remarks.map((remark) => make("p", "muted general", remark)));
  lines.forEach((line) => {
    line.style.margin = "0 0 4px";
  });
  parts.formula.replaceChildren(...lines);
  parts.formula.style.marginBottom = "10px";
}

/** @param {Stage} stage */
function showCosts(stage, { parts, reply }) {
  const { cost } = reply.about;
  const words = stage.words;
  const number = new Intl.NumberFormat(stage.data.lang);
  const short = new Intl.NumberFormat(stage.data.lang, {
    notation: "compact",
    maximumSignificantDigits: 3,
  });
  const shape = ([channels, rows, columns]) => `${rows} × ${columns} × ${channels}`;
  const field = cost.receptive_field_px;
  const rows = [
    [words.input, shape(cost.input_shape)],
    [words.output, shape(cost.output_shape)],
    [
      words.parameters,
      `${number.format(cost.weights)} + ${cost.biases} = ${number.format(cost.parameters)}`,
    ],
    [words.multiply_adds, number.format(cost.multiply_adds)],
    [words.memory, `${bytes(cost.input_bytes)} → ${bytes(cost.output_bytes)}`],
    [words.receptive_field, reply.about.dims === 1 ? `${field} px` : `${field} × ${field} px`],
    [
      words.dense,
      fill(words.dense_times, {
        count: short.format(cost.dense_parameters),
        times: short.format(cost.dense_times),
      }),
    ],
  ];
  parts.costs.replaceChildren(
    ...rows.map(([name, value]) => {
      const row = make("tr");
      const cell = make("td", "number", value);
      row.append(make("td", "muted", name), cell);
      return row;
    }),
  );
}

const bytes = (count) => (count < 1024 ? `${count} B` : `${brief(count / 1024)} KiB`);

// The kernel of the chosen filter; only the first filter of the layer can be typed into.
/** @param {Stage} stage */
function showEditor(stage, view) {
  const { parts, reply } = view;
  const [filters, channels, rows, columns] = reply.kernel.shape;
  const key = [filters, channels, rows, columns, view.filter, view.channel, stage.data.lang].join();
  if (view.editorKey !== key) {
    view.editorKey = key;
    buildEditor(stage, view, rows, columns);
  }
  parts.title.textContent = editorTitle(stage, view);
  const inputs = parts.weights.querySelectorAll("input");
  const first = (view.filter * channels + view.channel) * rows * columns;
  const { activeElement } = /** @type {Document | ShadowRoot} */ (stage.root.getRootNode());
  inputs.forEach((input, i) => {
    if (activeElement === input) return;
    input.value = short(reply.kernel.data[first + i], columns > 5 ? 2 : 3);
    input.classList.remove("wrong");
  });
  if (activeElement !== parts.bias) {
    parts.bias.value = short(reply.bias.data[view.filter], 3);
  }
}

/** @param {Stage} stage */
function buildEditor(stage, view, rows, columns) {
  const { parts } = view;
  parts.title = make("h4");
  parts.weights = make("div", "weights");
  parts.weights.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 42px))`;
  for (let i = 0; i < rows * columns; i++) {
    const place = { row: Math.floor(i / columns) + 1, column: (i % columns) + 1 };
    const input = numberInput(fill(stage.words.weight_at, place), view.filter > 0);
    input.dataset.testid = `stage-weight-${place.row - 1}-${place.column - 1}`;
    input.onchange = () => typeWeight(stage, view, input, i);
    input.onfocus = () => view.light("weight", place.row - 1, place.column - 1);
    input.onblur = () => view.unlight();
    parts.weights.append(input);
  }
  const line = make("label", "biasline");
  parts.bias = numberInput(stage.words.bias, view.filter > 0);
  parts.bias.dataset.testid = "stage-bias";
  parts.bias.onchange = () => typeBias(stage, parts.bias);
  line.append(make("span", "muted", stage.words.bias), parts.bias);
  const nodes = [parts.title, parts.weights, line];
  if (view.filter > 0) nodes.push(make("p", "muted", stage.words.only_first));
  parts.editor.replaceChildren(...nodes);
}

function numberInput(label, readOnly) {
  const input = document.createElement("input");
  Object.assign(input, { type: "text", inputMode: "decimal", readOnly, title: label });
  input.setAttribute("aria-label", label);
  input.onkeydown = (event) => {
    if (event.key === "Enter") input.blur();
  };
  return input;
}

/** @param {Stage} stage */
function editorTitle(stage, view) {
  const name = filterName(stage, view.reply.about.filters[view.filter]);
  const [, channels] = view.reply.kernel.shape;
  const where = channels > 1 ? ` · ${stage.words[`channel_${view.channel}`]}` : "";
  return `${stage.words.kernels}: ${name}${where}`;
}

// The label of a preset, as the choice of presets has it.
/** @param {Stage} stage */
export function filterName(stage, name) {
  if (name === "own") return stage.words.own;
  return optionLabel(stage, "preset", name);
}

/** @param {Stage} stage */
function typeWeight(stage, view, input, at) {
  const value = read(input, LARGEST_WEIGHT);
  if (value === null) return;
  const { kernel } = view.reply;
  const [, channels, rows, columns] = kernel.shape;
  const size = rows * columns;
  const weights = Array.from(kernel.data.subarray(0, channels * size), rounded);
  weights[(channels > 1 ? view.channel : 0) * size + at] = rounded(value);
  stage.set({ weights: weights.join(",") }, true);
}

/** @param {Stage} stage */
function typeBias(stage, input) {
  const value = read(input, LARGEST_BIAS);
  if (value !== null) stage.set({ bias: rounded(value) }, true);
}

// The number typed, held within ± limit; null (and marked) where it is none.
function read(input, limit) {
  const value = Number(input.value.trim().replace("−", "-").replace(",", "."));
  const usable = input.value.trim() !== "" && Number.isFinite(value);
  input.classList.toggle("wrong", !usable);
  return usable ? Math.min(limit, Math.max(-limit, value)) : null;
}

// What is shown of a weight: as many significant digits as the field has room for.
const short = (value, digits) => minus(rounded(Number(value.toPrecision(digits))));

// Six decimals at most, never in powers of ten: what the link and the API accept.
function rounded(value) {
  return value
    .toFixed(6)
    .replace(/\.?0+$/, "")
    .replace(/^-0$/, "0");
}

function make(tag, name = "", text = "") {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
}
