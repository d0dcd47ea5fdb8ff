// Where picture and tree stand, the tree itself, and which region lies under a pointer. The tree's
// height is the number of regions left, on a logarithmic scale: first regions below, one above.
import { write } from "../../ui/stage/draw.js";
import { lastMade, leftAfter, madeBy, partsOf, rootsAt } from "./tree.js";

/** @import { Stage } from "./view.js" */
/** @import { Box } from "../../ui/stage/types.d.ts" */

const PICTURE_HEIGHT = 310;
const TREE_HEIGHT = 150;
const AXIS = 34; // numbers at the tree's left
const HEADING = 22;

/**
 * @param {number} width of the frame, CSS pixels
 * @param {number[]} size of the picture, (H, W)
 */
export function placesOf(width, [rows, columns]) {
  const scale = Math.min(PICTURE_HEIGHT / rows, width / columns);
  const picture = { x: 0, y: 0, width: columns * scale, height: rows * scale };
  const tree = {
    x: AXIS,
    y: picture.height + HEADING + 10,
    width: width - AXIS - 2,
    height: TREE_HEIGHT,
  };
  return { picture, tree, scale, bottom: Math.ceil(tree.y + tree.height + 8) };
}

/** @type {(box: Box, first: number, left: number) => number} */
const downOf = (box, first, left) =>
  box.y + (first > 1 ? Math.log(left) / Math.log(first) : 1) * box.height;

/** @type {(box: Box, first: number, across: number) => number} */
const acrossOf = (box, first, across) => box.x + ((across + 0.5) / first) * box.width;

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Stage} stage
 * @param {{ left: number, focus: number | null }} shown
 */
export function drawTree(ctx, stage, { left, focus }) {
  const { tree, places } = stage.state;
  const made = madeBy(tree, left);
  write(ctx, stage, stage.words.tree, 0, places.tree.y - 18, { size: 12, bold: true });
  drawAxis(ctx, stage, left);
  const all = range(tree.first, tree.count);
  // what is still to come is faint
  strokeMerges(ctx, stage, all.slice(made - tree.first), stage.theme.muted, 0.35, 1);
  strokeMerges(ctx, stage, all.slice(0, made - tree.first), stage.theme.muted, 1, 1);
  const last = lastMade(tree, left);
  if (focus === null) {
    if (last !== null) strokeMerges(ctx, stage, [last], stage.theme.accent, 1, 2.5);
    return;
  }
  const path = [];
  for (let region = tree.parent[focus]; region >= 0; region = tree.parent[region])
    path.push(region);
  strokeMerges(ctx, stage, path, stage.theme.text, 0.8, 1);
  const [one, other] = partsOf(tree, focus);
  const inner = all.filter((r) => tree.from[r] >= tree.from[focus] && tree.to[r] <= tree.to[focus]);
  const within = (part) => (r) => tree.from[r] >= tree.from[part] && tree.to[r] <= tree.to[part];
  if (one !== undefined) {
    strokeMerges(ctx, stage, inner.filter(within(one)), stage.theme.lines[0], 1, 1.5);
    strokeMerges(ctx, stage, inner.filter(within(other)), stage.theme.lines[1], 1, 1.5);
    strokeMerges(ctx, stage, [focus], stage.theme.accent, 1, 2.5);
  }
  ctx.fillStyle = stage.theme.accent;
  ctx.beginPath();
  const [x, y] = spotOf(stage, focus);
  ctx.arc(x, y, 4.5, 0, 2 * Math.PI);
  ctx.fill();
}

const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);

/** @param {Stage} stage */
function spotOf(stage, region) {
  const { tree, places } = stage.state;
  return [
    acrossOf(places.tree, tree.first, tree.across[region]),
    downOf(places.tree, tree.first, leftAfter(tree, region)),
  ];
}

// Each merge is a bracket: up from both parts, and across.
/** @param {Stage} stage */
function strokeMerges(ctx, stage, regions, colour, alpha, width) {
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  for (const region of regions) {
    const y = spotOf(stage, region)[1];
    const [from, to] = partsOf(stage.state.tree, region).map((part) => spotOf(stage, part));
    ctx.moveTo(from[0], from[1]);
    ctx.lineTo(from[0], y);
    ctx.lineTo(to[0], y);
    ctx.lineTo(to[0], to[1]);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
}

// How many regions are left at each height, and a line where the picture stands now.
/** @param {Stage} stage */
function drawAxis(ctx, stage, left) {
  const { tree, places } = stage.state;
  const box = places.tree;
  const now = downOf(box, tree.first, left);
  const ticks = [1, 3, 10, 30, 100, 300, 1000].filter((each) => each < tree.first / 1.6);
  for (const tick of [...ticks, tree.first]) {
    const y = downOf(box, tree.first, tick);
    if (Math.abs(y - now) < 11) continue; // the number of the line stands there
    const style = { size: 11, colour: stage.theme.muted, align: "right" };
    write(ctx, stage, String(tick), box.x - 8, y, style);
  }
  ctx.strokeStyle = stage.theme.accent;
  ctx.lineWidth = 1;
  ctx.setLineDash([4, 3]);
  ctx.beginPath();
  ctx.moveTo(box.x - 4, now);
  ctx.lineTo(box.x + box.width, now);
  ctx.stroke();
  ctx.setLineDash([]);
  const style = { size: 12, bold: true, colour: stage.theme.accent, align: "right" };
  write(ctx, stage, String(left), box.x - 8, now, style);
}

/**
 * The region under a point: on the picture of those that are left, on the tree of the height.
 * @param {Stage} stage
 * @returns {number | null}
 */
export function regionAt(stage, reply, left, x, y) {
  const { tree, places } = stage.state;
  const { picture, tree: box } = places;
  if (isIn(picture, x, y)) {
    const [rows, columns] = reply.labels.shape;
    const row = Math.min(rows - 1, Math.floor(((y - picture.y) / picture.height) * rows));
    const column = Math.min(columns - 1, Math.floor(((x - picture.x) / picture.width) * columns));
    return rootsAt(tree, left)[reply.labels.data[row * columns + column]];
  }
  if (!isIn(box, x, y)) return null;
  const place = Math.min(tree.first - 1, Math.floor(((x - box.x) / box.width) * tree.first));
  const height = (y - box.y) / box.height;
  const there = Math.round(tree.first ** height);
  return rootsAt(tree, there)[tree.place.indexOf(place)];
}

/** @type {(box: Box, x: number, y: number) => boolean} */
const isIn = (box, x, y) =>
  x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
