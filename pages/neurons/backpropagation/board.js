// The net as cards: every number of the example that is shown, each weight a field to type into,
// each name a button that asks how much this number moves the loss.
import { brief } from "../../ui/stage/draw.js";
import { button, element } from "../../ui/stage/parts.js";
import { buildCurve, showCurve } from "./curve.js";
import { hiddenNames, typed, withExample, withWeight } from "./numbers.js";

/** @import { Stage } from "./view.js" */

const STYLE = `
  .board { position: relative; z-index: 1; display: grid; align-items: center;
    grid-template-columns: 104px minmax(0, 1fr) minmax(0, 1fr) 150px; gap: 8px 34px; }
  .frame > canvas { position: absolute; inset: 0 0 auto; pointer-events: none; }
  .column { display: flex; flex-direction: column; gap: 8px; min-width: 0; }
  .neuron { border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
    background: var(--st-background-color); padding: 4px 6px 5px; font-size: 12px; min-width: 0; }
  .neuron .rows { display: grid; align-items: center; gap: 1px 5px;
    grid-template-columns: auto minmax(40px, 62px) minmax(0, 1fr) minmax(46px, auto); }
  .board.column .neuron { min-width: 0; }
  .neuron :is(output, .op) { font-variant-numeric: tabular-nums; white-space: nowrap; }
  .neuron .label { padding-left: 4px; font-family: var(--st-code-font); font-size: 11px; }
  .neuron .op { opacity: 0.75; overflow: hidden; text-overflow: ellipsis; }
  .neuron .back { color: var(--back); text-align: right; }
  .neuron .wide { grid-column: 2 / 4; }
  .neuron input[type="text"] { width: 100%; min-width: 0; padding: 0 3px; font-size: 12px;
    text-align: right; }
  .neuron input.wrong { border-color: var(--st-red-color, var(--st-primary-color)); }
  .neuron button.name { padding: 0 3px; font-size: 11px; font-family: var(--st-code-font);
    border-color: transparent; text-align: left; white-space: nowrap; }
  .neuron button.name[aria-pressed="true"] { border-color: var(--st-primary-color); }
  .neuron .now { outline: 2px solid var(--st-primary-color); border-radius: 3px; }
  .neuron .curve { grid-column: 1 / -1; display: flex; gap: 8px; align-items: center; }
  .neuron svg { display: block; width: 76px; height: 34px; flex: none; }
  .neuron.lit { border-color: var(--st-primary-color); }
  @media (max-width: 760px) { .stage .frame { order: 0; }
    .board { grid-template-columns: minmax(0, 1fr); } }`;

/** @param {Stage} stage */
export function buildBoard(stage) {
  const style = document.createElement("style");
  style.textContent = STYLE;
  const board = element("div", "", "board", "board");
  stage.canvas.before(style, board);
  stage.state.board = { root: board, key: "", cells: new Map(), cards: new Map() };
}

/**
 * The cards with the numbers of this answer.
 * @param {Stage} stage
 */
export function showBoard(stage, reply, values, shown) {
  const { board } = stage.state;
  const key = [values.inputs, values.hidden, values.outputs, values.loss, stage.data.lang].join();
  if (board.key !== key) {
    board.key = key;
    rebuild(stage, values);
  }
  board.root.style.setProperty("--back", stage.theme.lines[1]);
  const missing = hiddenNames(reply.about.steps, shown);
  const now = new Set((reply.about.steps[shown - 1]?.lines ?? []).map(({ name }) => name));
  const walking = values.step !== "";
  for (const [name, cells] of board.cells) {
    for (const cell of cells) {
      cell.textContent = missing.has(name) ? "·" : textOf(reply.about.values, name, cell, missing);
      cell.classList.toggle("now", walking && now.has(name));
    }
  }
  showFields(stage, reply, values);
  for (const pressed of board.root.querySelectorAll("button.name")) {
    const isSource = pressed.dataset.name === values.source;
    pressed.setAttribute("aria-pressed", String(isSource));
  }
  for (const [name, card] of board.cards) {
    card.root.classList.toggle("lit", onPaths(reply, name));
    if (card.curve) showCurve(stage, card.curve, reply, missing.has(`h[${card.at}]`), card.at);
  }
}

// Whether a path that carries the influence runs through this neuron.
const onPaths = ({ about }, name) =>
  about.influence.paths.some(({ edges }) => edges.some(({ to }) => to === name));

function textOf(values, name, cell, missing) {
  const { product } = cell.dataset;
  if (!product) return `${cell.dataset.before ?? ""}${brief(values[name])}`;
  if (missing.has(product)) return "·";
  return `· ${brief(values[product])} = ${brief(values[name])}`;
}

/** @param {Stage} stage */
function showFields(stage, { about, parameters }, values) {
  const root = /** @type {Document | ShadowRoot} */ (stage.root.getRootNode());
  const example = Number(values.example);
  for (const field of stage.state.board.root.querySelectorAll("input")) {
    if (field === root.activeElement) continue;
    const name = field.dataset.name ?? "";
    const at = about.names.indexOf(name);
    const value = at >= 0 ? parameters.data[at] : exampleValue(about, name, example);
    field.value = short(value);
    field.classList.remove("wrong");
  }
}

const exampleValue = (about, name, example) =>
  (name[0] === "x" ? about.inputs : about.targets)[example][Number(name[2])];

const short = (value) => String(Number(value.toPrecision(5))).replace("-", "−");

/** @param {Stage} stage */
function rebuild(stage, values) {
  const { board } = stage.state;
  board.cells.clear();
  board.cards.clear();
  const { inputs, hidden, outputs } = values;
  const count = (n, make) => Array.from({ length: n }, (_, i) => make(i));
  const columns = [
    [inputCard(stage, inputs)],
    count(hidden, (j) => neuronCard(stage, { layer: 1, at: j, ends: inputs })),
    count(outputs, (k) => neuronCard(stage, { layer: 2, at: k, ends: hidden })),
    [lossCard(stage, outputs)],
  ];
  board.root.replaceChildren(
    ...columns.map((cards) => {
      const column = element("div", "", "", "column");
      column.append(...cards);
      return column;
    }),
  );
}

/** @param {Stage} stage */
function card(stage, name, title) {
  const root = element("section", "", "", "neuron");
  root.setAttribute("aria-label", title);
  const rows = element("div", "", "", "rows");
  root.append(rows);
  stage.state.board.cards.set(name, { root, rows });
  return { root, rows };
}

/** @param {Stage} stage */
function inputCard(stage, count) {
  const { root, rows } = card(stage, "x", stage.words.inputs);
  for (let i = 0; i < count; i++) {
    rows.append(nameButton(stage, `x[${i}]`), field(stage, `x[${i}]`));
    rows.append(output(stage, `∂L/∂x[${i}]`, "back wide"), element("span"));
  }
  return root;
}

/** @param {Stage} stage */
function neuronCard(stage, { layer, at, ends }) {
  const gives = layer === 1 ? "h" : "y";
  const from = layer === 1 ? "x" : "h";
  const own = `z${layer}[${at}]`;
  const { root, rows } = card(stage, own, `${gives}[${at}]`);
  for (let i = 0; i < ends; i++) {
    const name = `W${layer}[${at},${i}]`;
    rows.append(nameButton(stage, name), field(stage, name));
    rows.append(factor(stage, name, `${from}[${i}]`), output(stage, `∂L/∂${name}`, "back"));
  }
  const bias = `b${layer}[${at}]`;
  rows.append(nameButton(stage, bias), field(stage, bias), element("span"));
  rows.append(output(stage, `∂L/∂${bias}`, "back"));
  const z = layer === 2 ? nameButton(stage, own) : element("span", own, "", "label");
  rows.append(z, output(stage, own, "wide"), output(stage, `∂L/∂${own}`, "back"));
  const passed = `${gives}[${at}]`;
  const cross = layer === 2 && stage.values.loss === "cross_entropy";
  rows.append(cross ? element("span", passed, "", "label") : nameButton(stage, passed));
  rows.append(output(stage, passed, "wide"));
  rows.append(cross ? element("span") : output(stage, `∂L/∂${passed}`, "back"));
  if (layer === 1) {
    const curve = buildCurve();
    const told = output(stage, `f′[${at}]`, "op");
    told.dataset.before = "f′ = ";
    curve.root.append(told);
    rows.append(curve.root);
    Object.assign(stage.state.board.cards.get(own), { curve, at });
  }
  return root;
}

/** @param {Stage} stage */
function lossCard(stage, count) {
  const { root, rows } = card(stage, "L", stage.words.loss);
  for (let k = 0; k < count; k++) {
    const name = `t[${k}]`;
    rows.append(element("span", name, "", "label"), field(stage, name));
    rows.append(element("span"), element("span"));
    rows.append(element("span", `y[${k}]`, "", "label"), output(stage, `y[${k}]`, "wide"));
    rows.append(element("span"));
  }
  const loss = output(stage, "L", "wide");
  rows.append(element("strong", "L"), loss, element("span"));
  return root;
}

/** @param {Stage} stage */
function nameButton(stage, name) {
  const made = button(name, () => stage.set({ source: name }), `name-${name}`, "name");
  made.dataset.name = name;
  made.title = stage.words.ask_influence.replace("{name}", name);
  return made;
}

/** @param {Stage} stage */
function output(stage, name, className) {
  const made = element("output", "", `number-${name}`, className);
  made.title = name;
  remember(stage, name, made);
  return made;
}

// A number may stand in two places.
/** @param {Stage} stage */
function remember(stage, name, cell) {
  const { cells } = stage.state.board;
  cells.set(name, [...(cells.get(name) ?? []), cell]);
}

// "· 0.3": what a weight is multiplied by; it stands under a name of its own.
/** @param {Stage} stage */
function factor(stage, weight, of) {
  const made = element("span", "", "", "op");
  made.dataset.product = of;
  made.title = `${weight} · ${of}`;
  remember(stage, weight.replace("[", "·["), made);
  return made;
}

/** @param {Stage} stage */
function field(stage, name) {
  const input = element("input", "", `field-${name}`);
  Object.assign(input, { type: "text", inputMode: "decimal", autocomplete: "off" });
  input.dataset.name = name;
  input.setAttribute("aria-label", name);
  input.onkeydown = (event) => {
    if (event.key === "Enter") input.blur();
  };
  input.onchange = () => take(stage, input, name);
  return input;
}

/** @param {Stage} stage */
function take(stage, input, name) {
  const value = typed(input.value);
  input.classList.toggle("wrong", value === null);
  if (value === null) {
    stage.state.say(stage.words.no_number.replace("{text}", input.value.slice(0, 20)));
    return;
  }
  const { about, parameters } = stage.reply;
  const at = about.names.indexOf(name);
  if (at >= 0) {
    tryOut(stage, { weights: withWeight(parameters.data, at, value) });
    return;
  }
  const kind = /** @type {"x" | "t"} */ (name[0]);
  const change = { kind, at: Number(name[2]), value };
  tryOut(stage, {
    batch: withExample(about.inputs, about.targets, Number(stage.values.example), change),
  });
}

// What is typed goes into the link once the engine has taken it; what it refuses never does.
/** @param {Stage} stage */
function tryOut(stage, changes) {
  stage.state.tried = { changes, before: stage.reply };
  stage.set(changes, false);
}

/**
 * The answer to what was typed is there, or another one.
 * @param {Stage} stage
 */
export function commitTried(stage, values) {
  const { tried } = stage.state;
  if (!tried || stage.reply === tried.before) return;
  stage.state.tried = null;
  const taken = Object.entries(tried.changes).every(([name, value]) => values[name] === value);
  if (taken) stage.set({}, true);
}
