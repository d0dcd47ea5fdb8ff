// RetinaNet's anchors on the learner's picture: a box to move, the anchors that are to find it, and
// the nine at one place of one level with what each is told.

import { boxOn, drawHandles, editBoxes, readBoxes, writeBoxes } from "../../ui/stage/box_editor.js";
import { boxOf, drawTag, strong, tagBox } from "../../ui/stage/boxes.js";
import { fill, openCanvas } from "../../ui/stage/draw.js";
import { drawPhoto, drawProgress, photoShape } from "../../ui/stage/photo.js";
import { showChart } from "../../ui/stage/plot.js";
import { tell, verdictOf } from "./anchors_readout.js";

const MOST_HEIGHT = 380;
const VEIL = 0.35; // over the photo, so that boxes stand out
const CURVES_PX = 220;

const state = () => ({ editor: null, place: null });

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  charts: "below",

  build(stage) {
    const editor = editBoxes(stage, {
      boxes: () => readBoxes(stage.values.box),
      place: () => stage.state.place?.area,
      // there is one true box: a new one takes the place of the one before
      change: (boxes, commit) => {
        stage.set({ box: writeBoxes(boxes.slice(-1)) }, commit);
        if (commit) editor.selected = 0;
      },
      may: () => ({ edit: true, draw: true, remove: false }),
    });
    editor.selected = 0;
    stage.state.editor = editor;
  },

  wait(stage, values, progress) {
    const shape = photoShape(stage, stage.data.fixed.picture);
    if (!shape) return false;
    const { ctx, area } = openPhoto(stage, shape);
    drawBox(ctx, stage, area, values);
    if (stage.busy) drawProgress(ctx, stage, area, progress);
    return true;
  },

  paint(stage, reply, values) {
    const { ctx, area } = openPhoto(stage, reply.about.size);
    ctx.save();
    ctx.beginPath();
    ctx.rect(area.x, area.y, area.width, area.height);
    ctx.clip();
    drawAnchors(ctx, stage, reply);
    ctx.restore();
    drawBox(ctx, stage, area, values);
    nameBest(ctx, stage, reply, area);
    showLevels(stage, reply, values);
    tell(stage, reply);
  },

  describe(stage, { about }) {
    const level = about.levels[about.best.level];
    const positive = about.levels.reduce((sum, each) => sum + each.positive, 0);
    const params = { level: level.name, iou: about.best.iou.toFixed(2), positive };
    return fill(stage.words.anchors_alternative, params);
  },
};

/** @param {Stage} stage */
function openPhoto(stage, [rows, columns]) {
  const scale = Math.min(MOST_HEIGHT / rows, stage.frame.clientWidth / columns);
  const height = Math.max(160, Math.round(rows * scale));
  const { ctx, width } = openCanvas(stage, height);
  const area = {
    x: (width - columns * scale) / 2,
    y: (height - rows * scale) / 2,
    width: columns * scale,
    height: rows * scale,
  };
  stage.state.place = { area, x: area.x, y: area.y, scale };
  drawPhoto(ctx, stage, stage.data.fixed.picture, area, VEIL);
  return { ctx, area };
}

// Those that are to find the box thinly; the nine of the place in the look of what they are told.
/** @param {Stage} stage */
function drawAnchors(ctx, stage, reply) {
  const { theme, state } = stage;
  ctx.strokeStyle = theme.lines[2];
  ctx.lineWidth = 1;
  ctx.globalAlpha = Math.max(0.15, Math.min(0.6, 6 / Math.sqrt(reply.positives.shape[0])));
  ctx.beginPath();
  for (let i = 0; i < reply.positives.shape[0]; i++) {
    const box = boxOf(state.place, reply.positives, i);
    ctx.rect(box.x, box.y, box.width, box.height);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
  for (let i = 0; i < reply.shapes.shape[0]; i++) {
    const verdict = verdictOf(reply, i);
    const box = boxOf(state.place, reply.shapes, i);
    const isPositive = verdict === "positive" || verdict === "rescued";
    ctx.setLineDash(isPositive ? [] : verdict === "ignored" ? [6, 4] : [2, 3]);
    ctx.lineWidth = isPositive ? 2 : 1.5;
    ctx.strokeStyle = isPositive ? theme.lines[2] : theme.text;
    ctx.strokeRect(box.x, box.y, box.width, box.height);
  }
  ctx.setLineDash([]);
  strong(ctx, stage, boxOf(state.place, reply.best, 0), theme.lines[2], 2.5);
}

/** @param {Stage} stage */
function drawBox(ctx, stage, area, values) {
  const [drawn] = readBoxes(values.box);
  if (!drawn) return;
  const box = boxOn(area, drawn);
  strong(ctx, stage, box, stage.theme.lines[1], 2.5);
  if (stage.state.editor.selected === 0) drawHandles(ctx, stage, box, stage.theme.lines[1]);
}

/** @param {Stage} stage */
function nameBest(ctx, stage, reply, area) {
  const { best, levels } = reply.about;
  const params = { level: levels[best.level].name, iou: best.iou.toFixed(2) };
  const text = fill(stage.words.anchors_tag, params);
  const box = boxOf(stage.state.place, reply.best, 0);
  const y = Math.min(Math.max(area.y, box.y - 20), area.y + area.height - 18);
  const tag = tagBox(ctx, stage, text, box.x, y, area.x, area.x + area.width);
  drawTag(ctx, stage, text, tag, stage.theme.lines[2]);
}

// How well each level's best anchor would fit, if the same box were smaller or larger.
/** @param {Stage} stage */
function showLevels(stage, { about, sizes_px: sizes, curves }, values) {
  const { words } = stage;
  const count = sizes.shape[0];
  const series = about.levels.map((level, k) => ({
    name: `${level.name} (${level.grid.join(" × ")})`,
    style: k,
    x: sizes.data,
    y: curves.data.subarray(k * count, (k + 1) * count),
  }));
  const best = about.levels[about.best.level];
  const said = { level: best.name, iou: about.best.iou.toFixed(2), size: Math.round(about.box_px) };
  const [low, high] = about.thresholds;
  showChart(
    stage,
    "levels",
    {
      title: words.plot_levels,
      text: `${words.plot_levels}. ${fill(words.anchors_levels_text, said)}`,
      height: CURVES_PX,
      broad: true,
      x: { title: words.axis_box_size, unit: "px", log: true },
      y: { title: words.axis_best_iou, range: [0, 1] },
      cursor: about.box_px,
      lines: [
        { axis: "y", at: high, text: words.anchors_positive_from },
        { axis: "y", at: low, text: words.anchors_negative_below },
      ],
      series,
    },
    values,
  );
}
