// The deletion curves: how the probability falls as pixels go, in three orders, with their areas.
import { fill } from "../../ui/stage/draw.js";
import { showChart } from "../../ui/stage/plot.js";

/** @import { Stage } from "./view.js" */

const ORDERS = ["blamed", "elsewhere", "random"];
const percent = (share) => 100 * share;

// curves: the engine's answer, null while it is measured; prob: what is left at `values.removed` %.
/** @param {Stage} stage */
export function showCurves(stage, curves, values, prob) {
  const { words } = stage;
  const series = ORDERS.map((order, k) => ({
    name: words[`order_${order}`],
    fact: fill(words.area, { area: curves?.about.areas[order].toFixed(3) ?? "…" }),
    x: curves ? Array.from(curves.fraction.data, percent) : [],
    y: curves ? Array.from(curves[order].data, percent) : [],
    style: k,
    width: k === 0 ? 2.5 : 1.5,
  }));
  const title = curves ? words.curves : words.curves_coming;
  showChart(
    stage,
    "deletion",
    {
      title,
      text: curves ? fill(words.curves_text, curves.about.areas) : title,
      series,
      height: 300,
      x: { title: words.axis_removed, unit: "%", range: [0, 100] },
      y: { title: words.axis_prob, unit: "%", range: [0, 100] },
      marks: [{ x: values.removed, y: percent(prob), text: words.here }],
    },
    values,
  );
}
