// The numbers of both networks side by side, and the steps of the blocks that are opened.
import { brief, fill } from "../../ui/stage/draw.js";
import { columns, element, heading, note, swatch } from "../../ui/stage/parts.js";
import { stepText } from "./steps.js";
import { colourOf } from "./strips.js";

/** @import { Stage } from "./view.js" */

const IDEAS = ["plain", "branches", "depthwise", "attention", "dense"];

/** @param {Stage} stage */
export function tell(stage, { about }) {
  const made = element("div", "", "", "columns");
  made.append(totals(stage, about), ...about.nets.map((net) => steps(stage, net)));
  stage.readout.replaceChildren(legend(stage), made);
}

/** @param {Stage} stage */
function legend(stage) {
  const { words, theme } = stage;
  const made = element("p", "", "legend");
  for (const idea of IDEAS) {
    const one = element("span", "", "", "key");
    one.append(swatch(stage, colourOf(theme, idea), 0.6), `${words[`idea_${idea}`]}   `);
    made.append(one);
  }
  made.append(`⌒ ${words.idea_residual}`);
  return made;
}

// Published figures have rows of their own, apart from what was counted here.
/** @param {Stage} stage */
function totals({ words }, { nets }) {
  const million = (value) => `${brief(value / 1e6)} M`;
  const rows = [
    [words.row_params, ...nets.map(({ totals }) => million(totals.params))],
    [words.row_params_published, ...nets.map(({ published }) => million(published.params))],
    [words.row_macs, ...nets.map(({ totals }) => `${brief(totals.macs / 1e9)} G`)],
    [words.row_macs_published, ...nets.map(({ published }) => `${brief(published.gmacs)} G`)],
    [words.row_activations, ...nets.map(({ totals }) => million(totals.activations))],
    [words.row_uses, ...nets.map(({ totals }) => Math.round(totals.macs / totals.params))],
    [words.row_depth, ...nets.map(({ depth }) => depth)],
    [words.row_acc1, ...nets.map(({ published }) => `${published.acc1.toFixed(1)} %`)],
    [words.row_side, ...nets.map(({ side_px: side }) => `${side} × ${side} px`)],
    [words.row_year, ...nets.map(({ year }) => year)],
    [words.row_source, ...nets.map(({ source }) => source)],
  ];
  const made = element("section", "", "totals");
  made.append(columns(["", ...nets.map(({ title }) => title)], rows), note(words.counted));
  return made;
}

/** @param {Stage} stage */
function steps({ words }, net) {
  const { name, count } = net.blocks[net.opened];
  const rows = net.steps
    .slice(1)
    .map((step) => [
      [...new Set([stepText(words, step), step.finish.join(" · ")])].filter(Boolean).join(" · "),
      step.shape.join(" × "),
      step.params ? `${brief(step.params / 1e3)} k` : "–",
      step.macs ? brief(step.macs / 1e6) : "–",
    ]);
  const heads = [words.head_step, words.head_shape, words.head_params, words.head_macs];
  const made = element("section", "", `steps-${net.name}`);
  made.append(heading(`${net.title}: ${name}`), columns(heads, rows));
  if (count > 1) made.append(note(fill(words.alike, { count })));
  return made;
}
