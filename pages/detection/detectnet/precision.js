// AP50 of the shipped net for what the controls say: the number at this threshold within a second,
// and as a chart at all thresholds, for each way of merging that has been looked at.
import { fill } from "../../ui/stage/draw.js";
import { pause } from "../../ui/stage/lifetime.js";
import { showChart } from "../../ui/stage/plot.js";

const MERGES = ["nms", "cluster", "none"];
const STEP = 0.05; // between two thresholds of the slider
const AGAIN_MS = 200;

/** @typedef {{ thresholds: Float64Array, ap50: Float64Array, scenes: number }} Curve */
/** @import { Stage } from "./view.js" */

/** What the view remembers of it. */
export const precisionState = () => ({
  curves: {}, // by merging, as far as measured
  exact: {}, // by merging and threshold, what was asked for
  isMeasuring: false,
});

/**
 * AP50 as far as it is known, 0 to 1; what is not known yet is asked for.
 * @param {Stage} stage
 * @returns {{ ap50: number | undefined, scenes: number | undefined }}
 */
export function precisionAt(stage, { threshold, merge }) {
  const { curves, exact } = stage.state.precision;
  /** @type {Curve | undefined} */
  const curve = curves[merge];
  const at = curve?.thresholds.findIndex((each) => Math.abs(each - threshold) < 1e-9) ?? -1;
  const found = exact[`${merge} ${threshold}`] ?? curve?.ap50[at];
  const ap50 = Number.isFinite(found) ? found : undefined;
  if (ap50 === undefined || curve?.ap50.some(Number.isNaN)) measure(stage);
  return { ap50, scenes: curve?.scenes };
}

// One request at a time, for the newest values, until the curve of this merging is whole.
/** @param {Stage} stage */
async function measure(stage) {
  const { precision } = stage.state;
  if (precision.isMeasuring) return;
  precision.isMeasuring = true;
  const { threshold, merge } = stage.values;
  try {
    const { thresholds, ap50, about } = await stage.ask("detectnet/precision", {
      threshold,
      merge,
    });
    precision.exact[`${merge} ${threshold}`] = about.ap50;
    precision.curves[merge] = {
      thresholds: thresholds.data,
      ap50: ap50.data,
      scenes: about.scenes,
    };
  } catch {
    // the engine is away, which the stage says: the next paint asks again
  }
  await pause(stage, AGAIN_MS);
  precision.isMeasuring = false;
  stage.repaint();
}

/**
 * The curves; a threshold is chosen by dragging on them.
 * @param {Stage} stage
 */
export function showPrecision(stage, values) {
  const { words } = stage;
  const { ap50, scenes } = precisionAt(stage, values);
  const go = (x, commit) => stage.set({ threshold: stopNear(x) }, commit);
  const series = MERGES.flatMap((merge, style) => {
    /** @type {Curve | undefined} */
    const curve = stage.state.precision.curves[merge];
    if (!curve) return [];
    const y = Array.from(curve.ap50, (share) => 100 * share);
    return [{ name: words[`merge_${merge}`], style, x: curve.thresholds, y, dots: true }];
  });
  const style = MERGES.indexOf(values.merge);
  const mark = { x: values.threshold, style, of: words[`merge_${values.merge}`] };
  const text = fill(words.ap50_text, {
    scenes: scenes ?? "…",
    merge: words[`merge_${values.merge}`],
    threshold: values.threshold,
    ap50: percent(ap50),
  });
  showChart(
    stage,
    "precision",
    {
      title: fill(words.plot_precision, { scenes: scenes ?? "…" }),
      text,
      height: 190,
      drags: true,
      x: { title: words.axis_threshold, range: [0, 1] },
      y: { title: "AP50", unit: "%", range: [0, 100] },
      cursor: values.threshold,
      series,
      marks: ap50 === undefined ? [] : [{ ...mark, y: 100 * ap50 }],
    },
    values,
    {
      drag: ({ x }, how) => go(x, how === "drop"),
      point: ({ x }, how) => how === "key" && go(x, true),
    },
  );
}

// A place where the slider stops.
const stopNear = (x) => {
  const steps = Math.round(x / STEP);
  return Number((STEP * Math.min(Math.max(steps, 1), 19)).toFixed(2));
};

/** @param {number | undefined} share */
export const percent = (share) => (share === undefined ? "…" : (100 * share).toFixed(1));
