// How good each decoder is, by distance from the nearest true boundary, over the page's scenes.
import { fill, minus, openCanvas, write } from "../../ui/stage/draw.js";
import { acrossOf, heightOf, openChart } from "../../ui/stage/line_chart.js";
import { heading, note, table } from "../../ui/stage/parts.js";

const HEIGHT = 300;
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3], [1, 4], []];

/** @import { Stage } from "../../ui/stage/types.d.ts" */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  steady: true,
  local: ["measure"],

  paint(stage, reply, values) {
    const width = stage.frame.clientWidth;
    const { ctx } = openCanvas(stage, HEIGHT);
    const { about } = reply;
    const bands = about.edges_px.length;
    const lines = linesOf(reply, values.measure);
    const box = { x: 32, y: 26, width: width - 32 - 92, height: HEIGHT - 70 };
    const ticks = {
      x: about.edges_px.map((_, i) => [i, bandName(about.edges_px, i)]),
      y: [0, 0.25, 0.5, 0.75, 1].map((value) => [value, String(value)]),
    };
    const chart = openChart(
      ctx,
      stage,
      box,
      { x: [-0.4, bands - 0.6], y: [0, 1] },
      {
        title: stage.words[`measure_${values.measure}`],
        below: stage.words.away,
        ticks,
      },
    );
    lines.forEach((line, k) => drawLine(chart, k, line));
    nameLines(
      chart,
      about.decoders.map((name) => stage.words[`brief_${name}`]),
      lines,
    );
    tell(stage, reply, lines);
  },

  describe(stage, reply, values) {
    const lines = linesOf(reply, values.measure);
    const at = (name) => lines[reply.about.decoders.indexOf(name)];
    return fill(stage.words.distance_alternative, {
      measure: stage.words[`measure_${values.measure}`],
      n: reply.about.scenes,
      coarse: number(at("fcn32")[0]),
      fine: number(at("unet")[0]),
      coarse_far: number(at("fcn32").at(-1)),
      fine_far: number(at("unet").at(-1)),
    });
  },
};

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

const colourOf = ({ lines, text }, k) => lines[k] ?? text;

function drawLine(chart, k, line) {
  const { ctx, stage } = chart;
  ctx.strokeStyle = colourOf(stage.theme, k);
  ctx.fillStyle = ctx.strokeStyle;
  ctx.lineWidth = 2;
  ctx.setLineDash(DASHES[k]);
  ctx.beginPath();
  line.forEach((value, i) => {
    if (Number.isFinite(value)) ctx.lineTo(acrossOf(chart, i), heightOf(chart, value));
  });
  ctx.stroke();
  ctx.setLineDash([]);
  line.forEach((value, i) => {
    if (!Number.isFinite(value)) return;
    ctx.beginPath();
    ctx.arc(acrossOf(chart, i), heightOf(chart, value), 2.5, 0, 2 * Math.PI);
    ctx.fill();
  });
}

// Each line's name at its right end, moved apart where they would meet.
function nameLines(chart, names, lines) {
  const { ctx, stage, box } = chart;
  const ends = lines.map((line, k) => ({
    k,
    y: heightOf(chart, line.findLast(Number.isFinite) ?? 0),
  }));
  ends.sort((a, b) => a.y - b.y);
  let free = box.y;
  ends.forEach((end, i) => {
    const most = box.y + box.height - 14 * (ends.length - 1 - i);
    end.at = Math.min(Math.max(end.y, free), most);
    free = end.at + 14;
  });
  for (const { k, at } of ends) {
    const colour = colourOf(stage.theme, k);
    write(ctx, stage, names[k], box.x + box.width + 8, at, { size: 11, bold: true, colour });
  }
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
