// All numbers of the net, to read and to type into; what it has come to; which two units are drawn.
import { brief, fill } from "../../ui/stage/draw.js";
import { element, heading, named, note, paragraph, table } from "../../ui/stage/parts.js";
import { pairOf } from "./hidden_space.js";
import { numberField, showNumber, written } from "./numbers.js";

/** @import { Stage } from "./hidden.js" */

const MOST = 9999;
const CSS = `
  .net-numbers input { width: 66px; text-align: right; padding: 1px 4px; font-size: 12px; }
  .pairs { display: flex; gap: 6px; align-items: center; font-size: 12px; }`;

/** @param {Stage} stage */
export function buildNumbers(stage) {
  stage.state.readout = { key: "", facts: element("section"), numbers: element("section") };
  stage.readout.setAttribute("aria-live", "off");
  const row = element("div", "", "", "pairs");
  stage.state.pair = { row, lists: [0, 1].map(() => document.createElement("select")) };
  stage.state.pair.lists.forEach((list, k) => {
    list.dataset.testid = `stage-pair-${k}`;
    list.onchange = () => {
      const pair = pairOf(stage.values.pair, stage.reply.seen.shape[1]);
      pair[k] = Number(list.value);
      stage.set({ pair: pair.join(",") });
    };
  });
  stage.extra.append(row);
}

/** @type {(stage: Stage, reply: any, values: any) => void} */
export function tell(stage, reply, values) {
  const made = stage.state.readout;
  const units = reply.seen.shape[1];
  const key = `${units} ${stage.data.lang}`;
  if (made.key !== key || !made.numbers.isConnected) {
    made.key = key;
    build(stage, units);
  }
  made.fields.forEach((field, i) => {
    showNumber(stage, field, reply.numbers.data[i]);
  });
  showFacts(stage, reply, values);
  showPairs(stage, units, values.pair);
}

/** @type {(stage: Stage, units: number) => void} */
function build(stage, units) {
  const made = stage.state.readout;
  const { words } = stage;
  const names = ["w₁", "w₂", "b", "v"];
  const field = (label, at) =>
    numberField(stage, {
      label,
      testid: `stage-number-${at}`,
      limit: MOST,
      change: (value) => retype(stage, at, value),
    });
  const grid = element("table", "", "net-numbers", "net-numbers");
  grid
    .createTHead()
    .insertRow()
    .append(element("th"), ...names.map((name) => element("th", name)));
  const body = grid.createTBody();
  made.fields = [];
  for (let unit = 0; unit < units; unit++) {
    const row = body.insertRow();
    row.append(element("td", fill(words.unit_row, { unit: unit + 1 })));
    names.forEach((name, k) => {
      const made_field = field(`${fill(words.unit_row, { unit: unit + 1 })} ${name}`, 4 * unit + k);
      made.fields.push(made_field);
      row.insertCell().append(made_field);
    });
  }
  const last = body.insertRow();
  last.append(element("td", words.output_bias), element("td"), element("td"), element("td"));
  const bias = field(words.output_bias, 4 * units);
  made.fields.push(bias);
  last.insertCell().append(bias);
  made.numbers.replaceChildren(heading(words.net_numbers), grid, note(words.net_note));
  const style = document.createElement("style");
  style.textContent = CSS;
  const columns = element("div", "", "", "columns");
  columns.append(made.facts, made.numbers);
  stage.readout.replaceChildren(style, columns);
}

// Training begins anew from the numbers on screen, one of them typed.
/** @type {(stage: Stage, at: number, value: number) => void} */
function retype(stage, at, value) {
  const numbers = Array.from(stage.reply.numbers.data, Number);
  numbers[at] = value;
  const held = numbers.map((each) => Math.min(Math.max(each, -MOST), MOST));
  stage.set({ numbers: held.map((each) => written(each, 4)).join(","), moment: 0 });
}

/** @type {(stage: Stage, reply: any, values: any) => void} */
function showFacts(stage, { about, losses, targets }, values) {
  const { words } = stage;
  const points = targets.data.length;
  const rows = [
    ["updates", about.done],
    ["loss", brief(losses.data[about.done])],
    ["right", `${about.right} / ${points}`],
  ];
  const all = about.right === points;
  const key = all ? "hidden_all" : values.activation === "threshold" ? "hidden_flat" : "hidden_not";
  const said = fill(words[key], {
    units: values.units,
    done: about.done,
    wrong: points - about.right,
  });
  const parts = [
    heading(words.hidden_now),
    table(named(words, rows)),
    paragraph(said, "hidden-said"),
  ];
  if (about.stopped) parts.push(note(words.hidden_stopped));
  stage.state.readout.facts.replaceChildren(...parts, note(words.hidden_look));
}

// Which units span the space: only where there are more than two is there a choice.
/** @type {(stage: Stage, units: number, text: string) => void} */
function showPairs(stage, units, text) {
  const { row, lists } = stage.state.pair;
  row.hidden = units < 3;
  row.style.display = units < 3 ? "none" : "";
  if (units < 3) return;
  const pair = pairOf(text, units);
  lists.forEach((list, k) => {
    const options = Array.from({ length: units }, (_, i) => new Option(`h${i + 1}`, String(i)));
    if (list.options.length !== units) list.replaceChildren(...options);
    list.value = String(pair[k]);
    list.setAttribute("aria-label", stage.words[k ? "pair_up" : "pair_across"]);
  });
  row.replaceChildren(stage.words.pair, ...lists);
}
