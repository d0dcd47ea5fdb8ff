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

const GAP = 12;
const CHART = { top: 22, height: 130, left: 40, bottom: 34 };

/** @import { Stage } from "../../ui/stage/types.d.ts" */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  paint(stage, reply, values) {
    const full = stage.frame.clientWidth;
    const columns = full < 540 ? 3 : 5;
    const side = Math.floor((full - GAP * (columns - 1)) / columns);
    const tiles = tilesOf(stage, reply, values);
    const lines = Math.ceil(tiles.length / columns);
    const top = lines * (side + 26) + 36;
    const { ctx } = openCanvas(stage, top + CHART.top + CHART.height + CHART.bottom);
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
    drawChart(ctx, stage, reply, values.shift, { y: top, width: full });
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

// The relative change over the shift, both from 0; the shift on screen marked.
/** @param {Stage} stage */
function drawChart(ctx, stage, { unpooled, pooled }, shift, { y, width }) {
  const { theme, words } = stage;
  const box = {
    x: CHART.left,
    y: y + CHART.top,
    width: width - CHART.left - 20,
    height: CHART.height,
  };
  const most = Math.max(0.01, ...unpooled.data, ...pooled.data);
  const across = (at) => box.x + (box.width * at) / (unpooled.data.length - 1);
  const up = (value) => box.y + box.height * (1 - value / most);
  const muted = { size: 11, colour: theme.muted };
  write(ctx, stage, words.change, 0, y + 6, { size: 12, colour: theme.muted });
  for (const value of [0, most / 2, most]) {
    ctx.fillStyle = theme.border;
    ctx.fillRect(box.x, up(value), box.width, 1);
    write(ctx, stage, `${(100 * value).toFixed(0)} %`, box.x - 6, up(value), {
      ...muted,
      align: "right",
    });
  }
  for (let at = 0; at < unpooled.data.length; at += 4) {
    write(ctx, stage, `${at} px`, across(at), box.y + box.height + 12, {
      ...muted,
      align: "center",
    });
  }
  ctx.fillStyle = theme.muted;
  ctx.fillRect(across(shift), box.y, 1, box.height);
  drawLine(ctx, unpooled.data, across, up, theme.lines[0], shift);
  drawLine(ctx, pooled.data, across, up, theme.lines[1], shift);
  const place = { size: 12, align: "right" };
  const right = box.x + box.width;
  write(ctx, stage, words.unpooled, right, y + 6, { ...place, colour: theme.lines[0] });
  ctx.font = `400 12px ${theme.font}`;
  const used = ctx.measureText(words.unpooled).width + 14;
  write(ctx, stage, words.pooled, right - used, y + 6, { ...place, colour: theme.lines[1] });
}

function drawLine(ctx, values, across, up, colour, marked) {
  ctx.strokeStyle = ctx.fillStyle = colour;
  ctx.lineWidth = 2;
  ctx.beginPath();
  values.forEach((value, at) => ctx.lineTo(across(at), up(value)));
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(across(marked), up(values[marked]), 4, 0, 2 * Math.PI);
  ctx.fill();
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
