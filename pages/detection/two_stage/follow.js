// What is said of the object that is followed, step by step.
import { fill } from "../../ui/stage/draw.js";
import { barRow, heading, note, paragraph, table } from "../../ui/stage/parts.js";
import { levelOf, likeliest, nameOf, shapeOf } from "./levels.js";
import { ANCHORS, ANSWER, CROP, OBJECTNESS, PROPOSALS } from "./steps.js";

/** @import { Stage } from "./opened.js" */

const TAUGHT = { 1: "object", 0: "ground", "-1": "neither" };
const FATE = ["kept", "outranked", "faint", "repeats", "surplus", "tiny"];

const MOST_BARS = 5;

const two = (value) => value.toFixed(2);

/** @param {Stage} stage */
export function tell(stage, reply, thing, step) {
  const { words } = stage;
  const number = { number: thing + 1, count: reply.truth_labels.data.length };
  const name = nameOf(stage, reply, reply.truth_labels.data[thing]);
  const parts = {
    [ANCHORS]: ofAnchors,
    [OBJECTNESS]: ofObjectness,
    [PROPOSALS]: ofProposals,
    [CROP]: ofCrop,
    [ANSWER]: ofAnswer,
  };
  stage.readout.replaceChildren(
    heading(fill(words.thing, { ...number, name }), "thing"),
    ...(reply.about.names ? [paragraph(fill(words.photo_says, reply.about), "photo")] : []),
    ...(parts[step] ?? ofFate)(stage, reply, thing),
    note(words.point),
  );
}

/** @param {Stage} stage */
function ofAnchors({ words }, reply, thing) {
  const { taught: counts, levels } = reply.about;
  const best = reply.best_anchor.data[thing];
  const level = levelOf(reply, best);
  const taught = TAUGHT[reply.taught.data[best]];
  const told = { ...shapeOf(level, best), overlap: two(reply.overlap.data[best]) };
  const [across, down] = level.stride_px;
  const place = { across, down, rows: level.rows, columns: level.columns };
  return [
    table([
      [words.row_anchors, reply.objectness.data.length, "anchors"],
      ...(counts
        ? [
            [words.row_taught_object, counts.object, "taught-object"],
            [words.row_taught_neither, counts.neither, "taught-neither"],
            [words.row_taught_ground, counts.ground, "taught-ground"],
          ]
        : []),
    ]),
    paragraph(fill(words.anchor_best, told), "anchor"),
    ...(levels.length > 1 ? [paragraph(fill(words.anchor_map, place), "anchor-map")] : []),
    paragraph(words[counts ? `taught_${taught}` : `photo_taught_${taught}`], "taught"),
  ];
}

/** @param {Stage} stage */
function ofObjectness({ words }, reply, thing) {
  const best = reply.best_anchor.data[thing];
  const before = reply.objectness_before;
  return [
    table([
      ...(before ? [[words.row_before, two(before.data[best]), "before"]] : []),
      [words.row_now, two(reply.objectness.data[best]), "now"],
    ]),
    paragraph(words[before ? "objectness_says" : "photo_objectness_says"]),
  ];
}

/** @param {Stage} stage */
function ofProposals({ words }, reply, thing) {
  const { first, rules } = reply.about;
  const best = reply.best_anchor.data[thing];
  const fate = FATE[reply.first_fate.data[best]];
  const on = countOn(reply, thing, () => true);
  return [
    table([
      [words.row_anchors, reply.objectness.data.length, "anchors"],
      [fill(words.row_outranked, rules), first.outranked, "outranked"],
      ...(rules.least > 0 ? [[fill(words.row_faint, rules), first.faint, "faint"]] : []),
      [fill(words.row_repeats, rules), first.repeats, "repeats"],
      [fill(words.row_surplus, rules), first.surplus, "surplus"],
      [words.row_proposals, first.kept, "proposals"],
      [words.row_on_thing, on, "on-thing"],
    ]),
    paragraph(
      fill(words[`first_${fate}`], { ...rules, overlap: two(reply.first_overlap.data[best]) }),
      "first-fate",
    ),
  ];
}

/** @param {Stage} stage */
function ofCrop({ words }, reply, thing) {
  const k = reply.follow.data[thing];
  if (k < 0) return [paragraph(words.no_proposal)];
  const [x1, y1, x2, y2] = reply.first_boxes.data.subarray(
    4 * reply.proposals.data[k],
    4 * reply.proposals.data[k] + 4,
  );
  const { cells } = reply.about;
  const told = {
    width: (x2 - x1).toFixed(1),
    height: (y2 - y1).toFixed(1),
    cells,
    down: ((y2 - y1) / cells).toFixed(1),
    across: ((x2 - x1) / cells).toFixed(1),
    overlap: two(overlapOf(reply, k, thing)),
  };
  return [paragraph(fill(words.crop_says, told), "crop")];
}

/** @param {Stage} stage */
function ofAnswer(stage, reply, thing) {
  const { words } = stage;
  const k = reply.follow.data[thing];
  if (k < 0) return [paragraph(words.no_proposal)];
  const { classes } = reply.about;
  const probs = reply.probs.data.subarray(k * (classes.length + 1), (k + 1) * (classes.length + 1));
  const called = (i) => (i === 0 ? words.class_background : nameOf(stage, reply, i - 1));
  const told = {
    before: two(overlapOf(reply, k, thing)),
    after: two(reply.box_overlap.data[k * reply.box_overlap.shape[1] + thing]),
  };
  return [
    ...likeliest(probs, MOST_BARS).map((i) =>
      barRow("div", called(i), two(probs[i]), probs[i], `prob-${i}`),
    ),
    paragraph(fill(words[reply.about.names ? "photo_corrected" : "corrected"], told), "corrected"),
  ];
}

/** @param {Stage} stage */
function ofFate(stage, reply, thing) {
  const { words } = stage;
  const { second } = reply.about;
  const k = reply.follow.data[thing];
  const fateOf = (i) => FATE[reply.fate.data[i]];
  const counted = (fate) => countOn(reply, thing, (i) => fateOf(i) === fate);
  const rows = [
    [words.row_proposals, reply.fate.data.length, "proposals"],
    [words.row_survivors, second.kept, "survivors"],
    [words.row_on_thing, countOn(reply, thing, () => true), "on-thing"],
    [words.row_given_up_repeats, counted("repeats"), "given-up-repeats"],
    [words.row_given_up_faint, counted("faint"), "given-up-faint"],
  ];
  const isFound = reply.found_by.data[thing] >= 0;
  const said = reply.about.names ? "photo_found" : isFound ? "found" : "missed";
  const parts = [table(rows), paragraph(words[said], "found")];
  if (k < 0) return [...parts, paragraph(words.no_proposal)];
  const told = {
    name: nameOf(stage, reply, reply.labels.data[k] - 1),
    score: two(reply.probs.data[k * reply.probs.shape[1] + reply.labels.data[k]]),
    overlap: two(reply.fate_overlap.data[k]),
  };
  return [...parts, paragraph(fill(words[`second_${fateOf(k)}`], told), "second-fate")];
}

const overlapOf = ({ proposal_overlap: { data, shape } }, k, thing) => data[k * shape[1] + thing];

// Proposals that overlap an object by half or more.
function countOn(reply, thing, isCounted) {
  let count = 0;
  for (let k = 0; k < reply.proposals.data.length; k++)
    if (overlapOf(reply, k, thing) >= 0.5 && isCounted(k)) count++;
  return count;
}
