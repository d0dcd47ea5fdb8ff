// The trained SVM's numbers: what it was trained on, what it found here, and round by round how
// often it was wrong.
import { fill, minus } from "../../ui/stage/draw.js";
import { heading, note, table } from "../../ui/stage/parts.js";
import { isTaught, parse } from "./svm_boxes.js";

/** @import { Stage } from "./svm.js" */

const number = (value) => value.toLocaleString("en");
const signed = (value) => minus(value.toFixed(2));

/** @param {Stage} stage */
export function tell(stage, reply, values) {
  const { words } = stage;
  const { about, found } = reply;
  const [objects, others] = [reply.object_values.data.length, reply.background_values.data.length];
  const [rows, columns] = about.cells;
  const weights = (rows - 1) * (columns - 1) * 36;
  const parts = [
    heading(words.svm_training),
    table([
      [words.svm_row_objects, objects, "objects"],
      [words.svm_row_background, number(others), "background"],
      [fill(words.svm_row_weights, { rows, columns }), number(weights), "weights"],
      [words.svm_row_margin, `${about.margin[0]} + ${about.margin[1]}`, "margin"],
      [words.svm_row_ms, `${about.ms.toFixed(0)} ms`, "svm-ms"],
    ]),
    heading(words.svm_here),
    table([
      [words.svm_row_windows, number(about.windows), "svm-windows"],
      [words.svm_row_above, number(about.above), "svm-above"],
      [words.svm_row_found, found.shape[0], "svm-found"],
      [words.svm_row_best, about.best === null ? "–" : signed(about.best), "svm-best"],
      ...(about.look_ms === null
        ? []
        : [[words.svm_row_look, `${about.look_ms.toFixed(0)} ms`, "look-ms"]]),
    ]),
    ...tellRounds(stage, reply),
  ];
  if (!about.converged) parts.push(note(words.svm_unfinished));
  const key = isTaught(stage, values) ? "svm_point" : "svm_elsewhere";
  parts.push(note(fill(words[key], { boxes: parse(values.boxes).length })));
  stage.readout.replaceChildren(...parts);
}

function tellRounds({ words }, reply) {
  const rows = [...reply.wrong.data].map((wrong, round) => {
    const text =
      round === 0
        ? words.svm_round_first
        : fill(words.svm_round, { round, count: reply.added.data[round - 1] });
    return [text, number(wrong), `round-${round}`];
  });
  return [heading(words.svm_rounds), table(rows)];
}
