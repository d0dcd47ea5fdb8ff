// The deletion curves: how the probability falls as pixels go, in three orders, with their areas.
import { fill, outline, write } from "../../ui/stage/draw.js";

const ORDERS = ["blamed", "elsewhere", "random"];
const DASHES = { blamed: [], elsewhere: [6, 4], random: [2, 3] };
const MARGIN = { left: 40, right: 10, top: 62, bottom: 46 };

export function drawCurves(ctx, stage, box, curves, removed, prob) {
  const { muted } = stage.theme;
  const plot = {
    x: box.x + MARGIN.left,
    y: box.y + MARGIN.top,
    width: box.width - MARGIN.left - MARGIN.right,
    height: box.height - MARGIN.top - MARGIN.bottom,
  };
  drawAxes(ctx, stage, plot);
  if (!curves) {
    const centre = { colour: muted, align: "center" };
    const y = plot.y + plot.height / 2;
    write(ctx, stage, stage.words.curves_coming, plot.x + plot.width / 2, y, centre);
  } else {
    ORDERS.forEach((order, i) => {
      drawCurve(ctx, stage, plot, curves.fraction.data, curves[order].data, order);
      const y = box.y + 8 + 18 * i;
      drawKey(ctx, stage, box.x + MARGIN.left, y, order, curves.about.areas[order]);
    });
  }
  drawMarker(ctx, stage, plot, removed, prob);
}

function drawAxes(ctx, stage, plot) {
  outline(ctx, plot, stage.theme.border);
  const small = { size: 11, colour: stage.theme.muted };
  for (const part of [0, 0.5, 1]) {
    const y = plot.y + plot.height * (1 - part);
    write(ctx, stage, `${100 * part} %`, plot.x - 6, y, { ...small, align: "right" });
    const x = plot.x + plot.width * part;
    const align = part === 1 ? "right" : part === 0 ? "left" : "center";
    write(ctx, stage, `${100 * part} %`, x, plot.y + plot.height + 12, { ...small, align });
  }
  const middle = plot.x + plot.width / 2;
  const below = plot.y + plot.height + 30;
  write(ctx, stage, stage.words.axis_removed, middle, below, { ...small, align: "center" });
}

function drawCurve(ctx, stage, plot, fraction, probs, order) {
  ctx.strokeStyle = stage.theme.lines[ORDERS.indexOf(order)];
  ctx.lineWidth = order === "blamed" ? 2.5 : 1.5;
  ctx.setLineDash(DASHES[order]);
  ctx.beginPath();
  probs.forEach((prob, i) => {
    const x = plot.x + plot.width * fraction[i];
    const y = plot.y + plot.height * (1 - prob);
    if (i === 0) ctx.moveTo(x, y);
    else ctx.lineTo(x, y);
  });
  ctx.stroke();
  ctx.setLineDash([]);
}

function drawKey(ctx, stage, x, y, order, area) {
  ctx.strokeStyle = stage.theme.lines[ORDERS.indexOf(order)];
  ctx.lineWidth = order === "blamed" ? 2.5 : 1.5;
  ctx.setLineDash(DASHES[order]);
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x + 24, y);
  ctx.stroke();
  ctx.setLineDash([]);
  const text = fill(stage.words[`order_${order}`], { area: area.toFixed(3) });
  write(ctx, stage, text, x + 30, y, { size: 12 });
}

// Where the slider stands now, and what the network said of that very picture.
function drawMarker(ctx, stage, plot, removed, prob) {
  const x = plot.x + plot.width * removed;
  const y = plot.y + plot.height * (1 - prob);
  ctx.fillStyle = stage.theme.text;
  ctx.beginPath();
  ctx.arc(x, y, 5, 0, 2 * Math.PI);
  ctx.fill();
}
