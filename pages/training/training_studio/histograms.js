// How the weights and the gradients of each layer are spread: a histogram for each, one above the
// other, each as wide as its layer's largest value, so that zero lies in the middle of all.
import { numberText } from "../../ui/stage/plot_numbers.js";

const ROW_PX = 40;
const LEAST_ROW_PX = 13;
const MOST_HEIGHT = 640;
const TWO_LINES_PX = 26; // a row that has room for a name and its range
const FULL = 0.86; // of a row, for the fullest bin

/**
 * @param {Record<string, string>} words
 * @param {import("../../ui/stage/types.d.ts").Reply} reply
 * @param {"weights" | "gradients"} what
 * @param {string} text of the whole epoch
 * @returns {import("../../ui/stage/plot_numbers.js").Figure}
 */
export function histogramFigure(words, reply, what, text) {
  const layers = layersOf(reply, what);
  const rowPx = Math.min(ROW_PX, Math.max(LEAST_ROW_PX, MOST_HEIGHT / layers.length));
  const every = Math.ceil(LEAST_ROW_PX / rowPx);
  const named = layers.filter((_, k) => k % every === 0);
  const roomy = rowPx >= TWO_LINES_PX;
  const title = words[`hist_${what}`];
  return {
    title,
    text,
    height: Math.round(layers.length * rowPx) + 64,
    hover: "closest",
    x: {
      title: words.hist_across,
      range: [-1.04, 1.04],
      ticks: [
        [-1, words.hist_least],
        [0, "0"],
        [1, words.hist_most],
      ],
      words: () => "",
    },
    y: {
      title: "",
      range: [-0.1, layers.length],
      ticks: named.map((layer) => [
        layer.base + FULL / 2,
        roomy ? `${layer.name}\n${sizes(layer)}` : layer.name,
      ]),
      words: () => "",
    },
    series: layers.map((layer) => outlineOf(layer)),
    table: tableOf(words, layers),
    isUnkeyed: true,
    meaning: layers.map(({ name }) => name).join(),
  };
}

/** What is known of each layer; the first one stands highest. */
function layersOf(reply, what) {
  const { about } = reply;
  const [count, bins] = reply[what].shape;
  const norms = about[what === "weights" ? "weight_norms" : "gradient_norms"];
  return about.layers.map((name, k) => {
    const [low, high] = reply[`${what}_range`].data.subarray(2 * k, 2 * k + 2);
    return {
      name,
      base: count - 1 - k,
      counts: Array.from(reply[what].data.subarray(k * bins, (k + 1) * bins)),
      low,
      high,
      most: Math.max(Math.abs(low), Math.abs(high)),
      norm: norms[k] ?? Number.NaN,
    };
  });
}

const sizes = ({ most, norm }) => `±${numberText(most)} · ‖ ‖ ${numberText(norm)}`;

// Bin i of a layer, in the layer's own numbers. A layer whose values are all the same has one bin.
function binOf({ low, high, counts }, i) {
  const width = (high - low) / counts.length;
  return [low + i * width, low + (i + 1) * width];
}

/** @returns {import("../../ui/stage/plot_numbers.js").Series} */
function outlineOf(layer) {
  const { name, base, counts, most } = layer;
  const fullest = Math.max(1, ...counts);
  /** @type {{ x: number[], y: number[], notes: (string | null)[] }} */
  const line = { x: [], y: [], notes: [] };
  const add = (x, count, note) => {
    line.x.push(most > 0 ? x / most : 0);
    line.y.push(base + (FULL * count) / fullest);
    line.notes.push(note);
  };
  counts.forEach((count, i) => {
    const [from, to] = binOf(layer, i);
    const note = `${numberText(from)} … ${numberText(to)}: ${count}`;
    if (i === 0) add(from, 0, note);
    add(from, count, note);
    add(to, count, note);
    if (i === counts.length - 1) add(to, 0, note);
  });
  return { name, style: 0, dash: "solid", width: 1, filled: true, ...line };
}

function tableOf(words, layers) {
  const head = ["layer", "from", "to", "count", "norm"].map((name) => words[`hist_column_${name}`]);
  const rows = layers.flatMap((layer) =>
    layer.counts.map((count, i) => [layer.name, ...binOf(layer, i), count, layer.norm]),
  );
  return { head, rows };
}
