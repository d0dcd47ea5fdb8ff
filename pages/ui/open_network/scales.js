// The colour scales below the net: one for each layer, or one for all.
import { brief, drawBitmap, drawScale, mapBitmap, outline, write } from "../stage/draw.js";
import { globalRange, lutOf, positionOf, rangeOf } from "./maps.js";

/** @import { Stage } from "./view.js" */

const STRIP = 5; // px, a colour scale

// A strip under each column with the largest value of its scale; one strip where all share it.
/** @param {Stage} stage */
export function drawScales(ctx, stage, scope) {
  const { theme } = stage;
  const { plan } = stage.state;
  if (plan.narrow || scope !== "layer") return drawOneScale(ctx, stage, scope);
  const y = stage.state.netBox.y + stage.state.netBox.height + 14;
  let end = -Infinity;
  for (const { from, to, layers } of plan.columns) {
    const [layer] = layers;
    const { shown } = plan.layers.get(layer.number);
    const [low, high] = rangeOf(stage, layer.number, shown[0], scope);
    const strip = { x: from, y, width: Math.max(14, to - from), height: STRIP };
    drawStrip(ctx, stage, layer, [low, high], strip);
    const text =
      low < 0 && layer.kind !== "input" ? `±${brief(high)}` : `${brief(low)} … ${brief(high)}`;
    ctx.font = `400 11px ${theme.font}`;
    const width = ctx.measureText(text).width;
    const left = Math.max(0, from + (to - from - width) / 2);
    if (left < end + 5) continue;
    end = left + width;
    write(ctx, stage, text, left, y + STRIP + 9, { size: 11, colour: theme.muted });
  }
}

/** @param {Stage} stage */
function drawStrip(ctx, stage, layer, range, box) {
  const ends = range.map((value) => 255 * positionOf(layer, value, range));
  const ramp = new Float32Array(64).map((_, i) => ends[0] + ((ends[1] - ends[0]) * i) / 63);
  drawBitmap(ctx, mapBitmap(ramp, 1, 64, lutOf(stage, layer), 0, 255), box, true);
  outline(ctx, box, stage.theme.border, 0.5);
}

/** @param {Stage} stage */
function drawOneScale(ctx, stage, scope) {
  const { words, theme } = stage;
  const { netBox } = stage.state;
  const y = netBox.y + netBox.height + 14;
  if (scope !== "global") {
    const text = scope === "map" ? words.scale_map : words.scale_layer;
    return write(ctx, stage, text, netBox.x, y + 8, { size: 11, colour: theme.muted });
  }
  const [low, high] = globalRange(stage);
  const box = { x: netBox.x, y, width: 160, height: STRIP + 2 };
  drawScale(ctx, stage, theme.signed, low < 0 ? low : -high, high, box);
  return write(ctx, stage, words.scale_global, box.x + 176, y + 8, {
    size: 11,
    colour: theme.muted,
  });
}
