// Curves of runs over one another: thin as measured batch by batch, thick at the ends of epochs.
import { brief, outline, write } from "../stage/draw.js";

/** @import { Box, Context, Stage } from "../stage/types.d.ts" */

const EDGE = { left: 46, right: 10, top: 24, bottom: 34 };

// Columns of the rows that askCurves gives.
export const STEP = { step: 0, loss: 1, accuracy: 2, rate: 3 };
export const EPOCH = { epoch: 0, trainLoss: 1, trainAccuracy: 2, loss: 3, accuracy: 4 };

// runs: [{ colour, steps, epochs, beginning }]; what: "loss", "accuracy" or "rate" → the plot's
// geometry.
// title: by default the word for what is drawn.
/**
 * @param {Context} ctx
 * @param {Stage} stage
 * @param {Box} outer
 * @param {string} what
 * @param {any[]} runs
 * @param {number | null} [cursor] an epoch
 * @param {string} [title]
 */
export function drawCurves(ctx, stage, outer, what, runs, cursor = null, title = undefined) {
  const plot = {
    x: outer.x + EDGE.left,
    y: outer.y + EDGE.top,
    width: outer.width - EDGE.left - EDGE.right,
    height: outer.height - EDGE.top - EDGE.bottom,
  };
  const last = Math.max(1, ...runs.map((run) => run.epochsPlanned ?? run.epochs.length));
  const tops = { accuracy: () => 1, loss: lossTop, rate: rateTop };
  const top = tops[what](runs);
  const scale = {
    last,
    top,
    plot,
    x: (epoch) => plot.x + (plot.width * epoch) / last,
    y: (value) => plot.y + plot.height * (1 - Math.min(Math.max(value / top, 0), 1)),
  };
  drawAxes(ctx, stage, scale, what, title ?? stage.words[`plot_${what}`]);
  ctx.save();
  ctx.beginPath();
  ctx.rect(plot.x - 4, plot.y - 4, plot.width + 8, plot.height + 8);
  ctx.clip();
  for (const run of runs) drawRun(ctx, scale, what, run);
  ctx.restore();
  if (cursor !== null) drawCursor(ctx, stage, scale, cursor);
  return scale;
}

// So high that 98 % of all losses fit: those of the first batches may be far off.
function lossTop(runs) {
  const values = runs
    .flatMap((run) => [
      ...run.steps.map((row) => row[STEP.loss]),
      ...run.epochs.map((row) => row[EPOCH.loss]),
    ])
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  if (!values.length) return 1;
  const most = values[Math.floor(0.98 * (values.length - 1))];
  return most > 0 ? most * 1.1 : 1;
}

const rateTop = (runs) =>
  Math.max(...runs.flatMap((run) => run.steps.map((row) => row[STEP.rate])), 1e-9) * 1.1;

/** @param {Stage} stage */
function drawAxes(ctx, stage, { last, top, plot, x, y }, what, title) {
  outline(ctx, plot, stage.theme.border);
  const small = { size: 11, colour: stage.theme.muted };
  for (const part of plot.height < 80 ? [0, 1] : [0, 0.25, 0.5, 0.75, 1]) {
    const value = part * top;
    const short = brief(Number(value.toPrecision(2)));
    const text = what === "accuracy" ? `${Math.round(100 * value)} %` : short;
    write(ctx, stage, text, plot.x - 6, y(value), { ...small, align: "right" });
    const ends = [
      [plot.x, y(value)],
      [plot.x + plot.width, y(value)],
    ];
    if (part && part < 1) line(ctx, ends, stage.theme.border, 1);
  }
  const every = Math.max(1, Math.ceil(last / Math.max(2, Math.floor(plot.width / 44))));
  for (let epoch = 0; epoch <= last; epoch += every) {
    write(ctx, stage, String(epoch), x(epoch), plot.y + plot.height + 11, {
      ...small,
      align: "center",
    });
  }
  const below = plot.y + plot.height + 26;
  write(ctx, stage, stage.words.axis_epochs, plot.x + plot.width, below, {
    ...small,
    align: "right",
  });
  write(ctx, stage, title, plot.x, plot.y - 13, { bold: true });
}

function drawRun(ctx, { x, y }, what, run) {
  const perEpoch = run.beginning?.steps_per_epoch;
  if (what === "rate") {
    const points = run.steps.map((row) => [x(row[STEP.step] / perEpoch), y(row[STEP.rate])]);
    if (perEpoch) line(ctx, points, run.colour, 1.5);
    return;
  }
  const [ofStep, ofTrain, ofHeld] =
    what === "loss"
      ? [STEP.loss, EPOCH.trainLoss, EPOCH.loss]
      : [STEP.accuracy, EPOCH.trainAccuracy, EPOCH.accuracy];
  if (perEpoch) {
    ctx.globalAlpha = 0.3;
    line(
      ctx,
      run.steps.map((row) => [x(row[STEP.step] / perEpoch), y(row[ofStep])]),
      run.colour,
      1,
    );
    ctx.globalAlpha = 1;
  }
  const at = (column) => run.epochs.map((row) => [x(row[EPOCH.epoch]), y(row[column])]);
  ctx.setLineDash([5, 4]);
  line(ctx, at(ofTrain), run.colour, 1.5);
  ctx.setLineDash([]);
  line(ctx, at(ofHeld), run.colour, 2.5);
  ctx.fillStyle = run.colour;
  if (run.epochs.length > 60) return;
  for (const [cx, cy] of at(ofHeld)) {
    ctx.beginPath();
    ctx.arc(cx, cy, 3, 0, 2 * Math.PI);
    ctx.fill();
  }
}

function line(ctx, points, colour, width) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  for (const [px, py] of points) if (Number.isFinite(py)) ctx.lineTo(px, py);
  ctx.stroke();
}

/** @param {Stage} stage */
function drawCursor(ctx, stage, { plot, x }, epoch) {
  line(
    ctx,
    [
      [x(epoch), plot.y],
      [x(epoch), plot.y + plot.height],
    ],
    stage.theme.accent,
    1.5,
  );
}

// The epoch under the pointer, between 1 and the last one measured; null outside the plots.
export function epochAt(scales, px, py, measured) {
  for (const { plot, last } of scales) {
    const inside =
      px >= plot.x - 8 &&
      px <= plot.x + plot.width + 8 &&
      py >= plot.y &&
      py <= plot.y + plot.height + 20;
    if (inside) {
      const epoch = Math.round(((px - plot.x) / plot.width) * last);
      return Math.min(Math.max(epoch, 1), measured);
    }
  }
  return null;
}
