// Two layers that grow, opened. Above, transposed convolution: how many kernels reach each pixel,
// what that does to a real map, what the trained layers do. Below, unpooling: maxima, kept places.
import {
  brief,
  cellBox,
  drawBitmap,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  write,
} from "../../ui/stage/draw.js";
import { inkOn } from "../../ui/stage/palette.js";
import { heading, note, table } from "../../ui/stage/parts.js";
import { rangeOf } from "./strip.js";

const GAP = 14;
const MOST_SIDE = 190;
const LEAST_CELL = 13; // pixels on the screen that a number needs
const UPPER = ["counts", "even", "learnt_transposed", "learnt_unet"];
const LOWER = ["before", "pooled", "unpooled", "learnt_unpooling"];

/** @import { Stage } from "../../ui/stage/types.d.ts" */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  steady: true,

  paint(stage, reply, values) {
    const width = stage.frame.clientWidth;
    const columns = width < 520 ? 2 : 4;
    const side = Math.floor(Math.min(MOST_SIDE, (width - (columns - 1) * GAP) / columns));
    const all = [...UPPER, ...LOWER];
    const row = side + 42;
    const { ctx } = openCanvas(stage, (all.length / columns) * row);
    all.forEach((name, i) => {
      const [x, y] = [(i % columns) * (side + GAP), Math.floor(i / columns) * row + 20];
      drawPanel(ctx, stage, reply, name, { x, y, width: side, height: side });
    });
    tell(stage, reply, values);
  },

  describe(stage, { about, counts }, { kernel, stride }) {
    const [least, most] = inner(counts, kernel);
    return fill(stage.words.layers_alternative, {
      kernel,
      stride,
      least,
      most,
      uneven: percent(about.unevenness),
      learnt: percent(about.learnt.transposed),
      unet: percent(about.learnt.unet),
    });
  },
};

const percent = (share) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

// Least and most kernels away from the border, where all that could reach a pixel do.
function inner({ data, shape: [rows, columns] }, kernel) {
  const found = [];
  for (let row = kernel - 1; row <= rows - kernel; row++) {
    for (let column = kernel - 1; column <= columns - kernel; column++) {
      found.push(data[row * columns + column]);
    }
  }
  return rangeOf(found);
}

/** @param {Stage} stage */
function drawPanel(ctx, stage, reply, name, box) {
  const { data, shape } = reply[name];
  const high = Math.max(rangeOf(data)[1], 1e-6);
  const lut = stage.theme.sequential;
  write(ctx, stage, stage.words[`panel_${name}`], box.x, box.y - 11, { size: 11, bold: true });
  drawBitmap(ctx, mapBitmap(data, shape[0], shape[1], lut, 0, high), box);
  const cell = box.width / shape[1];
  if (name === "counts" && cell >= LEAST_CELL) writeCounts(ctx, stage, reply.counts, high, box);
  if (name === "pooled" && cell >= 6) drawPlaces(ctx, stage, reply, high, box);
  outline(ctx, box, stage.theme.border);
  const text = `${shape[0]} × ${shape[1]}, 0 … ${brief(Number(high.toPrecision(2)))}`;
  const place = { size: 11, colour: stage.theme.muted };
  write(ctx, stage, text, box.x, box.y + box.height + 9, place);
}

/** @param {Stage} stage */
function writeCounts(ctx, stage, { data, shape }, high, box) {
  const size = Math.min(13, Math.max(11, box.width / shape[1] / 2));
  data.forEach((count, i) => {
    const cell = cellBox(box, ...shape, Math.floor(i / shape[1]), i % shape[1]);
    const colour = inkOn(stage.theme.sequential, count / high);
    const [x, y] = [cell.x + cell.width / 2, cell.y + cell.height / 2];
    write(ctx, stage, String(count), x, y, { size, colour, align: "center" });
  });
}

// A dot in that quarter of a cell from which its maximum came.
/** @param {Stage} stage */
function drawPlaces(ctx, stage, { pooled: { data, shape }, places }, high, box) {
  places.data.forEach((place, i) => {
    if (data[i] <= 0) return; // all four are the same
    const cell = cellBox(box, ...shape, Math.floor(i / shape[1]), i % shape[1]);
    ctx.fillStyle = inkOn(stage.theme.sequential, data[i] / high);
    const [x, y] = [
      cell.x + (0.25 + 0.5 * (place % 2)) * cell.width,
      cell.y + (0.25 + 0.5 * (place >> 1)) * cell.height,
    ];
    const dot = Math.max(1.5, cell.width / 5);
    ctx.fillRect(x - dot / 2, y - dot / 2, dot, dot);
  });
}

/** @param {Stage} stage */
function tell(stage, reply, { kernel }) {
  const { words } = stage;
  const { about, unpooled, before } = reply;
  const [least, most] = inner(reply.counts, kernel);
  const kept = reply.pooled.data.length;
  stage.readout.replaceChildren(
    heading(words.checkerboard),
    table([
      [words.row_counts, least === most ? String(least) : `${least} … ${most}`, "counts"],
      [words.row_even, percent(about.unevenness), "unevenness"],
    ]),
    heading(words.learnt),
    table(
      Object.entries(about.learnt).map(([name, value]) => [
        words[`brief_${name}`],
        percent(value),
        `learnt-${name}`,
      ]),
    ),
    note(words.uneven_is),
    heading(words.unpooling),
    table([
      [words.row_kept, `${kept} / ${before.data.length}`, "kept"],
      [words.row_empty, String(unpooled.data.filter((value) => value === 0).length), "empty"],
    ]),
    note(fill(words.channel, { n: about.channel + 1 })),
  );
}
