// Recall: what share of the objects in drawn scenes so many boxes find, proposed or on a grid.
import { brief, fill } from "../../ui/stage/draw.js";
import { columns, heading, note } from "../../ui/stage/parts.js";
import { showChart } from "../../ui/stage/plot.js";

/** @import { Stage } from "../../ui/stage/types.d.ts" */

const HEIGHT = 320;
const NINE_OF_TEN = 90; // percent

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  charts: "only",
  steady: true,

  paint(stage, reply, values) {
    showChart(stage, "recall", figureOf(stage, reply, values), values);
    tell(stage, reply);
  },
};

const percent = (shares) => Array.from(shares.data, (share) => 100 * share);

/**
 * @param {Stage} stage
 * @returns {import("../../ui/stage/plot_numbers.js").Figure}
 */
function figureOf(stage, reply, values) {
  const { words } = stage;
  const { about } = reply;
  const title = fill(words.recall_title, { ...about, iou: values.iou.toFixed(2) });
  const name = about.strategies > 1 ? words.series_fast : words.series_one;
  const series = [
    { name, x: reply.counts.data, y: percent(reply.recall), style: 0 },
    {
      name: words.series_windows,
      x: reply.window_counts.data,
      y: percent(reply.window_recall),
      style: 1,
      dots: true,
    },
  ];
  if (reply.one_counts) {
    const y = percent(reply.one_recall);
    series.push({ name: words.series_single, x: reply.one_counts.data, y, style: 2 });
  }
  return {
    title,
    text: `${title}. ${summary(words, about)}`,
    height: HEIGHT,
    x: { title: words.axis_boxes, log: true },
    y: { title: words.axis_recall, unit: "%", range: [0, 101] },
    lines: [{ axis: "y", at: NINE_OF_TEN, text: words.nine_of_ten }],
    series,
  };
}

const summary = (words, about) =>
  fill(words.recall_summary, {
    needed: about.ninety ?? words.never,
    windows: about.window_ninety ?? words.never,
  });

/** @param {Stage} stage */
function tell({ words, readout }, { about }) {
  const rows = [
    [words.row_needed, about.ninety ?? words.never, about.window_ninety ?? words.never],
    [
      fill(words.row_match, { found: (100 * about.found).toFixed(0) }),
      brief(Math.round(about.boxes)),
      about.windows_to_match ?? words.never,
    ],
  ];
  const made = columns(["", words.head_search, words.head_grid], rows);
  made.dataset.testid = "recall-table";
  const facts = { ...about, ms: brief(Math.round(about.ms)) };
  readout.replaceChildren(
    heading(words.recall_counts),
    made,
    note(fill(words.recall_facts, facts), "recall-facts"),
  );
}
