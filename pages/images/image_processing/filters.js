// Which filter for which noise: PSNR over the amount of noise, a curve for each filter at its best.
import { fill } from "../../ui/stage/draw.js";
import { columns, heading, note } from "../../ui/stage/parts.js";
import { showChart } from "../../ui/stage/plot.js";

/** @import { Stage } from "../../ui/stage/types.d.ts" */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  steady: true,
  charts: "only",

  paint(stage, reply, values) {
    showChart(stage, "filters", figureOf(stage, reply), values);
    tell(stage, reply);
  },
};

/** @type {(stage: Stage, reply: any) => import("../../ui/stage/plot_numbers.js").Figure} */
function figureOf({ words }, { amounts, psnr_db, about }) {
  const count = amounts.data.length;
  const x = Array.from(amounts.data);
  const series = [null, ...about.filters].map((name, k) => ({
    name: name ? words[`op_${name}`] : words.untouched,
    style: k,
    dots: true,
    x,
    y: Array.from(psnr_db.data.subarray(k * count, (k + 1) * count)),
    notes: name ? about.settings[name] : undefined,
  }));
  return {
    title: words.plot_filters,
    text: `${words.plot_filters}. ${winners(words, amounts, about)}`,
    height: 320,
    broad: true,
    meaning: about.noise,
    x: { title: words[`axis_${about.noise}`] },
    y: { title: words.axis_psnr, unit: "dB" },
    series,
  };
}

/** @type {(words: Record<string, string>, amounts: any, about: any) => string} */
const winners = (words, amounts, { best }) =>
  best
    .map((name, i) => fill(words.won, { amount: amounts.data[i], name: words[`op_${name}`] }))
    .join(" ");

/** @type {(stage: Stage, reply: any) => void} */
function tell({ words, readout }, { amounts, psnr_db, about }) {
  const count = amounts.data.length;
  const rows = about.best.map((name, i) => {
    const place = 1 + about.filters.indexOf(name);
    return [
      amounts.data[i],
      words[`op_${name}`],
      `${psnr_db.data[place * count + i].toFixed(1)} dB`,
    ];
  });
  const table = columns([words.head_amount, words.head_best, words.head_psnr], rows);
  table.dataset.testid = "best-filters";
  const [height, width] = about.size;
  readout.replaceChildren(
    heading(words.best_filters),
    table,
    note(fill(words.filters_note, { size: `${height} × ${width}` })),
  );
}
