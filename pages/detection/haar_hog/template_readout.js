// The HOG part's numbers: the whole scan, and the cell or the window pointed at.
import { brief, fill, minus } from "../../ui/stage/draw.js";
import { heading, note, table } from "../../ui/stage/parts.js";
import { histogramOf } from "./template_parts.js";

/** @import { Stage } from "./template.js" */

const LISTED = 3; // cells that add most, and as many that take most

const signed = (value, digits = 3) =>
  value > 0 ? `+${value.toFixed(digits)}` : minus(value.toFixed(digits));

/** @param {Stage} stage */
export function tell(stage, reply, values, at, asked) {
  const { words } = stage;
  const { about, best, places } = reply;
  const parts = [
    heading(words.hog_counts),
    table([
      [words.hog_row_windows, about.windows.toLocaleString("en"), "hog-windows"],
      [words.hog_row_above, about.above, "above"],
      [fill(words.hog_row_best, { level: places.data[0] }), signed(best.data[0]), "best"],
      [words.hog_row_ms, `${about.ms.toFixed(0)} ms`, "hog-ms"],
    ]),
  ];
  if (values.layer === "response") parts.push(...tellResponse(stage, at, asked));
  else parts.push(...tellCell(stage, reply, at));
  parts.push(note(words.hog_point));
  stage.readout.replaceChildren(...parts);
}

function tellCell({ words }, reply, { row, column }) {
  const numbers = [...histogramOf(reply, row, column)];
  const strongest = numbers.indexOf(Math.max(...numbers));
  const sum = numbers.reduce((a, b) => a + b, 0);
  return [
    heading(fill(words.hog_cell, { row: row + 1, column: column + 1 })),
    table([
      [words.hog_row_sum, brief(sum), "sum"],
      [fill(words.hog_row_bin, { degrees: 20 * strongest + 10 }), brief(numbers[strongest]), "bin"],
    ]),
  ];
}

function tellResponse({ words }, { top, left }, asked) {
  const title = heading(fill(words.hog_its_response, { row: top + 1, column: left + 1 }));
  if (!asked) return [title, note("…")];
  const { cells, about } = asked;
  const sum = (keep) => cells.data.filter(keep).reduce((a, b) => a + b, 0);
  const order = [...cells.data.keys()].sort((a, b) => cells.data[b] - cells.data[a]);
  const name = (i) =>
    fill(words.hog_row_cell, {
      row: Math.floor(i / cells.shape[1]) + 1,
      column: (i % cells.shape[1]) + 1,
    });
  const rows = [
    [words.hog_row_for, signed(sum((value) => value > 0)), "for"],
    [words.hog_row_against, signed(sum((value) => value < 0)), "against"],
    [words.hog_row_bias, signed(about.bias), "bias"],
    [words.hog_row_response, signed(about.response), "response"],
  ];
  const cellsListed = [...order.slice(0, LISTED), ...order.slice(-LISTED)];
  return [
    title,
    table(rows),
    heading(words.hog_strongest),
    table(cellsListed.map((i) => [name(i), signed(cells.data[i])])),
  ];
}
