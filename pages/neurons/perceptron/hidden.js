// A hidden layer: the plane as the net divides it, and the space in which its hidden units see the
// same points; all numbers of the net, and the loss of each update.
import { optionLabel } from "../../ui/stage/controls.js";
import { brief, drawBitmap, fill, mapBitmap, openCanvas, write } from "../../ui/stage/draw.js";
import { showChart } from "../../ui/stage/plot.js";
import { lookOf } from "../../ui/stage/plot_traces.js";
import { buildNumbers, tell } from "./hidden_numbers.js";
import { drawSpace, pairOf, told } from "./hidden_space.js";
import { at, clipped, drawAxes, drawLine, drawPoint, REACH } from "./plane.js";

const MOST_SIDE = 380;
const NARROW = 620;
const LEFT = 26;
const TITLE = 24;
const FAINT = 0.4; // of the map under the points

const state = () => ({
  readout: null,
  pair: null, // lists of the two units that span the space
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  charts: "below",
  local: ["pair"],
  texts: {
    moment: (value, { reply, words }) =>
      reply ? fill(words.updates, { count: reply.about.moments[value] }) : "",
    pace: (value) => brief(value),
  },

  build(stage) {
    stage.root.classList.add("wide", "many");
    buildNumbers(stage);
  },

  // Typed numbers belong to one net: another number of units, or another draw, forgets them.
  adjust(stage, changes) {
    const moved = (name) => name in changes && changes[name] !== stage.values[name];
    if ("numbers" in changes || !(moved("units") || moved("seed"))) return changes;
    return { ...changes, numbers: "" };
  },

  paint(stage, reply, values) {
    const width = stage.canvas.clientWidth || stage.frame.clientWidth;
    const narrow = width < NARROW;
    const side = Math.min(MOST_SIDE, narrow ? width - LEFT - 8 : width / 2 - LEFT - 24);
    const one = TITLE + side + 36;
    const { ctx } = openCanvas(stage, narrow ? 2 * one : one);
    const plane = { x: LEFT, y: TITLE, side, reach: REACH };
    const space = narrow
      ? { x: LEFT, y: one + TITLE, side }
      : { x: width / 2 + LEFT, y: TITLE, side };
    write(ctx, stage, stage.words.plane, plane.x, 10, { bold: true, size: 13 });
    drawPlane(ctx, stage, reply, plane);
    const [first, second] = pairOf(values.pair, reply.seen.shape[1]).map((unit) => unit + 1);
    const title = fill(stage.words.space, { first, second });
    write(ctx, stage, title, space.x, space.y - TITLE + 10, { bold: true, size: 13 });
    drawSpace(ctx, stage, space, reply, values.pair);
    showLosses(stage, reply, values);
    tell(stage, reply, values);
  },

  describe(stage, { about, losses, targets }, values) {
    return fill(stage.words.hidden_alternative, {
      units: values.units,
      unit: optionLabel(stage, "activation", values.activation),
      done: about.done,
      right: about.right,
      points: targets.data.length,
      loss: brief(losses.data[about.done]),
    });
  },
};

/** @param {Stage} stage */
function drawPlane(ctx, stage, reply, square) {
  const { theme } = stage;
  const [rows, columns] = reply.grid_logits.shape;
  const sides = Array.from(reply.grid_logits.data, (logit) => Math.tanh(logit / 2)); // 2σ − 1
  ctx.fillStyle = theme.background;
  clipped(ctx, square, () => {
    ctx.globalAlpha = FAINT;
    const half = square.side / (columns - 1) / 2; // the outermost places lie on the frame
    const box = { x: square.x - half, y: square.y - half };
    const whole = { ...box, width: square.side + 2 * half, height: square.side + 2 * half };
    drawBitmap(ctx, mapBitmap(sides, rows, columns, theme.signed, -1, 1), whole, true);
    ctx.globalAlpha = 1;
  });
  drawAxes(ctx, stage, square, ["x₁", "x₂"]);
  clipped(ctx, square, () => {
    for (let unit = 0; unit < reply.seen.shape[1]; unit++) {
      const line = reply.numbers.data.subarray(4 * unit, 4 * unit + 3);
      const colour = lookOf(theme, unit + 2).colour;
      drawLine(ctx, square, line, { colour, width: 1.5, dash: [6, 4] });
    }
  });
  for (let i = 0; i < reply.targets.data.length; i++) {
    const place = at(square, reply.points.data[2 * i], reply.points.data[2 * i + 1]);
    drawPoint(ctx, stage, place, told(reply, i));
  }
}

/** @param {Stage} stage */
function showLosses(stage, { losses, about }, values) {
  const { words } = stage;
  const shown = about.moments.filter((count) => count > 0 && count < losses.data.length);
  const y = shown.map((count) => losses.data[count]);
  showChart(
    stage,
    "hidden_losses",
    {
      title: words.loss,
      text: fill(words.loss_text, {
        first: brief(losses.data[0]),
        last: brief(losses.data[losses.data.length - 1]),
      }),
      height: 170,
      broad: true,
      cursor: Math.max(1, about.done),
      x: { title: words.updates_axis, log: true },
      y: { title: words.loss, log: true },
      lines: [{ axis: "y", at: Math.LN2, text: words.guessing }],
      series: [{ name: words.loss, x: shown, y, style: 0 }],
    },
    values,
    {
      point: ({ x }, how) => {
        if (how !== "hover") stage.set({ moment: about.moments.indexOf(x) });
      },
    },
  );
}
