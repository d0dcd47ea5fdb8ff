// GoogLeNet's nine modules, each with its bottlenecks and without.
import { brief, fill } from "../../ui/stage/draw.js";
import { columns, heading, note } from "../../ui/stage/parts.js";
import { showChart } from "../../ui/stage/plot.js";

const KINDS = ["kept", "without"];
const CHART_PX = 260;

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  charts: "only",
  steady: true,

  paint(stage, reply, values) {
    const { words } = stage;
    const { modules, times } = reply.about;
    const title = fill(words.nine, { measure: words[`measure_${values.counted}`] });
    showChart(
      stage,
      "nine",
      {
        title,
        text: `${title}. ${fill(words.nine_text, { times: brief(times[values.counted]) })}`,
        height: CHART_PX,
        broad: true,
        x: { title: words.axis_module, ticks: modules.map(({ name }, i) => [i, name]) },
        y: { title: words[`measure_${values.counted}`], include: [0] },
        series: KINDS.map((kind, k) => ({
          name: words[`head_${kind}`],
          kind: "bars",
          style: k,
          x: modules.map((_, i) => i),
          y: reply[kind].data,
        })),
        meaning: values.counted,
      },
      values,
    );
    const rows = modules.map(({ name, shape: [channels, side], out, kept, without }) => [
      name,
      `${side} × ${side} × ${channels}`,
      out,
      `×${brief(without[values.counted] / kept[values.counted])}`,
    ]);
    const heads = [words.axis_module, words.head_in, words.head_out, words.head_times];
    const made = columns(heads, rows);
    made.dataset.testid = "nine";
    stage.readout.replaceChildren(heading(words.nine_each), made, note(words.nine_counted));
  },
};
