// What the steps amount to: mistakes in each epoch; and the unit's curve with where the sum stands.
import { brief, fill } from "../../ui/stage/draw.js";
import { showChart } from "../../ui/stage/plot.js";

/** @import { Stage } from "./view.js" */

const HEIGHT = 170;

/** @type {(stage: Stage, reply: any, values: any, row: number) => void} */
export function showMistakes(stage, reply, values, row) {
  const { words } = stage;
  const count = reply.targets.data.length;
  const mistakes = Array.from(reply.mistakes.data);
  const epoch = Math.max(0, Math.ceil(row / count) - 1);
  showChart(
    stage,
    "mistakes",
    {
      title: words.mistakes,
      text: fill(words.mistakes_text, {
        epochs: mistakes.length,
        first: mistakes[0],
        last: mistakes[mistakes.length - 1],
      }),
      height: HEIGHT,
      start: epoch,
      x: { title: words.epoch },
      y: { title: words.mistakes, range: [0, count + 0.5] },
      series: [
        {
          name: words.mistakes,
          kind: "bars",
          style: 0,
          x: mistakes.map((_, i) => i + 1),
          y: mistakes,
          chosen: epoch,
        },
      ],
    },
    values,
    {
      point: ({ index }, how) => {
        if (how !== "hover") stage.set({ step: (index + 1) * count, chosen: "" });
      },
    },
  );
}

/** @type {(stage: Stage, reply: any, values: any, sum: number, unit: string) => void} */
export function showCurve(stage, reply, values, sum, unit) {
  const { words } = stage;
  const x = Array.from(reply.curve_at.data);
  const reach = x[x.length - 1];
  const stands = Math.min(Math.max(sum, -reach), reach);
  const place = Math.round(((stands + reach) / (2 * reach)) * (x.length - 1));
  showChart(
    stage,
    "unit",
    {
      title: fill(words.curve, { unit }),
      text: fill(words.curve_text, { unit, sum: brief(sum) }),
      height: HEIGHT,
      meaning: values.unit,
      start: place,
      x: { title: words.sum_z, range: [-reach, reach] },
      y: { title: "", include: [0, 1] },
      lines: [{ axis: "x", at: stands, text: `z = ${brief(sum)}` }],
      series: [
        {
          name: words.line_value,
          kind: values.unit === "threshold" ? "steps" : "line",
          x,
          y: Array.from(reply.curve_values.data),
          style: 0,
        },
        { name: words.line_slope, x, y: Array.from(reply.curve_slopes.data), style: 1 },
      ],
    },
    values,
  );
}
