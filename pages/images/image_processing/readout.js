// At the right: what the open step does, the code that runs, what it found, the PSNR after each
// step, and what a classifier says before and after, asked for when nothing newer is wanted.
import { fill, minus } from "../../ui/stage/draw.js";
import { later } from "../../ui/stage/lifetime.js";
import { columns, element, heading, note, paragraph } from "../../ui/stage/parts.js";

/** @import { Stage } from "./view.js" */

const ASK_AFTER_MS = 250;
const AGAIN_MS = 2000;

/** @param {Stage} stage */
export function showReadout(stage, reply, values) {
  const { about } = reply;
  const step = about.steps[about.opened];
  askClasses(stage, reply, values);
  stage.readout.replaceChildren(
    ...(step ? openStep(stage, step) : [paragraph(stage.words.empty, "open-step")]),
    ...psnrTable(stage, about),
    ...classTable(stage),
  );
}

/** @type {(stage: Stage, step: any) => HTMLElement[]} */
function openStep({ words }, step) {
  const code = element("pre", step.code.join("\n"), "step-code");
  code.style.cssText =
    "margin:0 0 10px;padding:8px;overflow-x:auto;font:12px/1.45 var(--st-code-font);" +
    "background:var(--st-code-background-color);border-radius:var(--st-base-radius)";
  const facts = { size: sizeOf(step.size), ...rounded(step.facts) };
  const found = words[`facts_${step.name}`];
  return [
    heading(words[`op_${step.name}`], "open-step"),
    paragraph(words[`what_${step.name}`]),
    ...(step.code.length ? [code] : [note(words.off)]),
    ...(step.converted ? [note(words[`converted_${step.converted}`])] : []),
    ...(found && step.code.length ? [paragraph(fill(found, facts), "step-facts")] : []),
  ];
}

/** @type {(size: number[]) => string} */
const sizeOf = ([rows, columns]) => `${rows} × ${columns}`;

/** @type {(facts: Record<string, number>) => Record<string, string>} */
const rounded = (facts) =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      Number.isInteger(value) ? String(value) : value.toFixed(1),
    ]),
  );

/** @type {(words: Record<string, string>, value: any) => string} */
export function decibels(words, value) {
  if (value === null) return "–";
  return value === "equal" ? words.equal : `${minus(value.toFixed(1))} dB`;
}

// Heads stand above their numbers.
/** @type {(heads: string[], rows: any[][]) => HTMLTableElement} */
function numbered(heads, rows) {
  const table = columns(heads, rows);
  for (const head of [...table.querySelectorAll("th")].slice(1)) head.style.textAlign = "right";
  return table;
}

/** @type {(stage: Stage, about: any) => HTMLElement[]} */
function psnrTable({ words }, { steps, size }) {
  if (!steps.length) return [];
  const rows = steps.map(({ name, psnr_db, size: now, channels }) => [
    words[`op_${name}`],
    channels === 3 ? sizeOf(now) : `${sizeOf(now)}, ${words.one_channel}`,
    decibels(words, psnr_db),
  ]);
  const table = numbered([words.head_step, words.head_size, words.head_psnr], rows);
  table.dataset.testid = "psnr";
  return [
    heading(fill(words.psnr, { size: sizeOf(size) })),
    table,
    ...(steps.some(({ psnr_db }) => psnr_db === null) ? [note(words.no_psnr)] : []),
  ];
}

/** @type {(stage: Stage) => HTMLElement[]} */
function classTable({ words, state }) {
  const { classes } = state;
  if (!classes.answer) return [heading(words.classes), note(words.classes_coming)];
  const { before, after } = classes.answer;
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  const rows = [
    ...before.slice(0, 1).map(({ name, prob, other }) => [name, percent(prob), percent(other)]),
    ...after
      .filter(({ index }) => index !== before[0].index)
      .map(({ name, prob, other }) => [name, percent(other), percent(prob)]),
  ];
  const table = numbered([words.head_class, words.head_before, words.head_after], rows);
  table.dataset.testid = "classes";
  table.style.opacity = classes.isFresh ? "1" : "0.45";
  const same = before[0].index === after[0].index;
  const said = { name: after[0].name, before: before[0].name };
  return [
    heading(words.classes),
    table,
    paragraph(fill(words[same ? "classes_same" : "classes_other"], said), "classes-said"),
  ];
}

// One question at a time, for the newest picture, once it has stood for a moment.
/** @param {Stage} stage */
function askClasses(stage, reply, { chain, step }) {
  const { classes } = stage.state;
  if (classes.reply === reply) return;
  Object.assign(classes, { reply, isFresh: false });
  clearTimeout(classes.timer);
  const current = () => classes.reply === reply;
  const ask = async () => {
    if (!current()) return;
    if (classes.isBusy) {
      classes.timer = later(stage, ASK_AFTER_MS, ask);
      return;
    }
    classes.isBusy = true;
    try {
      const params = { ...stage.data.fixed, chain, step };
      const { about } = await stage.ask("image-processing/classes", params);
      classes.answer = about;
      classes.isFresh = current();
      if (current()) stage.repaint();
    } catch {
      classes.timer = later(stage, AGAIN_MS, ask); // the stage itself says what is wrong
    } finally {
      classes.isBusy = false;
    }
  };
  classes.timer = later(stage, ASK_AFTER_MS, ask);
}
