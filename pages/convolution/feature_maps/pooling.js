// Pooling: the chosen map before and after, while the picture moves; and how much each changed.
import {
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";
import { showChart } from "../../ui/stage/plot.js";

const GAP = 12;

/** @import { Stage } from "../../ui/stage/types.d.ts" */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  charts: "below",

  paint(stage, reply, values) {
    const full = stage.frame.clientWidth;
    const columns = full < 540 ? 3 : 5;
    const side = Math.floor((full - GAP * (columns - 1)) / columns);
    const tiles = tilesOf(stage, reply, values);
    const lines = Math.ceil(tiles.length / columns);
    const { ctx } = openCanvas(stage, lines * (side + 26) + 26);
    tiles.forEach(({ title, bitmap, smooth }, i) => {
      const box = {
        x: (i % columns) * (side + GAP),
        y: 18 + Math.floor(i / columns) * (side + 26),
        width: side,
        height: side,
      };
      write(ctx, stage, title, box.x, box.y - 9, { size: 11, colour: stage.theme.muted });
      drawBitmap(ctx, bitmap, box, smooth);
      outline(ctx, box, stage.theme.border);
    });
    const { low, high } = reply.about;
    const scale = { x: full - 130, y: lines * (side + 26) + 2, width: 130, height: 8 };
    drawScale(ctx, stage, lutOf(stage, reply.about), low, high, scale);
    showChart(stage, "pooling", figureOf(stage, reply, values), values);
    showNumbers(stage, reply, values);
  },

  describe(stage, reply, values) {
    return fill(stage.words.pooling_alternative, numbers(reply, values));
  },
};

/** @param {Stage} stage */
const lutOf = (stage, { low }) => (low < 0 ? stage.theme.signed : stage.theme.sequential);

/** @param {Stage} stage */
function tilesOf(stage, reply, values) {
  const { words } = stage;
  const { low, high } = reply.about;
  const map = (name) => {
    const { data, shape } = reply[name];
    return mapBitmap(data, shape[0], shape[1], lutOf(stage, reply.about), low, high);
  };
  const moved = fill(words.moved, { shift: values.shift });
  return [
    { title: moved, bitmap: pictureBitmap(reply.view), smooth: true },
    ...["map_still", "map_moved", "pooled_still", "pooled_moved"].map((name) => ({
      title: words[name],
      bitmap: map(name),
      smooth: false,
    })),
  ];
}

/**
 * The relative change over the shift; the shift on screen marked.
 * @param {Stage} stage
 * @returns {import("../../ui/stage/plot_numbers.js").Figure}
 */
function figureOf(stage, reply, values) {
  const { words } = stage;
  const { shift } = values;
  const percent = (name) => Array.from(reply[name].data, (value) => 100 * value);
  const lines = ["unpooled", "pooled"].map((name) => ({ name: words[name], y: percent(name) }));
  return {
    title: words.change,
    text: fill(words.pooling_alternative, numbers(reply, values)),
    height: 190,
    start: shift,
    x: { title: words.shift, unit: "px", range: [0, lines[0].y.length - 1] },
    y: { title: words.change, unit: "%", include: [0] },
    cursor: shift,
    series: lines.map(({ name, y }) => ({ name, x: y.map((_, at) => at), y })),
    marks: lines.map(({ name, y }, style) => ({ x: shift, y: y[shift], style, of: name })),
  };
}

const numbers = ({ about, unpooled, pooled }, { shift, window: side }) => ({
  layer: about.layer,
  channel: about.channel,
  shift,
  side,
  cells: (shift / about.px_per_cell).toFixed(2).replace(/\.?0+$/, ""),
  unpooled: (100 * unpooled.data[shift]).toFixed(1),
  pooled: (100 * pooled.data[shift]).toFixed(1),
});

/** @param {Stage} stage */
function showNumbers(stage, reply, values) {
  const title = document.createElement("h4");
  title.textContent = fill(stage.words.chosen, {
    name: reply.about.layer,
    channel: reply.about.channel,
  });
  const text = document.createElement("p");
  text.dataset.testid = "pooling-facts";
  text.textContent = fill(stage.words.pooling_facts, numbers(reply, values));
  const note = document.createElement("p");
  note.className = "muted";
  note.textContent = stage.words.pooling_note;
  stage.readout.replaceChildren(title, text, note);
}
