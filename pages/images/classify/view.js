// Classify: blame over the picture, the picture without what is blamed, and what that does to the
// answer. Clicking a class asks for the reasons of that one.

import {
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";
import { askUntilDone } from "../../ui/stage/engine.js";
import { showAnswers } from "./answers.js";
import { showCurves } from "./curves.js";
import { percent } from "./numbers.js";
import { removedBitmap } from "./removed.js";

const LEGEND = 56; // the scale and what it counts
const LINE = 16;

const state = () => ({
  curves: null,
  curvesKey: null,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  local: ["opacity"],
  steady: true,
  charts: "below",

  build(stage) {
    stage.frame.classList.add("beside");
  },

  paint(stage, reply, values) {
    const side = Math.min(400, stage.canvas.clientWidth);
    const { ctx } = openCanvas(stage, side + LEGEND + (values.removed > 0 ? LINE : 0));
    drawBlame(ctx, stage, reply, values, { x: 0, y: 0, width: side, height: side });
    const curves = deletionCurves(stage, values);
    showCurves(stage, curves, values, reply.about.prob_without);
    showAnswers(stage, reply.about, values, curves);
  },

  describe(stage, { about }, values) {
    const { name, prob } = about.labels[values.rank - 1];
    return fill(stage.words.alternative, {
      name,
      percent: percent(prob),
      removed: values.removed,
      left: percent(about.prob_without),
    });
  },
};

/** @param {Stage} stage */
function drawBlame(ctx, stage, reply, values, box) {
  const { about, blame } = reply;
  const [rows, columns] = blame.shape;
  drawBitmap(ctx, pictureBitmap(values.removed > 0 ? reply.without : reply.view), box, true);
  const [low, high] = about.signed ? [-about.reach, about.reach] : [0, about.hi];
  const lut = about.signed ? stage.theme.signed : stage.theme.sequential;
  ctx.globalAlpha = values.opacity / 100;
  const map = mapBitmap(blame.data, rows, columns, lut, low, high, about.signed);
  drawBitmap(ctx, map, box, true);
  ctx.globalAlpha = 1;
  if (reply.gone) drawBitmap(ctx, removedBitmap(reply.without, reply.gone), box);
  outline(ctx, box, stage.theme.border);
  const scale = { x: box.x, y: box.y + box.height + 10, width: 150, height: 8 };
  const beyond = about.signed && about.reach < Math.max(about.hi, -about.lo);
  drawScale(ctx, stage, lut, low, high, scale, beyond);
  const place = { size: 11, colour: stage.theme.muted };
  const lines = [stage.words[`unit_${values.method}`]];
  if (reply.gone) lines.push(stage.words.removed);
  lines.forEach((line, i) => {
    write(ctx, stage, line, box.x, scale.y + 33 + i * LINE, place);
  });
}

// The curves of what is on screen: asked for once, painted when they come.
/** @param {Stage} stage */
function deletionCurves(stage, values) {
  const params = { ...stage.data.fixed, method: values.method, rank: values.rank };
  const key = JSON.stringify(params);
  if (stage.state.curvesKey !== key) {
    stage.state.curvesKey = key;
    stage.state.curves = null;
    const current = () => stage.state.curvesKey === key;
    askUntilDone(stage, "classify/deletion", params, current)
      .then((reply) => {
        if (!reply) {
          if (current()) stage.state.curvesKey = null;
          return;
        }
        stage.state.curves = reply;
        stage.repaint();
      })
      .catch(() => {
        if (current()) stage.state.curvesKey = null;
      });
  }
  return stage.state.curves;
}
