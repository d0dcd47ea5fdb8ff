// What the anchors are told, in numbers: the best one and why, the nine of the place, each level.
import { fill } from "../../ui/stage/draw.js";
import { columns, heading, note, paragraph } from "../../ui/stage/parts.js";

/** @import { Stage } from "./anchors.js" */

const IGNORED = -2;

/** @type {(reply: any, i: number) => "positive" | "rescued" | "ignored" | "negative"} of shape i */
export function verdictOf(reply, i) {
  const told = reply.shape_told.data[i];
  if (told >= 0) return reply.shape_rescued.data[i] ? "rescued" : "positive";
  return told === IGNORED ? "ignored" : "negative";
}

/** @param {Stage} stage */
export function tell(stage, reply) {
  const { words, readout } = stage;
  const { about } = reply;
  readout.replaceChildren(
    heading(words.anchors_best),
    paragraph(bestText(words, about), "best-anchor"),
    heading(shownTitle(words, about)),
    shapes(words, reply),
    heading(fill(words.anchors_all, { anchors: String(about.anchors) })),
    levels(words, about),
    note(fill(words.anchors_seen, { height: about.seen[0], width: about.seen[1] })),
  );
}

function bestText(words, { best, levels, thresholds: [low, high] }) {
  const params = { level: levels[best.level].name, iou: best.iou.toFixed(2), low, high };
  if (best.verdict === "threshold") return fill(words.anchors_why_threshold, params);
  return fill(words[`anchors_why_${best.alone}`], params);
}

function shownTitle(words, { shown, levels, place: [row, column] }) {
  return fill(words.anchors_place, { level: levels[shown].name, row, column });
}

function shapes(words, reply) {
  const { about } = reply;
  const sizes = about.sizes[about.shown];
  const rows = Array.from(reply.shape_iou.data, (iou, i) => [
    fill(words.anchors_shape, {
      size: sizes[i % sizes.length],
      ratio: about.ratios[Math.floor(i / sizes.length)],
    }),
    iou.toFixed(2),
    words[`anchors_told_${verdictOf(reply, i)}`],
  ]);
  const made = columns([words.anchors_head_shape, "IoU", words.anchors_head_told], rows);
  made.dataset.testid = "shapes";
  return made;
}

function levels(words, about) {
  const rows = about.levels.map(({ name, best, positive, ignored }) => [
    name,
    best.toFixed(2),
    positive,
    ignored,
  ]);
  const heads = [
    words.anchors_head_level,
    words.anchors_head_best,
    words.anchors_head_positive,
    words.anchors_head_ignored,
  ];
  const made = columns(heads, rows);
  made.dataset.testid = "levels";
  return made;
}
