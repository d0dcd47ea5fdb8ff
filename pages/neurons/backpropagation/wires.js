// The wires between the cards, on the canvas under them: how heavy each weight is, and which of
// them the paths of the influence run along.
import { contextOf, openCanvas } from "../../ui/stage/draw.js";
import { wireOf } from "./numbers.js";

/** @import { Stage } from "./view.js" */

const THIN = 0.8;
const THICK = 5;
const LIT = 3.5;
const FAINT = 0.35;

/** @param {Stage} stage */
export function drawWires(stage, reply, values) {
  const { root } = stage.state.board;
  const { ctx } = openCanvas(stage, root.offsetHeight);
  if (getComputedStyle(root).gridTemplateColumns.split(" ").length < 4) return; // a phone
  const frame = stage.frame.getBoundingClientRect();
  const lit = litWires(reply, values.source);
  const heaviest = Math.max(
    1e-12,
    ...reply.about.names
      .filter((name) => name[0] === "W")
      .map((name) => Math.abs(reply.about.values[name])),
  );
  for (const wire of wiresOf(values)) {
    const [from, to] = [
      placeOf(stage, frame, wire.from, "right"),
      placeOf(stage, frame, wire.to, "left"),
    ];
    if (!from || !to) continue;
    const weight = reply.about.values[wire.name] ?? 0;
    const share = wire.name[0] === "W" ? Math.abs(weight) / heaviest : 0;
    ctx.globalAlpha = lit.size && !lit.has(wire.name) ? FAINT : 1;
    ctx.lineWidth = lit.has(wire.name) ? LIT : THIN + share * (THICK - THIN);
    ctx.strokeStyle = lit.has(wire.name)
      ? stage.theme.accent
      : stage.theme.lines[weight < 0 ? 1 : 0];
    stroke(contextOf(stage.canvas), from, to);
  }
  ctx.globalAlpha = 1;
}

/** @type {(values: any) => { name: string, from: string, to: string }[]} */
function wiresOf({ inputs, hidden, outputs }) {
  const wires = [];
  for (let j = 0; j < hidden; j++) {
    for (let i = 0; i < inputs; i++)
      wires.push({ name: `W1[${j},${i}]`, from: `∂L/∂x[${i}]`, to: `name-W1[${j},${i}]` });
    for (let k = 0; k < outputs; k++)
      wires.push({ name: `W2[${k},${j}]`, from: `∂L/∂h[${j}]`, to: `name-W2[${k},${j}]` });
  }
  for (let k = 0; k < outputs; k++)
    wires.push({ name: `L[${k}]`, from: `y[${k}]`, to: `field-t[${k}]` });
  return wires;
}

/** @type {(reply: any, source: string) => Set<string>} */
function litWires({ about }, source) {
  const lit = new Set();
  for (const { edges } of about.influence.paths) {
    let from = source;
    for (const { to } of edges) {
      const wire = wireOf(from, to);
      if (wire) lit.add(wire);
      from = to;
    }
  }
  return lit;
}

/**
 * Where a wire begins or ends: at the edge of the card, as high as the number's row.
 * @param {Stage} stage
 * @param {DOMRect} frame
 * @param {string} name of a cell, or the test id of another element
 * @param {"left" | "right"} side
 */
function placeOf(stage, frame, name, side) {
  const { root, cells } = stage.state.board;
  const element = cells.get(name)?.[0] ?? root.querySelector(`[data-testid="${name}"]`);
  const card = element?.closest(".neuron");
  if (!card) return null;
  const [row, box] = [element.getBoundingClientRect(), card.getBoundingClientRect()];
  return { x: box[side] - frame.left, y: row.top + row.height / 2 - frame.top };
}

/** @type {(ctx: CanvasRenderingContext2D, from: { x: number, y: number }, to: { x: number, y: number }) => void} */
function stroke(ctx, from, to) {
  const middle = (from.x + to.x) / 2;
  ctx.beginPath();
  ctx.moveTo(from.x, from.y);
  ctx.bezierCurveTo(middle, from.y, middle, to.y, to.x, to.y);
  ctx.stroke();
}
