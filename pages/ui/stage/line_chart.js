// A chart with two linear axes: frame, ticks, lines, points. Values outside stay outside the frame.
import { brief, outline, write } from "./draw.js";

/** @import { Box, Context, Stage } from "./types.d.ts" */
/** @typedef {(number | string)[]} Tick value and text */

const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3], [1, 4]]; // lines differ without their colours

/** @typedef {{ x: number[], y: number[] }} Scale the ends of each axis */

/**
 * Frame, ticks and words; without ticks of an axis its two ends are written.
 * @param {Context} ctx
 * @param {Stage} stage
 * @param {Box} box
 * @param {Scale} scale
 * @param {{ title?: string, below?: string, ticks?: { x?: Tick[], y?: Tick[] } }} words
 */
export function openChart(ctx, stage, box, scale, { title, below, ticks = {} }) {
  const chart = { ctx, stage, box, scale };
  const small = { size: 11, colour: stage.theme.muted };
  if (title) write(ctx, stage, title, box.x, box.y - 13, { bold: true });
  outline(ctx, box, stage.theme.border);
  for (const [value, text] of ticks.y ?? ends(scale.y)) {
    const y = heightOf(chart, value);
    if (value !== scale.y[0] && value !== scale.y[1]) rule(chart, box.x, y, box.x + box.width, y);
    const inside = Math.min(box.y + box.height - 5, Math.max(box.y + 6, y));
    write(ctx, stage, text, box.x - 5, inside, { ...small, align: "right" });
  }
  const under = box.y + box.height + 11;
  for (const [value, text] of ticks.x ?? ends(scale.x)) {
    const x = acrossOf(chart, value);
    const align = x < box.x + 12 ? "left" : x > box.x + box.width - 12 ? "right" : "center";
    write(ctx, stage, text, x, under, { ...small, align });
  }
  if (below)
    write(ctx, stage, below, box.x + box.width / 2, under + 14, { ...small, align: "center" });
  return chart;
}

const ends = (range) => range.map((value) => [value, brief(value)]);

export function acrossOf({ box, scale }, value) {
  return box.x + (box.width * (value - scale.x[0])) / (scale.x[1] - scale.x[0]);
}

export function heightOf({ box, scale }, value) {
  return box.y + box.height * (1 - (value - scale.y[0]) / (scale.y[1] - scale.y[0]));
}

export function rule({ ctx, stage }, x1, y1, x2, y2, colour = stage.theme.border) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = 0.5;
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

// Line number k in its colour and dash; xs(i), ys: what is not finite breaks the line.
export function drawLine(chart, k, xs, ys, width = 2) {
  const { ctx, stage, box } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.x, box.y - 1, box.width, box.height + 2);
  ctx.clip();
  styleLine(ctx, stage, k, width);
  ctx.beginPath();
  let isOpen = false;
  for (let i = 0; i < ys.length; i++) {
    if (!Number.isFinite(ys[i])) {
      isOpen = false;
      continue;
    }
    const [x, y] = [acrossOf(chart, xs(i)), heightOf(chart, ys[i])];
    if (isOpen) ctx.lineTo(x, y);
    else ctx.moveTo(x, y);
    isOpen = true;
  }
  ctx.stroke();
  ctx.restore();
}

export function styleLine(ctx, stage, k, width = 2) {
  ctx.strokeStyle = stage.theme.lines[k];
  ctx.lineWidth = width;
  ctx.lineJoin = "round";
  ctx.setLineDash(DASHES[k]);
}

export function drawPoint({ ctx, stage }, k, x, y, radius = 4) {
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = stage.theme.lines[k];
  ctx.fill();
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = stage.theme.background;
  ctx.stroke();
}

// A row of the readout that belongs to line k: its colour and dash, a name, what there is to say.
export function lineRow(stage, k, name, text, testid) {
  const row = document.createElement("p");
  row.dataset.testid = testid;
  const key = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [attribute, value] of Object.entries({ width: 26, height: 10, "aria-hidden": true })) {
    key.setAttribute(attribute, String(value));
  }
  const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
  const drawn = { x1: 0, x2: 26, y1: 5, y2: 5, stroke: stage.theme.lines[k], "stroke-width": 2.5 };
  if (DASHES[k].length) drawn["stroke-dasharray"] = DASHES[k].join(" ");
  for (const [attribute, value] of Object.entries(drawn))
    line.setAttribute(attribute, String(value));
  key.append(line);
  const title = document.createElement("b");
  title.textContent = ` ${name}`;
  row.append(key, title, document.createElement("br"), text);
  return row;
}
