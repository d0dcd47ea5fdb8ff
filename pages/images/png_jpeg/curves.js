// Bytes against error, and what a classifier and a detector answer, over the qualities: each point
// is a file that was written.
import { fill } from "../../ui/stage/draw.js";
import { showChart } from "../../ui/stage/plot.js";

const STYLES = { jpeg: 0, webp: 1, avif: 2 };
const CURVES_PX = 250;
const ANSWER_WIDE_PX = 380;

/** @typedef {import("../../ui/stage/types.d.ts").Stage} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  local: ["measure"],
  steady: true,
  charts: "only",

  build(stage) {
    stage.root.classList.add("wide");
  },

  paint(stage, reply, values) {
    const { words } = stage;
    showChart(stage, "bytes", bytesFigure(words, reply, values.measure), values);
    for (const [name, column] of [
      ["class", "prob"],
      ["thing", "score"],
    ]) {
      showChart(stage, name, answerFigure(words, reply, name, column), values);
    }
    const { box } = /** @type {any} */ (stage).plots; // both answers side by side, where there is room
    box.style.gridTemplateColumns = `repeat(auto-fit, minmax(min(${ANSWER_WIDE_PX}px, 100%), 1fr))`;
  },
};

/** @type {(words: Record<string, string>, reply: any, x: string, y: string) => any[]} */
function seriesOf(words, reply, x, y) {
  return reply.about.forms.map((form) => ({
    name: words[`form_${form}`],
    style: STYLES[form],
    dots: true,
    x: Array.from(reply[`${form}_${x}`].data),
    y: Array.from(reply[`${form}_${y}`].data),
    notes: Array.from(reply[`${form}_quality`].data, (quality) =>
      fill(words.curve_quality, { quality }),
    ),
  }));
}

function bytesFigure(words, reply, measure) {
  const { about } = reply;
  const png = about.png_bytes.toLocaleString("en");
  const title = words.curve_bytes;
  return {
    title,
    text: `${title}. ${fill(words.curve_png, { bytes: png })}`,
    height: CURVES_PX + 40,
    broad: true,
    meaning: measure,
    hover: /** @type {"closest"} */ ("closest"),
    x: { title: words.curve_axis_bytes, log: true, include: [about.png_bytes] },
    y: measure === "psnr" ? { title: "PSNR", unit: "dB" } : { title: "SSIM" },
    lines: [
      {
        axis: /** @type {"x"} */ ("x"),
        at: about.png_bytes,
        text: fill(words.curve_png, { bytes: png }),
      },
    ],
    series: seriesOf(words, reply, "bytes", measure),
  };
}

function answerFigure(words, reply, name, column) {
  const { about } = reply;
  const answer = about[name];
  const title = answer
    ? fill(words[`curve_${name}`], { name: answer })
    : words[`curve_${name}_none`];
  return {
    title,
    text: title,
    height: CURVES_PX,
    x: { title: words.curve_axis_quality, range: /** @type {[number, number]} */ ([0, 100]) },
    y: {
      title: words[`curve_axis_${column}`],
      range: /** @type {[number, number]} */ ([0, 1]),
    },
    lines:
      name === "thing" && answer
        ? [{ axis: /** @type {"y"} */ ("y"), at: about.sure, text: words.curve_sure }]
        : [],
    series: answer ? seriesOf(words, reply, "quality", column) : [],
  };
}
