// The DetectNet page's numbers: how many cells speak, what is right, and what one cell answers.
import { fill, minus } from "../../ui/stage/draw.js";
import { heading, note, table } from "../../ui/stage/parts.js";
import { className } from "./draw.js";
import { percent, precisionAt } from "./precision.js";

/** @import { Stage } from "./view.js" */

const EDGES = ["left", "top", "right", "bottom"];

/** @param {Stage} stage */
export function tell(stage, reply, values, cell) {
  /** @type {HTMLElement[]} */
  const parts = [counts(stage, reply, precisionAt(stage, values))];
  if (cell) parts.push(...cellParts(stage, reply, cell));
  else parts.push(note(stage.words.point), note(stage.words.key));
  stage.readout.replaceChildren(...parts);
}

function counts({ words }, { boxes, right, found_by: foundBy, about }, { ap50, scenes }) {
  const hits = right.data.reduce((sum, is) => sum + is, 0);
  const found = foundBy.data.filter((by) => by >= 0).length;
  return table([
    [words.row_raw, about.raw, "raw"],
    [words.row_left, boxes.shape[0], "left"],
    [words.row_found, `${found} / ${foundBy.data.length}`, "found"],
    [words.row_wrong, boxes.shape[0] - hits, "wrong"],
    [fill(words.row_ap50, { scenes: scenes ?? "…" }), `${percent(ap50)} %`, "ap50"],
  ]);
}

/** @param {Stage} stage */
function cellParts(stage, { coverage, cells, about }, cell) {
  const { words } = stage;
  const [rows, columns] = cells.shape;
  const [row, column] = cell.split(",").map(Number);
  const at = row * columns + column;
  const said = about.classes.map((_, k) => [
    className(stage, about.classes, k),
    coverage.data[k * rows * columns + at].toFixed(3),
    `coverage-${about.classes[k]}`,
  ]);
  const centre = [column, row, column, row].map((place) => (place + 0.5) * about.stride_px);
  const distances = EDGES.map((edge, i) => [
    words[`edge_${edge}`],
    `${signed(cells.data[4 * at + i] - centre[i])} px`,
    `edge-${edge}`,
  ]);
  return [
    heading(fill(words.cell, { row: row + 1, column: column + 1 })),
    table(said),
    note(words.distances),
    table(distances),
  ];
}

const signed = (value) => minus(`${value > 0 ? "+" : ""}${value.toFixed(1)}`);
