// What each layer of the net is called, and the shape of what comes out of it.
import { fill, write } from "../stage/draw.js";

/** @import { Stage } from "./view.js" */

// "conv", "ReLU", "max pool": what a reader calls the layer.
/** @param {Stage} stage */
export function titleOf(stage, layer) {
  const { words } = stage;
  return words[`call_${layer.call}`] ?? words[`kind_${layer.kind}`] ?? layer.call;
}

/** @param {Stage} stage */
export function drawTitles(ctx, stage) {
  const { plan } = stage.state;
  const ends = [-Infinity, -Infinity]; // where the last title of each line ends
  for (const { layer, area } of plan.layers.values()) {
    const text = titleOf(stage, layer);
    ctx.font = `400 11px ${stage.theme.font}`;
    const width = ctx.measureText(text).width;
    const options = { size: 11, colour: stage.theme.text };
    if (plan.narrow) {
      const shape = layer.layout === "map" ? ` ${layer.shape.join(" × ")}` : ` ${layer.shape[0]}`;
      if (layer.lanes === 1)
        write(ctx, stage, text + capped(stage, layer, shape), area.x, area.y - 8, options);
      continue;
    }
    const middle = Math.max(width / 2, area.x + area.width / 2);
    if (layer.lanes > 1) {
      if (width < area.width + 26)
        write(ctx, stage, text, middle, area.y + 7, { ...options, align: "center" });
      continue;
    }
    const words = [text, stage.words[`kind_${layer.kind}`] ?? text];
    const fits = (word, line) => middle - ctx.measureText(word).width / 2 > ends[line] + 2;
    const tries = [
      { word: words[0], line: 0 },
      { word: words[1], line: 0 },
      { word: words[0], line: 1 },
    ];
    const fitting = tries.find(({ word, line }) => fits(word, line));
    if (!fitting?.word) continue;
    const { word, line } = fitting;
    ends[line] = middle + ctx.measureText(word).width / 2;
    write(ctx, stage, word, middle, area.y + 8 - 13 * line, { ...options, align: "center" });
  }
  if (!plan.narrow) drawShapes(ctx, stage);
}

/** @param {Stage} stage */
const capped = (stage, layer, shape) =>
  layer.picked
    ? ` ${fill(stage.words.capped, { shown: layer.count, all: layer.shape[0] })}`
    : shape;

// One shape over each run of columns that share it; how many of its maps are shown where not all.
/** @param {Stage} stage */
function drawShapes(ctx, stage) {
  const { columns } = stage.state.plan;
  const shapeOf = ({ layers }) => (layers.length > 1 ? "" : textOf(stage, layers[0]));
  let start = 0;
  for (let i = 1; i <= columns.length; i++) {
    if (i < columns.length && shapeOf(columns[i]) === shapeOf(columns[start])) continue;
    const from = columns[start].from;
    const to = columns[i - 1].to;
    const long = shapeOf(columns[start]);
    const short = columns[start].layers[0].shape.join("×");
    ctx.font = `400 11px ${stage.theme.font}`;
    const room = (columns[i]?.from ?? to + 60) - from - 6;
    const text = [long, short].find((each) => each && ctx.measureText(each).width <= room);
    if (text) {
      const y = stage.state.netBox.y - 32;
      write(ctx, stage, text, from, y, { size: 11, colour: stage.theme.muted });
      ctx.fillStyle = stage.theme.border;
      ctx.fillRect(from, y + 8, to - from, 1);
    }
    start = i;
  }
}

/** @param {Stage} stage */
function textOf(stage, layer) {
  const shape = layer.shape.join(" × ");
  return layer.picked ? fill(stage.words.capped, { shown: layer.count, all: shape }) : shape;
}
