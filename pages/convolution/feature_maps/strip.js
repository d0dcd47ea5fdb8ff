// The strip: the picture, then a box a stage, whose face is the most selective map, whose side
// follows the map's size and whose leaves follow the number of channels; below, their levels.
import { drawBitmap, fill, mapBitmap, outline, write } from "../../ui/stage/draw.js";

/** @import { Stage } from "./view.js" */

const WIDE = { leaf: 0.6, gap: 3 };
const NARROW = { leaf: 0.25, gap: 1.5 }; // a phone has no room for more

// At true scale a map of 7 × 7 would be two pixels wide; this power leaves it readable and smaller.
const sideOf = ([rows, columns]) => Math.max(rows, columns) ** 0.3;
const leavesOf = (channels) => Math.round(Math.log2(channels));

// → the boxes by stage, from 1, for stageAt.
/** @param {Stage} stage */
export function drawStrip(ctx, stage, chosen, { width, height }) {
  const { overview } = stage.state;
  if (!overview) {
    drawWaiting(ctx, stage, width, height);
    return [];
  }
  stage.state.faces ??= overview.stages.map((fact, i) =>
    face(stage, overview.reply[`face_${i + 1}`], fact),
  );
  const { stages, picture } = overview;
  const { leaf, gap } = width < 540 ? NARROW : WIDE;
  const sides = [sideOf([picture.height, picture.width]), ...stages.map((s) => sideOf(s.size))];
  const depths = [0, ...stages.map((s) => leavesOf(s.channels) * leaf)];
  const free = width - depths.reduce((sum, depth) => sum + depth + gap, 0);
  const unit = Math.min(free / sides.reduce((a, b) => a + b, 0), (height - 40) / sides[0]);
  const middle = (height - 28) / 2 + 2;
  const boxes = [];
  let x = 0;
  for (let i = 0; i < sides.length; i++) {
    const side = sides[i] * unit;
    boxes.push({
      x,
      y: middle - side / 2 + depths[i] / 2,
      width: side,
      height: side,
      depth: depths[i],
    });
    x += side + depths[i] + gap;
  }
  drawBitmap(ctx, picture, boxes[0], true);
  stages.forEach((fact, i) => drawStack(ctx, stage, boxes[i + 1], fact, i, i + 1 === chosen));
  drawSizes(ctx, stage, stages, boxes, height - 19);
  drawLevels(ctx, stage, stages, boxes, height - 5);
  return boxes;
}

// What stands there until the overview has come.
/** @param {Stage} stage */
function drawWaiting(ctx, stage, width, height) {
  const box = { x: 0, y: 2, width, height: height - 30 };
  ctx.fillStyle = stage.theme.panel;
  ctx.fillRect(box.x, box.y, box.width, box.height);
  outline(ctx, box, stage.theme.border);
  write(ctx, stage, stage.words.strip_coming, width / 2, box.y + box.height / 2, {
    colour: stage.theme.muted,
    align: "center",
  });
}

/**
 * Each run of equal keys: its first index and the one after its last.
 * @param {string[]} keys
 * @returns {{ start: number, end: number }[]}
 */
export function runsOf(keys) {
  const starts = keys.flatMap((key, i) => (i && key === keys[i - 1] ? [] : [i]));
  return starts.map((start, k) => ({ start, end: starts[k + 1] ?? keys.length }));
}

// Low, middle, high: under each run of stages of a level, as far as its word has room.
/** @param {Stage} stage */
function drawLevels(ctx, stage, stages, boxes, y) {
  for (const { start, end } of runsOf(stages.map(({ level }) => level))) {
    const last = boxes[end];
    const [from, to] = [boxes[start + 1].x, last.x + last.width + last.depth];
    const name = stages[start].level;
    ctx.font = `600 11px ${stage.theme.font}`;
    const words = [stage.words[`level_${name}`], stage.words[`level_short_${name}`]];
    const text = words.find((each) => ctx.measureText(each).width <= to - from);
    if (text)
      write(ctx, stage, text, (from + to) / 2, y, { size: 11, bold: true, align: "center" });
    ctx.fillStyle = stage.theme.muted;
    ctx.fillRect(from, y - 8, to - from, 1);
  }
}

/** @param {Stage} stage */
function face(stage, { data, shape: [rows, columns] }, { low }) {
  const lut = low < 0 ? stage.theme.signed : stage.theme.sequential;
  return mapBitmap(data, rows, columns, lut, 0, 255);
}

/** @param {Stage} stage */
function drawStack(ctx, stage, box, fact, index, chosen) {
  const { theme } = stage;
  const leaves = leavesOf(fact.channels);
  for (let leaf = leaves; leaf > 0; leaf--) {
    const away = (leaf / leaves) * box.depth;
    const back = { ...box, x: box.x + away, y: box.y - away };
    ctx.fillStyle = theme.panel;
    ctx.fillRect(back.x, back.y, back.width, back.height);
    outline(ctx, back, theme.border);
  }
  drawBitmap(ctx, stage.state.faces[index], box, stage.state.faces[index].width > box.width);
  if (chosen) {
    const around = { x: box.x - 2, y: box.y - 2, width: box.width + 4, height: box.height + 4 };
    outline(ctx, around, theme.accent, 2);
  } else outline(ctx, box, theme.border);
}

// One size under each run of stages that share it.
/** @param {Stage} stage */
function drawSizes(ctx, stage, stages, boxes, y) {
  let start = 0;
  for (let i = 1; i <= stages.length; i++) {
    const same = i < stages.length && String(stages[i].size) === String(stages[start].size);
    if (same) continue;
    const last = boxes[i];
    const from = boxes[start + 1].x;
    const to = last.x + last.width + last.depth;
    const [rows, columns] = stages[start].size;
    const long = fill("{rows} × {columns}", { rows, columns });
    const options = { size: 11, colour: stage.theme.muted, align: "center" };
    ctx.font = `400 11px ${stage.theme.font}`;
    const fits = ctx.measureText(long).width <= to - from + 5;
    if (fits || ctx.measureText(String(rows)).width <= to - from + 5) {
      write(ctx, stage, fits ? long : String(rows), (from + to) / 2, y, options);
    }
    ctx.fillStyle = stage.theme.border;
    ctx.fillRect(from, y - 9, to - from, 1);
    start = i;
  }
}

// The stage under the pointer, from 1; null beside them. A box is as tall as the strip.
export function stageAt(boxes, x, y) {
  if (y > 110 || y < 0) return null;
  const at = boxes.findIndex((box) => x >= box.x - 2 && x < box.x + box.width + box.depth + 3);
  return at > 0 ? at : null;
}
