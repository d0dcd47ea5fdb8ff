// What n×n filters cost over the width of the bottleneck before them, and written as smaller ones.
import { brief, fill } from "../../ui/stage/draw.js";
import { columns, heading, note } from "../../ui/stage/parts.js";
import { showChart } from "../../ui/stage/plot.js";

const WAYS = ["direct", "bottleneck", "stacked", "asymmetric"];
const CHART_PX = 330;

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  charts: "only",

  paint(stage, reply, values) {
    const { words } = stage;
    const { about } = reply;
    const size = { size: values.size };
    const title = fill(words.over_width, { measure: words[`measure_${values.measure}`] });
    const [direct, bottleneck] = about.ways;
    showChart(
      stage,
      "widths",
      {
        title,
        text: `${title}. ${fill(words.over_width_text, {
          width: values.width,
          direct: brief(direct[values.measure]),
          bottleneck: brief(bottleneck[values.measure]),
        })}`,
        height: CHART_PX,
        broad: true,
        x: { title: words.axis_width, log: true },
        y: { title: words[`measure_${values.measure}`], log: true },
        cursor: values.width,
        series: WAYS.map((way, k) => ({
          name: fill(words[`way_${way}`], size),
          style: k,
          x: reply.widths.data,
          y: reply[way].data,
        })),
        meaning: `${values.measure}`,
      },
      values,
    );
    const rows = about.ways.map(({ way, params, macs, ms }) => [
      fill(words[`way_${way}`], size),
      brief(params),
      `${brief(macs / 1e6)} M`,
      `${brief(ms)} ms`,
    ]);
    const heads = [words.head_way, words.head_params, words.head_macs, words.head_ms];
    const made = columns(heads, rows);
    made.dataset.testid = "ways";
    stage.readout.replaceChildren(
      heading(fill(words.at_width, { width: values.width })),
      made,
      note(fill(about.breaks_even ? words.even : words.never_even, { width: about.breaks_even })),
      note(fill(words.ran_on, { side: about.side })),
    );
  },
};
