// Pointing at the net's maps: with the mouse one is lit, a press or the arrow keys choose a cell.
import { pointerPosition } from "../stage/draw.js";
import { choose, itemOf } from "./choice.js";
import { pressDetail } from "./detail.js";
import { itemAt } from "./layout.js";

/** @import { Stage } from "./view.js" */

/** @param {Stage} stage */
export function point(stage, event) {
  if (!stage.state.plan) return;
  const { x, y } = pointerPosition(stage, event);
  const over = itemAt(stage.state.plan, x, y);
  stage.canvas.style.cursor = over || pressDetail(stage, x, y, true) ? "pointer" : "default";
  hover(
    stage,
    over && {
      number: over.number,
      item: stage.state.plan.layers.get(over.number).shown[over.item],
    },
  );
}

/** @param {Stage} stage */
export function hover(stage, found) {
  if (JSON.stringify(found) === JSON.stringify(stage.state.hover)) return;
  stage.state.hover = found;
  if (stage.reply) stage.repaint();
}

/** @param {Stage} stage */
export function press(stage, event) {
  if (!stage.state.plan) return;
  const { x, y } = pointerPosition(stage, event);
  const found = itemAt(stage.state.plan, x, y);
  if (!found) {
    pressDetail(stage, x, y);
    return;
  }
  const { layer, shown, items } = stage.state.plan.layers.get(found.number);
  const index = shown[found.item];
  const box = items[found.item];
  const part = (at, from, size) => Math.min(0.999, Math.max(0, (at - from) / size));
  choose(stage, {
    number: found.number,
    channel: layer.picked?.[index] ?? index,
    row: Math.floor(part(y, box.y, box.height) * (layer.shape[1] ?? 1)),
    column: Math.floor(part(x, box.x, box.width) * (layer.shape[2] ?? 1)),
  });
}

// Arrow keys go from layer to layer and from map to map; with Shift, from cell to cell.
/** @param {Stage} stage */
export function steer(stage, event) {
  const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[
    event.key
  ];
  if (!move || !stage.state.plan) return;
  event.preventDefault();
  const at = stage.state.chosen;
  const { layer, shown } = stage.state.plan.layers.get(at.number);
  if (event.shiftKey) {
    const inside = (value, size) => Math.min(Math.max(0, value), (size ?? 1) - 1);
    choose(stage, {
      ...at,
      row: inside(at.row + move[0], layer.shape[1]),
      column: inside(at.column + move[1], layer.shape[2]),
    });
  } else if (move[0]) {
    const next = shown[Math.max(0, shown.indexOf(itemOf(stage, at)?.item ?? 0) + move[0])];
    if (next !== undefined) choose(stage, { ...at, channel: layer.picked?.[next] ?? next });
  } else {
    const order = stage.state.plan.columns.flatMap(({ layers }) => layers);
    const next = order[order.indexOf(layer) + move[1]];
    if (next) stepTo(stage, at, layer, next);
  }
}

// The neighbouring layer's map of the same number, and the cell that lies in the same place.
/** @param {Stage} stage */
function stepTo(stage, at, layer, next) {
  const { shown } = stage.state.plan.layers.get(next.number);
  const every = shown.map((index) => next.picked?.[index] ?? index);
  const channel = every.includes(at.channel)
    ? at.channel
    : every[Math.min(at.channel, every.length - 1)];
  const scaled = (value, i) => Math.floor((value * (next.shape[i] ?? 1)) / (layer.shape[i] ?? 1));
  choose(stage, {
    number: next.number,
    channel,
    row: scaled(at.row, 1),
    column: scaled(at.column, 2),
  });
}
