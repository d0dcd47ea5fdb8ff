// A 1×1 convolution at one pixel: each channel's number times its weight, added up.
import {
  brief,
  cellBox,
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";
import { columns, heading, note } from "../../ui/stage/parts.js";
import { pixelAt, pointAtPixels } from "../../ui/stage/pixel_pointer.js";
import { showChart } from "../../ui/stage/plot.js";

/** @import { Box, Context } from "../../ui/stage/types.d.ts" */

const WRITTEN = 5; // products that are written out; the rest together
const TITLE_PX = 22;
const SCALE_PX = 34;
const GAP = 14;
const CHART_PX = 190;

const state = () => ({ places: /** @type {Box[]} */ ([]), hovered: null });

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  follows: true,
  charts: "below",

  build(stage) {
    pointAtPixels(stage, ({ about }) => about.size);
  },

  paint(stage, reply, values) {
    const { words, theme } = stage;
    const { about } = reply;
    const [rows, across] = about.size;
    const width = stage.canvas.clientWidth || stage.frame.clientWidth;
    const side = (width - 2 * GAP) / 3;
    const height = (side * rows) / across;
    const { ctx } = openCanvas(stage, TITLE_PX + height + SCALE_PX);
    const titles = [
      words.photo,
      fill(words.came, { channel: about.largest }),
      fill(words.went, { channel: about.channel }),
    ];
    stage.state.places = titles.map((title, k) => {
      const box = { x: k * (side + GAP), y: TITLE_PX, width: side, height };
      write(ctx, stage, title, box.x, 9, { size: Math.min(12, side / 12), bold: true });
      return box;
    });
    const [photo, came, went] = stage.state.places;
    drawBitmap(ctx, pictureBitmap(reply.view), photo, true);
    drawMap(ctx, stage, reply.came, came);
    drawMap(ctx, stage, reply.out, went);
    const hovered = pixelAt(stage, { pixel: "" }, [rows, across]);
    for (const box of stage.state.places) {
      outline(ctx, box, theme.border);
      if (hovered)
        outline(ctx, cellBox(box, rows, across, hovered.row, hovered.column), theme.text);
      outline(ctx, marked(box, about), theme.lines[1], 2);
    }
    showProducts(stage, reply, values);
    tell(stage, reply);
  },

  describe({ words }, reply) {
    return sumText(words, reply.about);
  },
};

/** @type {(box: Box, about: any) => Box} */
function marked(box, { size: [rows, across], row, column }) {
  const cell = cellBox(box, rows, across, row, column);
  return { x: cell.x - 2, y: cell.y - 2, width: cell.width + 4, height: cell.height + 4 };
}

/** @type {(ctx: Context, stage: Stage, map: any, box: Box) => void} */
function drawMap(ctx, stage, { data, shape: [rows, across] }, box) {
  const most = Math.max(...data);
  const lut = stage.theme.sequential;
  drawBitmap(ctx, mapBitmap(data, rows, across, lut, 0, most), box);
  const scale = { x: box.x, y: box.y + box.height + 6, width: box.width, height: 8 };
  drawScale(ctx, stage, lut, 0, most, scale);
}

/** @type {(words: Record<string, string>, about: any) => string} */
const sumText = (words, about) =>
  fill(words.sum_text, {
    inputs: about.inputs,
    row: about.row,
    column: about.column,
    channel: about.channel,
    positive: brief(about.positive),
    negative: brief(about.negative),
    bias: brief(about.bias),
    total: brief(about.total),
    value: brief(about.value),
  });

/** @param {Stage} stage */
function showProducts(stage, { about, products, inputs, weights }, values) {
  const { words } = stage;
  const channels = Array.from(products.data, (_, i) => i);
  showChart(
    stage,
    "products",
    {
      title: fill(words.products, { row: about.row, column: about.column }),
      text: sumText(words, about),
      height: CHART_PX,
      isUnkeyed: true,
      x: { title: words.axis_channel },
      y: { title: words.axis_product, include: [0] },
      series: [
        {
          name: words.axis_product,
          kind: "bars",
          style: 0,
          x: channels,
          y: products.data,
          notes: channels.map((i) => `${brief(inputs.data[i])} × ${brief(weights.data[i])}`),
        },
      ],
      table: {
        head: [words.axis_channel, words.head_input, words.head_weight, words.axis_product],
        rows: channels.map((i) => [i, inputs.data[i], weights.data[i], products.data[i]]),
      },
    },
    values,
  );
}

/** @param {Stage} stage */
function tell(stage, { about, inputs, weights, products }) {
  const { words } = stage;
  const first = about.order.slice(0, WRITTEN);
  const rest = about.order.slice(WRITTEN).reduce((sum, i) => sum + products.data[i], 0);
  const rows = first.map((i) => [
    fill(words.row_channel, { channel: i }),
    `${brief(inputs.data[i])} × ${brief(weights.data[i])}`,
    brief(products.data[i]),
  ]);
  const others = about.order.length - first.length;
  if (others) rows.push([fill(words.row_rest, { others }), "", brief(rest)]);
  rows.push([words.row_bias, "", brief(about.bias)]);
  rows.push([words.row_total, "", brief(about.total)]);
  rows.push([words.row_value, "", brief(about.value)]);
  const made = columns([words.axis_channel, words.head_factors, words.axis_product], rows);
  made.dataset.testid = "sum";
  const counts = { inputs: about.inputs, filters: about.filters };
  stage.readout.replaceChildren(
    heading(words.written),
    made,
    note(fill(words.everywhere, counts)),
    note(words.point_hint),
  );
}
