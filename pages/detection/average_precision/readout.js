// What is right and wrong at the score threshold, AP, and why the chosen box is what it is.

import { optionLabel } from "../../ui/stage/controls.js";
import { fill } from "../../ui/stage/draw.js";
import { columns, heading, named, note, table } from "../../ui/stage/parts.js";

/** @import { Stage } from "./view.js" */

// Whether the truth is what the learner draws.
export const isOwn = (reply) => Boolean(reply) && !reply.about.on_scenes;

/** @param {Stage} stage */
export const titleOf = (stage, values, side) => optionLabel(stage, side, values[side]);

// How many of the set's boxes score enough, and what they are; all_scores falls.
export function countsAt({ all_scores: scores, hits, about }, score) {
  let [made, right] = [0, 0];
  while (made < scores.data.length && scores.data[made] >= score) right += hits.data[made++];
  return { made, right, wrong: made - right, missed: about.objects - right };
}

// Why a found box counts as it does: "right", "double" or "apart".
export function verdictOf({ truth_of: of, best }, i, iou) {
  if (of.data[i] >= 0) return "right";
  return best.data[i] >= iou ? "double" : "apart";
}

/** @param {Stage} stage */
export function tell(stage, reply, values) {
  const { words } = stage;
  const { about } = reply;
  const head = fill(words[isOwn(reply) ? "counts_own" : "counts"], { count: about.pictures });
  const parts = [
    heading(head),
    table(named(words, countRows(reply, values))),
    heading(words.ap),
    precisions(stage, reply, values),
  ];
  if (values.rival !== "none" && !about.rival && values.rival !== values.detector)
    parts.push(note(words.rival_elsewhere, "rival-elsewhere"));
  if (isOwn(reply) && !boxesHere(about)) parts.push(note(words.draw_truth));
  parts.push(...boxPart(stage, reply, values));
  stage.readout.replaceChildren(...parts);
}

// The photo on screen comes first.
const boxesHere = ({ photos }) => photos[0]?.boxes ?? 0;

function countRows(reply, values) {
  const { about, precision, recall } = reply;
  const counts = countsAt(reply, values.score);
  const share = (array, there) => (there ? array.data[counts.made - 1].toFixed(3) : "–");
  return [
    ["objects", about.objects],
    ["made", counts.made],
    ["right", counts.right],
    ["wrong", counts.wrong],
    ["missed", counts.missed],
    ["precision", share(precision, counts.made)],
    ["recall", counts.made ? share(recall, about.objects) : about.objects ? "0.000" : "–"],
  ];
}

// AP in its forms, a column a detector where two are compared.
/** @param {Stage} stage */
function precisions(stage, { about }, values) {
  const iou = values.iou.toFixed(2);
  const names = ["ap", "mean", "map", "all_classes"].filter(
    (name) => about[name] !== null || name === "ap" || name === "mean",
  );
  const texts = named(
    stage.words,
    names.map((name) => [name, shown(about[name]), { iou }]),
  );
  if (!about.rival) return table(texts);
  const heads = ["", ...["detector", "rival"].map((side) => titleOf(stage, values, side))];
  const body = texts.map(([text, value], i) => [text, value, shown(about.rival[names[i]])]);
  const made = columns(heads, body);
  made.dataset.testid = "precisions";
  [...made.tBodies[0].rows].forEach((row, i) => {
    row.cells[1].dataset.testid = `row-${texts[i][2]}`;
    row.cells[2].dataset.testid = `rival-${texts[i][2]}`;
  });
  return made;
}

const shown = (value) => (value === null ? "–" : value.toFixed(3));

/** @param {Stage} stage */
function boxPart(stage, reply, values) {
  const { words } = stage;
  const { pointed } = stage.state;
  const at = pointed ?? null;
  if (at === null || at >= reply.scores.data.length || reply.scores.data[at] < values.score) {
    return [note(words[isOwn(reply) ? "point_own" : "point"])];
  }
  return [
    heading(words.box),
    table(
      named(words, [
        ["box_score", reply.scores.data[at].toFixed(3)],
        ["box_iou", reply.best.data[at].toFixed(3)],
      ]),
    ),
    note(words[`verdict_${verdictOf(reply, at, values.iou)}`]),
  ];
}
