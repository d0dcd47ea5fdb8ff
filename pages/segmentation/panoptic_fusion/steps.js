// What each step of the fusion looks like on the picture.
import { drawBitmap, mapBitmap, outline } from "../../ui/stage/draw.js";
import {
  drawBorders,
  drawNames,
  paintMap,
  plate,
  segmentColours,
} from "../../ui/stage/scene_segments.js";

/** @import { Stage } from "./view.js" */

/** @import { Box } from "../../ui/stage/types.d.ts" */

export const STEPS = ["semantic", "heatmap", "peaks", "offsets", "grouping", "votes", "result"];
const CROWD = 15; // peaks from which on they have no numbers
const WIDE = 220; // pixels from which on a picture has room for longer words
const ARROW_EVERY = 4; // pixels of the picture

// how = { step, place, isSmall: no words }.
/** @param {Stage} stage */
export function drawStep(ctx, stage, reply, made, { step, place, isSmall = false }) {
  ctx.imageSmoothingEnabled = false;
  ({ semantic, heatmap, peaks, offsets, grouping, votes, result })[step](
    ctx,
    stage,
    reply,
    made,
    place,
    isSmall,
  );
  outline(ctx, place, stage.theme.border);
}

/** @param {Stage} stage */
function semantic(ctx, stage, reply, _made, place) {
  drawBitmap(ctx, paintMap(reply.semantic, stage.theme.categories), place);
}

/** @param {Stage} stage */
function heatmap(
  ctx,
  stage,
  {
    centres: {
      data,
      shape: [rows, columns],
    },
  },
  _made,
  place,
) {
  drawBitmap(ctx, mapBitmap(data, rows, columns, stage.theme.sequential, 0, 1), place);
}

// Peaks that count are rings with their number; lower maxima are small crosses.
/** @param {Stage} stage */
function peaks(ctx, stage, reply, made, place, isSmall) {
  heatmap(ctx, stage, reply, made, place);
  const { centres, maxima } = reply;
  const [rows, columns] = maxima.shape;
  ctx.fillStyle = stage.theme.greyInks.bright;
  maxima.data.forEach((is, i) => {
    if (!is || centres.data[i] <= LEAST_SHOWN) return;
    const [x, y] = middle(place, [rows, columns], i % columns, Math.floor(i / columns));
    ctx.fillRect(x - 1.5, y - 1.5, 3, 3);
  });
  rings(ctx, stage, reply, place, isSmall);
}

const LEAST_SHOWN = 0.02; // lower maxima are the background's ripples, hundreds of them

/** @type {(place: Box, size: number[], x: number, y: number) => [number, number]} */
const middle = (place, [rows, columns], x, y) => [
  place.x + ((x + 0.5) * place.width) / columns,
  place.y + ((y + 0.5) * place.height) / rows,
];

function eachPeak(
  {
    peaks: {
      data,
      shape: [count],
    },
  },
  act,
) {
  for (let k = 0; k < count; k++) act(k, data[2 * k], data[2 * k + 1]);
}

/** @param {Stage} stage */
function rings(ctx, stage, reply, place, isSmall) {
  const isCrowded = isSmall || reply.peaks.shape[0] > CROWD;
  const radius = isCrowded ? 3 : 7;
  eachPeak(reply, (k, row, column) => {
    const [x, y] = middle(place, reply.ids.shape, column, row);
    for (const [colour, wide] of [
      [stage.theme.greyInks.dark, 4],
      [peakColour(stage, k), 2],
    ]) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = wide;
      ctx.beginPath();
      ctx.arc(x, y, radius, 0, 2 * Math.PI);
      ctx.stroke();
    }
    if (!isCrowded) plate(ctx, stage, String(k + 1), x + 18, y - 8);
  });
}

// Peaks have no class yet: their colours only tell neighbours apart.
/** @param {Stage} stage */
const peakColour = (stage, k) => stage.theme.categories[(5 * k + 3) % 6];

// Where each pixel of a thing points: an arrow from every fourth one to its place.
/** @param {Stage} stage */
function offsets(ctx, stage, reply, made, place, isSmall) {
  drawBitmap(ctx, made.bitmap, place);
  const [rows, columns] = reply.ids.shape;
  const pixels = rows * columns;
  const every = isSmall ? 2 * ARROW_EVERY : ARROW_EVERY;
  const path = new Path2D();
  for (let row = every >> 1; row < rows; row += every) {
    for (let column = every >> 1; column < columns; column += every) {
      const i = row * columns + column;
      if (!reply.about.is_thing[reply.semantic.data[i]]) continue;
      const from = middle(place, [rows, columns], column, row);
      const to = middle(
        place,
        [rows, columns],
        column + reply.offsets.data[i],
        row + reply.offsets.data[pixels + i],
      );
      path.moveTo(...from);
      path.lineTo(...to);
      if (!isSmall) head(path, from, to);
    }
  }
  const strokes = [
    { colour: stage.theme.greyInks.dark, wide: 3 },
    { colour: stage.theme.greyInks.bright, wide: 1.2 },
  ];
  for (const { colour, wide } of strokes) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = isSmall ? wide / 2 : wide;
    ctx.stroke(path);
  }
  rings(ctx, stage, reply, place, isSmall);
}

function head(path, [x1, y1], [x2, y2]) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length < 6) return;
  const [dx, dy] = [(3 * (x2 - x1)) / length, (3 * (y2 - y1)) / length];
  path.moveTo(x2 - dx - dy, y2 - dy + dx);
  path.lineTo(x2, y2);
  path.lineTo(x2 - dx + dy, y2 - dy - dx);
}

// Which peak won each pixel of a thing.
function winners(reply) {
  const { winner, semantic: classes, about } = reply;
  const data = winner.data.map((k, i) => (about.is_thing[classes.data[i]] ? k + 1 : 0));
  return { data, shape: winner.shape };
}

/** @param {Stage} stage */
function grouping(ctx, stage, reply, made, place, isSmall) {
  drawBitmap(ctx, made.bitmap, place);
  const won = winners(reply);
  const colours = [""];
  eachPeak(reply, (k) => {
    colours[k + 1] = peakColour(stage, k);
  });
  drawBitmap(ctx, paintMap(won, colours), place);
  if (!isSmall) drawBorders(ctx, stage, won, place);
  rings(ctx, stage, reply, place, isSmall);
}

// Each group in the class of most of its pixels; the others, outvoted, keep their own.
/** @param {Stage} stage */
function votes(ctx, stage, reply, made, place, isSmall) {
  drawBitmap(ctx, made.bitmap, place);
  const won = winners(reply);
  const own = reply.semantic.data.map((category, i) => (won.data[i] ? category + 1 : 0));
  drawBitmap(ctx, paintMap({ ...won, data: own }, [null, ...stage.theme.categories]), place);
  if (!isSmall) drawBorders(ctx, stage, won, place);
  if (isSmall) return;
  const [count, classes] = reply.votes.shape;
  eachPeak(reply, (k, row, column) => {
    if (k >= count || !reply.peak_ids.data[k]) return;
    const cast = reply.votes.data.subarray(k * classes, (k + 1) * classes);
    const all = cast.reduce((sum, each) => sum + each, 0);
    const [x, y] = middle(place, reply.ids.shape, column, row);
    const most = Math.max(...cast);
    const share = `${Math.round((100 * most) / all)} %`; // where there is no room for both
    plate(ctx, stage, place.width < WIDE ? share : `${most} / ${all}`, x, y);
  });
}

/** @param {Stage} stage */
function result(ctx, stage, reply, { names }, place, isSmall) {
  ctx.fillStyle = stage.theme.greyInks.dark; // void
  ctx.fillRect(place.x, place.y, place.width, place.height);
  drawBitmap(ctx, paintMap(reply.ids, segmentColours(stage, names.said)), place);
  if (isSmall) return;
  drawBorders(ctx, stage, reply.ids, place);
  drawNames(ctx, stage, reply.ids, names.said, place);
}

// Where the chosen pixel points, and which peak is nearest to that place.
/** @param {Stage} stage */
export function drawAim(ctx, stage, reply, { row, column, at }, place) {
  const {
    winner,
    offsets: { data },
    peaks: places,
    ids,
    about,
    semantic: classes,
  } = reply;
  if (!about.is_thing[classes.data[at]]) return;
  const size = ids.shape;
  const from = middle(place, size, column, row);
  const to = middle(place, size, column + data[at], row + data[size[0] * size[1] + at]);
  const k = winner.data[at];
  const path = new Path2D();
  path.moveTo(...from);
  path.lineTo(...to);
  head(path, from, to);
  const tie = new Path2D();
  if (k >= 0) {
    tie.moveTo(...to);
    tie.lineTo(...middle(place, size, places.data[2 * k + 1], places.data[2 * k]));
  }
  for (const [colour, wide] of [
    [stage.theme.greyInks.dark, 4],
    [stage.theme.greyInks.bright, 2],
  ]) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = wide;
    ctx.stroke(path);
    ctx.setLineDash([3, 3]);
    ctx.stroke(tie);
    ctx.setLineDash([]);
  }
}
