// How often each grey occurs before and after the open step.
import { showChart } from "../../ui/stage/plot.js";

/** @import { Stage } from "./view.js" */

const VALUES = 256;

/**
 * The share of the pixels that has each value, in percent.
 * @type {(counts: any, picture: number) => number[]}
 */
export function sharesOf({ data }, picture) {
  const counts = Array.from(data.subarray(picture * VALUES, (picture + 1) * VALUES));
  const all = counts.reduce((sum, each) => sum + each, 0);
  return counts.map((count) => (100 * count) / all);
}

/**
 * How high the axis reaches: to the highest value inside, since black and white alone would press
 * all others flat; to those where there is nothing else.
 * @type {(shares: number[][]) => number}
 */
export function topOf(shares) {
  const inner = Math.max(...shares.flatMap((each) => each.slice(1, -1)));
  return inner > 0.05 ? inner * 1.15 : Math.max(...shares.flat()) * 1.05;
}

/** @param {Stage} stage */
export function showHistogram(stage, { counts }, values) {
  const { words } = stage;
  const x = Array.from({ length: VALUES }, (_, value) => value);
  const shares = [0, 1].map((picture) => sharesOf(counts, picture));
  const series = shares.map((y, k) => ({
    name: k ? words.right : words.left,
    kind: /** @type {"steps"} */ ("steps"),
    style: k ? 0 : 1,
    x,
    y,
  }));
  const figure = {
    title: words.histogram,
    text: words.histogram_text,
    height: 190,
    broad: true,
    x: { title: words.axis_value, range: /** @type {[number, number]} */ ([0, 255]) },
    y: {
      title: words.axis_share,
      unit: "%",
      range: /** @type {[number, number]} */ ([0, topOf(shares)]),
    },
    series,
  };
  showChart(stage, "histogram", figure, values);
}
