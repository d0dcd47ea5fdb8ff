// Three curves: the watched number while the other moves, with the derivative as its tangent; the
// loss after one step against the learning rate; and the loss while it learns.
import { brief, fill } from "../../ui/stage/draw.js";
import { showChart } from "../../ui/stage/plot.js";

/** @import { Stage } from "./view.js" */

const HEIGHT = 210;

/** @param {Stage} stage */
export function showCharts(stage, reply, values) {
  showChart(stage, "moved", movedOf(stage, reply, values), values);
  showChart(stage, "rates", ratesOf(stage, reply, values), values);
  showChart(stage, "training", trainingOf(stage, reply), values);
}

/** @type {(stage: Stage, reply: any, values: any) => import("../../ui/stage/plot_numbers.js").Figure} */
function movedOf({ words }, { moved_at, moved_target, about }, { source, target }) {
  const { value, watched, sum } = about.influence;
  const [first, last] = [moved_at.data[0], moved_at.data[moved_at.data.length - 1]];
  const reach = (last - first) / 5;
  const ends = [value - reach, value + reach];
  return {
    title: fill(words.moved_title, { source, target }),
    text: fill(words.moved_text, { source, target, sum: brief(sum) }),
    height: HEIGHT,
    x: { title: source },
    y: { title: target },
    meaning: `${source} ${target}`,
    series: [
      { name: words.line_curve, x: moved_at.data, y: moved_target.data, style: 0, width: 2 },
      {
        name: words.line_tangent,
        x: ends,
        y: ends.map((at) => watched + sum * (at - value)),
        style: 1,
        width: 2,
        fact: fill(words.slope_is, { sum: brief(sum) }),
      },
    ],
    marks: [{ x: value, y: watched, style: 1 }],
  };
}

/** @type {(stage: Stage, reply: any, values: any) => import("../../ui/stage/plot_numbers.js").Figure} */
function ratesOf({ words }, { rates, rate_losses, about }, { rate }) {
  const { before, after } = about.update;
  const losses = Array.from(rate_losses.data);
  return {
    title: words.rates_title,
    text: fill(words.rates_text, {
      rate: brief(rate),
      before: brief(before),
      after: after === null ? "∞" : brief(after),
    }),
    height: HEIGHT,
    x: { title: words.axis_rate, log: true },
    y: { title: words.axis_loss, log: true },
    series: [{ name: words.line_after, x: Array.from(rates.data), y: losses, style: 0, width: 2 }],
    lines: [{ axis: "y", at: before, text: words.line_before }],
    marks: after === null ? [] : [{ x: rate, y: after, style: 1, text: words.mark_rate }],
    cursor: rate,
    isUnkeyed: true,
  };
}

/** @type {(stage: Stage, reply: any) => import("../../ui/stage/plot_numbers.js").Figure} */
function trainingOf(stage, { about }) {
  const { words } = stage;
  const { run } = stage.state;
  const losses = run ? Array.from(run.losses.subarray(0, run.shown + 1)) : [about.update.before];
  const most = run ? run.losses.length - 1 : 100;
  return {
    title: words.training_title,
    text: fill(words.training_text, {
      steps: losses.length - 1,
      before: brief(losses[0]),
      after: brief(losses[losses.length - 1]),
    }),
    height: HEIGHT,
    x: { title: words.axis_steps, range: [0, Math.max(most, 1)] },
    y: { title: words.axis_loss, include: [0] },
    meaning: String(most),
    series: [
      {
        name: words.axis_loss,
        x: losses.map((_, i) => i),
        y: losses,
        style: 0,
        width: 2,
        dots: losses.length === 1,
      },
    ],
    isUnkeyed: true,
  };
}
