// What was typed, as numbers, and numbers as the link has them. Nothing here touches the page.

/**
 * The number typed; null where it is none.
 * @param {string} text
 */
export function typed(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  const value = Number(plain);
  return plain !== "" && Number.isFinite(value) ? value : null;
}

/**
 * All weights with one of them changed, as the engine reads them.
 * @param {ArrayLike<number>} parameters
 * @param {number} at
 * @param {number} value
 */
export function withWeight(parameters, at, value) {
  const changed = Array.from(parameters);
  changed[at] = value;
  return changed.join(",");
}

/**
 * The batch with one number of one example changed, as the engine reads it.
 * @param {number[][]} inputs
 * @param {number[][]} targets
 * @param {number} example
 * @param {{ kind: "x" | "t", at: number, value: number }} change
 */
export function withExample(inputs, targets, example, { kind, at, value }) {
  const rows = inputs.map((row, n) => [...row, ...targets[n]]);
  rows[example][kind === "x" ? at : inputs[0].length + at] = value;
  return rows.map((row) => row.join(",")).join(";");
}

/**
 * Which of the names in a step's lines are not there yet at a step of the walk.
 * @param {{ lines: { name: string }[] }[]} steps
 * @param {number} shown how many steps have been made
 */
export function hiddenNames(steps, shown) {
  return new Set(steps.slice(shown).flatMap(({ lines }) => lines.map(({ name }) => name)));
}

/**
 * The wire that an edge of a path runs along; null for what stays within a neuron.
 * @param {string} from
 * @param {string} to
 */
export function wireOf(from, to) {
  if (/^W[12]/.test(from)) return from;
  const [one, other] = [from, to].map((name) => /^([a-zL]\d?)(?:\[(\d)\])?$/.exec(name));
  if (!one || !other) return null;
  if (one[1] === "x") return `W1[${other[2]},${one[2]}]`;
  if (one[1] === "h") return `W2[${other[2]},${one[2]}]`;
  return to === "L" ? `L[${one[2]}]` : null;
}
