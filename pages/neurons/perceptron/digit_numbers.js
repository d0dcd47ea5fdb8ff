// The chosen pixel's ink and weight and the neuron's bias, to type into; the sum; how good all ten are.
import { brief, fill } from "../../ui/stage/draw.js";
import { element, heading, named, note, paragraph, table } from "../../ui/stage/parts.js";
import { INKS, placeOf, setInk, textOf, withTyped } from "./drawing.js";
import { numberField, showNumber, written } from "./numbers.js";

/** @import { Stage } from "./digit.js" */

const MOST = 9999;
const BIAS = 64;
const CSS = `
  .pixel-line { display: flex; flex-wrap: wrap; gap: 4px 12px; margin: 2px 0 8px; align-items: center; }
  .pixel-line label { display: flex; gap: 6px; align-items: center; }
  .pixel-line input { width: 74px; text-align: right; padding: 2px 6px; font-size: 13px; }`;

/** @param {Stage} stage */
export function buildPixel(stage) {
  stage.readout.setAttribute("aria-live", "off");
  stage.state.readout = { lang: "", pixel: element("section"), facts: element("section") };
}

/** @type {(stage: Stage, reply: any, values: any) => void} */
export function tell(stage, reply, values) {
  const made = stage.state.readout;
  if (made.lang !== stage.data.lang || !made.pixel.isConnected) {
    made.lang = stage.data.lang;
    build(stage);
  }
  const { row, column } = placeOf(values.pixel);
  const at = 8 * row + column;
  made.title.textContent = fill(stage.words.pixel_at, { row, column });
  showNumber(stage, made.ink, INKS * reply.drawing.data[at]);
  showNumber(stage, made.weight, reply.weights.data[at]);
  showNumber(stage, made.bias, reply.biases.data[Number(values.digit)]);
  const numbers = [reply.weights, reply.drawing, reply.products].map(({ data }) => brief(data[at]));
  made.product.textContent = `w · x = ${numbers[0]} · ${numbers[1]} = ${numbers[2]}`;
  showFacts(stage, reply, values);
}

/** @param {Stage} stage */
function build(stage) {
  const made = stage.state.readout;
  const { words } = stage;
  const retype = (place, value) =>
    stage.set({ typed: withTyped(stage.values.typed, place, written(value, 4)) });
  const here = () => placeOf(stage.values.pixel);
  /** @type {[string, string, number, (value: number) => void][]} */
  const parts = [
    ["ink", words.ink, INKS, inkTyped],
    ["weight", words.weight, MOST, (value) => retype(8 * here().row + here().column, value)],
    ["bias", words.bias, MOST, (value) => retype(BIAS, value)],
  ];
  /** @param {number} value */
  function inkTyped(value) {
    const { row, column } = here();
    stage.set({ drawing: setInk(textOf(stage), row, column, value) });
  }
  const line = element("div", "", "", "pixel-line");
  for (const [name, label, limit, change] of parts) {
    made[name] = numberField(stage, { label, testid: `stage-pixel-${name}`, limit, change });
    const row = element("label", label);
    row.append(made[name]);
    line.append(row);
  }
  made.title = heading("");
  made.product = paragraph("", "pixel-product");
  made.pixel.replaceChildren(made.title, line, made.product, note(words.digit_keys));
  const style = document.createElement("style");
  style.textContent = CSS;
  const columns = element("div", "", "", "columns");
  columns.append(made.facts, made.pixel);
  stage.readout.replaceChildren(style, columns);
}

/** @type {(stage: Stage, reply: any, values: any) => void} */
function showFacts(stage, { sums, biases, products, about }, values) {
  const { words } = stage;
  const chosen = Number(values.digit);
  const whole = products.data.reduce((sum, product) => sum + product, 0);
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  const bias = biases.data[chosen];
  const sum = `Σ w·x + b = ${brief(whole)} + ${bias < 0 ? `(${brief(bias)})` : brief(bias)} = ${brief(sums.data[chosen])}`;
  const fires = sums.data[chosen] > 0;
  const rows = [
    ["held", percent(about.held_right), { count: about.held }],
    ["trained", percent(about.trained_right), { count: about.trained }],
  ];
  if (about.mistakes !== null) rows.push(["mistakes", about.mistakes, { digit: chosen }]);
  stage.state.readout.facts.replaceChildren(
    heading(fill(words.answer, { answer: about.answer })),
    paragraph(sum, "digit-sum"),
    paragraph(fill(words[fires ? "fires" : "silent"], { digit: chosen }), "digit-said"),
    table(named(words, rows)),
    note(words.digit_note),
  );
}
