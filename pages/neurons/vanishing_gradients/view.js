// Vanishing gradients: a bar a layer (log scale) with the textbook's product over it, and below
// each bar what that layer gives out, as a strip of its histogram.
import {
  brief,
  cellAt,
  fill,
  openCanvas,
  outline,
  pointerPosition,
  write,
} from "../../ui/stage/draw.js";

const MARGIN = { left: 52, right: 8, top: 24 };
const LOWEST = -16; // powers of ten that are drawn; float32 ends soon below
const HIGHEST = 4;

const state = () => ({
  bars: null, // where they lie
  layer: null, // the one pointed at
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  build(stage) {
    const choose = (event) => {
      const found =
        stage.state.bars &&
        cellAt(stage.state.bars.box, 1, stage.state.bars.count, ...place(event));
      stage.state.layer = found ? found.column : null;
      stage.repaint();
    };
    const place = (event) => {
      const { x, y } = pointerPosition(stage, event);
      return [x, y];
    };
    stage.on("pointermove", choose);
    stage.on("pointerdown", choose);
    stage.on("keydown", (event) => step(stage, event));
  },

  paint(stage, reply) {
    const { ctx, width } = openCanvas(stage, 500);
    const plot = { x: MARGIN.left, y: MARGIN.top, width: width - MARGIN.left - MARGIN.right };
    const bars = { ...plot, height: 290 };
    const strips = { ...plot, y: bars.y + bars.height + 44, height: 110 };
    const count = reply.norms.shape[0];
    stage.state.bars = { box: { ...bars, height: strips.y + strips.height - bars.y }, count };
    if (stage.state.layer >= count) stage.state.layer = null;
    const { size = 12, bold = true } = {};
    write(ctx, stage, stage.words.bars, plot.x, 9, { size, bold });
    drawPowers(ctx, stage, bars);
    drawBars(ctx, stage, bars, reply.norms.data);
    drawTextbook(ctx, stage, bars, reply.textbook.data, reply.about.factor);
    write(ctx, stage, stage.words.strips, plot.x, strips.y - 14, { size, bold });
    drawStrips(ctx, stage, strips, reply, count);
    const ends = { size: 11, colour: stage.theme.muted };
    const below = strips.y + strips.height + 14;
    write(ctx, stage, stage.words.first_layer, plot.x, below, ends);
    const right = { ...ends, align: "right" };
    write(ctx, stage, stage.words.last_layer, plot.x + plot.width, below, right);
    tell(stage, reply);
  },

  describe(stage, reply) {
    const norms = reply.norms.data;
    return fill(stage.words.alternative, {
      depth: norms.length,
      first: brief(norms[0]),
      last: brief(norms[norms.length - 1]),
    });
  },
};

/** @param {Stage} stage */
function step(stage, event) {
  const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!move || !stage.state.bars) return;
  event.preventDefault();
  const last = stage.state.bars.count - 1;
  stage.state.layer = Math.min(
    last,
    Math.max(0, (stage.state.layer ?? (move > 0 ? -1 : last + 1)) + move),
  );
  stage.repaint();
}

// Height in the plot of a number; what is 0 or beyond the scale lies on its edge.
function level(box, value) {
  const power = value > 0 ? Math.log10(value) : -Infinity;
  const part = (Math.min(HIGHEST, Math.max(LOWEST, power)) - LOWEST) / (HIGHEST - LOWEST);
  return box.y + box.height * (1 - part);
}

/** @param {Stage} stage */
function drawPowers(ctx, stage, box) {
  for (let power = LOWEST; power <= HIGHEST; power += 4) {
    const y = level(box, 10 ** power);
    ctx.strokeStyle = stage.theme.border;
    ctx.lineWidth = power === 0 ? 1.5 : 0.5;
    ctx.beginPath();
    ctx.moveTo(box.x, y);
    ctx.lineTo(box.x + box.width, y);
    ctx.stroke();
    const text = power === 0 ? "1" : `10${superscript(power)}`;
    write(ctx, stage, text, box.x - 6, y, { size: 11, colour: stage.theme.muted, align: "right" });
  }
}

const superscript = (power) =>
  String(power).replace(/./g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);

/** @param {Stage} stage */
function drawBars(ctx, stage, box, norms) {
  const slot = box.width / norms.length;
  const gap = Math.min(4, slot * 0.2);
  norms.forEach((norm, i) => {
    const y = level(box, norm);
    ctx.fillStyle = i === stage.state.layer ? stage.theme.text : stage.theme.accent;
    ctx.fillRect(box.x + i * slot + gap / 2, y, slot - gap, box.y + box.height - y);
    if (norm === 0) {
      const middle = box.x + (i + 0.5) * slot;
      write(ctx, stage, "0", middle, box.y + box.height - 8, { size: 11, align: "center" });
    }
  });
}

/** @param {Stage} stage */
function drawTextbook(ctx, stage, box, textbook, factor) {
  const slot = box.width / textbook.length;
  ctx.strokeStyle = stage.theme.lines[1];
  ctx.lineWidth = 2;
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  textbook.forEach((value, i) => ctx.lineTo(box.x + (i + 0.5) * slot, level(box, value)));
  ctx.stroke();
  ctx.setLineDash([]);
  const text = fill(stage.words.textbook, { factor: factor.toFixed(3) });
  const place = { size: 12, colour: stage.theme.lines[1], align: "right" };
  write(ctx, stage, text, box.x + box.width, 9, place);
}

// One column a hidden layer: from its greatest output (top) to its least, the darker the more.
/** @param {Stage} stage */
function drawStrips(ctx, stage, box, { histograms, ranges }, count) {
  const [layers, bins] = histograms.shape;
  const slot = box.width / count;
  const gap = Math.min(4, slot * 0.2);
  const all = ranges.data;
  const low = Math.min(0, ...all);
  const high = Math.max(0, ...all);
  const at = (value) => box.y + box.height * (1 - (value - low) / (high - low || 1));
  for (let layer = 0; layer < layers; layer++) {
    const counts = histograms.data.subarray(layer * bins, (layer + 1) * bins);
    const most = Math.max(...counts);
    const [least, greatest] = [all[2 * layer], all[2 * layer + 1]];
    for (let bin = 0; bin < bins; bin++) {
      const top = at(least + ((greatest - least) * (bin + 1)) / bins);
      const bottom = at(least + ((greatest - least) * bin) / bins);
      ctx.globalAlpha = Math.sqrt(counts[bin] / most);
      ctx.fillStyle = layer === stage.state.layer ? stage.theme.text : stage.theme.lines[2];
      ctx.fillRect(box.x + layer * slot + gap / 2, top, slot - gap, Math.max(1, bottom - top));
    }
    ctx.globalAlpha = 1;
  }
  outline(ctx, box, stage.theme.border);
  const scale = { size: 11, colour: stage.theme.muted, align: "right" };
  write(ctx, stage, brief(high), box.x - 6, box.y + 6, scale);
  write(ctx, stage, brief(low), box.x - 6, box.y + box.height - 6, scale);
}

/** @param {Stage} stage */
function tell(stage, { norms, textbook, spreads, about }) {
  const count = norms.data.length;
  const i = stage.state.layer;
  const rows =
    i === null || i === undefined
      ? [
          ["first", brief(norms.data[0])],
          ["last", brief(norms.data[count - 1])],
          ["ratio", brief(norms.data[0] / norms.data[count - 1])],
          ["predicted", brief(textbook.data[0] / textbook.data[count - 1])],
          ["loss", about.loss.toFixed(3)],
          ["batch", String(about.batch)],
        ]
      : [
          ["norm", brief(norms.data[i])],
          ["product", brief(textbook.data[i])],
          ...(i < spreads.data.length ? [["spread", brief(spreads.data[i])]] : []),
        ];
  const heading = document.createElement("h4");
  heading.textContent =
    i === null || i === undefined
      ? stage.words.whole
      : fill(stage.words.one_layer, { layer: i + 1, count });
  const table = document.createElement("table");
  for (const [name, value] of rows) {
    const row = table.insertRow();
    row.insertCell().textContent = stage.words[`row_${name}`];
    const cell = row.insertCell();
    cell.className = "number";
    cell.dataset.testid = `row-${name}`;
    cell.textContent = value;
  }
  const note = document.createElement("p");
  note.className = "muted";
  note.textContent = stage.words.point;
  stage.readout.replaceChildren(heading, table, note);
}
