// An architecture as a strip: a box a block, as high as its maps are large, as broad as it has
// layers; its colour says what makes it what it is, an arch over it that its input is added.
import { outline, write } from "../../ui/stage/draw.js";

/** @import { Box, Context } from "../../ui/stage/types.d.ts" */
/** @import { Stage } from "./view.js" */

const GAP = 2;
const NARROWEST = 13; // of a box, where there is room
const TITLE_PX = 20;
const BOXES_PX = 58;
export const STRIP_PX = TITLE_PX + BOXES_PX + 40;
const LINE = { plain: 0, dense: 1, depthwise: 2, branches: 3, attention: 4 };

/**
 * The colour of what a block or step is about.
 * @type {(theme: any, idea: string) => string}
 */
export const colourOf = (theme, idea) => theme.lines[LINE[idea] ?? 0];

/**
 * The side of what comes out of a block, in cells: of a row of tokens as if they were a map.
 * @param {number[]} shape
 */
export function sideOf(shape) {
  if (shape.length === 3) return Math.max(shape[0], shape[1]);
  return shape.length === 2 ? Math.sqrt(shape[0]) : 1;
}

/**
 * How broad the boxes are: by their layers, none too narrow to be seen.
 * @param {{ layers: number, count: number }[]} blocks
 * @param {number} width of all together
 */
export function widthsOf(blocks, width) {
  const least = Math.min(NARROWEST, (width / blocks.length) * 0.6);
  const layers = blocks.map(({ layers, count }) => Math.max(0, layers) * count);
  const all = layers.reduce((sum, each) => sum + each, 0) || 1;
  const free = width - blocks.length * (least + GAP);
  return layers.map((each) => least + (free * each) / all);
}

/**
 * A strip, and the boxes of its blocks.
 * @param {Context} ctx
 * @param {Stage} stage
 * @param {any} net
 * @param {string[]} titles of the strip: the whole one, and one for where that has no room
 * @param {Box} room
 * @returns {Box[]}
 */
export function drawStrip(ctx, stage, net, [title, short], room) {
  ctx.font = `600 13px ${stage.theme.font}`;
  const shown = ctx.measureText(title).width <= room.width ? title : short;
  write(ctx, stage, shown, room.x, room.y + 8, { bold: true, size: 13 });
  const widths = widthsOf(net.blocks, room.width);
  const middle = room.y + TITLE_PX + 8 + BOXES_PX / 2;
  let x = room.x;
  const boxes = net.blocks.map(({ shape }, i) => {
    const height = Math.max(7, BOXES_PX * Math.sqrt(sideOf(shape) / net.side_px));
    const box = { x, y: middle - height / 2, width: widths[i], height };
    x += widths[i] + GAP;
    return box;
  });
  boxes.forEach((box, i) => drawBlock(ctx, stage, net.blocks[i], box, i === net.opened));
  drawSizes(ctx, stage, net.blocks, boxes, middle + BOXES_PX / 2 + 10);
  return boxes;
}

/** @type {(ctx: Context, stage: Stage, block: any, box: Box, isOpen: boolean) => void} */
function drawBlock(ctx, stage, block, box, isOpen) {
  const { theme } = stage;
  const colour = colourOf(theme, block.idea);
  ctx.globalAlpha = 0.35;
  ctx.fillStyle = colour;
  ctx.fillRect(box.x, box.y, box.width, box.height);
  ctx.globalAlpha = 1;
  outline(ctx, box, colour);
  if (block.is_residual) arch(ctx, box, theme.text);
  const centre = box.x + box.width / 2;
  const small = { size: 11, align: "center" };
  if (block.count > 1) write(ctx, stage, `×${block.count}`, centre, box.y + box.height / 2, small);
  if (isOpen)
    outline(
      ctx,
      { x: box.x - 2, y: box.y - 2, width: box.width + 4, height: box.height + 4 },
      theme.accent,
      2,
    );
}

// What came in is added to what goes out.
/** @type {(ctx: Context, box: Box, colour: string) => void} */
function arch(ctx, box, colour) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.ellipse(box.x + box.width / 2, box.y - 1, box.width / 2 - 1, 6, 0, Math.PI, 2 * Math.PI);
  ctx.stroke();
}

// The size under each run of blocks that share it, as far as it has room.
/** @type {(ctx: Context, stage: Stage, blocks: any[], boxes: Box[], y: number) => void} */
function drawSizes(ctx, stage, blocks, boxes, y) {
  const sizes = blocks.map(({ shape }) => shape.slice(0, -1).join(" × "));
  const channels = blocks.map(({ shape }) => String(shape[shape.length - 1]));
  const muted = { size: 11, align: "center", colour: stage.theme.muted };
  writeRuns(ctx, sizes, boxes, (text, centre) => write(ctx, stage, text, centre, y, muted));
  writeRuns(ctx, channels, boxes, (text, centre) => write(ctx, stage, text, centre, y + 13, muted));
}

/** @type {(ctx: Context, texts: string[], boxes: Box[], say: (text: string, centre: number) => void) => void} */
function writeRuns(ctx, texts, boxes, say) {
  for (let start = 0, i = 1; i <= texts.length; i++) {
    if (i < texts.length && texts[i] === texts[start]) continue;
    const [from, to] = [boxes[start].x, boxes[i - 1].x + boxes[i - 1].width];
    if (ctx.measureText(texts[start]).width <= to - from) say(texts[start], (from + to) / 2);
    start = i;
  }
}
