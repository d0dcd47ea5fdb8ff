// Losses on the same answers: their values, their gradients, and gradient descent from here.
import { brief, fill, minus, openCanvas, pointerPosition } from "../../ui/stage/draw.js";
import {
  acrossOf,
  drawLine,
  drawPoint,
  heightOf,
  lineRow,
  openChart,
  rule,
} from "../../ui/stage/line_chart.js";

const STEP = 0.1; // between two answers
const REACH = 6;

const state = () => ({
  charts: null,
  contours: null, // lines of equal loss
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  texts: { at: (value, stage) => answerText(stage, stage.values.case, value) },

  build(stage) {
    const choose = (event, commit) => {
      const { x, y } = pointerPosition(stage, event);
      const chart = stage.state.charts?.find(
        ({ box }) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height,
      );
      if (chart) go(stage, ((x - chart.box.x) / chart.box.width) * 2 * REACH - REACH, commit);
    };
    stage.on("pointerdown", (event) => choose(event, false));
    stage.on("pointermove", (event) => event.buttons && choose(event, false));
    stage.on("pointerup", (event) => choose(event, true));
    stage.on("keydown", (event) => {
      const move = { ArrowRight: STEP, ArrowLeft: -STEP }[event.key];
      if (!move) return;
      event.preventDefault();
      go(stage, stage.values.at + move, true);
    });
  },

  paint(stage, reply, values) {
    const narrow = stage.frame.clientWidth < 520;
    const { ctx, width } = openCanvas(stage, narrow ? 640 : 450);
    const half = narrow ? width - 46 : (width - 110) / 2;
    const box = (x, y, boxWidth, height) => ({ x, y, width: boxWidth, height });
    const places = narrow
      ? [box(40, 24, half, 150), box(40, 240, half, 150), box(40, 456, half, 130)]
      : [box(40, 24, half, 170), box(half + 94, 24, half, 170), box(40, 270, width - 50, 130)];
    stage.state.charts = [
      drawCurves(ctx, stage, places[0], reply, values, "losses"),
      drawCurves(ctx, stage, places[1], reply, values, "gradients"),
    ];
    drawWays(ctx, stage, places[2], reply, values);
    tell(stage, reply, values);
  },

  describe(stage, reply, values) {
    const parts = reply.about.names.map((name, k) => {
      const numbers = fill(stage.words.loss_row, numbersOf(reply, k));
      return `${stage.words[`loss_${name}`]}: ${numbers}`;
    });
    return `${answerText(stage, values.case, values.at)}. ${parts.join(" ")}`;
  },
};

/** @param {Stage} stage */
function go(stage, answer, commit) {
  const at = Number((Math.round(answer / STEP) * STEP).toFixed(1));
  stage.set({ at: Math.max(-REACH, Math.min(REACH, at)) }, commit);
}

// The answer that a place on the axis stands for: a probability, or an error.
/** @param {Stage} stage */
function answerText(stage, kind, at) {
  if (kind === "number") return fill(stage.words.off_by, { error: minus(at.toFixed(1)) });
  return fill(stage.words.prob_true, { prob: percent(1 / (1 + Math.exp(-at))) });
}

const percent = (prob) => `${Number((100 * prob).toPrecision(prob > 0.99 ? 3 : 2))} %`;

const rowOf = ({ data, shape: [, count] }, k) => data.subarray(k * count, (k + 1) * count);
const valueAt = (array, k, i) => rowOf(array, k)[i];

const numbersOf = ({ losses, gradients, about }, k) => ({
  loss: brief(valueAt(losses, k, about.index)),
  gradient: brief(valueAt(gradients, k, about.index)),
});

/** @param {Stage} stage */
function drawCurves(ctx, stage, box, reply, values, what) {
  const curves = reply[what];
  const range = [Math.min(0, ...curves.data), Math.max(0, ...curves.data)];
  const answers = reply.answers.data;
  const ticks = [0, 30, 60, 90, 120].map((i) => [
    answers[i],
    values.case === "number" ? brief(Number(answers[i].toFixed(1))) : percent(reply.probs.data[i]),
  ]);
  const chart = openChart(
    ctx,
    stage,
    box,
    { x: [-REACH, REACH], y: range },
    {
      title: stage.words[`${what}_${values.case}`],
      below: stage.words[`axis_${values.case}`],
      ticks: {
        x: ticks,
        y: [...new Set([range[0], 0, range[1]])].map((v) => [v, brief(round(v))]),
      },
    },
  );
  const here = acrossOf(chart, answers[reply.about.index]);
  rule(chart, here, box.y, here, box.y + box.height, stage.theme.text);
  reply.about.names.forEach((name, k) => {
    drawLine(chart, lineOf(name), (i) => answers[i], rowOf(curves, k));
  });
  reply.about.names.forEach((name, k) => {
    drawPoint(chart, lineOf(name), here, heightOf(chart, valueAt(curves, k, reply.about.index)));
  });
  return chart;
}

const round = (value) => Number(value.toPrecision(3));
const lineOf = (name) => ["cross_entropy", "squared", "absolute"].indexOf(name);

/** @param {Stage} stage */
function drawWays(ctx, stage, box, reply, values) {
  const steps = reply.ways.shape[1] - 1;
  const isClass = values.case === "class";
  const y = isClass ? [0, 1] : [-REACH, REACH];
  const chart = openChart(
    ctx,
    stage,
    box,
    { x: [0, steps], y },
    {
      title: stage.words[`ways_${values.case}`],
      below: fill(stage.words.steps_of, { rate: brief(Number(reply.about.rate.toPrecision(3))) }),
      ticks: {
        y: isClass
          ? [
              [0, "0"],
              [0.5, "50 %"],
              [1, "100 %"],
            ]
          : [
              [-6, "−6"],
              [0, "0"],
              [6, "6"],
            ],
      },
    },
  );
  reply.about.names.forEach((name, k) => {
    drawLine(chart, lineOf(name), (i) => i, rowOf(reply.ways, k), 2.5);
  });
}

/** @param {Stage} stage */
function tell(stage, reply, values) {
  const { names } = reply.about;
  const heading = document.createElement("h4");
  heading.textContent = answerText(stage, values.case, values.at);
  const rows = names.map((name, k) => {
    const arrival = reply.arrivals.data[k];
    const key = arrival < 0 ? "never_right" : arrival === 0 ? "right_already" : "right_after";
    const said = fill(stage.words[key], { steps: arrival < 0 ? reply.ways.shape[1] - 1 : arrival });
    const text = `${fill(stage.words.loss_row, numbersOf(reply, k))} ${said}`;
    return lineRow(stage, lineOf(name), stage.words[`loss_${name}`], text, `loss-${name}`);
  });
  const note = document.createElement("p");
  note.className = "muted";
  note.textContent = stage.words[`right_means_${values.case}`];
  stage.readout.replaceChildren(heading, ...rows, note);
}
