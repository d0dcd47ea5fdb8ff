// The Detect page's numbers, a column a detector: what it can know, what it found, what its score
// means, how long it took, and the result as files.

import { below, brief, fill } from "../../ui/stage/draw.js";
import { heading, note, table } from "../../ui/stage/parts.js";
import { colourOf, foundAt, nameOf, sidesOf, titleOf } from "./found.js";

/** @import { Stage } from "./view.js" */

const FORMS = ["json", "yolo", "coco"];
const LISTED = 5;

/** @param {Stage} stage */
export function tell(stage, reply, values) {
  columns(
    stage,
    sidesOf(values).map((side) => column(stage, reply, values, side)),
  );
}

// Nothing has been said of this picture yet.
/** @param {Stage} stage */
export function tellWaiting(stage, values) {
  columns(
    stage,
    sidesOf(values).map((side) => section(stage, values, side)),
  );
}

/** @param {Stage} stage */
function columns(stage, sections) {
  const made = document.createElement("div");
  made.className = "columns";
  made.append(...sections);
  stage.readout.replaceChildren(made);
}

/** @param {Stage} stage */
function section(stage, values, side) {
  const made = document.createElement("section");
  made.dataset.testid = `found-${side}`;
  made.append(heading(titleOf(stage, values, side)));
  return made;
}

/** @param {Stage} stage */
function column(stage, reply, values, side) {
  const made = section(stage, values, side);
  const about = reply.about[side] ?? {};
  const found = foundAt(reply, side, values);
  if (about.why) made.append(note(about.why));
  if (!found) return made;
  const least = about.least.toFixed(2);
  made.append(
    note(knowledge(stage, about)),
    listed(stage, reply, values, side, found),
    counts(stage, reply, values, side, found),
    note(fill(stage.words[`meaning_${about.meaning}`], { least })),
    files(stage, values, side),
  );
  return made;
}

// What the detector can know at all.
/** @param {Stage} stage */
const knowledge = ({ words }, { knows, thing }) => fill(words[`knows_${knows}`], { thing });

// That it found nothing, said of what it knows, and how near it came.
/** @param {Stage} stage */
function nothing({ words }, { knows, thing, best }, { score, only }) {
  const shown = score.toFixed(2);
  if (only) return fill(words.nothing_only, { score: shown });
  const said = fill(words[`nothing_${knows}`], { thing, score: shown });
  if (!best || best.score >= score) return said;
  return `${said} ${fill(words.nearest, { name: best.name, score: below(best.score, score) })}`;
}

/** @param {Stage} stage */
function counts({ words }, reply, values, side, found) {
  const { most, ms, nms_ms: nmsMs } = reply.about[side];
  const scores = reply[`${side}_scores`].data;
  const least = Math.fround(values.score);
  const above = scores.reduce((sum, score) => sum + (score >= least), 0);
  return table(
    [
      [scores.length < most ? words.row_bare : words.row_most, scores.length, "bare"],
      [words.row_above, above, "above"],
      [words.row_found, found.length, "found"],
      [words.row_ms, `${brief(Math.round(ms))} ms`, "ms"],
      [words.row_nms, `${brief(nmsMs)} ms`, "nms"],
    ],
    `row-${side}`,
  );
}

// The best of what was found; the box pointed at instead, with its place.
/** @param {Stage} stage */
function listed(stage, reply, values, side, found) {
  const scores = reply[`${side}_scores`].data;
  const row = (i) => {
    const colour = colourOf(stage, reply, side, i);
    return [nameOf(reply, side, i), scores[i].toFixed(3), null, colour];
  };
  if (stage.state.chosen?.side === side) {
    const { index } = stage.state.chosen;
    const place = reply[`${side}_boxes`].data.subarray(4 * index, 4 * index + 4);
    const numbers = [...place].map((number) => number.toFixed(1)).join(", ");
    return table([row(index), [stage.words.row_box, numbers, "box"]], `row-${side}`);
  }
  const rows = [...found.slice(0, LISTED)].map(row);
  if (!rows.length) return note(nothing(stage, reply.about[side], values), `nothing-${side}`);
  const more = found.length - LISTED;
  if (more > 0) rows.push([fill(stage.words.more, { count: more }), ""]);
  return table(rows, `row-${side}`);
}

/** @param {Stage} stage */
function files(stage, values, side) {
  const made = document.createElement("p");
  made.append(`${stage.words.files} `);
  FORMS.forEach((form, i) => {
    const link = document.createElement("a");
    const asked = {
      picture: stage.data.fixed.picture,
      detector: values[side],
      score: values.score,
      iou: values.iou,
      only: values.only,
      form,
    };
    link.href = `${stage.base}/api/v1/detect/file?${new URLSearchParams(asked)}`;
    link.download = "";
    link.dataset.testid = `file-${side}-${form}`;
    link.textContent = stage.words[`form_${form}`];
    made.append(i ? " · " : "", link);
  });
  return made;
}
