// What is right and wrong at the score threshold, AP, and why the box at hand is what it is.

import { fill } from "../../ui/stage/draw.js";
import { heading, named, note, table } from "../../ui/stage/parts.js";

/** @import { Stage } from "./view.js" */

// Whether the truth is what the learner draws.
export const isOwn = (values) => values.detector === "photo" || values.detector === "faces";

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
  const { about, precision, recall } = reply;
  const counts = countsAt(reply, values.score);
  const last = counts.made - 1;
  const share = (array, there) => (there ? array.data[last].toFixed(3) : "–");
  const head = fill(words[isOwn(values) ? "counts_own" : "counts"], { count: about.pictures });
  const parts = [
    heading(head),
    table(
      named(words, [
        ["objects", about.objects],
        ["made", counts.made],
        ["right", counts.right],
        ["wrong", counts.wrong],
        ["missed", counts.missed],
        ["precision", share(precision, counts.made)],
        ["recall", counts.made ? share(recall, about.objects) : about.objects ? "0.000" : "–"],
      ]),
    ),
    heading(words.ap),
    table(
      named(words, [
        ["ap", shown(about.ap), { iou: values.iou.toFixed(2) }],
        ["mean", shown(about.mean)],
        ...(about.all_classes === null ? [] : [["all_classes", shown(about.all_classes)]]),
      ]),
    ),
  ];
  if (isOwn(values) && !about.objects) parts.push(note(words.draw_truth));
  parts.push(...boxPart(stage, reply, values));
  stage.readout.replaceChildren(...parts);
}

const shown = (value) => (value === null ? "–" : value.toFixed(3));

/** @param {Stage} stage */
function boxPart(stage, reply, values) {
  const { words } = stage;
  const { pointed } = stage.state;
  const at = pointed ?? null;
  if (at === null || at >= reply.scores.data.length || reply.scores.data[at] < values.score) {
    return [note(words[isOwn(values) ? "point_own" : "point"])];
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
