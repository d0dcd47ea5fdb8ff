// A step of the walk in words: names with the numbers put in. Nothing here touches the page.
import { brief } from "../../ui/stage/draw.js";

/**
 * @typedef {[string, number]} Factor
 * @typedef {{ name: string, terms: Factor[][], value: number, through: string }} Line
 * @typedef {{ phase: string, kind: string, lines: Line[] }} Step
 * @typedef {{ activation: string, output: string, loss: string }} Rules  output: the function's name
 */

/** @type {Record<string, string>} */
const CALLED = { sigmoid: "σ", tanh: "tanh", relu: "ReLU", softmax: "softmax", linear: "" };

/** @type {(value: number) => string} a negative number after a sign stands in brackets */
const inner = (value) => (value < 0 ? `(${brief(value)})` : brief(value));

/**
 * `z1[0] = W1[0,0]·x[0] + … = 0.15·0.05 + … = 0.378`
 * @param {Line} line
 * @param {Rules} rules
 */
export function lineText(line, rules) {
  if (line.through === "loss") return lossText(line, rules);
  if (line.through === "loss′") return slopeText(line, rules);
  const names = line.terms.map((term) => term.map(([name]) => name).join(" · ")).join(" + ");
  const numbers = line.terms
    .map((term) => term.map(([, value]) => inner(value)).join(" · "))
    .join(" + ");
  const value = brief(line.value);
  if (!line.through) return joined(line.name, names, numbers, value);
  const f = CALLED[line.through === "f" ? rules.activation : rules.output];
  if (!f) return joined(line.name, names, numbers, value);
  const others = f === "softmax" ? ", …" : "";
  return `${line.name} = ${f}(${names}${others}) = ${f}(${numbers}${others}) = ${value}`;
}

// A single number is not written twice.
/** @type {(name: string, names: string, numbers: string, value: string) => string} */
const joined = (name, names, numbers, value) =>
  numbers === value
    ? `${name} = ${names} = ${value}`
    : `${name} = ${names} = ${numbers} = ${value}`;

/** @type {(line: Line, rules: Rules) => string} */
function lossText({ terms, value }, { loss }) {
  const each = (/** @type {(pair: Factor[]) => [string, string]} */ say) => {
    const pairs = terms.map(say);
    return [0, 1].map((i) => pairs.map((pair) => pair[i]).join(" + "));
  };
  if (loss === "cross_entropy") {
    const single = terms.length === 1;
    const [names, numbers] = each(([[y, a], [t, b]]) =>
      single
        ? [
            `−${t} · ln ${y} − (1 − ${t}) · ln(1 − ${y})`,
            `−${inner(b)} · ln ${brief(a)} − (1 − ${inner(b)}) · ln(1 − ${brief(a)})`,
          ]
        : [`(−${t} · ln ${y})`, `(−${inner(b)} · ln ${brief(a)})`],
    );
    return `L = ${names} = ${numbers} = ${brief(value)}`;
  }
  const [before, after] = loss === "squared" ? ["½ (", ")²"] : ["|", "|"];
  const [names, numbers] = each(([[y, a], [t, b]]) => [
    `${before}${y} − ${t}${after}`,
    `${before}${brief(a)} − ${inner(b)}${after}`,
  ]);
  return `L = ${names} = ${numbers} = ${brief(value)}`;
}

/** @type {(line: Line, rules: Rules) => string} */
function slopeText({ name, terms, value }, { loss, output }) {
  const [[[y, a], [t, b]]] = terms;
  const total = output === "softmax" ? " · Σt" : "";
  const [names, numbers] = [`${y}${total} − ${t}`, `${brief(a)}${total} − ${inner(b)}`];
  if (loss === "absolute") return `${name} = sign(${names}) = sign(${numbers}) = ${brief(value)}`;
  return `${name} = ${names} = ${numbers} = ${brief(value)}`;
}

/**
 * A path and its product: `W1[0,0] → z1[0] → …`, `1 × 0.235 × … = 0.012`
 * @param {string} source
 * @param {{ product: number, edges: { to: string, factor: number, called: string }[] }} path
 */
export function pathTexts(source, { product, edges }) {
  const way = [source, ...edges.map(({ to }) => to)].join(" → ");
  const called = edges.map((edge) => edge.called).join(" × ");
  const factors = edges.map(({ factor }) => inner(factor)).join(" × ");
  return { way, called, numbers: `${factors || "1"} = ${brief(product)}` };
}
