// Weights and gradients of each layer as strips: the darker a bin, the more values lie there.
import { brief, drawBitmap, mapBitmap, outline, write } from "../../ui/stage/draw.js";

/** @import { Stage } from "./epoch.js" */

/** @param {Stage} stage */
export function drawHistograms(ctx, stage, reply, area) {
  const half = Math.floor((area.width - 70) / 2);
  ["weights", "gradients"].forEach((what, i) => {
    const x = area.x + i * (half + 70);
    write(ctx, stage, stage.words[`hist_${what}`], x, area.y + 9, { bold: true });
    drawStrips(ctx, stage, reply, what, {
      x,
      y: area.y + 26,
      width: half,
      height: area.height - 30,
    });
  });
}

/** @param {Stage} stage */
function drawStrips(ctx, stage, reply, what, area) {
  const [layers, bins] = reply[what].shape;
  const norms = reply.about[what === "weights" ? "weight_norms" : "gradient_norms"];
  const step = Math.max(1, Math.ceil((layers * 26) / area.height)); // so many as can be read
  const shown = Array.from({ length: Math.ceil(layers / step) }, (_, i) => i * step);
  const height = Math.min(26, area.height / shown.length);
  shown.forEach((layer, i) => {
    const counts = reply[what].data.subarray(layer * bins, (layer + 1) * bins);
    const [low, high] = reply[`${what}_range`].data.subarray(2 * layer, 2 * layer + 2);
    const box = { x: area.x, y: area.y + i * height, width: area.width, height: height - 13 };
    const most = Math.max(...counts, 1);
    const roots = Float32Array.from(counts, (count) => Math.sqrt(count / most));
    drawBitmap(ctx, mapBitmap(roots, 1, bins, stage.theme.sequential, 0, 1), box);
    outline(ctx, box, stage.theme.border);
    const small = { size: 11, colour: stage.theme.muted };
    const y = box.y + box.height + 7;
    write(ctx, stage, brief(low), box.x, y, small);
    write(ctx, stage, brief(high), box.x + box.width, y, { ...small, align: "right" });
    const norm = norms[layer];
    const text = norm === null ? "–" : `‖ ‖ ${brief(norm)}`;
    write(ctx, stage, text, box.x + box.width / 2, y, { ...small, align: "center" });
  });
}
