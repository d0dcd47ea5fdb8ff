// The cells of a grid on the filter-sliding stage: lines, numbers, zeros on the rim.
import { minus, outline, write } from "../../ui/stage/draw.js";
import { cellOf, inside } from "./layout.js";

/** @import { Stage } from "./view.js" */

/** The box of all cells, those of the rim as well. */
export const whole = (each) => ({
  x: each.x,
  y: each.y,
  width: each.allColumns * each.unit,
  height: each.allRows * each.unit,
});

/** @param {Stage} stage */
export function drawLines(ctx, stage, each) {
  if (each.unit < 12) {
    outline(ctx, inside(each), stage.theme.border);
    return;
  }
  ctx.strokeStyle = stage.theme.border;
  ctx.lineWidth = 1;
  ctx.beginPath();
  const box = whole(each);
  for (let i = 0; i <= each.allColumns; i++) {
    ctx.moveTo(box.x + i * each.unit, box.y);
    ctx.lineTo(box.x + i * each.unit, box.y + box.height);
  }
  for (let i = 0; i <= each.allRows; i++) {
    ctx.moveTo(box.x, box.y + i * each.unit);
    ctx.lineTo(box.x + box.width, box.y + i * each.unit);
  }
  ctx.stroke();
}

// Numbers in the cells, where all of them fit, with as many decimals as all have room for.
/** @param {Stage} stage */
export function writeCells(ctx, stage, each, values, ink) {
  if (each.unit < 16) return;
  const size = each.unit >= 34 ? 14 : each.unit >= 26 ? 12 : 11;
  ctx.font = `400 ${size}px ${stage.theme.font}`;
  const texts = [2, 1, 0]
    .map((decimals) => Array.from(values, (value) => cellText(value, decimals)))
    .find((all) => all.every((text) => ctx.measureText(text).width <= each.unit - 2));
  if (!texts) return;
  texts.forEach((text, i) => {
    const box = cellOf(each, Math.floor(i / each.columns), i % each.columns);
    write(ctx, stage, text, box.x + box.width / 2, box.y + box.height / 2 + 0.5, {
      size,
      colour: ink(i),
      align: "center",
    });
  });
}

const cellText = (value, decimals) =>
  minus(String(Number(value.toFixed(decimals)))).replace(/^(−?)0\./, "$1.");

/** @param {Stage} stage */
export function writeRim(ctx, stage, input) {
  if (input.unit < 16) return;
  for (let row = -input.rim.above; row < input.rows + input.rim.below; row++) {
    for (let column = -input.rim.before; column < input.columns + input.rim.after; column++) {
      if (row >= 0 && row < input.rows && column >= 0 && column < input.columns) continue;
      const box = cellOf(input, row, column);
      write(ctx, stage, "0", box.x + box.width / 2, box.y + box.height / 2 + 0.5, {
        size: 11,
        colour: stage.theme.muted,
        align: "center",
      });
    }
  }
}
