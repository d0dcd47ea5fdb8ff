// Vanishing gradients: a bar a layer with what the textbook foretells over it, how far the pictures
// still differ behind each layer, and the activation with its slope.
import { brief, fill } from "../../ui/stage/draw.js";
import { heading, named, note, table } from "../../ui/stage/parts.js";
import { showChart } from "../../ui/stage/plot.js";

const HEIGHT = { gradients: 210, others: 150 };

const state = () => ({
  layer: null, // the one pointed at
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  charts: "only",
  steady: true,

  paint(stage, reply, values) {
    const count = reply.norms.data.length;
    if (stage.state.layer >= count) stage.state.layer = null;
    showGradients(stage, reply, values);
    showOutputs(stage, reply, values);
    showActivation(stage, reply, values);
    tell(stage, reply);
  },
};

// What pointing at a layer does, in each chart that has layers.
/** @param {Stage} stage */
const pointing = (stage) => ({
  point: ({ x }) => choose(stage, x - 1),
  leave: () => choose(stage, null),
});

/** @param {Stage} stage */
function choose(stage, layer) {
  if (stage.state.layer === layer) return;
  stage.state.layer = layer;
  stage.repaint();
}

const layersOf = (numbers) => Array.from(numbers.data, (_, i) => i + 1);

/** @param {Stage} stage */
function showGradients(stage, { norms, textbook, expected, about }, values) {
  const { words } = stage;
  const x = layersOf(norms);
  const last = norms.data.length - 1;
  const line = (name, numbers, style, fact) => ({
    name: words[`line_${name}`],
    x,
    y: Array.from(numbers.data),
    style,
    width: 2,
    fact,
  });
  const bars = {
    name: words.line_measured,
    x,
    y: Array.from(norms.data),
    kind: /** @type {const} */ ("bars"),
    style: 0,
    chosen: stage.state.layer ?? undefined,
  };
  const factor = fill(words.factor, { factor: brief(about.factor) });
  showChart(
    stage,
    "gradients",
    {
      title: words.gradients,
      text: fill(words.gradients_text, {
        depth: last + 1,
        first: brief(norms.data[0]),
        last: brief(norms.data[last]),
        textbook: brief(textbook.data[0]),
      }),
      height: HEIGHT.gradients,
      broad: true,
      x: { title: words.axis_layer },
      y: { title: words.axis_norm, log: true },
      series: [bars, line("textbook", textbook, 1, factor), line("expected", expected, 2)],
    },
    values,
    pointing(stage),
  );
}

/** @param {Stage} stage */
function showOutputs(stage, { across, spreads }, values) {
  const { words } = stage;
  const x = layersOf(across);
  const last = across.data.length - 1;
  showChart(
    stage,
    "outputs",
    {
      title: words.outputs,
      text: fill(words.outputs_text, {
        first: brief(across.data[0]),
        last: brief(across.data[last]),
      }),
      height: HEIGHT.others,
      x: { title: words.axis_hidden },
      y: { title: words.axis_spread, log: true },
      series: [
        {
          name: words.line_across,
          x,
          y: Array.from(across.data),
          kind: /** @type {const} */ ("bars"),
          style: 0,
          chosen: stage.state.layer ?? undefined,
        },
        { name: words.line_spread, x, y: Array.from(spreads.data), style: 3, width: 2 },
      ],
    },
    values,
    pointing(stage),
  );
}

/** @param {Stage} stage */
function showActivation(stage, { curve_at, curve_values, curve_slopes, about }, values) {
  const { words } = stage;
  const x = Array.from(curve_at.data);
  const steepest = brief(about.steepest);
  showChart(
    stage,
    "activation",
    {
      title: words.activation,
      text: fill(words.activation_text, { steepest }),
      height: HEIGHT.others,
      meaning: values.activation,
      x: { title: words.axis_input },
      y: { title: "", include: [0] },
      series: [
        { name: words.line_value, x, y: Array.from(curve_values.data), style: 0 },
        {
          name: words.line_slope,
          x,
          y: Array.from(curve_slopes.data),
          style: 1,
          fact: fill(words.steepest, { steepest }),
        },
      ],
    },
    values,
  );
}

/** @param {Stage} stage */
function tell(stage, reply) {
  const { words } = stage;
  const { layer } = stage.state;
  const count = reply.norms.data.length;
  const rows = layer === null ? wholeRows(reply) : layerRows(reply, layer);
  const title = layer === null ? words.whole : fill(words.one_layer, { layer: layer + 1, count });
  const notes = [words.point];
  const zeros = reply.norms.data.filter((norm) => norm === 0).length;
  if (zeros) notes.unshift(fill(words.underflow, { zeros }));
  const alike = reply.across.data.indexOf(0);
  if (alike >= 0) notes.unshift(fill(words.alike, { layer: alike + 1, batch: reply.about.batch }));
  stage.readout.replaceChildren(
    heading(title),
    table(named(words, rows)),
    ...notes.map((text) => note(text)),
  );
}

function wholeRows({ norms, textbook, expected, about }) {
  const ratio = ({ data }) => brief(data[0] / data[data.length - 1]);
  return [
    ["first", brief(norms.data[0])],
    ["last", brief(norms.data[norms.data.length - 1])],
    ["ratio", ratio(norms)],
    ["predicted", ratio(textbook)],
    ["expected", ratio(expected)],
    ["loss", brief(about.loss)],
    ["batch", about.batch],
  ];
}

function layerRows({ norms, textbook, expected, slopes, across, spreads }, i) {
  const own = [
    ["norm", brief(norms.data[i])],
    ["product", brief(textbook.data[i])],
    ["met", brief(expected.data[i])],
  ];
  if (i >= slopes.data.length) return own;
  return [
    ...own,
    ["slope", brief(slopes.data[i])],
    ["across", brief(across.data[i])],
    ["spread", brief(spreads.data[i])],
  ];
}
