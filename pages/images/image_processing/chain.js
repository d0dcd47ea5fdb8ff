// A chain of operations as its text and as a list, and what is done to the list: the form that
// engine/processing/chain.py reads.

/**
 * @typedef {{ name: string, isOn: boolean, values: string[] }} Step
 * @typedef {{ name: string, default: number | string, low?: number, high?: number, step?: number,
 *   options?: string[] }} Field
 * @typedef {{ name: string, family: string, fields: Field[] }} Operation
 */

export const MOST_STEPS = 8;

/** @type {(text: string) => Step[]} */
export const readChain = (text) =>
  (text ? text.split(";") : []).map((part) => {
    const [name, ...values] = part.split(",");
    return { name: name.replace(/^-/, ""), isOn: !name.startsWith("-"), values };
  });

/** @type {(steps: Step[]) => string} */
export const writeChain = (steps) =>
  steps.map(({ name, isOn, values }) => [(isOn ? "" : "-") + name, ...values].join(",")).join(";");

/**
 * Which step is open: the last where none is named, -1 where there is none.
 * @type {(step: string, count: number) => number}
 */
export const openOf = (step, count) =>
  step === "" ? count - 1 : Math.min(Number(step), count - 1);

/**
 * The values of the stage for a list and the step that is open: the last one needs no number.
 * @type {(steps: Step[], open: number) => { chain: string, step: string }}
 */
export const stageValues = (steps, open) => ({
  chain: writeChain(steps),
  step: open < 0 || open >= steps.length - 1 ? "" : String(open),
});

/** @type {(steps: Step[], at: number) => Step[]} */
export const switched = (steps, at) =>
  steps.map((step, i) => (i === at ? { ...step, isOn: !step.isOn } : step));

/** @type {(steps: Step[], at: number) => Step[]} */
export const without = (steps, at) => steps.filter((_, i) => i !== at);

/**
 * With step `at` one place further on, or back; unchanged at the ends.
 * @type {(steps: Step[], at: number, by: number) => Step[]}
 */
export function moved(steps, at, by) {
  const to = at + by;
  if (to < 0 || to >= steps.length) return steps;
  const after = without(steps, at);
  after.splice(to, 0, steps[at]);
  return after;
}

/**
 * With an operation at its defaults put in after step `at`.
 * @type {(steps: Step[], at: number, operation: Operation) => Step[]}
 */
export function added(steps, at, { name, fields }) {
  const values = fields.map((field) => String(field.default));
  return steps.toSpliced(at + 1, 0, { name, isOn: true, values });
}

/** @type {(steps: Step[], at: number, changes: Record<number, string>) => Step[]} */
export const withValues = (steps, at, changes) =>
  steps.map((step, i) =>
    i === at ? { ...step, values: step.values.map((value, k) => changes[k] ?? value) } : step,
  );
