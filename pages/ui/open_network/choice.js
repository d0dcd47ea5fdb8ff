// Which number is looked at: a layer, one of its maps, a cell of that; and the map on screen for it.

/** @import { Stage } from "./view.js" */

// "layer:map:row:column", kept inside what there is; null where the layer is not on screen.
/** @param {Stage} stage */
export function readChosen(stage, text) {
  const [number, channel, row, column] = (text || "-1:0:0:0").split(":").map(Number);
  const layer = stage.reply.about.layers.find((each) => each.number === number);
  if (!layer) return null;
  const inside = (at, size) => Math.min(at, (size ?? 1) - 1);
  return {
    number,
    channel: inside(channel, layer.shape[0]),
    row: inside(row, layer.shape[1]),
    column: inside(column, layer.shape[2]),
  };
}

// Before anybody chose: the strongest cell of the first layer with weights.
export function standard({ about, ranges, tiles }) {
  const layer =
    about.layers.find(({ relation, feeds_only }) => relation === "weights" && !feeds_only) ??
    about.layers.at(-1);
  const pairs = ranges.data.subarray(layer.ranges_at, layer.ranges_at + 2 * layer.count);
  const best = pairs.reduce(
    (top, value, i) => (Math.abs(value) > Math.abs(pairs[top]) ? i : top),
    0,
  );
  const item = best >> 1;
  const found = { number: layer.number, channel: layer.picked?.[item] ?? item, row: 0, column: 0 };
  if (layer.layout !== "map") return found;
  const [rows, columns] = layer.tile;
  const tile = tiles.data.subarray(
    layer.tiles_at + item * rows * columns,
    layer.tiles_at + (item + 1) * rows * columns,
  );
  const cell = tile.indexOf(best % 2 ? Math.max(...tile) : Math.min(...tile));
  const step = Math.ceil(layer.shape[1] / rows);
  return { ...found, row: Math.floor(cell / columns) * step, column: (cell % columns) * step };
}

/** @param {Stage} stage */
export const itemOf = (stage, at) => {
  const placed = at && stage.state.plan.layers.get(at.number);
  if (!placed) return null;
  const index = placed.layer.picked ? placed.layer.picked.indexOf(at.channel) : at.channel;
  return placed.shown.includes(index) ? { number: at.number, item: index } : null;
};

/** @param {Stage} stage */
export function choose(stage, at, commit = true) {
  const text = [at.number, at.channel, at.row ?? 0, at.column ?? 0].join(":");
  stage.set({ chosen: text }, commit);
}
