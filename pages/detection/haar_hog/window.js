// One window of a Haar cascade: its pixels under a feature's rectangles, and the stage's votes
// added up, tree after tree, against what the stage asks for.

import { brief, drawBitmap, fill, mapBitmap, minus, outline, write } from "../../ui/stage/draw.js";
import { button, element } from "../../ui/stage/parts.js";
import { latest } from "./latest_answer.js";

/** @import { Stage } from "./view.js" */

// The window at the chosen spot, or the one that came furthest; null until it is there.
/** @param {Stage} stage */
export function windowOf(stage, values) {
  const { cascade, factor, spot } = values;
  const [x = null, y = null] = spot ? spot.split(",") : [];
  const params = { ...stage.data.fixed, cascade, factor, x, y };
  const { reply } = latest(stage, "haar-hog/window", params);
  return reply;
}

// Which of the window's stages is shown: the slider's, or the one that it came to last. Its trees
// lie at first … first + count - 1 of all trees; null for a flat window or before any stage.
export function shownStage({ about: { trees } }, values) {
  if (!trees.length || !values.stage) return null;
  const number = Math.min(values.stage, trees.length);
  const first = trees.slice(0, number - 1).reduce((sum, count) => sum + count, 0);
  const count = trees[number - 1];
  const tree = first + Math.min(Number(values.tree || 0), count - 1);
  return { number, first, count, tree };
}

// Indices of the nodes that a tree asked.
export function nodesOf({ tree }, index) {
  const found = [];
  for (let node = 0; node < tree.data.length; node++) {
    if (tree.data[node] === index) found.push(node);
  }
  return found;
}

/** @param {Stage} stage */
export function drawWindow(ctx, stage, window, values, { crop, sums }) {
  const [height, across] = window.crop.shape;
  const words = { px: `${across} × ${height}`, scale: brief(window.about.scale) };
  const title = { size: 12, bold: true };
  write(ctx, stage, fill(stage.words.window, words), crop.x, crop.y - 12, title);
  const least = window.crop.data.reduce((a, b) => Math.min(a, b), 255);
  const most = window.crop.data.reduce((a, b) => Math.max(a, b), 0);
  const map = mapBitmap(window.crop.data, height, across, stage.theme.grey, least, most);
  drawBitmap(ctx, map, crop);
  const shown = shownStage(window, values);
  stage.state.treesShown = shown?.count;
  if (shown) {
    const last = nodesOf(window, shown.tree).at(-1);
    drawFeature(ctx, stage, window, last, crop);
    drawSums(ctx, stage, window, shown, sums);
  }
  outline(ctx, crop, stage.theme.border);
  if (shown) return;
  const note = { size: 12, colour: stage.theme.muted };
  const key = window.about.trees.length ? "before" : "flat";
  write(ctx, stage, stage.words[key], sums.x, sums.y - 12, note);
}

// White counts for, black against: each rectangle with the weight that its pixels have in the end.
/** @param {Stage} stage */
function drawFeature(ctx, stage, { crop, rects, tilted }, node, box) {
  const zoom = box.width / crop.shape[1];
  const parts = [0, 1, 2]
    .map((r) => rects.data.subarray(15 * node + 5 * r, 15 * node + 5 * r + 5))
    .filter((rect) => rect[4] !== 0);
  parts.forEach((rect, r) => {
    const [x, y] = middle(rect, tilted.data[node]);
    const below = parts.slice(0, r).filter((other) => covers(other, [x, y], tilted.data[node]));
    const weight = below.reduce((sum, other) => sum + other[4], rect[4]);
    const path = pathOf(rect, tilted.data[node], box, zoom);
    const { bright, dark } = stage.theme.greyInks;
    ctx.globalAlpha = 0.62;
    ctx.fillStyle = weight > 0 ? bright : dark;
    ctx.fill(path);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = stage.theme.lines[1];
    ctx.lineWidth = 1.5;
    ctx.stroke(path);
    const style = { size: 12, bold: true, align: "center", colour: weight > 0 ? dark : bright };
    const at = r === 0 && parts[1] ? freePlace(rect, parts[1], tilted.data[node]) : [x, y];
    const signed = weight > 0 ? `+${brief(weight)}` : brief(weight);
    write(ctx, stage, signed, box.x + at[0] * zoom, box.y + at[1] * zoom, style);
  });
}

// Where in the first rectangle its weight can be read: what the second leaves free.
function freePlace(whole, part, tilted) {
  const [x, y, width, height] = whole;
  if (tilted) {
    // an eighth of the way in from the middle of an edge
    const edges = [
      [0.5, 0.125],
      [0.5, 0.875],
      [0.125, 0.5],
      [0.875, 0.5],
    ];
    const places = edges.map(([u, v]) => [x + u * width - v * height, y + u * width + v * height]);
    return places.find((place) => !covers(part, place, true)) ?? places[0];
  }
  const strips = [
    [x, y, part[0] - x, height],
    [part[0] + part[2], y, x + width - part[0] - part[2], height],
    [x, y, width, part[1] - y],
    [x, part[1] + part[3], width, y + height - part[1] - part[3]],
  ];
  const largest = strips.reduce((a, b) => (b[2] * b[3] > a[2] * a[3] ? b : a));
  return [largest[0] + largest[2] / 2, largest[1] + largest[3] / 2];
}

function covers([x, y, width, height], place, tilted) {
  const [px, py] = place;
  if (!tilted) return px > x && px < x + width && py > y && py < y + height;
  const [along, down] = [px - x + (py - y), py - y - (px - x)]; // twice the way on either side
  return along > 0 && along < 2 * width && down > 0 && down < 2 * height;
}

// A tilted rectangle hangs from its top corner: width goes down to the right, height to the left.
const middle = ([x, y, width, height], tilted) =>
  tilted ? [x + (width - height) / 2, y + (width + height) / 2] : [x + width / 2, y + height / 2];

function pathOf([x, y, width, height], tilted, box, zoom) {
  const corners = tilted
    ? [
        [x, y],
        [x + width, y + width],
        [x + width - height, y + width + height],
        [x - height, y + height],
      ]
    : [
        [x, y],
        [x + width, y],
        [x + width, y + height],
        [x, y + height],
      ];
  const path = new Path2D();
  corners.forEach(([cx, cy]) => path.lineTo(box.x + cx * zoom, box.y + cy * zoom));
  path.closePath();
  return path;
}

// The running sum of the votes, and the line that it must end above.
/** @param {Stage} stage */
function drawSums(ctx, stage, window, { number, first, count, tree }, box) {
  const votes = window.votes.data.subarray(first, first + count);
  const limit = window.thresholds.data[number - 1];
  const total = window.totals.data[number - 1];
  const running = [0];
  votes.forEach((vote) => running.push(running.at(-1) + vote));
  const [low, high] = [Math.min(limit, ...running), Math.max(limit, ...running)];
  const y = (value) => box.y + 4 + ((high - value) / (high - low)) * (box.height - 8);
  const x = (i) => box.x + (i / count) * box.width;
  const small = { size: 11, colour: stage.theme.muted };
  write(ctx, stage, fill(stage.words.sums, { stage: number, count }), box.x, box.y - 28, {
    size: 12,
    bold: true,
  });
  const colour = total >= limit ? stage.theme.lines[2] : stage.theme.lines[1];
  const verdict = fill(stage.words[total >= limit ? "passes" : "stops"], {
    sum: minus(total.toFixed(2)),
    least: minus(limit.toFixed(2)),
  });
  write(ctx, stage, verdict, box.x, box.y - 12, { size: 11, colour });
  outline(ctx, box, stage.theme.border);
  const line = (from, to, ink, width, dash = []) => {
    ctx.setLineDash(dash);
    Object.assign(ctx, { strokeStyle: ink, lineWidth: width });
    ctx.beginPath();
    ctx.moveTo(...from);
    ctx.lineTo(...to);
    ctx.stroke();
    ctx.setLineDash([]);
  };
  const at = (x(tree - first) + x(tree - first + 1)) / 2;
  line([at, box.y], [at, box.y + box.height], stage.theme.border, Math.max(3, box.width / count));
  line([box.x, y(0)], [box.x + box.width, y(0)], stage.theme.border, 1);
  line([box.x, y(limit)], [box.x + box.width, y(limit)], stage.theme.text, 1.5, [5, 3]);
  running.slice(1).forEach((sum, i) => line([x(i), y(running[i])], [x(i + 1), y(sum)], colour, 2));
  write(ctx, stage, "0", box.x + 3, y(0) + (y(0) < box.y + 16 ? 8 : -7), small);
  write(ctx, stage, "1", box.x + 2, box.y + box.height + 10, small);
  write(ctx, stage, String(count), box.x + box.width - 2, box.y + box.height + 10, {
    ...small,
    align: "right",
  });
}

// Buttons that walk over the stage's features.
/** @param {Stage} stage */
export function buildSteps(stage) {
  const row = document.createElement("div");
  row.style.cssText = "display:flex;gap:6px;align-items:center";
  const steps = {
    where: element("span", "", "feature"),
    back: button("−1", () => walk(stage, -1), "stage-back"),
    next: button("+1", () => walk(stage, 1), "stage-next"),
  };
  for (const each of [steps.back, steps.next])
    each.style.cssText = "padding:3px 12px;min-height:30px";
  steps.where.style.cssText = "flex:1;text-align:center;font-size:13px";
  row.append(steps.back, steps.where, steps.next);
  stage.extra.append(row);
  stage.state.steps = steps;
}

/** @param {Stage} stage */
export function showSteps(stage, window, values) {
  const { back, next, where } = stage.state.steps;
  const shown = window && shownStage(window, values);
  back.title = stage.words.back;
  next.title = stage.words.next;
  for (const button of [back, next]) button.disabled = !shown;
  where.textContent = shown
    ? fill(stage.words.feature, { number: shown.tree - shown.first + 1, count: shown.count })
    : "–";
}

/** @param {Stage} stage */
function walk(stage, way) {
  const window = windowOf(stage, stage.values);
  const shown = window && shownStage(window, stage.values);
  if (!shown) return;
  const at = shown.tree - shown.first;
  stage.set({ tree: String((at + way + shown.count) % shown.count) });
}
