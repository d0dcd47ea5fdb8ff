// Flatten, the numbers beside the picture: neighbours, one unit's sum, and what each net learns.

import { brief, minus } from "../../ui/stage/draw.js";
import { heading, sizeText, table } from "../../ui/stage/parts.js";

/** @import { Stage } from "./view.js" */

// To two digits, and never "−0.00".
export const hundredths = (value) => minus((Math.round(100 * value) / 100 + 0).toFixed(2));

/** @param {Stage} stage */
export function tell(stage, { about }) {
  const { words } = stage;
  const [ordered, shuffled] = about.correlations.map(hundredths);
  const units = about.units.map((value) => minus(value.toFixed(4)));
  stage.readout.replaceChildren(
    heading(words.neighbours),
    table(
      [
        [words.ordered, ordered, "ordered"],
        [words.shuffled, shuffled, "shuffled"],
      ],
      "correlation",
    ),
    heading(words.unit),
    table(
      [
        [words.ordered, units[0], "ordered"],
        [words.shuffled, units[1], "shuffled"],
        [words.moved, units[2], "moved"],
        [words.farthest, brief(about.farthest), "farthest"],
      ],
      "unit",
    ),
    ...["mlp", "cnn"].flatMap((name) => [
      heading(`${words[`net_${name}`]}: ${total(about.nets[name])}`, `params-${name}`),
      table(grouped(about.nets[name], words)),
    ]),
  );
}

const total = (rows) => rows.reduce((sum, { params }) => sum + params, 0).toLocaleString("en");

// in × out + out, with the numbers of the layer.
export function written({ inputs, outputs, biases, params }) {
  const [wide, high, own, all] = [inputs, outputs, biases, params].map((each) =>
    each.toLocaleString("en"),
  );
  return `${wide} × ${high}${biases ? ` + ${own}` : ""} = ${all}`;
}

// A row for each layer that multiplies, one for all norms together.
function grouped(rows, words) {
  const norms = rows.filter(({ kind }) => kind.startsWith("BatchNorm"));
  const shown = rows
    .filter((row) => !norms.includes(row))
    .map((row) => [`${row.kind} → ${sizeText(row.output)}`, written(row)]);
  return norms.length ? [...shown, [`${norms.length} × ${words.norms}`, total(norms)]] : shown;
}
