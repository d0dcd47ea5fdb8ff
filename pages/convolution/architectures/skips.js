// The gradient of each layer of one deep net, plain and with skip connections.
import { brief, fill } from "../../ui/stage/draw.js";
import { heading, note, table } from "../../ui/stage/parts.js";
import { showChart } from "../../ui/stage/plot.js";

const NETS = ["plain", "skipping"];

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  charts: "only",
  steady: true,

  paint(stage, reply, values) {
    const { words } = stage;
    const { about } = reply;
    const ratios = Object.fromEntries(
      NETS.map((net) => [net, about.ratios[net] === null ? "–" : brief(about.ratios[net])]),
    );
    showChart(
      stage,
      "skips",
      {
        title: words.gradients,
        text: fill(words.gradients_text, { ...ratios, layers: values.layers }),
        broad: true,
        x: { title: words.axis_layer },
        y: { title: words.axis_norm, log: true },
        series: NETS.map((net, k) => ({
          name: words[`net_${net}`],
          style: k ? 0 : 1,
          dots: true,
          x: Array.from(reply[net].data, (_, i) => i + 1),
          y: reply[net].data,
        })),
      },
      values,
    );
    stage.readout.replaceChildren(
      heading(words.ratio),
      table(NETS.map((net) => [words[`net_${net}`], ratios[net], net])),
      note(fill(words.batch, { pictures: about.batch })),
    );
  },
};
