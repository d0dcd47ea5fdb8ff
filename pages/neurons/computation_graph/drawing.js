// The graph on the canvas: a box for each of autograd's nodes, an edge for each tensor.
import { brief, write } from "../../ui/stage/draw.js";
import { edgePoints, shapeText, shortName } from "./places.js";

/** @import { Context } from "../../ui/stage/types.d.ts" */
/** @import { Stage } from "./view.js" */

const ROUND = 6;
const ARROW = 4;
const FAINT = 0.16;
const NARROW = 84; // px of a box: from here down letters are smaller
const ROOMY = 96; // px of a node, for the shape on its edge

/**
 * @param {Context} ctx
 * @param {Stage} stage
 * @param {any} about
 * @param {boolean[]} there which nodes have been made
 * @param {number} open the node that is open
 */
export function drawGraph(ctx, stage, about, places, there, open) {
  for (const way of about.ways) {
    const [node, place] = way;
    const source = about.nodes[node].inputs[place];
    ctx.globalAlpha = there[node] ? 1 : FAINT;
    const lit = node === open || source === open;
    drawEdge(ctx, stage, edgePoints(about, places, way), lit, about.nodes[source].shape, places);
  }
  about.nodes.forEach((node, n) => {
    ctx.globalAlpha = there[n] ? 1 : FAINT;
    drawNode(ctx, stage, node, places.boxes[n], n === open, n === 0);
  });
  ctx.globalAlpha = 1;
}

function drawEdge(ctx, stage, points, lit, shape, places) {
  const { theme } = stage;
  ctx.strokeStyle = ctx.fillStyle = lit ? theme.accent : theme.muted;
  ctx.lineWidth = lit ? 2 : 1.1;
  ctx.beginPath();
  ctx.moveTo(points[0].x, points[0].y);
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    const middle = (a.y + b.y) / 2;
    ctx.bezierCurveTo(a.x, middle, b.x, middle, b.x, b.y);
  }
  ctx.stroke();
  const end = points[points.length - 1];
  ctx.beginPath();
  ctx.moveTo(end.x, end.y);
  ctx.lineTo(end.x - ARROW, end.y - 1.8 * ARROW);
  ctx.lineTo(end.x + ARROW, end.y - 1.8 * ARROW);
  ctx.fill();
  if (places.unit < ROOMY) return;
  const [a, b] = points;
  const options = { size: 10, colour: theme.muted };
  write(ctx, stage, shapeText(shape), (3 * a.x + b.x) / 4 + 4, a.y + 8, options);
}

function drawNode(ctx, stage, node, box, isOpen, isResult) {
  const { theme } = stage;
  ctx.beginPath();
  ctx.roundRect(box.x, box.y, box.width, box.height, node.leaf ? box.height / 2 : ROUND);
  ctx.fillStyle = node.leaf ? theme.panel : theme.background;
  ctx.fill();
  ctx.lineWidth = isOpen ? 3 : 1.4;
  ctx.strokeStyle = isOpen || isResult ? theme.accent : node.leaf ? theme.lines[2] : theme.muted;
  ctx.stroke();
  ctx.save();
  ctx.clip();
  const middle = box.x + box.width / 2;
  const narrow = box.width < NARROW;
  const bold = { size: narrow ? 11 : 12, bold: true, align: "center" };
  write(
    ctx,
    stage,
    fitted(ctx, stage, shortName(node), box.width - 4, bold),
    middle,
    box.y + 13,
    bold,
  );
  if (node.number === null) {
    const text = narrow ? shapeText(node.shape).replaceAll(" ", "") : shapeText(node.shape);
    write(ctx, stage, text, middle, box.y + 30, {
      size: narrow ? 10 : 11,
      align: "center",
      colour: theme.muted,
    });
  } else drawNumbers(ctx, stage, node, box);
  ctx.restore();
}

// The value in plain type, the gradient in the colour of the way back.
function drawNumbers(ctx, stage, { number, slope }, box) {
  const narrow = box.width < NARROW;
  const y = box.y + 30;
  const value = { size: narrow ? 10 : 11, align: "center" };
  if (slope === null || narrow) {
    write(ctx, stage, brief(number), box.x + box.width / 2, y, value);
    return;
  }
  write(ctx, stage, brief(number), box.x + box.width * 0.27, y, value);
  const back = { ...value, colour: stage.theme.lines[1] };
  write(ctx, stage, `∂ ${brief(slope)}`, box.x + box.width * 0.73, y, back);
}

// A name that is too long loses its beginning: "layers.3.weight" → "….weight".
function fitted(ctx, stage, text, width, { size }) {
  ctx.font = `600 ${size}px ${stage.theme.font}`;
  if (ctx.measureText(text).width <= width) return text;
  let cut = text;
  while (cut.length > 2 && ctx.measureText(`…${cut}`).width > width) cut = cut.slice(1);
  return `…${cut}`;
}
