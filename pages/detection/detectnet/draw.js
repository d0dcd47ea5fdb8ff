// What the DetectNet page draws on scenes: coverage over the picture, boxes in the colour of their
// class, solid where they are right and dashed where they are not.
import {
  cellBox,
  drawBitmap,
  mapBitmap,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";

/** @import { Stage } from "../../ui/stage/types.d.ts" */

const FAINTEST = 0.02; // less cannot be seen

// Picture `index` of uint8 (n, H, W, 3), or the only one of (H, W, 3).
export function pictureOf({ data, shape }, index = 0) {
  const [rows, columns] = shape.slice(-3);
  const size = rows * columns * 3;
  const part = data.subarray(index * size, (index + 1) * size);
  return { bitmap: pictureBitmap({ data: part, shape: [rows, columns, 3] }), rows, columns };
}

/** @param {Stage} stage */
export function drawPicture(ctx, stage, { bitmap }, place) {
  drawBitmap(ctx, bitmap, place, true);
  outline(ctx, place, stage.theme.border);
}

// The class's map of float32 (classes, h, w) from `offset` on; of "all", the largest of them.
export function coverageMap({ data, shape }, which, offset = 0) {
  const [classes, rows, columns] = shape.slice(-3);
  const cells = rows * columns;
  const from = offset * classes * cells;
  if (which !== "all") {
    const start = from + which * cells;
    return { data: data.subarray(start, start + cells), rows, columns };
  }
  const most = new Float32Array(cells);
  for (let i = 0; i < classes * cells; i++) {
    most[i % cells] = Math.max(most[i % cells], data[from + i]);
  }
  return { data: most, rows, columns };
}

/** @param {Stage} stage */
export function drawCoverage(ctx, stage, map, place) {
  const bitmap = mapBitmap(map.data, map.rows, map.columns, stage.theme.sequential, 0, 1);
  drawBitmap(ctx, bitmap, place);
}

// Over a picture: the scale's highest colour, as opaque as the coverage is high. Cells are a little
// apart, so that each is seen.
/** @param {Stage} stage */
export function overlayCoverage(ctx, stage, map, place) {
  const [red, green, blue] = stage.theme.sequential.slice(-3);
  ctx.fillStyle = `rgb(${red}, ${green}, ${blue})`;
  map.data.forEach((covered, i) => {
    if (covered < FAINTEST) return;
    const cell = cellBox(
      place,
      map.rows,
      map.columns,
      Math.floor(i / map.columns),
      i % map.columns,
    );
    ctx.globalAlpha = 0.75 * covered;
    ctx.fillRect(cell.x + 0.5, cell.y + 0.5, cell.width - 1, cell.height - 1);
  });
  ctx.globalAlpha = 1;
}

// xyxy in pixels of the picture as a rectangle on the canvas.
export function boxOn(place, picture, [x1, y1, x2, y2]) {
  const [across, down] = [place.width / picture.columns, place.height / picture.rows];
  return {
    x: place.x + x1 * across,
    y: place.y + y1 * down,
    width: (x2 - x1) * across,
    height: (y2 - y1) * down,
  };
}

// A box twice, so that it stands out on any picture: the page's ground below, its colour above.
/** @param {Stage} stage */
export function strokeBox(ctx, stage, box, colour, isDashed, width = 2) {
  const draw = (style, wide) => {
    ctx.strokeStyle = style;
    ctx.lineWidth = wide;
    ctx.strokeRect(box.x, box.y, box.width, box.height);
  };
  draw(stage.theme.background, width + 2);
  ctx.setLineDash(isDashed ? [4, 4] : []);
  draw(colour, width);
  ctx.setLineDash([]);
}

// A short text on the page's ground, above the box where there is room, inside `place`.
/** @param {Stage} stage */
export function tag(ctx, stage, text, box, place, colour) {
  ctx.font = `600 11px ${stage.theme.font}`;
  const width = ctx.measureText(text).width + 6;
  const right = place.x + place.width - width;
  const x = Math.max(place.x, Math.min(box.x - 1, right));
  const y = Math.max(place.y, box.y - 14);
  ctx.fillStyle = stage.theme.background;
  ctx.fillRect(x, y, width, 14);
  write(ctx, stage, text, x + 3, y + 7.5, { size: 11, bold: true, colour });
}

/** @param {Stage} stage */
export const colourOf = (stage, label) => stage.theme.lines[label];
/** @param {Stage} stage */
export const className = (stage, classes, label) =>
  stage.words[`class_${classes[label]}`] ?? classes[label];
