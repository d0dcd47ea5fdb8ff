// Segments of drawn scenes: their names and colours (the same for a true thing and for what found
// it), their maps over a picture with the lines between them, and marks on wrong pixels.
import { contextOf, outline, write } from "./draw.js";
import { mix, parse } from "./palette.js";
import { element, swatch } from "./parts.js";

const SHADES = [0, 0.45, -0.35, 0.68, -0.55, 0.25, -0.2]; // towards white; below 0, black
const MARK_PX = 4; // side of a mark's squares on the screen

export const className = (stage, about, category) =>
  stage.words[`class_${about.classes[category]}`] ?? about.classes[category];

export const colourOf = (stage, category) => stage.theme.categories[category];

// Whose colour is whose, for a readout.
export function classLegend(stage, about) {
  const made = element("p", "", "classes");
  made.style.cssText = "display:flex;flex-wrap:wrap;gap:2px 12px;font-size:12px";
  const entries = about.classes.map((_, category) => {
    const entry = element("span");
    entry.append(swatch(stage, colourOf(stage, category)), className(stage, about, category));
    return entry;
  });
  made.append(...entries);
  return made;
}

// → { said, truth }: of each segment's id { category, thing, number, area_px, score, iou, … }.
// Things of a class are numbered as they stand in the truth; what matches nothing counts on.
export function nameSegments(about) {
  const counts = about.classes.map(() => 0);
  const truth = new Map(
    about.truths.map((each) => [
      each.id,
      {
        ...each,
        number: each.thing ? ++counts[each.category] : 0,
      },
    ]),
  );
  const ofSaid = about.verdicts.filter(({ outcome }) => outcome !== "false_negative");
  const verdicts = new Map(ofSaid.map((each) => [each.predicted, each]));
  const said = new Map(
    about.segments.map((each) => {
      const { outcome, truth: partner, iou } = verdicts.get(each.id);
      const isMatch = outcome === "match";
      const number = isMatch ? truth.get(partner).number : each.thing ? ++counts[each.category] : 0;
      return [each.id, { ...each, number, iou }];
    }),
  );
  return { said, truth };
}

export function segmentName(stage, about, { category, thing, number }) {
  const name = className(stage, about, category);
  return thing ? `${name} ${number}` : name;
}

// A thing's shade of its class's colour.
export function shadeOf(stage, { category, thing, number }) {
  const colour = colourOf(stage, category);
  const way = thing ? SHADES[(number - 1) % SHADES.length] : 0;
  const { bright, dark } = stage.theme.greyInks;
  return way === 0 ? colour : mix(colour, way > 0 ? bright : dark, Math.abs(way));
}

// A map (H, W) of numbers, 0 to 255, through colours by number; those without one stay clear.
export function paintMap({ data, shape: [rows, columns] }, colours) {
  const image = new ImageData(columns, rows);
  const table = new Uint32Array(256); // a pixel's four bytes at once
  const bytes = new Uint8ClampedArray(table.buffer);
  colours.forEach((colour, number) => {
    if (colour) bytes.set([...parse(colour), 255], 4 * number);
  });
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < rows * columns; i++) pixels[i] = table[data[i]];
  return bitmapOf(image);
}

function bitmapOf(image) {
  const canvas = new OffscreenCanvas(image.width, image.height);
  contextOf(canvas).putImageData(image, 0, 0);
  return canvas;
}

// Colours by id of the segments that `isShown` lets pass.
export function segmentColours(stage, segments, isShown = (_segment) => true) {
  const colours = [];
  for (const [id, each] of segments) if (isShown(each)) colours[id] = shadeOf(stage, each);
  return colours;
}

// Lines where two neighbouring pixels have different numbers, dark within bright.
export function drawBorders(ctx, stage, { data, shape: [rows, columns] }, place) {
  const path = new Path2D();
  const [w, h] = [place.width / columns, place.height / rows];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const i = row * columns + column;
      const [x, y] = [place.x + column * w, place.y + row * h];
      if (column + 1 < columns && data[i] !== data[i + 1]) {
        path.moveTo(x + w, y);
        path.lineTo(x + w, y + h);
      }
      if (row + 1 < rows && data[i] !== data[i + columns]) {
        path.moveTo(x, y + h);
        path.lineTo(x + w, y + h);
      }
    }
  }
  ctx.lineWidth = Math.max(1, w / 2);
  ctx.strokeStyle = stage.theme.greyInks.bright;
  ctx.stroke(path);
}

// Each thing's name where its pixels have their middle.
export function drawNames(ctx, stage, ids, segments, place) {
  const [rows, columns] = ids.shape;
  const sums = new Float64Array(3 * 256); // of each number: pixels, x, y
  for (let i = 0; i < rows * columns; i++) {
    const at = 3 * ids.data[i];
    sums[at] += 1;
    sums[at + 1] += (i % columns) + 0.5;
    sums[at + 2] += Math.floor(i / columns) + 0.5;
  }
  for (const [id, each] of segments) {
    const [n, x, y] = sums.subarray(3 * id, 3 * id + 3);
    if (!each.thing || !n) continue;
    plate(
      ctx,
      stage,
      String(each.number),
      place.x + (x / n / columns) * place.width,
      place.y + (y / n / rows) * place.height,
    );
  }
}

// A short text in the middle of a small plate, readable on any colour.
export function plate(ctx, stage, text, x, y, align = "center") {
  ctx.font = `600 11px ${stage.theme.font}`;
  const width = ctx.measureText(text).width + 6;
  const left = align === "center" ? x - width / 2 : x;
  ctx.fillStyle = stage.theme.background;
  ctx.fillRect(left, y - 7.5, width, 15);
  write(ctx, stage, text, left + 3, y + 0.5, { size: 11, bold: true });
}

// Small black and white squares over the pixels whose costs have one of the bits.
export function drawMarks(ctx, stage, { data, shape: [rows, columns] }, bits, places) {
  const mask = new ImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) mask.data[4 * i + 3] = data[i] & bits ? 255 : 0;
  const [width, height] = [places[0].width, places[0].height].map(Math.round);
  const layer = new OffscreenCanvas(width, height);
  const on = contextOf(layer);
  on.imageSmoothingEnabled = false;
  on.drawImage(bitmapOf(mask), 0, 0, width, height);
  on.globalCompositeOperation = "source-in";
  on.fillStyle = on.createPattern(checker(stage), "repeat") ?? stage.theme.text;
  on.fillRect(0, 0, width, height);
  for (const place of places) ctx.drawImage(layer, place.x, place.y, place.width, place.height);
}

function checker(stage) {
  const tile = new OffscreenCanvas(2 * MARK_PX, 2 * MARK_PX);
  const on = contextOf(tile);
  on.fillStyle = stage.theme.greyInks.bright;
  on.fillRect(0, 0, 2 * MARK_PX, 2 * MARK_PX);
  on.fillStyle = stage.theme.greyInks.dark;
  on.fillRect(0, 0, MARK_PX, MARK_PX);
  on.fillRect(MARK_PX, MARK_PX, MARK_PX, MARK_PX);
  return tile;
}

// The chosen pixel, on one of the pictures.
export function drawCursor(ctx, stage, { row, column }, [rows, columns], place) {
  const [w, h] = [place.width / columns, place.height / rows];
  const [x, y] = [place.x + column * w - 3, place.y + row * h - 3];
  const box = { x, y, width: w + 6, height: h + 6 };
  outline(ctx, box, stage.theme.greyInks.dark, 3);
  outline(ctx, box, stage.theme.greyInks.bright, 1.5);
}
