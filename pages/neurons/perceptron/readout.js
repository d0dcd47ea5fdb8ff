// The numbers to type into: weights and bias, from which the rule begins anew, and every point.
import { brief, fill } from "../../ui/stage/draw.js";
import { element, heading, note } from "../../ui/stage/parts.js";
import { numberField, showNumber, written } from "./numbers.js";
import { changed, readPoints, writePoints } from "./points.js";

/** @import { Stage } from "./view.js" */

const MOST = 9999; // of a weight
const NAMES = ["w₁", "w₂", "b"];
const CSS = `
  .extra { display: flex; flex-wrap: wrap; gap: 6px 16px; align-items: center; }
  .extra .player button { flex: none; padding: 3px 14px; }
  .point-tools { display: flex; flex-wrap: wrap; gap: 6px; font-size: 12px; }
  .point-tools button { padding: 4px 8px; }
  .point-tools button:disabled { opacity: 0.45; cursor: default; }
  @media (min-width: 761px) { .stage.wide .controls { flex: 1 1 100%; } }
  .typed { display: flex; flex-wrap: wrap; gap: 4px 12px; margin: 2px 0 8px; }
  .typed label { display: flex; gap: 6px; align-items: center; }
  .typed input { width: 74px; text-align: right; padding: 2px 6px; font-size: 13px; }
  .point-table { max-height: 230px; overflow: auto; }
  .point-table input { width: 58px; text-align: right; padding: 1px 4px; font-size: 12px; }
  .point-table button { padding: 0 8px; font-weight: 700; }
  .point-table tr.lit td:first-child { color: var(--st-primary-color); font-weight: 700; }`;

/** @param {Stage} stage */
export function buildReadout(stage) {
  const made = {
    weights: element("section"),
    points: element("section"),
    inputs: /** @type {HTMLInputElement[]} */ ([]),
    lang: "",
    count: 0,
  };
  const style = document.createElement("style");
  style.textContent = CSS;
  stage.extra.append(style); // not with the first answer: the controls would jump
  stage.readout.setAttribute("aria-live", "off"); // it changes with every step
  stage.state.readout = made;
}

/** @type {(stage: Stage, reply: any, row: number) => void} */
export function tell(stage, reply, row) {
  const made = stage.state.readout;
  const count = reply.targets.data.length;
  if (made.lang !== stage.data.lang || made.count !== count || !made.weights.isConnected) {
    Object.assign(made, { lang: stage.data.lang, count });
    build(stage, count);
  }
  made.inputs.forEach((input, i) => {
    showNumber(stage, input, reply.weights.data[3 * row + i]);
  });
  made.title.textContent = fill(stage.words.weights_after, { step: row });
  for (let i = 0; i < count; i++) showRow(stage, reply, row, i);
}

/** @type {(stage: Stage, count: number) => void} */
function build(stage, count) {
  const made = stage.state.readout;
  const { words } = stage;
  made.title = heading("");
  made.inputs = NAMES.map((name, i) =>
    numberField(stage, {
      label: name,
      testid: `stage-begin-${i}`,
      limit: MOST,
      change: (value) => begin(stage, i, value),
    }),
  );
  const line = element("div", "", "", "typed");
  made.inputs.forEach((input, i) => {
    const label = element("label", NAMES[i]);
    label.append(input);
    line.append(label);
  });
  made.weights.replaceChildren(made.title, line, note(words.begin_note), note(words.keys));
  made.rows = Array.from({ length: count }, (_, i) => pointRow(stage, i));
  const table = element("table");
  const heads = ["", "x₁", "x₂", words.class, "z", "ƒ(z)", ""];
  table
    .createTHead()
    .insertRow()
    .append(...heads.map((text) => element("th", text)));
  table.createTBody().append(...made.rows.map(({ row }) => row));
  const box = element("div", "", "points", "point-table");
  box.append(table);
  made.points.replaceChildren(heading(words.points), box);
  const columns = element("div", "", "", "columns");
  columns.append(made.weights, made.points);
  stage.readout.replaceChildren(columns);
}

// From the weights on screen, one of them typed anew.
/** @type {(stage: Stage, at: number, value: number) => void} */
function begin(stage, at, value) {
  const { reply, values } = stage;
  const row = Math.min(values.step, reply.about.steps);
  const numbers = Array.from(reply.weights.data.subarray(3 * row, 3 * row + 3), Number);
  numbers[at] = value;
  stage.set({ begin: numbers.map((each) => written(each)).join(","), step: 0, chosen: "" });
}

/** @type {(stage: Stage, index: number) => any} */
function pointRow(stage, index) {
  const { words } = stage;
  const row = document.createElement("tr");
  const change = (part) => {
    const points = changed(readPoints(stage.values.points), index, part);
    stage.set({ points: writePoints(points) });
  };
  const inputs = ["x", "y"].map((axis, k) =>
    numberField(stage, {
      label: fill(words.input_of, { input: `x${"₁₂"[k]}`, point: index }),
      testid: `stage-point-${index}-${axis}`,
      limit: 2,
      change: (value) => change({ [axis]: value }),
    }),
  );
  const turn = document.createElement("button");
  turn.type = "button";
  turn.dataset.testid = `stage-class-${index}`;
  turn.onclick = () => change({ plus: !readPoints(stage.values.points)[index].plus });
  const [sum, output, verdict] = ["sum", "output", "verdict"].map((name) =>
    element("td", "", `point-${index}-${name}`, name === "verdict" ? "" : "number"),
  );
  const name = element("td", String(index));
  const cells = [...inputs, turn].map((input) => {
    const cell = document.createElement("td");
    cell.append(input);
    return cell;
  });
  row.append(name, ...cells, sum, output, verdict);
  return { row, inputs, turn, sum, output, verdict };
}

/** @type {(stage: Stage, reply: any, row: number, i: number) => void} */
function showRow(stage, reply, row, i) {
  const { words } = stage;
  const count = reply.targets.data.length;
  const parts = stage.state.readout.rows[i];
  const plus = reply.targets.data[i] > 0;
  const sum = reply.sums.data[row * count + i];
  parts.inputs.forEach((input, k) => {
    showNumber(stage, input, reply.points.data[2 * i + k]);
  });
  parts.turn.textContent = plus ? "+" : "−";
  parts.turn.setAttribute("aria-label", fill(words.turn_point, { point: i }));
  parts.sum.textContent = brief(sum);
  parts.output.textContent = brief(reply.outputs.data[row * count + i]);
  parts.verdict.textContent = (plus ? sum > 0 : sum < 0) ? "✓" : "✗";
  parts.row.classList.toggle("lit", String(i) === stage.values.chosen);
}
