// The precision/recall curve with the 101 samples whose mean is AP, and AP at every IoU; those of
// the detector to compare with beside them.
import { fill } from "../../ui/stage/draw.js";
import { showChart } from "../../ui/stage/plot.js";
import { countsAt, titleOf } from "./readout.js";

/** @import { Stage } from "./view.js" */

const HEIGHT = 170;
const RECALLS = Array.from({ length: 101 }, (_, i) => i / 100);
const digits = (value) => (value === null ? "–" : value.toFixed(3));

/** @param {Stage} stage */
export function showCharts(stage, reply, values) {
  showChart(stage, "curve", curveFigure(stage, reply, values), values);
  showChart(stage, "aps", apsFigure(stage, reply, values), values, {
    point: ({ x }, how) => how === "click" && stage.set({ iou: Number(x.toFixed(2)) }),
  });
}

/**
 * @param {Stage} stage
 * @returns {import("../../ui/stage/plot_numbers.js").Figure}
 */
function curveFigure(stage, reply, values) {
  const { words } = stage;
  const { about, recall, precision, samples } = reply;
  const made = countsAt(reply, values.score).made;
  const told = { iou: values.iou.toFixed(2), ap: digits(about.ap) };
  /** @type {import("../../ui/stage/plot_numbers.js").Series[]} */
  const series = [
    {
      name: titleOf(stage, values, "detector"),
      x: about.objects ? recall.data : [],
      y: about.objects ? precision.data : [],
      style: 0,
      fact: `AP ${digits(about.ap)}`,
    },
    {
      name: words.samples,
      x: about.objects ? RECALLS : [],
      y: about.objects ? samples.data : [],
      kind: "bars",
      style: 0,
      opacity: 0.25,
    },
    ...rivalSeries(stage, reply, values),
  ];
  const at = made - 1;
  return {
    title: about.ap === null ? words.curve_empty : fill(words.curve, told),
    text: about.ap === null ? words.curve_empty : fill(words.curve, told),
    series,
    height: HEIGHT,
    hover: "closest",
    x: { title: words.recall, range: [0, 1] },
    y: { title: words.precision, range: [0, 1.02] },
    marks:
      made && about.objects
        ? [{ x: recall.data[at], y: precision.data[at], text: words.here }]
        : [],
  };
}

/**
 * @param {Stage} stage
 * @returns {import("../../ui/stage/plot_numbers.js").Series[]}
 */
function rivalSeries(stage, { about, rival_recall: x, rival_precision: y }, values) {
  if (!about.rival || !about.objects) return [];
  const name = titleOf(stage, values, "rival");
  return [{ name, x: x.data, y: y.data, style: 1, fact: `AP ${digits(about.rival.ap)}` }];
}

/**
 * @param {Stage} stage
 * @returns {import("../../ui/stage/plot_numbers.js").Figure}
 */
function apsFigure(stage, { about }, values) {
  const { words } = stage;
  /** @returns {import("../../ui/stage/plot_numbers.js").Series} */
  const bars = (of, side, style) => ({
    name: titleOf(stage, values, side),
    x: of.ious,
    y: of.aps.map((ap) => ap ?? 0),
    kind: "bars",
    style,
    fact: digits(of.mean),
  });
  const title =
    about.mean === null ? words.bars_empty : fill(words.bars, { mean: digits(about.mean) });
  return {
    title,
    text: title,
    series: [
      bars(about, "detector", 0),
      ...(about.rival ? [bars(about.rival, "rival", 1)] : []),
    ].filter(() => about.mean !== null),
    height: HEIGHT,
    cursor: values.iou,
    x: { title: words.bars_axis, range: [0.47, 0.98], ticks: ticks(about.ious) },
    y: { title: "AP", range: [0, 1.02] },
  };
}

/** @type {(ious: number[]) => [number, string][]} */
const ticks = (ious) => ious.filter((_, i) => i % 2 === 0).map((iou) => [iou, iou.toFixed(2)]);
