// How good each decoder is, by distance from the nearest true boundary, over the page's scenes.
import { fill, minus } from "../../ui/stage/draw.js";
import { heading, note, table } from "../../ui/stage/parts.js";
import { showChart } from "../../ui/stage/plot.js";

/** @import { Stage } from "../../ui/stage/types.d.ts" */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  steady: true,
  charts: "only",
  local: ["measure"],

  paint(stage, reply, values) {
    const lines = linesOf(reply, values.measure);
    showChart(stage, "distance", figureOf(stage, reply, values, lines), values);
    tell(stage, reply, lines);
  },
};

/**
 * @param {Stage} stage
 * @returns {import("../../ui/stage/plot_numbers.js").Figure}
 */
function figureOf(stage, reply, values, lines) {
  const { edges_px: edges, decoders } = reply.about;
  const title = stage.words[`measure_${values.measure}`];
  return {
    title,
    text: described(stage, reply, values, lines),
    height: 320,
    x: {
      title: stage.words.away,
      range: [-0.4, edges.length - 0.6],
      ticks: edges.map((_, i) => [i, bandName(edges, i)]),
    },
    y: { title, range: [0, 1] },
    series: decoders.map((name, k) => ({
      name: stage.words[`brief_${name}`],
      x: edges.map((_, i) => i),
      y: lines[k],
      dots: true,
    })),
  };
}

/** @param {Stage} stage */
function described(stage, reply, values, lines) {
  const at = (name) => lines[reply.about.decoders.indexOf(name)];
  return fill(stage.words.distance_alternative, {
    measure: stage.words[`measure_${values.measure}`],
    n: reply.about.scenes,
    coarse: number(at("fcn32")[0]),
    fine: number(at("unet")[0]),
    coarse_far: number(at("fcn32").at(-1)),
    fine_far: number(at("unet").at(-1)),
  });
}

const number = (value) => (Number.isFinite(value) ? value.toFixed(3) : "–");

function linesOf(reply, measure) {
  const {
    data,
    shape: [count, bands],
  } = reply[measure];
  const lineOf = (_, k) => Array.from(data.subarray(k * bands, (k + 1) * bands));
  return Array.from({ length: count }, lineOf);
}

function bandName(edges, i) {
  if (i === 0) return `< ${edges[1]}`;
  return i + 1 < edges.length ? `${edges[i]}–${edges[i + 1]}` : `≥ ${edges[i]}`;
}

/** @param {Stage} stage */
function tell(stage, { about, pixels }, lines) {
  const { words } = stage;
  const rows = (band) =>
    about.decoders.map((name, k) => [
      words[`brief_${name}`],
      minus(number(lines[k][band])),
      `${name}-${band}`,
    ]);
  const last = about.edges_px.length - 1;
  const title = (band) =>
    fill(words.band, {
      band: bandName(about.edges_px, band),
      n: pixels.data[band].toLocaleString("en"),
    });
  stage.readout.replaceChildren(
    heading(title(0)),
    table(rows(0)),
    heading(title(last)),
    table(rows(last)),
    note(fill(words.over_scenes, { n: about.scenes })),
  );
}
