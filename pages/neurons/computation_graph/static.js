// What a static graph would have fixed: the expression through torch.export, asked for by a button.
import { fill } from "../../ui/stage/draw.js";
import { askUntilDone } from "../../ui/stage/engine.js";
import { button, element, heading, note, paragraph } from "../../ui/stage/parts.js";

/** @import { EngineError } from "../../ui/stage/types.d.ts" */
/** @import { Stage } from "./view.js" */

const CODE =
  "font:12px/1.5 var(--st-code-font);overflow-x:auto;margin:0 0 10px;padding:8px;" +
  "background:var(--st-secondary-background-color);border-radius:var(--st-base-radius)";

/** @param {Stage} stage */
export function buildStatic(stage) {
  const ask = button(stage.words.fix, () => fix(stage), "stage-fix");
  stage.extra.append(ask);
  const told = element("div", "", "static");
  told.style.cssText = "margin-top:12px;font-size:13px";
  stage.frame.append(told);
  stage.state.fixed = { ask, told, key: "", found: null };
}

/** @type {(values: any) => string} */
const keyOf = ({ program, expression, x, y }) => JSON.stringify([program, expression, x, y]);

/** @param {Stage} stage */
export function showStatic(stage, values) {
  const { fixed } = stage.state;
  fixed.ask.hidden = values.program !== "expression";
  if (fixed.key === keyOf(values)) return;
  fixed.key = keyOf(values);
  fixed.told.replaceChildren();
}

/** @param {Stage} stage */
async function fix(stage) {
  const { words, state } = stage;
  const { expression, x, y } = stage.values;
  const key = keyOf(stage.values);
  state.fixed.key = key;
  const { told } = state.fixed;
  told.replaceChildren(note(words.stage_working));
  try {
    const wanted = () => state.fixed.key === key;
    const reply = await askUntilDone(
      stage,
      "computation-graph/exported",
      { expression, x, y },
      wanted,
    );
    if (reply) told.replaceChildren(...written(words, reply.about));
  } catch (error) {
    told.replaceChildren(paragraph(/** @type {EngineError} */ (error).message));
  }
}

/** @returns {HTMLElement[]} */
function written(words, { plain, cond }) {
  /** @type {HTMLElement[]} */
  const parts = [heading(words.static_title)];
  if (plain.refused) {
    parts.push(paragraph(words.static_refused, "static-refused"), code(plain.refused));
  } else {
    parts.push(
      paragraph(fill(words.static_fixed, { operations: plain.operations }), "static-fixed"),
    );
    parts.push(...codes(plain.code));
  }
  if (cond) parts.push(paragraph(words.static_cond, "static-cond"), ...codes(cond.code));
  if (cond?.refused) parts.push(code(cond.refused));
  return parts;
}

const codes = (graphs) => Object.values(graphs).map(code);

function code(text) {
  const made = element("pre", text);
  made.style.cssText = CODE;
  return made;
}
