// Losses on the same answers: their values, their gradients, and gradient descent from here.
import { brief, fill, minus } from "../../ui/stage/draw.js";
import { showChart } from "../../ui/stage/plot.js";
import { lineRow } from "../../ui/stage/plot_legend.js";

const STEP = 0.1; // between two answers
const REACH = 6;

/** @typedef {import("../../ui/stage/types.d.ts").Stage} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  steady: true,
  charts: "only",
  texts: { at: (value, stage) => answerText(stage, stage.values.case, value) },

  paint(stage, reply, values) {
    const handlers = {
      drag: ({ x }, how) => go(stage, x, how === "drop"),
      point: ({ x }, how) => how === "key" && go(stage, x, true),
    };
    showChart(stage, "losses", curvesOf(stage, reply, values, "losses"), values, handlers);
    showChart(stage, "gradients", curvesOf(stage, reply, values, "gradients"), values, handlers);
    showChart(stage, "ways", waysOf(stage, reply, values), values);
    tell(stage, reply, values);
  },
};

// The charts in words: what each loss says of the answer on screen.
function described(stage, reply, values) {
  const parts = reply.about.names.map((name, k) => {
    const numbers = fill(stage.words.loss_row, numbersOf(reply, k));
    return `${stage.words[`loss_${name}`]}: ${numbers}`;
  });
  return `${answerText(stage, values.case, values.at)}. ${parts.join(" ")}`;
}

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

// The curves of the losses or of their gradients, with where the net stands now.
/** @returns {import("../../ui/stage/plot_numbers.js").Figure} */
function curvesOf(stage, reply, values, what) {
  const { words } = stage;
  const curves = reply[what];
  const answers = reply.answers.data;
  const title = words[`${what}_${values.case}`];
  const here = answers[reply.about.index];
  const ends = [30, 60, 90];
  return {
    title,
    text: described(stage, reply, values),
    height: 220,
    drags: true,
    cursor: here,
    start: reply.about.index,
    x: {
      title: words[`axis_${values.case}`],
      range: [-REACH, REACH],
      ticks:
        values.case === "class"
          ? ends.map((i) => [answers[i], percent(reply.probs.data[i])])
          : undefined,
      words: (answer) => answerText(stage, values.case, answer),
    },
    y: { title, include: [0] },
    series: reply.about.names.map((name, k) => ({
      name: words[`loss_${name}`],
      style: lineOf(name),
      x: answers,
      y: rowOf(curves, k),
    })),
    marks: reply.about.names.map((name, k) => ({
      x: here,
      y: valueAt(curves, k, reply.about.index),
      style: lineOf(name),
      of: words[`loss_${name}`],
    })),
    meaning: values.case,
  };
}

const lineOf = (name) => ["cross_entropy", "squared", "absolute"].indexOf(name);

/** @returns {import("../../ui/stage/plot_numbers.js").Figure} */
function waysOf(stage, reply, values) {
  const { words } = stage;
  const steps = reply.ways.shape[1] - 1;
  const isClass = values.case === "class";
  const title = words[`ways_${values.case}`];
  const rate = brief(Number(reply.about.rate.toPrecision(3)));
  const part = isClass ? 100 : 1;
  return {
    title,
    text: described(stage, reply, values),
    height: 150,
    broad: true,
    x: {
      title: fill(words.steps_of, { rate }),
      range: [0, steps],
    },
    y: {
      title: words[isClass ? "prob" : "error"],
      unit: isClass ? "%" : undefined,
      range: isClass ? [0, 100] : [-REACH, REACH],
    },
    series: reply.about.names.map((name, k) => ({
      name: words[`loss_${name}`],
      style: lineOf(name),
      x: Array.from({ length: steps + 1 }, (_, i) => i),
      y: Array.from(rowOf(reply.ways, k), (value) => part * value),
    })),
    meaning: values.case,
  };
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
