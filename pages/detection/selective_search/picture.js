// The picture with its regions when so many are left: their borders, their mean colours, or the
// boxes of all regions so far; over it the region in focus with its two parts and what it becomes.
import { boxOf, drawTag, strong, tagBox } from "../../ui/stage/boxes.js";
import { contextOf, drawBitmap, fill } from "../../ui/stage/draw.js";
import { parse } from "../../ui/stage/palette.js";
import { drawPhoto } from "../../ui/stage/photo.js";
import { lastMade, madeBy, partsOf, rootsAt, standsAt } from "./tree.js";

/** @import { Stage } from "./view.js" */

const PART_ALPHA = 120; // of 255: the two parts' colours
const LAST_ALPHA = [140, 30]; // … of the last merge where no region is in focus: smaller, larger
const BESIDE_ALPHA = 175; // the page's colour over what is outside
const BECOMES_ALPHA = 70; // … over what the region is joined with

/** @param {Stage} stage */
export function drawRegions(ctx, stage, reply, values, focus) {
  const { picture } = stage.state.places;
  const roots = rootsAt(stage.state.tree, values.left);
  drawPhoto(ctx, stage, stage.data.fixed.picture, picture, values.shown === "boxes" ? 0.35 : 0);
  if (values.shown === "colours") drawBitmap(ctx, meanColours(reply, roots), picture);
  else if (values.shown === "boxes") drawBoxes(ctx, stage, reply, values.left);
  const last = lastMade(stage.state.tree, values.left);
  if (focus !== null)
    drawBitmap(ctx, partsBitmap(stage, reply, focus, [PART_ALPHA, PART_ALPHA], true), picture);
  else if (last !== null && values.shown !== "boxes")
    drawBitmap(ctx, partsBitmap(stage, reply, last, LAST_ALPHA, false), picture);
  if (values.shown !== "boxes") drawBitmap(ctx, borders(stage, reply, roots), picture);
  if (focus !== null) drawFocusBoxes(ctx, stage, reply, focus);
}

/**
 * An off-screen bitmap painted pixel by pixel.
 * @param {number} rows
 * @param {number} columns
 * @param {(data: Uint8ClampedArray) => void} paint
 */
function bitmap(rows, columns, paint) {
  const image = new ImageData(columns, rows);
  paint(image.data);
  const canvas = new OffscreenCanvas(columns, rows);
  contextOf(canvas).putImageData(image, 0, 0);
  return canvas;
}

function meanColours({ labels, colours }, roots) {
  const [rows, columns] = labels.shape;
  return bitmap(rows, columns, (data) => {
    for (let i = 0; i < rows * columns; i++) {
      const root = roots[labels.data[i]];
      data.set(colours.data.subarray(3 * root, 3 * root + 3), 4 * i);
      data[4 * i + 3] = 255;
    }
  });
}

// Lines of two pixels of the screen between regions.
/** @param {Stage} stage */
function borders(stage, { labels }, roots) {
  const { picture } = stage.state.places;
  const ratio = window.devicePixelRatio || 1;
  const [rows, columns] = labels.shape;
  const [high, wide] = [picture.height, picture.width].map((n) => Math.round(n * ratio));
  const line = parse(stage.theme.accent);
  const across = Int32Array.from({ length: wide }, (_, x) =>
    Math.floor(((x + 0.5) / wide) * columns),
  );
  return bitmap(high, wide, (data) => {
    /** @type {Int32Array | null} */
    let above = null;
    for (let y = 0; y < high; y++) {
      const row = Math.floor(((y + 0.5) / high) * rows) * columns;
      const here = across.map((column) => roots[labels.data[row + column]]);
      for (let x = 0; x < wide; x++) {
        const isBorder = (x > 0 && here[x] !== here[x - 1]) || (above && here[x] !== above[x]);
        if (!isBorder) continue;
        paintDot(data, y * wide + x, line);
        if (x > 0) paintDot(data, y * wide + x - 1, line);
      }
      above = here;
    }
  });
}

/** @type {(data: Uint8ClampedArray, i: number, colour: number[]) => void} */
function paintDot(data, i, colour) {
  data.set(colour, 4 * i);
  data[4 * i + 3] = 255;
}

// The region's two parts in their colours; where it is in focus the rest is veiled, what it becomes
// less so.
/** @param {Stage} stage */
function partsBitmap(stage, { labels, sizes }, focus, alphas, isVeiled) {
  const { tree } = stage.state;
  const [rows, columns] = labels.shape;
  const [one, other] = partsOf(tree, focus);
  const above = tree.parent[focus];
  const within = (place, region) => place >= tree.from[region] && place < tree.to[region];
  const veil = parse(stage.theme.background);
  const larger = sizes.data[one ?? focus] > sizes.data[other ?? focus];
  const [first, second] = larger ? alphas.toReversed() : alphas;
  const looks = Array.from(tree.place, (place) => {
    if (within(place, one ?? focus)) return [parse(stage.theme.lines[0]), first];
    if (other !== undefined && within(place, other)) return [parse(stage.theme.lines[1]), second];
    if (!isVeiled) return [veil, 0];
    return [veil, above >= 0 && within(place, above) ? BECOMES_ALPHA : BESIDE_ALPHA];
  });
  return bitmap(rows, columns, (data) => {
    for (let i = 0; i < rows * columns; i++) {
      const [colour, alpha] = looks[labels.data[i]];
      paintDot(data, i, /** @type {number[]} */ (colour));
      data[4 * i + 3] = /** @type {number} */ (alpha);
    }
  });
}

// Of all regions so far; of those that are left a stronger one.
/** @param {Stage} stage */
function drawBoxes(ctx, stage, reply, left) {
  const { places, tree } = stage.state;
  const place = { ...places.picture, scale: places.scale };
  const made = madeBy(tree, left);
  for (let region = 0; region < made; region++) {
    const box = boxOf(place, reply.boxes, region);
    const stands = standsAt(tree, region, left);
    ctx.globalAlpha = stands ? 1 : 0.4;
    ctx.lineWidth = stands ? 1.8 : 1;
    ctx.strokeStyle = stands ? stage.theme.accent : stage.theme.text;
    ctx.strokeRect(box.x, box.y, box.width, box.height);
  }
  ctx.globalAlpha = 1;
}

/** @param {Stage} stage */
function drawFocusBoxes(ctx, stage, reply, focus) {
  const { places, tree } = stage.state;
  const place = { ...places.picture, scale: places.scale };
  const above = tree.parent[focus];
  if (above >= 0) {
    const box = boxOf(place, reply.boxes, above);
    ctx.setLineDash([3, 4]);
    ctx.strokeStyle = stage.theme.text;
    ctx.lineWidth = 1.2;
    ctx.strokeRect(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1);
    ctx.setLineDash([]);
  }
  strong(ctx, stage, boxOf(place, reply.boxes, focus), stage.theme.accent, 2);
}

/**
 * For each drawn box the proposal and the window that overlap it most.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Stage} stage
 */
export function drawBest(ctx, stage, reply) {
  const { places } = stage.state;
  const place = { ...places.picture, scale: places.scale };
  const pairs = [
    [reply.best_window, reply.best_window_iou, stage.theme.lines[1], stage.words.tag_window],
    [reply.best, reply.best_iou, stage.theme.lines[2], stage.words.tag_best],
  ];
  for (const [boxes, ious, colour, words] of pairs) {
    for (let i = 0; i < ious.data.length; i++) {
      const box = boxOf(place, boxes, i);
      strong(ctx, stage, box, colour, 2);
      const text = fill(words, { iou: ious.data[i].toFixed(2) });
      const y = boxes === reply.best ? box.y + 3 : box.y + box.height - 21;
      const right = places.picture.x + places.picture.width;
      drawTag(ctx, stage, text, tagBox(ctx, stage, text, box.x + 3, y, 0, right), colour);
    }
  }
}
