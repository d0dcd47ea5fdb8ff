// The filters of a network's first layer as small pictures.
import { drawBitmap, drawScale, fill, mapBitmap, outline, write } from "../../ui/stage/draw.js";
import { pictureOf } from "./pictures.js";

/** @import { Stage } from "./epoch.js" */

const TOP = 26; // below the title

/**
 * Those that look at three channels are shown in colour, each filter's range stretched alike;
 * others signed.
 * @param {Stage} stage
 */
export function drawFilters(ctx, stage, { filters }, area) {
  const [count, channels, height, width] = filters.shape;
  const most = filters.data.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-9);
  write(ctx, stage, fill(stage.words.filters, { count }), area.x, area.y + 9, { bold: true });
  const columns = Math.min(count, Math.max(4, Math.floor(area.width / 40)));
  const rows = Math.ceil(count / columns);
  const size = Math.min(
    60,
    Math.floor((area.height - 62) / rows) - 4,
    Math.floor(area.width / columns) - 4,
  );
  for (let k = 0; k < count; k++) {
    const box = {
      x: area.x + (k % columns) * (size + 4),
      y: area.y + TOP + Math.floor(k / columns) * (size + 4),
      width: size,
      height: size,
    };
    const each = channels * height * width;
    const values = filters.data.subarray(k * each, (k + 1) * each);
    drawBitmap(ctx, bitmapOf(stage, values, filters.shape, most), box);
    outline(ctx, box, stage.theme.border);
  }
  const y = area.y + TOP + 6 + rows * (size + 4);
  if (channels === 3) {
    const small = { size: 11, colour: stage.theme.muted };
    const text = fill(stage.words.filter_colours, { most: most.toFixed(2) });
    write(ctx, stage, text, area.x, y + 6, small);
  } else {
    const scale = { x: area.x, y, width: Math.min(160, area.width / 2), height: 8 };
    drawScale(ctx, stage, stage.theme.signed, -most, most, scale);
  }
}

/** @param {Stage} stage */
function bitmapOf(stage, values, [, channels, height, width], most) {
  if (channels === 3) return colourFilter(values, height, width, most);
  const plane = values.subarray(0, height * width);
  return mapBitmap(plane, height, width, stage.theme.signed, -most, most);
}

// Weights for red, green and blue as one colour: the middle grey is 0.
function colourFilter(values, height, width, most) {
  const image = new Uint8ClampedArray(3 * height * width);
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < 3; c++)
      image[3 * i + c] = 127.5 + (127.5 * values[c * height * width + i]) / most;
  }
  return pictureOf(image, height, width, 3);
}
