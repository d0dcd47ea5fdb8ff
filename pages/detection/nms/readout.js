// The NMS page's numbers: how many boxes are left, and what became of the chosen one.
import { brief, fill } from "../../ui/stage/draw.js";
import { heading, note, swatch, table } from "../../ui/stage/parts.js";

/** @import { Stage } from "./view.js" */

const LOWERING = ["soft_linear", "soft_gaussian"];
const LISTED = 6;

export const indexOf = (chosen) => Number(chosen.slice(1));

// The result that the chosen box belongs to.
/** @param {Stage} stage */
export function focusOf(stage, reply) {
  if (!stage.state.chosen) return null;
  const index = indexOf(stage.state.chosen);
  const result = stage.state.chosen[0] === "r" ? index : reply.given_up_for.data[index];
  return result >= 0 ? result : null;
}

/** @param {Stage} stage */
export function tell(stage, reply, values, step) {
  const parts = [heading(stage.words.counts), counts(stage, reply, values)];
  const focus = focusOf(stage, reply);
  if (stage.state.chosen?.[0] === "b") parts.push(...tellBox(stage, reply, values));
  else if (focus !== null) parts.push(...tellResult(stage, reply, values, focus));
  else {
    parts.push(...tellResults(stage, reply, step), ...tellClasses(stage, reply, step));
    parts.push(note(stage.words.point));
  }
  const coloured = stage.theme.boxes.length;
  if (step > coloured) parts.push(note(fill(stage.words.grey, { coloured }), "grey"));
  stage.readout.replaceChildren(...parts);
}

/** @param {Stage} stage */
function counts({ words }, { given_up_for: tied, about }, { scope }) {
  const small = tied.data.filter((result) => result === -2).length;
  const { raw, among, above, left } = about.counts;
  return table([
    [words.row_raw, raw, "raw"],
    ...(scope === "best" && about.best
      ? [[fill(words.row_among, about.best), among, "among"]]
      : []),
    [words.row_above, above, "above"],
    [words.row_left, left, "left"],
    ...(small ? [[words.row_small, small, "small"]] : []),
    [words.row_detector, `${brief(Math.round(about.detector_ms))} ms`, "detector"],
    [words.row_ms, `${brief(about.ms)} ms`, "ms"],
  ]);
}

const nameOf = ({ about }, labels, i) => about.names[labels.data[i]];

/** @type {(stage: Stage, result: number) => string} */
export const colourOf = ({ theme }, result) => theme.boxes[result] ?? theme.muted;

const isGivenUpFor = ({ given_up_for: tied, source }, i, result) =>
  tied.data[i] === result && source.data[result] !== i;

// Whose colour is whose, and how many boxes were given up for each.
/** @param {Stage} stage */
function tellResults(stage, reply, step) {
  const shown = Math.min(step, stage.theme.boxes.length);
  const rows = Array.from({ length: shown }, (_, result) => {
    const text = `${nameOf(reply, reply.result_labels, result)} ${reply.result_scores.data[result].toFixed(2)}`;
    const gone = reply.scores.data.filter((_score, i) => isGivenUpFor(reply, i, result)).length;
    return [text, gone, `gone-${result}`];
  });
  const made = table(rows);
  rows.forEach((_, result) => {
    made.rows[result].cells[0].prepend(swatch(stage, colourOf(stage, result)));
  });
  return shown ? [heading(stage.words.by_result), made] : [];
}

// The results by class, so that doubles show.
/** @param {Stage} stage */
function tellClasses(stage, reply, step) {
  const found = new Map();
  for (let result = 0; result < step; result++) {
    const name = nameOf(reply, reply.result_labels, result);
    found.set(name, (found.get(name) ?? 0) + 1);
  }
  const rows = [...found].sort((a, b) => b[1] - a[1]);
  const more = rows.slice(LISTED).reduce((sum, [, count]) => sum + count, 0);
  const listed = rows.slice(0, LISTED).map(([name, count]) => [name, count]);
  if (more) listed.push([fill(stage.words.more_classes, { count: rows.length - LISTED }), more]);
  return [heading(stage.words.by_class), table(listed)];
}

/** @param {Stage} stage */
function tellResult(stage, reply, values, result) {
  const { words } = stage;
  const ious = [];
  reply.iou.data.forEach((iou, i) => {
    if (isGivenUpFor(reply, i, result)) ious.push(iou);
  });
  const number = { number: result + 1, count: reply.source.data.length };
  const rows = [
    [nameOf(reply, reply.result_labels, result), reply.result_scores.data[result].toFixed(3)],
    [words.row_gone, ious.length, "gone"],
  ];
  if (LOWERING.includes(values.kind)) {
    const before = reply.scores.data[reply.source.data[result]];
    rows.splice(1, 0, [words.row_before, before.toFixed(3), "before"]);
  }
  if (ious.length) {
    const range = `${Math.min(...ious).toFixed(2)} – ${Math.max(...ious).toFixed(2)}`;
    rows.push([words.row_range, range, "range"]);
  }
  return [heading(fill(words.result, number)), table(rows), note(words.keys)];
}

/** @param {Stage} stage */
function tellBox(stage, reply, values) {
  const { words } = stage;
  const i = indexOf(stage.state.chosen);
  const result = reply.given_up_for.data[i];
  const rows = [[nameOf(reply, reply.labels, i), reply.scores.data[i].toFixed(3)]];
  if (result === -2) return [heading(words.box), table(rows), note(words.cluster_small)];
  if (result >= stage.state.step) return [heading(words.box), table(rows), note(words.waiting)];
  const winner = nameOf(reply, reply.result_labels, result);
  rows.push([`${words.row_winner}: ${winner}`, reply.result_scores.data[result].toFixed(3)]);
  rows.push([words.row_iou, reply.iou.data[i].toFixed(3), "iou"]);
  if (LOWERING.includes(values.kind)) {
    rows.push([words.row_lowered, reply.left_with.data[i].toFixed(3), "lowered"]);
  }
  return [heading(words.box), table(rows), note(words.keys)];
}
