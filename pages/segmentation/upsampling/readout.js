// The six decoders' figures, and of the chosen pixel: what each says, and which cell it came from.
import { fill } from "../../ui/stage/draw.js";
import { columns, heading, note, swatch } from "../../ui/stage/parts.js";
import { classLegend, className, colourOf } from "../../ui/stage/scene_segments.js";

/** @import { Stage } from "./view.js" */

export const figure = (value) => (value === null || value === undefined ? "–" : value.toFixed(3));

/** @param {Stage} stage */
export function tell(stage, reply, chosen, pixel) {
  const { words } = stage;
  const { about } = reply;
  const near = fill(words.head_near, { px: about.near_px });
  const heads = ["", words.head_here, near, words.head_unseen];
  const figures = table(
    heads,
    about.decoders.map((name) => [
      words[`brief_${name}`],
      figure(about.mean_iou[name]),
      figure(about.near_iou[name]),
      figure(about.held_out[name]),
    ]),
    chosen,
    "iou",
  );
  stage.readout.replaceChildren(
    classLegend(stage, about),
    heading("mIoU"),
    figures,
    note(fill(words.unseen, { n: about.held_out.scenes })),
    heading(fill(words.pixel, { row: pixel.row + 1, column: pixel.column + 1 })),
    ...ofPixel(stage, reply, chosen, pixel),
    note(words.point),
  );
}

/** @param {Stage} stage */
function ofPixel(stage, reply, chosen, { row, column, at }) {
  const { words } = stage;
  const { about, truth, said } = reply;
  const is = truth.data[at];
  const says = about.decoders.map((_, i) => said.data[i * truth.data.length + at]);
  const rows = about.decoders.map((name, i) => [
    words[`brief_${name}`],
    `${className(stage, about, says[i])}${says[i] === is ? "" : " ✗"}`,
  ]);
  const first = [words.true_class, className(stage, about, is)];
  const made = table(null, [first, ...rows], chosen + 1, "says");
  [is, ...says].forEach((each, i) =>
    made.rows[i].cells[1].prepend(swatch(stage, colourOf(stage, each))),
  );
  const cell = about.stride_px;
  const from = fill(words.cell, {
    px: cell,
    row: Math.floor(row / cell) + 1,
    column: Math.floor(column / cell) + 1,
    rows: truth.shape[0] / cell,
  });
  const told = note(from);
  told.dataset.testid = "coarse-cell";
  return [made, told];
}

// The chosen row stands out.
function table(heads, rows, chosen, testid) {
  const made = columns(heads, rows);
  made.style.fontSize = "12px";
  [...made.tBodies[0].rows].forEach((row, i) => {
    row.dataset.testid = `${testid}-${i}`;
    if (i === chosen) row.style.fontWeight = "600";
  });
  return made;
}
