// A tensor of 0 to 4 dimensions: its maps on the canvas' place, what its dimensions are, in words.
import { brief, drawBitmap, fill, mapBitmap, openCanvas, write } from "../../ui/stage/draw.js";
import { heading, note, paragraph, table } from "../../ui/stage/parts.js";
import { bytesText } from "./places.js";

const state = () => ({});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

const HEIGHT = 240;
const SHIFT = 12; // px from one map of a stack to the next
const BAR = 26;

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,

  paint(stage, { maps, about }) {
    const { words } = stage;
    const { ctx, width } = openCanvas(stage, HEIGHT);
    if (about.dims === 0) {
      write(ctx, stage, brief(about.number), width / 2, HEIGHT / 2, { size: 44, align: "center" });
    } else drawStack(ctx, stage, maps, width);
    const shape = about.shape.length ? about.shape.join(" × ") : "()";
    const rows = [
      [words.row_shape, shape, "shape"],
      [words.row_count, about.count, "count"],
      [words.row_bytes, `${bytesText(about.bytes)} (${about.dtype})`, "bytes"],
      [words.row_strides, about.stride.join(", ") || "–", "strides"],
      [words.row_range, `${brief(about.low)} … ${brief(about.high)}`, "range"],
    ];
    stage.readout.replaceChildren(
      heading(fill(words.dims_title, { dims: about.dims })),
      paragraph(words[`dims_${about.dims}`], "dims-said"),
      table(rows),
      ...(about.dims ? [note(drawn(words, maps.shape[0], about.all_maps))] : []),
    );
  },

  describe: ({ words }, { about }) => words[`dims_${about.dims}`],
};

/** @type {(words: any, maps: number, all: number) => string} */
const drawn = (words, maps, all) =>
  maps < all ? fill(words.some_maps, { maps, all }) : words.tensor_colours;

// One behind the other, the first in front.
/** @param {Stage} stage */
function drawStack(ctx, stage, { data, shape: [count, rows, columns] }, width) {
  const most = data.reduce((peak, each) => Math.max(peak, Math.abs(each)), 0) || 1;
  const room = {
    width: width - 20 - (count - 1) * SHIFT,
    height: HEIGHT - 20 - (count - 1) * SHIFT,
  };
  const unit = Math.min(room.width / columns, room.height / rows);
  const size = { width: unit * columns, height: rows === 1 ? BAR : unit * rows };
  const top = rows === 1 ? (HEIGHT - BAR) / 2 : 10;
  for (let k = count - 1; k >= 0; k--) {
    const numbers = data.subarray(k * rows * columns, (k + 1) * rows * columns);
    const bitmap = mapBitmap(numbers, rows, columns, stage.theme.signed, -most, most);
    const box = { x: 10 + k * SHIFT, y: top + k * SHIFT, ...size };
    drawBitmap(ctx, bitmap, box);
    ctx.strokeStyle = stage.theme.border;
    ctx.strokeRect(box.x, box.y, box.width, box.height);
  }
}
