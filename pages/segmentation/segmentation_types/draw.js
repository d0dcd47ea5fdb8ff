// The five readings of a scene, each drawn over a picture: classes with how sure the net is, boxes,
// classes of pixels, things, and things with all that lies behind them.
import { drawBitmap, write } from "../../ui/stage/draw.js";
import {
  className,
  colourOf,
  drawBorders,
  drawNames,
  paintMap,
  plate,
  segmentColours,
  segmentName,
  shadeOf,
} from "../../ui/stage/scene_segments.js";

/** @import { Stage } from "./view.js" */

const NARROWEST = 12; // pixels that a line of words takes
const WIDE = 220; // pixels from which on a picture has room for the names of boxes
export const READINGS = ["classification", "detection", "semantic", "instance", "panoptic"];

// how = { reading, which: "said" | "truth", place, isSmall: no words }.
/** @param {Stage} stage */
export function drawReading(ctx, stage, reply, names, how) {
  ({ classification, detection, semantic, instance, panoptic })[how.reading](
    ctx,
    stage,
    reply,
    names,
    how,
  );
}

// Which classes a reading of the whole picture names: [[category, presence], …].
export function classesThere({ about, presence, truth_shares: shares }, which) {
  const all = about.classes.map((_, k) => [k, which === "said" ? presence.data[k] : 1]);
  return all.filter(([k, value]) =>
    which === "said" ? value >= about.least_presence : shares.data[k] > 0,
  );
}

/** @param {Stage} stage */
function classification(ctx, stage, reply, _names, { which, place, isSmall }) {
  ctx.fillStyle = stage.theme.background;
  ctx.globalAlpha = 0.85;
  ctx.fillRect(place.x, place.y, place.width, place.height);
  ctx.globalAlpha = 1;
  const there = classesThere(reply, which);
  const size = isSmall ? 11 : 13;
  const step = Math.min(isSmall ? 15 : 26, place.height / (there.length + 1));
  const top = place.y + (place.height - step * (there.length - 1)) / 2;
  there.forEach(([k, value], i) => {
    const y = top + i * step;
    const text = className(stage, reply.about, k);
    ctx.fillStyle = colourOf(stage, k);
    if (step < NARROWEST) {
      // no room for words
      ctx.fillRect(place.x + 6, y - step / 2, place.width - 12, step - 2);
      return;
    }
    ctx.fillRect(place.x + 6, y - 5, 10, 10);
    write(ctx, stage, text, place.x + 21, y, { size, bold: true });
    if (isSmall || which === "truth") return;
    const right = place.x + place.width - 8;
    write(ctx, stage, value.toFixed(2), right, y, { size, align: "right" });
  });
}

/** @param {Stage} stage */
function detection(ctx, stage, { about, ids, ...reply }, names, { which, place, isSmall }) {
  const [rows, columns] = ids.shape;
  const [boxes, numbers] =
    which === "said" ? [reply.boxes, reply.box_ids] : [reply.truth_boxes, reply.truth_box_ids];
  const [across, down] = [place.width / columns, place.height / rows];
  const each = Array.from(numbers.data, (id, i) => {
    const [x1, y1, x2, y2] = boxes.data.subarray(4 * i, 4 * i + 4);
    return {
      segment: names[which].get(id),
      x: place.x + x1 * across,
      y: place.y + y1 * down,
      width: (x2 - x1) * across,
      height: (y2 - y1) * down,
    };
  });
  for (const box of each) {
    const strokes = [
      [stage.theme.greyInks.bright, 4],
      [shadeOf(stage, box.segment), 2.5],
    ];
    for (const [colour, wide] of strokes) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = isSmall ? wide / 2 : wide;
      ctx.strokeRect(box.x, box.y, box.width, box.height);
    }
  }
  if (isSmall) return;
  const taken = [];
  for (const box of each) {
    const score = which === "said" ? ` ${box.segment.score.toFixed(2)}` : "";
    const name = segmentName(stage, about, box.segment) + score;
    nameBox(ctx, stage, place.width < WIDE ? String(box.segment.number) : name, box, place, taken);
  }
}

// At the first of a box's corners where no other name stands; at the last where all are taken.
/** @param {Stage} stage */
function nameBox(ctx, stage, text, box, place, taken) {
  ctx.font = `600 11px ${stage.theme.font}`;
  const width = ctx.measureText(text).width + 6;
  const room = place.x + place.width - width;
  const corners = [box.y, box.y + box.height, box.y + box.height / 2].flatMap((y) =>
    [box.x, box.x + box.width - width].map((x) => ({
      x: Math.max(place.x, Math.min(x, room)),
      y: Math.max(place.y + 8, Math.min(y, place.y + place.height - 8)),
    })),
  );
  const isFree = ({ x, y }) =>
    taken.every(
      (other) => Math.abs(y - other.y) >= 16 || x >= other.x + other.width || x + width <= other.x,
    );
  const at = corners.find(isFree) ?? corners[corners.length - 1];
  taken.push({ ...at, width });
  plate(ctx, stage, text, at.x, at.y, "left");
}

/** @param {Stage} stage */
function semantic(ctx, stage, reply, _names, { which, place }) {
  const classes = which === "said" ? reply.semantic : reply.truth_semantic;
  drawBitmap(ctx, paintMap(classes, stage.theme.categories), place);
}

/** @param {Stage} stage */
function segments(ctx, stage, reply, names, how, isShown) {
  const { which, place, isSmall } = how;
  const ids = which === "said" ? reply.ids : reply.truth_ids;
  const colours = segmentColours(stage, names[which], isShown);
  const shown = { ...ids, data: ids.data.map((id) => (colours[id] ? id : 0)) };
  drawBitmap(ctx, paintMap(shown, colours), place);
  drawBorders(ctx, stage, shown, place);
  if (!isSmall) drawNames(ctx, stage, ids, names[which], place);
}

/** @param {Stage} stage */
function instance(ctx, stage, reply, names, how) {
  segments(ctx, stage, reply, names, how, ({ thing }) => thing);
}

/** @param {Stage} stage */
function panoptic(ctx, stage, reply, names, how) {
  segments(ctx, stage, reply, names, how, () => true);
}
