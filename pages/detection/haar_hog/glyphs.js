// HOG drawn as stars: in every cell a stroke for each bin, along the edge that the bin stands for,
// as long as its number is large.
import { contextOf, drawBitmap, outline } from "../../ui/stage/draw.js";

/** @import { Stage } from "../../ui/stage/types.d.ts" */

const LEAST = 0.06; // shorter strokes are dots that say nothing

// A gradient points across its edge, so strokes are turned by 90°. Bin b stands for (b + ½) · 20°.
const STROKES = Array.from({ length: 9 }, (_, bin) => {
  const angle = ((bin + 0.5) * Math.PI) / 9 + Math.PI / 2;
  return [Math.cos(angle) / 2, Math.sin(angle) / 2];
});

// cells = { data, shape: [rows, columns, 9] } in box; a number of `most` is a cell wide. With
// sign -1 the negative numbers are drawn.
export function drawStars(ctx, cells, box, most, colour, { sign = 1, width = 1 } = {}) {
  const [rows, columns, bins] = cells.shape;
  const [across, down] = [box.width / columns, box.height / rows];
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  for (let cell = 0; cell < rows * columns; cell++) {
    const x = box.x + ((cell % columns) + 0.5) * across;
    const y = box.y + (Math.floor(cell / columns) + 0.5) * down;
    for (let bin = 0; bin < bins; bin++) {
      const long = Math.min(1, (sign * cells.data[bins * cell + bin]) / most);
      if (long < LEAST) continue;
      const [dx, dy] = [STROKES[bin][0] * across * long, STROKES[bin][1] * down * long];
      ctx.moveTo(x - dx, y - dy);
      ctx.lineTo(x + dx, y + dy);
    }
  }
  ctx.stroke();
}

// The largest size of any number; a plain loop, since pictures have many.
export function largest(data) {
  let most = 1e-9;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i]);
    if (size > most) most = size;
  }
  return most;
}

// What a template wants (sign 1) or does not want (sign -1) of each cell, on a panel of its own.
/** @param {Stage} stage */
export function drawTemplate(ctx, stage, template, box, sign) {
  ctx.fillStyle = stage.theme.panel;
  ctx.fillRect(box.x, box.y, box.width, box.height);
  const colour = stage.theme.lines[sign > 0 ? 0 : 1];
  drawStars(ctx, template, box, 0.7 * largest(template.data), colour, { sign, width: 1.8 });
  outline(ctx, box, stage.theme.border);
}

// Something costly to draw, kept as a bitmap for as long as its key stays the same.
/** @param {Stage} stage */
export function drawKept(ctx, stage, key, box, draw) {
  const ratio = window.devicePixelRatio || 1;
  const whole = [...key, box.width, box.height, ratio, stage.theme.dark];
  const old = stage.state.keptDrawing;
  if (!old || old.key.length !== whole.length || whole.some((part, i) => part !== old.key[i])) {
    const device = (side) => Math.max(1, Math.round(side * ratio));
    const bitmap = new OffscreenCanvas(device(box.width), device(box.height));
    const inner = contextOf(bitmap);
    inner.scale(ratio, ratio);
    inner.textBaseline = "middle";
    draw(inner, { x: 0, y: 0, width: box.width, height: box.height });
    stage.state.keptDrawing = { key: whole, bitmap };
  }
  drawBitmap(ctx, stage.state.keptDrawing.bitmap, box, true);
}
