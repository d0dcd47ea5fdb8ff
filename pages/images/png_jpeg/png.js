// A PNG opened: the picture, what the filters left to be told, and the bits that each pixel took.
import {
  cellAt,
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  pictureBitmap,
  pointerPosition,
  write,
} from "../../ui/stage/draw.js";
import { showChart } from "../../ui/stage/plot.js";
import { rowPanels } from "./png_layout.js";
import { tellRow } from "./png_readout.js";

const PIXEL_BITS = 24;
const STRIP = 6; // px, the filters' colours beside the rows

const state = () => ({ reply: null, bitmaps: null, layout: null });

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  local: ["row"],
  steady: true,
  charts: "below",

  build(stage) {
    stage.root.classList.add("wide");
    /** @param {PointerEvent} event */
    const go = (event) => {
      const row = rowUnder(stage, event);
      if (row !== null) stage.set({ row }, event.type === "pointerup");
    };
    stage.on("pointerdown", go);
    stage.on("pointerup", go);
    stage.on("pointermove", (event) => {
      if (event.buttons) go(event);
    });
    stage.on("keydown", (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!step || !stage.reply) return;
      event.preventDefault();
      const last = stage.reply.about.size[0] - 1;
      stage.set({ row: Math.min(last, Math.max(0, shownRow(stage.reply, stage.values) + step)) });
    });
  },

  paint(stage, reply, values) {
    const own = stage.state;
    if (own.reply !== reply) takeReply(stage, reply);
    const width = stage.canvas.clientWidth || stage.frame.clientWidth;
    const layout = rowPanels(width, reply.about.size);
    own.layout = layout;
    const { ctx } = openCanvas(stage, layout.height);
    drawPanels(ctx, stage, reply, shownRow(reply, values));
    showSizes(stage, reply, values);
    tellRow(stage, reply, shownRow(reply, values));
  },

  describe(stage, reply, values) {
    const row = shownRow(reply, values);
    return fill(stage.words.png_alternative, {
      row,
      filter: stage.words[`filter_${reply.about.filters[reply.kinds.data[row]]}`],
      bits: Math.round(reply.row_bits.data[row]),
    });
  },
};

/** @type {(reply: any, values: any) => number} the row asked for, or the picture's last one */
const shownRow = ({ about }, { row }) => Math.min(row, about.size[0] - 1);

/** @param {Stage} stage */
function takeReply(stage, reply) {
  const [rows, columns] = reply.about.size;
  const { theme, state: own } = stage;
  own.reply = reply;
  own.bitmaps = [
    pictureBitmap(reply.pixels),
    pictureBitmap(reply.rest),
    mapBitmap(reply.bits.data, rows, columns, theme.sequential, 0, PIXEL_BITS),
  ];
}

/** @param {Stage} stage */
function drawPanels(ctx, stage, reply, row) {
  const { words, theme, state } = stage;
  const { panels, scale } = state.layout;
  const [rows] = reply.about.size;
  ["pixels", "rest", "bits"].forEach((name, k) => {
    const box = panels[k];
    write(ctx, stage, words[`png_${name}`], box.x, box.y - 10, { size: 13, bold: true });
    drawBitmap(ctx, state.bitmaps[k], box);
  });
  const high = panels[1].height / rows;
  reply.kinds.data.forEach((kind, y) => {
    ctx.fillStyle = theme.lines[kind];
    ctx.fillRect(panels[1].x - STRIP - 2, panels[1].y + y * high, STRIP, Math.ceil(high));
  });
  for (const box of panels) {
    const line = {
      x: box.x - 1,
      width: box.width + 2,
      y: box.y + row * high - 1,
      height: high + 2,
    };
    outline(ctx, line, theme.accent, 2);
  }
  const most = Math.max(...reply.bits.data);
  drawScale(ctx, stage, theme.sequential, 0, PIXEL_BITS, scale, most > PIXEL_BITS);
}

/** @param {Stage} stage */
function rowUnder(stage, event) {
  const { layout } = stage.state;
  if (!layout || !stage.reply) return null;
  const { x, y } = pointerPosition(stage, event);
  const [rows] = stage.reply.about.size;
  for (const panel of layout.panels) {
    const found = cellAt(panel, rows, 1, x, y);
    if (found) return found.row;
  }
  return null;
}

// What the stream would take if every row had the same filter, beside what it takes.
/** @param {Stage} stage */
function showSizes(stage, { about }, values) {
  const { words } = stage;
  const names = about.filters.map((name) => words[`filter_${name}`]);
  const y = [...about.if_all, about.stream_bytes];
  const title = words.png_sizes;
  showChart(
    stage,
    "filters",
    {
      title,
      text: title,
      height: 200,
      broad: true,
      isUnkeyed: true,
      x: {
        title: words.png_axis_filter,
        ticks: [...names, words.filter_chosen].map((name, k) => [k, name]),
      },
      y: { title: words.png_axis_bytes, include: [0] },
      series: [
        {
          name: title,
          kind: /** @type {"bars"} */ ("bars"),
          style: 0,
          x: y.map((_, k) => k),
          y,
          chosen: names.length,
        },
      ],
    },
    values,
  );
}
