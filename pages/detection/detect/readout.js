// The Detect page's numbers, a column a detector: what it found, what its score means, how long it
// took, and the result as files.

import { brief, fill } from "../../ui/stage/draw.js";
import { heading, note, table } from "../../ui/stage/parts.js";
import { colourOf, foundAt, nameOf, SIDES, titleOf } from "./found.js";

/** @import { Stage } from "./view.js" */

const FORMS = ["json", "yolo", "coco"];
const LISTED = 5;

/** @param {Stage} stage */
export function tell(stage, reply, values) {
  const sides = SIDES.filter((side) => reply.about[side]);
  const columns = document.createElement("div");
  columns.className = "columns";
  columns.append(...sides.map((side) => column(stage, reply, values, side)));
  stage.readout.replaceChildren(columns);
}

/** @param {Stage} stage */
function column(stage, reply, values, side) {
  const made = document.createElement("section");
  made.dataset.testid = `found-${side}`;
  made.append(heading(titleOf(stage, values, side)));
  const { why, meaning, least } = reply.about[side];
  if (why) {
    made.append(note(why));
    return made;
  }
  const found = foundAt(reply, side, values.score);
  made.append(counts(stage, reply, values, side, found));
  made.append(listed(stage, reply, side, found));
  made.append(note(fill(stage.words[`meaning_${meaning}`], { least: least.toFixed(2) })));
  made.append(files(stage, values, side));
  return made;
}

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
function listed(stage, reply, side, found) {
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
  if (!rows.length) return note(stage.words.nothing);
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
