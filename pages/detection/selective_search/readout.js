// The numbers: how many regions, merges and boxes; and of one region the four similarities that it
// was made by, with the numbers put into their formulas, and what it becomes.
import { brief, fill } from "../../ui/stage/draw.js";
import { columns, heading, note, table } from "../../ui/stage/parts.js";
import { largestAt, lastMade, leftAfter, partnerOf, partsOf } from "./tree.js";

/** @import { Stage } from "./view.js" */

const FOUND_IOU = 0.5; // from which overlap on a box has found an object
const MEASURES = ["colour", "texture", "size", "fill"];

/**
 * @param {Stage} stage
 * @param {number} left
 * @param {number | null} focus
 */
export function tell(stage, reply, left, focus) {
  const region = focus ?? lastMade(stage.state.tree, left);
  const parts = [heading(stage.words.counts), counts(stage, reply, left)];
  if (reply.best_iou.data.length) parts.push(...tellDrawn(stage, reply));
  if (region === null) parts.push(note(stage.words.point));
  else parts.push(...tellRegion(stage, reply, region, focus === null));
  stage.readout.replaceChildren(...parts);
}

/** @param {Stage} stage */
function counts({ words, state }, { about, sizes }, left) {
  const whole = about.size[0] * about.size[1];
  const largest = (100 * largestAt(state.tree, sizes.data, left)) / whole;
  return table([
    [words.row_first, brief(about.first), "first"],
    [words.row_left, brief(left), "left"],
    [words.row_largest, `${largest.toFixed(1)} %`, "largest"],
    [words.row_ever, brief(2 * about.first - 1), "ever"],
    [
      about.strategies > 1 ? fill(words.row_fast, about) : words.row_proposals,
      brief(about.proposals),
      "proposals",
    ],
    [words.row_all, brief(about.all_boxes), "all"],
    [words.row_ms, `${brief(Math.round(about.ms))} ms`, "ms"],
  ]);
}

// How well what the learner drew is met, beside as many windows on a grid; of several also how many
// are found, as the recall below counts them.
/** @param {Stage} stage */
function tellDrawn({ words }, { best_iou: best, best_window_iou: windows, about }) {
  const rows = Array.from(best.data, (iou, i) => [
    best.data.length > 1 ? fill(words.drawn_of, { number: i + 1 }) : words.drawn_iou,
    iou.toFixed(2),
    windows.data[i].toFixed(2),
  ]);
  const heads = ["", words.head_best, fill(words.head_windows, { windows: about.windows })];
  const made = columns(heads, rows);
  made.dataset.testid = "drawn";
  const count = best.data.length;
  if (count < 2) return [heading(words.drawn), made];
  const [found, met] = [best, windows].map(
    ({ data }) => data.filter((/** @type {number} */ iou) => iou >= FOUND_IOU).length,
  );
  const told = fill(words.drawn_recall, { found, met, count, iou: FOUND_IOU });
  return [heading(words.drawn), made, note(told, "drawn-recall")];
}

/** @param {Stage} stage */
function tellRegion(stage, reply, region, isLast) {
  const { words } = stage;
  const { tree } = stage.state;
  const { sizes } = reply;
  const [rows, cols] = reply.about.size;
  const merge = region - tree.first;
  const title = merge < 0 ? words.region_first : fill(words.region_made, { merge: merge + 1 });
  const made = [heading(isLast ? fill(words.last_merge, { merge: merge + 1 }) : title, "region")];
  const share = ((100 * sizes.data[region]) / (rows * cols)).toFixed(1);
  if (merge < 0) made.push(note(fill(words.region_size, { size: sizes.data[region], share })));
  else made.push(...tellMerge(stage, reply, region, share));
  const above = tree.parent[region];
  const partner = partnerOf(tree, region);
  if (partner !== null) {
    const params = {
      merge: above - tree.first + 1,
      left: leftAfter(tree, above),
      size: sizes.data[partner],
      sum: reply.sums.data[above - tree.first].toFixed(2),
    };
    made.push(note(fill(words.becomes, params), "becomes"));
  }
  return made;
}

/** @param {Stage} stage */
function tellMerge(stage, reply, region, share) {
  const { words } = stage;
  const { first } = stage.state.tree;
  const { sizes, boxes, about } = reply;
  const [one, other] = partsOf(stage.state.tree, region).map((part) => sizes.data[part]);
  const merge = region - first;
  const four = reply.similarities.data.subarray(4 * merge, 4 * merge + 4);
  const rows = MEASURES.map((name, i) => [
    words[`measure_${name}`],
    four[i].toFixed(3),
    `× ${about.weights[i]}`,
  ]);
  rows.push([words.measure_sum, reply.sums.data[merge].toFixed(3), ""]);
  const similar = columns(null, rows);
  similar.dataset.testid = "similarities";
  const [x1, y1, x2, y2] = boxes.data.subarray(4 * region, 4 * region + 4);
  const params = {
    one,
    other,
    size: sizes.data[region],
    share,
    whole: about.size[0] * about.size[1],
    width: x2 - x1,
    height: y2 - y1,
    size_result: four[2].toFixed(3),
    fill_result: four[3].toFixed(3),
  };
  return [
    note(fill(words.region_parts, params), "parts"),
    similar,
    note(fill(words.formula_size, params), "formula-size"),
    note(fill(words.formula_fill, params), "formula-fill"),
  ];
}
