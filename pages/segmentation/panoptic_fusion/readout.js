// The numbers beside the fusion: PQ taken apart class by class and segment by segment, and how the
// chosen pixel came to where it is.
import { brief, fill } from "../../ui/stage/draw.js";
import { heading, note, table } from "../../ui/stage/parts.js";
import { classLegend, className, segmentName, shadeOf } from "../../ui/stage/scene_segments.js";

/** @import { Stage } from "./view.js" */

const SIGNS = { match: "TP", false_positive: "FP", false_negative: "FN", ignored: "–" };
const NOTHING = "–";

/** @param {Stage} stage */
export function tell(stage, reply, names, pixel) {
  const parts = [classLegend(stage, reply.about)];
  if (pixel) parts.push(...ofPixel(stage, reply, names, pixel));
  parts.push(heading(fill(stage.words.pq_mean, { pq: figure(reply.about.pq) })));
  parts.push(apart(stage, reply, names));
  if (!pixel) parts.push(note(stage.words.point));
  stage.readout.replaceChildren(...parts);
}

const figure = (value) => (value === null ? NOTHING : value.toFixed(3));

// One class after the other: PQ = SQ × RQ with its numbers put in, then each of its segments.
/** @param {Stage} stage */
function apart(stage, { about }, names) {
  const made = document.createElement("table");
  about.quality.forEach((quality, k) => {
    if (quality.pq === null) return;
    const row = made.insertRow();
    const name = document.createElement("th");
    name.textContent = className(stage, about, k);
    row.append(name);
    const formula = row.insertCell();
    formula.colSpan = 2;
    formula.className = "number";
    formula.dataset.testid = `pq-${about.classes[k]}`;
    formula.textContent = `${figure(quality.sq)} × ${figure(quality.rq)} = ${figure(quality.pq)}`;
    const own = about.verdicts.filter(({ category }) => category === k);
    if (own.length > 1) numbersPutIn(made, quality); // of one match alone SQ is its IoU
    for (const each of own) verdictRow(stage, about, names, made, each);
  });
  made.dataset.testid = "verdicts";
  return made;
}

// SQ and RQ as they are counted.
function numbersPutIn(made, quality) {
  const { matches, false_positives: extra, false_negatives: missed, iou_sum: sum } = quality;
  const cell = made.insertRow().insertCell();
  cell.colSpan = 3;
  cell.className = "muted";
  cell.style.fontSize = "11px";
  const sq = matches ? `${sum.toFixed(3)} / ${matches}` : "0";
  cell.textContent = `${sq} × ${matches} / (${matches} + ½·${extra} + ½·${missed})`;
}

/** @param {Stage} stage */
function verdictRow(stage, about, names, made, { outcome, predicted, truth, iou }) {
  const each = outcome === "false_negative" ? names.truth.get(truth) : names.said.get(predicted);
  const row = made.insertRow();
  row.dataset.outcome = outcome;
  const name = row.insertCell();
  const patch = document.createElement("span");
  patch.style.cssText = "display:inline-block;width:9px;height:9px;margin-right:6px";
  patch.style.background = shadeOf(stage, each);
  name.append(patch, segmentName(stage, about, each));
  const sign = row.insertCell();
  sign.textContent = SIGNS[outcome];
  sign.title = stage.words[`outcome_${outcome}`];
  if (outcome !== "match") sign.style.fontWeight = 700;
  const value = row.insertCell();
  value.className = "number";
  value.textContent = `IoU ${iou.toFixed(2)}`;
}

/** @param {Stage} stage */
function ofPixel(stage, reply, names, { row, column, at }) {
  const { words } = stage;
  const { about, semantic, ids, winner, distance, second } = reply;
  const category = semantic.data[at];
  const said = names.said.get(ids.data[at]);
  const truth = names.truth.get(reply.truth_ids.data[at]);
  const rows = [[words.row_class, className(stage, about, category), "class"]];
  if (about.is_thing[category]) rows.push(...pointing(stage, reply, row, column, at));
  else rows.push([words.row_stuff, `${reply.stuff_px.data[category]} px`, "stuff"]);
  const k = winner.data[at];
  if (about.is_thing[category] && k >= 0) {
    rows.push([fill(words.row_nearest, { k: k + 1 }), `${brief(distance.data[at])} px`, "nearest"]);
    if (Number.isFinite(second.data[at])) {
      rows.push([words.row_second, `${brief(second.data[at])} px`, "second"]);
    }
    rows.push([words.row_votes, votesOf(stage, reply, k), "votes"]);
  }
  rows.push([words.row_segment, said ? segmentName(stage, about, said) : words.void, "segment"]);
  rows.push([words.truth, segmentName(stage, about, truth), "truth"]);
  return [heading(fill(words.pixel, { row: row + 1, column: column + 1 })), table(rows)];
}

function pointing({ words }, { centres, offsets, ids }, row, column, at) {
  const pixels = ids.data.length;
  const [x, y] = [column + offsets.data[at], row + offsets.data[pixels + at]];
  return [
    [words.row_height, centres.data[at].toFixed(2), "height"],
    [
      words.row_points,
      fill(words.place, { row: (y + 1).toFixed(1), column: (x + 1).toFixed(1) }),
      "points",
    ],
  ];
}

/** @param {Stage} stage */
function votesOf(
  stage,
  {
    votes: {
      data,
      shape: [, classes],
    },
    about,
  },
  k,
) {
  const cast = Array.from(data.subarray(k * classes, (k + 1) * classes), (n, c) => [n, c]);
  return cast
    .filter(([n]) => n > 0)
    .sort((a, b) => b[0] - a[0] || a[1] - b[1])
    .map(([n, c]) => `${className(stage, about, c)} ${n}`)
    .join(", ");
}
