// The expression, to be typed into; it is there where the program is one.
import { button, element } from "../../ui/stage/parts.js";

/** @import { Stage } from "./view.js" */

/** @param {Stage} stage */
export function buildField(stage) {
  stage.extra.style.cssText = "display:flex;flex-direction:column;gap:8px";
  const label = element("label", stage.words.expression, "", "control");
  const input = element("input", "", "stage-expression");
  Object.assign(input, { type: "text", spellcheck: false, autocomplete: "off", maxLength: 80 });
  input.style.cssText =
    "grid-column:1/-1;width:100%;font-family:var(--st-code-font);font-size:12px";
  label.append(input);
  input.onchange = () => stage.set({ expression: input.value.trim().toLowerCase() });
  input.onkeydown = (event) => {
    if (event.key === "Enter") input.blur();
  };
  const open = button(stage.words.studio, () => {
    location.assign(`${stage.base}/training-studio?lang=${stage.data.lang}`);
  });
  stage.extra.append(label, open);
  stage.state.field = { label, input, open };
}

/** @param {Stage} stage */
export function showField(stage, { program, expression }) {
  const { label, input, open } = stage.state.field;
  label.hidden = program !== "expression";
  label.style.display = label.hidden ? "none" : "";
  open.hidden = program !== "run";
  const root = /** @type {Document | ShadowRoot} */ (stage.root.getRootNode());
  if (root.activeElement !== input) input.value = expression;
  for (const name of ["x", "y"]) show(stage, name, program === "expression");
  show(stage, "block", program === "block");
}

/** @type {(stage: Stage, name: string, shown: boolean) => void} */
function show(stage, name, shown) {
  const entry = stage.inputs[name];
  if (entry) entry.label.style.display = shown ? "" : "none";
}
