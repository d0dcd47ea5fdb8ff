// Numbers that a learner types: read strictly, refused with a sentence, written as links have them.
import { fill, minus } from "../../ui/stage/draw.js";
import { say } from "../../ui/stage/painting.js";

/** @import { Stage } from "../../ui/stage/types.d.ts" */

const DECIMALS = 6;

/**
 * What was typed as a number; null where it is none, or lies beyond ± limit.
 * @param {string} text
 * @param {number} limit
 */
export function readNumber(text, limit) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain)) return null;
  const value = Number(plain);
  return Math.abs(value) <= limit ? value : null;
}

/**
 * Six decimals at most, never in powers of ten: what the link and the API accept.
 * @param {number} value
 * @param {number} [decimals]
 */
export function written(value, decimals = DECIMALS) {
  const text = value.toFixed(decimals);
  const short = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return short === "-0" ? "0" : short;
}

/**
 * Places of the plane, always with two decimals.
 * @param {number} value
 */
export function placed(value) {
  const text = value.toFixed(2);
  return text === "-0.00" ? "0.00" : text;
}

/**
 * A field to type a number into. What is no number is refused with a sentence, and what was there
 * comes back.
 * @param {Stage} stage
 * @param {{ label: string, testid: string, limit: number, change: (value: number) => void }} told
 */
export function numberField(stage, { label, testid, limit, change }) {
  const input = document.createElement("input");
  Object.assign(input, { type: "text", inputMode: "decimal", title: label });
  input.setAttribute("aria-label", label);
  input.dataset.testid = testid;
  input.onkeydown = (event) => {
    if (event.key === "Enter") input.blur();
  };
  input.onchange = () => {
    const value = readNumber(input.value, limit);
    if (value === null) {
      const text = input.value.trim().slice(0, 40);
      say(stage, fill(stage.words.no_number, { name: label, text, limit }));
      input.value = input.dataset.last ?? "";
      return;
    }
    input.dataset.last = input.value;
    change(value);
  };
  return input;
}

/**
 * Show a value, unless somebody is typing there.
 * @param {Stage} stage
 * @param {HTMLInputElement} input
 * @param {number} value
 * @param {number} [digits] significant ones
 */
export function showNumber(stage, input, value, digits = 4) {
  const { activeElement } = /** @type {Document | ShadowRoot} */ (stage.root.getRootNode());
  if (activeElement === input) return;
  input.value = minus(written(Number(value.toPrecision(digits))));
  input.dataset.last = input.value;
}
