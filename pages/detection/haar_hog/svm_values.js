// The decision values of everything that the SVM was trained on, in three lanes: objects, sampled
// background, and hard or drawn background. Between −1 and +1 lies the margin.
import { fill } from "../../ui/stage/draw.js";
import { numberText } from "../../ui/stage/plot_numbers.js";

/** @import { Stage } from "./svm.js" */
/** @typedef {{ name: string, values: ArrayLike<number> }} Lane */

const GOLDEN = 0.618; // its multiples spread points evenly, the same way each time
const ROOM = 0.7; // of a lane, that its points are spread over
const ABOVE = 0.35; // of a lane, left free for the names of the lines
const HEIGHT = 230;

/**
 * The decision values by lane; of the background those drawn by hand come first, hard ones last.
 * @param {import("../../ui/stage/types.d.ts").Reply} reply
 * @returns {Lane[]}
 */
export function lanesOf({ object_values, background_values, sampled, about }) {
  const others = background_values.data;
  const end = about.drawn + sampled.shape[0];
  return [
    { name: "objects", values: object_values.data },
    { name: "sampled", values: others.subarray(about.drawn, end) },
    { name: "hard", values: [...others.subarray(0, about.drawn), ...others.subarray(end)] },
  ];
}

/**
 * @param {Stage} stage
 * @param {import("../../ui/stage/types.d.ts").Reply} reply
 * @returns {import("../../ui/stage/plot_numbers.js").Figure}
 */
export function valuesFigure(stage, reply) {
  const { words, theme } = stage;
  const lanes = lanesOf(reply).map((lane, k) => ({
    ...lane,
    title: words[`svm_lane_${lane.name}`],
    colour: [theme.accent, theme.muted, theme.lines[1]][k],
    floor: 2 - k, // the first lane is the uppermost
  }));
  return {
    title: words.svm_values,
    text: lanes.map((lane) => laneText(words, lane)).join(" "),
    height: HEIGHT,
    broad: true,
    hover: "closest",
    isUnkeyed: true,
    x: { title: words.svm_axis, include: [-1.3, 1.6] },
    y: {
      title: "",
      range: [0, lanes.length + ABOVE],
      ticks: lanes.map(({ title, values, floor }) => [floor + 0.5, `${title} (${values.length})`]),
      words: () => "", // a place within a lane means nothing
    },
    series: lanes.map(({ title, values, colour, floor }) => ({
      name: title,
      kind: "points",
      colour,
      opacity: 0.6,
      x: values,
      y: Array.from(values, (_, i) => floor + 0.5 + ROOM * (((i * GOLDEN) % 1) - 0.5)),
    })),
    bands: [{ axis: "x", from: -1, to: 1 }],
    lines: [
      { axis: "x", at: -1, text: words.svm_line_margin },
      { axis: "x", at: 0, text: words.svm_line_boundary },
      { axis: "x", at: 1, text: words.svm_line_margin },
    ],
    table: {
      head: [words.svm_example, words.svm_axis],
      rows: lanes.flatMap(({ title, values }) => Array.from(values, (value) => [title, value])),
    },
  };
}

// How many of a lane there are, on which side of the boundary, and from where to where.
function laneText(words, { title, values }) {
  if (!values.length) return fill(words.svm_lane_empty, { lane: title });
  const all = Array.from(values);
  return fill(words.svm_lane_text, {
    lane: title,
    count: all.length,
    above: all.filter((value) => value > 0).length,
    low: numberText(Math.min(...all)),
    high: numberText(Math.max(...all)),
  });
}
