// Architectures: two networks as strips of blocks, each opened at the same share of its way, and
// what each block has of parameters, multiply-adds or activations.
import { brief, fill, openCanvas, pointerPosition } from "../../ui/stage/draw.js";
import { showChart } from "../../ui/stage/plot.js";
import { tell } from "./readout.js";
import { drawSteps, heightOf } from "./steps.js";
import { drawStrip, STRIP_PX } from "./strips.js";

/** @import { Box } from "../../ui/stage/types.d.ts" */

const SIDES = ["first", "second"];
const OPENED_PX = 272;
const BARS_PX = 170;
const SIDE_BY_SIDE_PX = 620;
const APART = 24;

const state = () => ({
  strips: /** @type {Box[][]} */ ([]), // where the blocks of each net are
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  charts: "below",

  build(stage) {
    stage.root.classList.add("wide");
    stage.on("click", (event) => choose(stage, event));
    stage.on("keydown", (event) => walk(stage, event));
  },

  paint(stage, reply, values) {
    const { nets } = reply.about;
    const width = stage.canvas.clientWidth || stage.frame.clientWidth;
    const beside = width >= SIDE_BY_SIDE_PX;
    const heights = nets.map(({ steps }) => heightOf(steps, OPENED_PX));
    const opened = beside ? Math.max(...heights) : heights[0] + heights[1] + APART;
    const { ctx } = openCanvas(stage, 2 * STRIP_PX + opened + 10);
    const broad = beside ? (width - APART) / 2 : width;
    let y = 2 * STRIP_PX + 8;
    stage.state.strips = nets.map((net, k) => {
      const room = { x: 0, y: k * STRIP_PX, width, height: STRIP_PX };
      return drawStrip(ctx, stage, net, stripTitles(stage.words, net), room);
    });
    nets.forEach((net, k) => {
      const room = { x: beside ? k * (broad + APART) : 0, y, width: broad, height: heights[k] };
      if (beside) room.height = opened;
      else y += heights[k] + APART;
      drawSteps(ctx, stage, net, openedTitle(stage.words, net), room);
    });
    nets.forEach((net, k) => showShares(stage, net, reply[SIDES[k]], SIDES[k], values));
    tell(stage, reply);
  },

  describe({ words }, { about }) {
    return about.nets
      .map((net) => `${stripTitles(words, net)[0]}. ${openedTitle(words, net)}.`)
      .join(" ");
  },
};

/** @type {(words: Record<string, string>, net: any) => string[]} */
const stripTitles = (words, { title, depth, totals }) =>
  [words.strip, words.strip_short].map((text) =>
    fill(text, {
      title,
      layers: depth,
      params: brief(totals.params / 1e6),
      macs: brief(totals.macs / 1e9),
      activations: brief(totals.activations / 1e6),
    }),
  );

/** @type {(words: Record<string, string>, net: any) => string} */
function openedTitle(words, { title, blocks, opened }) {
  const { name, kind, count, shape } = blocks[opened];
  const what = kind ? `${name} (${kind})` : name;
  const times = count > 1 ? ` ×${count}` : "";
  return fill(words.opened, { title, what: `${what}${times}`, shape: shape.join(" × ") });
}

// What each block has of it; the one that is opened stands out, and a click opens another.
/** @param {Stage} stage */
function showShares(stage, net, shares, side, values) {
  const { words } = stage;
  const measure = words[`measure_${values.measure}`];
  const largest = shares.data.indexOf(Math.max(...shares.data));
  const title = fill(words.shares, { title: net.title, measure });
  showChart(
    stage,
    side,
    {
      title,
      text: fill(words.shares_text, {
        title,
        name: net.blocks[largest].name,
        percent: brief(shares.data[largest]),
      }),
      height: BARS_PX,
      isUnkeyed: true,
      x: { title: words.axis_block },
      y: { title: words.axis_share, unit: "%" },
      series: [
        {
          name: net.title,
          kind: "bars",
          style: 0,
          x: Array.from(shares.data, (_, i) => i),
          y: shares.data,
          chosen: net.opened,
          notes: net.blocks.map(({ name, shape }) => `${name} · ${shape.join(" × ")}`),
        },
      ],
      meaning: `${net.name} ${values.measure}`,
    },
    values,
    { point: ({ index }, how) => how !== "hover" && open(stage, net, index) },
  );
}

/** @type {(stage: Stage, net: any, block: number) => void} */
function open(stage, net, block) {
  stage.set({ along: Math.round((100 * block) / Math.max(1, net.blocks.length - 1)) });
}

/** @param {Stage} stage */
function choose(stage, event) {
  if (!stage.reply) return;
  const { x, y } = pointerPosition(stage, event);
  const row = Math.floor(y / STRIP_PX);
  const found = stage.state.strips[row]?.findIndex((box) => x >= box.x && x <= box.x + box.width);
  if (found >= 0) open(stage, stage.reply.about.nets[row], found);
}

// Arrows walk from block to block of the one that has more.
/** @param {Stage} stage */
function walk(stage, event) {
  const step = { ArrowRight: 1, ArrowLeft: -1, Home: -1e3, End: 1e3 }[event.key];
  if (!step || !stage.reply) return;
  event.preventDefault();
  const [a, b] = stage.reply.about.nets;
  const net = a.blocks.length >= b.blocks.length ? a : b;
  const to = Math.min(Math.max(net.opened + step, 0), net.blocks.length - 1);
  open(stage, net, to);
}
