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
import { barRow, heading, note, paragraph } from "../../ui/stage/parts.js";
import { showCurves } from "./curves.js";

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
    const { ctx } = openCanvas(stage, side + 40);
    drawBlame(ctx, stage, reply, values, { x: 0, y: 0, width: side, height: side });
    const curves = deletionCurves(stage, values);
    showCurves(stage, curves, values, reply.about.prob_without);
    listClasses(stage, reply.about, values);
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

const percent = (prob) => (100 * prob).toFixed(1);

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
  outline(ctx, box, stage.theme.border);
  const scale = { x: box.x, y: box.y + box.height + 10, width: 150, height: 8 };
  const beyond = about.signed && about.reach < Math.max(about.hi, -about.lo);
  drawScale(ctx, stage, lut, low, high, scale, beyond);
  const unit = stage.words[`unit_${about.explains}`];
  const place = { size: 11, colour: stage.theme.muted };
  write(ctx, stage, unit, scale.x + scale.width + 12, scale.y + 4, place);
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

/** @param {Stage} stage */
function listClasses(stage, about, values) {
  const rows = about.labels.map((label, i) => classRow(stage, label, i + 1, values));
  const [x1, y1, x2, y2] = about.seen_px;
  const lines = [
    fill(stage.words.blamed, { passes: about.passes, ms: about.ms.toFixed(0) }),
    fill(stage.words.seen, { width: Math.round(x2 - x1), height: Math.round(y2 - y1) }),
  ];
  if ("completeness_delta" in about.notes) {
    const delta = about.notes.completeness_delta.toFixed(3);
    lines.push(fill(stage.words.completeness, { delta, steps: about.notes.steps }));
  }
  if ("windows" in about.notes) lines.push(fill(stage.words.windows, about.notes));
  if ("layer" in about.notes) lines.push(fill(stage.words.layer, about.notes));
  const { name } = about.labels[values.rank - 1];
  const without = { removed: values.removed, name, percent: percent(about.prob_without) };
  const left = values.removed > 0 ? fill(stage.words.without, without) : "";
  stage.readout.replaceChildren(
    heading(stage.words.classes),
    ...rows,
    paragraph(left, "prob-without"),
    note(lines.join(" ")),
  );
}

/** @param {Stage} stage */
function classRow(stage, { name, prob }, rank, values) {
  const row = barRow("button", name, `${percent(prob)} %`, prob, `class-${rank}`);
  row.type = "button";
  row.classList.add("plain");
  row.setAttribute("aria-pressed", String(String(rank) === String(values.rank)));
  row.onclick = () => stage.set({ rank: String(rank) });
  return row;
}
