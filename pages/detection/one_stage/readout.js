// The numbers: from all cells to the boxes left, where the thing is, and the cell that is opened.
import { below, brief, fill } from "../../ui/stage/draw.js";
import { columns, heading, note, table } from "../../ui/stage/parts.js";
import { indexOf } from "./grids.js";

/** @import { Stage } from "./view.js" */

const STEPS = ["cells", "proposed", "sure", "left"];
const SIDES = ["left", "top", "right", "bottom"];

/** @param {Stage} stage */
export function tell(stage, reply, values) {
  const made = document.createElement("div");
  made.className = "columns";
  made.append(countSection(stage, reply, values), cellSection(stage, reply));
  stage.readout.replaceChildren(made);
}

/** @type {(name: string, ...parts: HTMLElement[]) => HTMLElement} */
function section(name, ...parts) {
  const made = document.createElement("section");
  made.dataset.testid = name;
  made.append(...parts);
  return made;
}

/** @param {Stage} stage */
function countSection({ words }, { about, counts }, { score }) {
  const grids = about.grids.length;
  const heads = ["", ...about.grids.map(([r, c]) => `${r} × ${c}`), words.head_all];
  const rows = STEPS.map((step, k) => {
    const each = Array.from(counts.data.subarray(k * grids, (k + 1) * grids));
    const all = each.reduce((sum, count) => sum + count, 0);
    return [fill(words[`step_${step}`], { score: score.toFixed(2) }), ...each, all];
  });
  const made = columns(heads, rows);
  made.dataset.testid = "counts";
  const facts = [note(fill(words.ms, { ms: brief(Math.round(about.ms)) }), "ms")];
  if (about.thing.score < about.sure) facts.unshift(note(doubt(words, about), "doubt"));
  return section("count-down", heading(words.counts), made, ...facts);
}

// The cell that is opened; of one that is pointed at, what is known without asking.
/** @param {Stage} stage */
function cellSection(stage, reply) {
  const { words, state } = stage;
  const { about } = reply;
  const { pointed } = state;
  if (pointed && String(pointed) !== String(about.cell.place)) {
    const [grid, row, column] = pointed;
    const map = reply[`scores_${grid}`];
    const at = 4 * indexOf(about.grids, pointed);
    const [x1, y1, x2, y2] = reply.boxes.data.subarray(at, at + 4);
    const score = map.data[row * map.shape[1] + column];
    const size = `${Math.round(x2 - x1)} × ${Math.round(y2 - y1)} px`;
    const rows = [
      [fill(words.row_score, { name: about.thing.name }), score.toFixed(3), "score"],
      [words.row_size, size, "size"],
    ];
    return section(
      "cell",
      heading(cellTitle(words, about, pointed)),
      table(rows),
      note(words.open),
    );
  }
  const { cell } = about;
  const rows = SIDES.map((side, k) => [
    words[`side_${side}`],
    `${cell.distances_px[k].toFixed(1)} px`,
    `± ${cell.spreads_px[k].toFixed(1)} px`,
  ]);
  const scores = table([
    [fill(words.row_score, { name: about.thing.name }), cell.score.toFixed(3), "score"],
  ]);
  return section(
    "cell",
    heading(cellTitle(words, about, cell.place)),
    scores,
    columns(["", words.head_distance, words.head_spread], rows),
    note(words.point),
  );
}

function cellTitle(words, about, [grid, row, column]) {
  const [rows, count] = about.grids[grid];
  return fill(words.cell, { rows, columns: count, row, column });
}

function doubt(words, { thing, sure }) {
  return fill(words.doubt, { name: thing.name, score: below(thing.score, sure), sure });
}
