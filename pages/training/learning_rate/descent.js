// Ways downhill: torch's optimisers on a textbook surface, all from the point that is dragged.
import {
  brief,
  drawBitmap,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  pointerPosition,
  write,
} from "../../ui/stage/draw.js";
import { showChart } from "../../ui/stage/plot.js";
import { lineRow } from "../../ui/stage/plot_legend.js";
import { drawContours } from "./contours.js";
import { buildSurface, showSurface } from "./surface.js";
import { drawStart, drawWay } from "./ways.js";

const MOVE = 0.1; // of an arrow key

const state = () => ({
  map: null, // where the surface lies
  dragging: false,
  relief: null, // the surface as a bitmap
  contours: null, // its lines
  inSpace: null, // the same in 3-D: surface.js
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  charts: "below",
  texts: { rate: (value) => brief(value) },

  build(stage) {
    stage.frame.classList.add("beside");
    buildSurface(stage);
    const choose = (event, commit) => {
      const box = stage.state.map;
      if (!box) return;
      const { x, y } = pointerPosition(stage, event);
      const inside = x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
      if (!inside && !stage.state.dragging) return;
      stage.state.dragging = !commit;
      const reach = stage.reply.about.reach;
      go(
        stage,
        ((x - box.x) / box.width - 0.5) * 2 * reach,
        (0.5 - (y - box.y) / box.height) * 2 * reach,
        commit,
      );
    };
    stage.on("pointerdown", (event) => choose(event, false));
    stage.on("pointermove", (event) => {
      if (stage.state.dragging && event.buttons) choose(event, false);
    });
    stage.on("pointerup", (event) => stage.state.dragging && choose(event, true));
    stage.on("pointercancel", () => stage.state.dragging && letGo(stage));
    stage.on("pointerleave", () => stage.state.dragging && letGo(stage));
    stage.on("keydown", (event) => step(stage, event));
  },

  paint(stage, reply, values) {
    const side = Math.min(440, stage.canvas.clientWidth);
    const { ctx } = openCanvas(stage, side + 34);
    stage.state.map = { x: 0, y: 22, width: side, height: side };
    drawMap(ctx, stage, stage.state.map, reply, values);
    const text = described(stage, reply);
    showChart(stage, "heights", heightsOf(stage, reply, text), values);
    showChart(stage, "rates", ratesOf(stage, reply, text), values);
    showSurface(stage, reply, values, text);
    tell(stage, reply);
  },

  describe: described,
};

function described(stage, reply) {
  return reply.about.names
    .map((name, k) => `${stage.words[`optimiser_${name}`]}: ${fate(stage, reply, k)}`)
    .join(" ");
}

function letGo(stage) {
  stage.state.dragging = false;
  stage.set({ start: stage.values.start }, true);
}

/** @param {Stage} stage */
function go(stage, x, y, commit) {
  const reach = stage.reply.about.reach;
  const text = [x, y].map((value) => Math.max(-reach, Math.min(reach, value)).toFixed(2));
  stage.set({ start: text.join(",").replace("-0.00", "0.00") }, commit);
}

/** @param {Stage} stage */
function step(stage, event) {
  const [dx, dy] =
    {
      ArrowLeft: [-MOVE, 0],
      ArrowRight: [MOVE, 0],
      ArrowUp: [0, MOVE],
      ArrowDown: [0, -MOVE],
    }[event.key] ?? [];
  if (dx === undefined) return;
  event.preventDefault();
  const [x, y] = stage.values.start.split(",").map(Number);
  go(stage, x + dx, y + dy, true);
}

const rowOf = ({ data, shape: [, count] }, k) => data.subarray(k * count, (k + 1) * count);

/** @param {Stage} stage */
function drawMap(ctx, stage, box, { surface, points, about }, values) {
  write(ctx, stage, stage.words.map, box.x, 9, { bold: true });
  const [rows, columns] = surface.shape;
  const highest = Math.max(...surface.data);
  if (stage.state.relief?.of !== values.surface) {
    const shade = mapBitmap(surface.data, rows, columns, stage.theme.grey, 0, highest);
    stage.state.relief = { of: values.surface, shade };
  }
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.x, box.y, box.width, box.height);
  ctx.clip();
  ctx.globalAlpha = stage.theme.dark ? 0.35 : 0.22;
  drawBitmap(ctx, stage.state.relief.shade, box, true);
  ctx.globalAlpha = 1;
  const levels = Array.from({ length: 16 }, (_, i) => highest * ((i + 0.5) / 16) ** 2);
  drawContours(ctx, stage, values.surface, surface, box, levels);
  const reach = about.reach;
  /** @type {(x: number, y: number) => [number, number]} */
  const at = (x, y) => [
    box.x + box.width * (0.5 + x / reach / 2),
    box.y + box.height * (0.5 - y / reach / 2),
  ];
  about.names.forEach((_, k) => drawWay(ctx, stage, k, points, at));
  ctx.restore();
  outline(ctx, box, stage.theme.border);
  const [x, y] = values.start.split(",").map(Number);
  drawStart(ctx, stage, at(x, y));
}

// The height of each optimiser, step by step, and where one was lost. What climbs far above the
// start leaves the axis and is marked there.
/** @returns {import("../../ui/stage/plot_numbers.js").Figure} */
function heightsOf(stage, { heights, about }, text) {
  const { words } = stage;
  const steps = heights.shape[1] - 1;
  const most = 1.25 * Math.max(heights.data[0], 1e-6);
  return {
    title: words.heights,
    text,
    height: 220,
    x: { title: words.steps, range: [0, steps] },
    y: { title: words.heights, range: [0, most] },
    series: about.names.map((name, k) => ({
      name: words[`optimiser_${name}`],
      fact: about.lost[k] === null ? undefined : fill(words.lost_at, { step: about.lost[k] }),
      x: Array.from({ length: steps + 1 }, (_, i) => i),
      y: rowOf(heights, k),
    })),
    marks: about.names
      .map((name, style) => ({
        x: about.lost[style],
        y: most,
        style,
        of: words[`optimiser_${name}`],
      }))
      .filter(({ x }) => x !== null)
      .map((mark) => ({ ...mark, symbol: "x" })),
  };
}

/** @returns {import("../../ui/stage/plot_numbers.js").Figure} */
function ratesOf(stage, { rates }, text) {
  const { words } = stage;
  return {
    title: words.rates,
    text,
    height: 130,
    x: { title: words.steps, range: [0, rates.data.length] },
    y: { title: words.rates, include: [0] },
    series: [
      {
        name: words.rates,
        kind: "steps",
        colour: stage.theme.text,
        dash: "solid",
        x: Array.from({ length: rates.data.length }, (_, i) => i),
        y: rates.data,
      },
    ],
  };
}

// Where optimiser k ended, in words.
/** @param {Stage} stage */
function fate(stage, { heights, about }, k) {
  const row = rowOf(heights, k);
  const steps = row.length - 1;
  if (about.lost[k] !== null) return fill(stage.words.diverged_after, { step: about.lost[k] });
  return fill(stage.words.ended, { steps, height: brief(Number(row[steps].toFixed(3))) });
}

/** @param {Stage} stage */
function tell(stage, reply) {
  const heading = document.createElement("h4");
  heading.textContent = fill(stage.words.from_start, {
    height: brief(Number(reply.heights.data[0].toPrecision(3))),
  });
  const rows = reply.about.names.map((name, k) =>
    lineRow(stage, k, stage.words[`optimiser_${name}`], fate(stage, reply, k), `end-${name}`),
  );
  const lowest = document.createElement("p");
  lowest.textContent = fill(stage.words.lowest, {
    height: brief(Number(reply.about.lowest.height.toFixed(3))),
  });
  const note = document.createElement("p");
  note.className = "muted";
  note.textContent = stage.words.drag_start;
  stage.readout.replaceChildren(heading, ...rows, lowest, note);
}
