// Rosenblatt's rule: the plane with the line that the neuron draws, point by point; beside it the
// neuron itself with its numbers; below, the mistakes of each epoch and the unit's curve.
import { optionLabel } from "../../ui/stage/controls.js";
import { fill, openCanvas, write } from "../../ui/stage/draw.js";
import { later } from "../../ui/stage/lifetime.js";
import { buildPlayer, button, element, showPlayer } from "../../ui/stage/parts.js";
import { showCurve, showMistakes } from "./charts.js";
import { drawNeuron, panelHeight, sentencesOf } from "./neuron.js";
import {
  at,
  clipped,
  drawAxes,
  drawHull,
  drawLine,
  drawNormal,
  drawPoint,
  drawSides,
  drawTrail,
  REACH,
} from "./plane.js";
import { addPoint, chosenOf, editPoints, removePoint, turnPoint } from "./points.js";
import { buildReadout, tell } from "./readout.js";

const MOST_SIDE = 380;
const NARROW = 620; // below it the neuron stands under the plane
const LEFT = 26; // of the axis' numbers
const TRAIL = 12; // lines that were
const PANEL = panelHeight(6); // of the neuron: the picture and up to six sentences
const PLAY_MS = 450;
const END = 400; // a step that means the last one

const state = () => ({
  square: null, // where the plane lies
  player: null,
  readout: null,
  buttons: null,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  charts: "below",
  local: ["step", "chosen"],
  texts: {
    step: (value, { reply }) => (reply ? stepText(value, reply.about.steps) : ""),
  },

  build(stage) {
    stage.root.classList.add("wide");
    stage.state.player = buildPlayer(stage, {
      back: () => walk(stage, -1),
      play: () => (stage.state.player.timer === null ? play(stage) : stop(stage)),
      step: () => walk(stage, 1),
    });
    editPoints(stage);
    buildButtons(stage);
    showPlayer(stage, stage.state.player); // with their words from the first, so that nothing jumps
    buildReadout(stage);
  },

  adjust(stage, changes) {
    const steps = stage.reply?.about.steps;
    if (changes.step !== undefined && stage.state.player?.timer === null) {
      if (steps !== undefined && changes.step >= steps) return { ...changes, step: END };
    }
    return changes;
  },

  paint(stage, reply, values) {
    const shown = shownOf(stage, reply, values);
    const unit = optionLabel(stage, "unit", values.unit);
    const said = {
      title: titleOf(stage, reply, shown),
      sentences: sentencesOf(stage.words, shown, unit),
      end: stage.words[`end_${endOf(reply.about)}`],
    };
    const width = stage.canvas.clientWidth || stage.frame.clientWidth;
    const narrow = width < NARROW;
    const side = Math.min(MOST_SIDE, narrow ? width - LEFT - 8 : 0.46 * width);
    const least = narrow ? side + 40 + PANEL : Math.max(side + 40, PANEL);
    const { ctx } = openCanvas(stage, least);
    const square = { x: LEFT, y: 6, side, reach: REACH };
    stage.state.square = square;
    drawPlane(ctx, stage, reply, values, shown);
    const box = narrow
      ? { x: 4, y: side + 44, width: width - 8, height: 0 }
      : { x: LEFT + side + 36, y: 0, width: width - LEFT - side - 40, height: 0 };
    drawNeuron(ctx, stage, box, shown, said);
    showMistakes(stage, reply, values, rowOf(reply, values));
    showCurve(stage, reply, values, shown.sum, unit);
    tell(stage, reply, rowOf(reply, values));
    showButtons(stage, reply);
    showPlayer(stage, stage.state.player);
  },

  describe(stage, reply, values) {
    const shown = shownOf(stage, reply, values);
    const unit = optionLabel(stage, "unit", values.unit);
    return [titleOf(stage, reply, shown), ...sentencesOf(stage.words, shown, unit)].join(". ");
  },
};

/** @type {(reply: any, values: any) => number} the last step where fewer were needed */
const rowOf = ({ about }, { step }) => Math.min(step, about.steps);

/** @type {(about: any) => "learnt" | "later" | "never"} what becomes of the rule on these points */
const endOf = ({ settled, separable }) => (settled ? "learnt" : separable ? "later" : "never");

const stepText = (value, steps) => `${Math.min(value, steps)} / ${steps}`;

const weightsAt = ({ weights }, row) => Array.from(weights.data.subarray(3 * row, 3 * row + 3));

// What stands in the picture of the neuron: the chosen point, else the one that the step looked at.
/** @returns {import("./neuron.js").Shown} */
function shownOf(stage, reply, values) {
  const row = rowOf(reply, values);
  const chosen = chosenOf(stage);
  const visit = chosen === null && row > 0;
  const point = chosen ?? reply.visited.data[visit ? row - 1 : 0];
  const from = visit ? row - 1 : row;
  const count = reply.targets.data.length;
  const sum = reply.sums.data[from * count + point];
  const plus = reply.targets.data[point] > 0;
  const [x1, x2] = reply.points.data.subarray(2 * point, 2 * point + 2);
  return {
    point,
    inputs: [x1, x2],
    plus,
    weights: weightsAt(reply, from),
    sum,
    output: reply.outputs.data[from * count + point],
    step: visit ? row : 0,
    wrong: plus ? sum <= 0 : sum >= 0,
    after: weightsAt(reply, row),
    rate: values.rate,
  };
}

/** @param {Stage} stage */
function titleOf({ words }, { targets, about }, { point, step }) {
  if (!step) return fill(words.looked_at, { point });
  const epoch = Math.ceil(step / targets.data.length);
  return fill(words.step_of, { step, steps: about.steps, epoch, point });
}

/** @param {Stage} stage */
function drawPlane(ctx, stage, reply, values, shown) {
  const { square } = stage.state;
  const row = rowOf(reply, values);
  const line = weightsAt(reply, row);
  clipped(ctx, square, () => drawSides(ctx, stage, square, line));
  drawAxes(ctx, stage, square, ["x₁", "x₂"]);
  clipped(ctx, square, () => {
    drawTrail(ctx, stage, square, trailOf(reply, row));
    if (!reply.about.separable) {
      drawHull(ctx, stage, square, reply.hull_minus, false);
      drawHull(ctx, stage, square, reply.hull_plus, true);
    }
    if (shown.step && shown.wrong) {
      drawLine(ctx, square, shown.weights, { colour: stage.theme.muted, dash: [6, 4] });
    }
    drawLine(ctx, square, line, { colour: stage.theme.text, width: 2.5 });
    drawNormal(ctx, stage, square, line);
  });
  const count = reply.targets.data.length;
  for (let i = 0; i < count; i++) {
    const plus = reply.targets.data[i] > 0;
    const sum = reply.sums.data[row * count + i];
    const place = at(square, reply.points.data[2 * i], reply.points.data[2 * i + 1]);
    const wrong = plus ? sum <= 0 : sum >= 0;
    drawPoint(ctx, stage, place, { plus, wrong, lit: i === shown.point, name: String(i) });
  }
  if (line[0] === 0 && line[1] === 0) {
    const text = stage.words[line[2] === 0 ? "no_line_zero" : "no_line"];
    const [x, y] = [square.x + square.side / 2, square.y + square.side - 14];
    write(ctx, stage, text, x, y, { align: "center", size: 12, bold: true });
  }
}

// The lines before the present one, each once.
function trailOf(reply, row) {
  const found = [];
  for (let i = row - 1; i >= 0 && found.length < TRAIL; i--) {
    if (reply.wrong.data[i]) found.push(weightsAt(reply, i));
  }
  return found.reverse();
}

/** @param {Stage} stage */
function buildButtons(stage) {
  const row = element("div", "", "", "point-tools");
  const acts = {
    plus: () => addPoint(stage, true),
    minus: () => addPoint(stage, false),
    turn: () => turnPoint(stage),
    remove: () => removePoint(stage),
  };
  const buttons = Object.entries(acts).map(([name, act]) =>
    button(stage.words[`point_${name}`], act, `stage-point-${name}`),
  );
  row.append(...buttons);
  stage.extra.append(row);
  stage.state.buttons = Object.fromEntries(Object.keys(acts).map((name, i) => [name, buttons[i]]));
}

/** @param {Stage} stage */
function showButtons(stage, { targets }) {
  const { buttons } = stage.state;
  for (const [name, made] of Object.entries(buttons)) {
    made.textContent = stage.words[`point_${name}`];
    made.title = stage.words.keys;
  }
  const chosen = chosenOf(stage);
  buttons.turn.disabled = chosen === null;
  buttons.remove.disabled = chosen === null || targets.data.length <= 2;
  for (const name of ["plus", "minus"]) buttons[name].disabled = targets.data.length >= 24;
}

/** @param {Stage} stage */
function walk(stage, way) {
  stop(stage);
  if (!stage.reply) return;
  const { steps } = stage.reply.about;
  const row = rowOf(stage.reply, stage.values);
  stage.set({ step: Math.min(Math.max(row + way, 0), steps), chosen: "" });
}

/** @param {Stage} stage */
function play(stage) {
  if (!stage.reply) return;
  const { steps } = stage.reply.about;
  const begun = rowOf(stage.reply, stage.values) >= steps;
  stage.state.player.timer = later(stage, begun ? 0 : PLAY_MS, () => tick(stage));
  stage.set({ step: begun ? 0 : stage.values.step, chosen: "" }, false);
}

/** @param {Stage} stage */
function tick(stage) {
  const { steps } = stage.reply.about;
  const step = Math.min(rowOf(stage.reply, stage.values) + 1, steps);
  if (step >= steps) {
    stop(stage);
    return;
  }
  stage.state.player.timer = later(stage, steps > 80 ? PLAY_MS / 6 : PLAY_MS, () => tick(stage));
  stage.set({ step }, false);
}

// The step where it stood still goes into the link.
/** @param {Stage} stage */
function stop(stage) {
  const { player } = stage.state;
  if (player.timer === null) return;
  clearTimeout(player.timer);
  player.timer = null;
  const { steps } = stage.reply.about;
  const row = rowOf(stage.reply, stage.values);
  stage.set({ step: row + 1 >= steps ? steps : row });
}
