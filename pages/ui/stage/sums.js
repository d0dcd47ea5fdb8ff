// The arithmetic of one output cell: patch × kernel = products, cell by cell, and their sum.
import { brief, fill, minus, outline, write } from "./draw.js";
import { grid } from "./grid.js";
import { inkOn } from "./palette.js";

const HEADER = 16;
const OPERATOR = 22;
const LARGEST = 44;
const READABLE = 20; // where every channel can be shown
const ROOMY = 23; // holds three digits
const SUMS = 136; // the column with the sums, right of the grids
const LINE = 17;
const FLAT = 30; // the sums on one line below the grids
const WRITTEN = 36; // two lines with every term
const GAP = 4; // between the channels

// How the arithmetic fits into its box: every channel with readable numbers, or one at a time;
// the sums beside the grids, or on a line below them; on a phone the products on a line of theirs.
export function planSums(box, narrow, channels, [rows, columns]) {
  const width = box.width - indent(channels);
  const across = (grids, rest) => (width - rest - (grids - 1) * OPERATOR) / (grids * columns);
  const fit = (wide, down) => Math.floor(Math.min(wide, down, LARGEST));
  if (narrow) {
    const stacked = across(3, 0) < ROOMY;
    const unit = fit(across(stacked ? 2 : 3, 0), LARGEST);
    const every = channels === 1 || (!stacked && rows <= 3);
    const lines = stacked ? 2 : 1;
    const deep = lines * (HEADER + (every ? channels : 1) * (unit * rows + GAP));
    return { unit, every, stacked, flat: true, height: deep + FLAT + WRITTEN };
  }
  const down = (count, spare) => (box.height - HEADER - spare) / (count * rows) - GAP / rows;
  const all = fit(across(3, SUMS), down(channels, channels > 1 ? 0 : WRITTEN));
  if (all >= (channels > 1 ? READABLE : ROOMY))
    return { unit: all, every: true, flat: false, height: box.height };
  const unit = fit(across(3, SUMS), down(1, WRITTEN));
  if (unit >= ROOMY) return { unit, every: channels === 1, flat: false, height: box.height };
  const wider = fit(across(3, 0), down(1, FLAT));
  return { unit: wider, every: channels === 1, flat: true, height: box.height };
}

const indent = (channels) => (channels > 1 ? 16 : 0); // the channel's initial

// Where the grids and the total stand: { patches, kernels, products, sums, total, bottom }.
export function placeSums(view, layout, plan) {
  const [channels, rows, columns] = view.sums.patch.shape;
  const shown = plan.every ? [...Array(channels).keys()] : [view.channel];
  const wide = columns * plan.unit;
  const deep = shown.length * (rows * plan.unit + GAP);
  const x = layout.sums.x + indent(channels);
  const top = layout.sums.y + HEADER;
  const last = plan.stacked
    ? { x: x + OPERATOR, y: top + deep + HEADER }
    : { x: x + 2 * (wide + OPERATOR), y: top };
  const column = (left, y) =>
    shown.map((channel, at) => ({
      ...grid(rows, columns),
      x: left,
      y: y + at * (rows * plan.unit + GAP),
      unit: plan.unit,
      channel,
    }));
  const bottom = last.y + deep;
  const sums = plan.flat
    ? { x: layout.sums.x, y: bottom + 4 }
    : { x: last.x + wide + 24, y: last.y };
  const below = Math.max(channels, 1) + 1;
  const total = plan.flat
    ? { x: layout.sums.width - 76, y: sums.y, width: 76, height: 22 }
    : { x: sums.x, y: sums.y + below * LINE + 3, width: SUMS - 26, height: 24 };
  return {
    patches: column(x, top),
    kernels: column(x + wide + OPERATOR, top),
    products: column(last.x, last.y),
    sums,
    total,
    bottom: plan.flat ? bottom + FLAT : bottom,
  };
}

export function drawSums(ctx, stage, view, layout, plan, places) {
  const [channels, rows, columns] = view.sums.patch.shape;
  const contents = describeGrids(stage, view);
  ["patches", "kernels", "products"].forEach((name, i) => {
    const [first] = places[name];
    const title = stage.words[name];
    ctx.font = `400 12px ${stage.theme.font}`;
    ctx.fillStyle = stage.theme.background; // over the lines that come from the input
    ctx.fillRect(first.x + 8, first.y - HEADER, ctx.measureText(title).width + 4, HEADER - 1);
    write(ctx, stage, title, first.x + 10, first.y - 8, { size: 12, colour: stage.theme.muted });
    for (const place of places[name]) {
      drawGrid(ctx, stage, place, contents[i], place.channel * rows * columns);
      const middle = place.y + (rows * plan.unit) / 2;
      const sign = ["", "×", "="][i];
      write(ctx, stage, sign, place.x - OPERATOR / 2, middle, { size: 16, align: "center" });
      if (i === 0 && channels > 1) nameChannel(ctx, stage, place.channel, place.x - 15, middle);
    }
  });
  (plan.flat ? drawFlatSums : drawSumColumn)(ctx, stage, view, places, channels);
  drawTotal(ctx, stage, view, places);
  writeTerms(ctx, stage, view, layout, places.bottom + 12);
}

function nameChannel(ctx, stage, channel, x, y) {
  const options = { size: 12, bold: true, colour: stage.theme.channels[channel] };
  write(ctx, stage, stage.words[`channel_${channel}`][0], x, y, options);
}

// What the three grids show: numbers, table of colours, range, and which cells are padding.
function describeGrids(stage, { reply, sums, lit: shown }) {
  const { about, kernel } = reply;
  const { filter } = sums.about.cell;
  const size = sums.patch.data.length;
  const peak = about.kernel_peaks[filter] || 1;
  const weights = kernel.data.subarray(filter * size, (filter + 1) * size);
  const { signed, grey } = stage.theme;
  const most = peak * about.top;
  const lit = shown?.kind === "weight" ? shown : null;
  return [
    { data: sums.patch.data, lut: grey, low: 0, high: about.top, padding: sums.is_padding.data },
    { data: weights, lut: signed, low: -peak, high: peak, lit },
    { data: sums.products.data, lut: signed, low: -most, high: most },
  ];
}

function drawGrid(ctx, stage, place, content, offset) {
  const { rows, columns, unit } = place;
  const { data, lut, low, high, padding, lit } = content;
  for (let i = 0; i < rows * columns; i++) {
    const box = {
      x: place.x + (i % columns) * unit,
      y: place.y + Math.floor(i / columns) * unit,
      width: unit,
      height: unit,
    };
    const value = data[offset + i];
    const part = (value - low) / (high - low);
    if (padding?.[i]) fillHatched(ctx, stage, box);
    else fillCell(ctx, lut, part, box);
    const ink = padding?.[i] ? stage.theme.text : inkOn(lut, part);
    writeNumber(ctx, stage, value, box, ink);
    outline(ctx, box, stage.theme.border);
  }
  if (lit) {
    const box = { x: place.x + lit.column * unit, y: place.y + lit.row * unit };
    outline(ctx, { ...box, width: unit, height: unit }, stage.theme.lines[2], 3);
  }
}

function fillCell(ctx, lut, part, box) {
  const i = 3 * Math.round(255 * Math.min(1, Math.max(0, part)));
  ctx.fillStyle = `rgb(${lut[i]},${lut[i + 1]},${lut[i + 2]})`;
  ctx.fillRect(box.x, box.y, box.width, box.height);
}

// Padding: cells that are not there and count as zero.
export function fillHatched(ctx, stage, box) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.x, box.y, box.width, box.height);
  ctx.clip();
  ctx.fillStyle = stage.theme.panel;
  ctx.fillRect(box.x, box.y, box.width, box.height);
  ctx.strokeStyle = stage.theme.border;
  ctx.lineWidth = 1;
  ctx.beginPath();
  const first = Math.ceil((box.x + box.y) / 6) * 6;
  for (let d = first; d < box.x + box.y + box.width + box.height; d += 6) {
    ctx.moveTo(d - box.y, box.y);
    ctx.lineTo(d - box.y - box.height, box.y + box.height);
  }
  ctx.stroke();
  ctx.restore();
}

// As many digits as the cell has room for, three at most; none where not even one fits.
export function writeNumber(ctx, stage, value, box, colour) {
  const size = box.width >= 34 ? 13 : 11;
  ctx.font = `400 ${size}px ${stage.theme.font}`;
  const text = fitting(ctx, value, box.width - (box.width < 30 ? 2 : 4));
  if (box.height < 14 || text === null) return;
  write(ctx, stage, text, box.x + box.width / 2, box.y + box.height / 2 + 0.5, {
    size,
    colour,
    align: "center",
  });
}

function fitting(ctx, value, room) {
  const fits = (text) => ctx.measureText(text).width <= room;
  for (const digits of [3, 2, 1]) {
    const short = Number.isInteger(value) ? value : Number(value.toPrecision(digits));
    const text = minus(String(short)).replace(/^(−?)0\./, "$1.");
    if (fits(text)) return text;
  }
  const whole = Math.abs(value) < 0.01 ? "≈0" : minus(String(Math.round(value)));
  return (Math.abs(value) >= 1 || whole === "≈0") && fits(whole) ? whole : null;
}

function drawSumColumn(ctx, stage, view, { sums, total }, channels) {
  const { cell } = view.sums.about;
  let y = sums.y + 8;
  const line = (text, value, colour = stage.theme.muted) => {
    write(ctx, stage, text, sums.x, y, { size: 12, colour });
    write(ctx, stage, brief(value), total.x + total.width, y, { size: 12, align: "right" });
    y += LINE;
  };
  if (channels > 1) {
    cell.channel_sums.forEach((sum, channel) =>
      line(stage.words[`channel_${channel}`], sum, stage.theme.channels[channel]),
    );
  } else line(stage.words.sum_products, cell.channel_sums[0]);
  line(`+ ${stage.words.bias}`, cell.bias);
  write(ctx, stage, nameCell(stage, view), total.x, total.y + 36, {
    size: 11,
    colour: stage.theme.muted,
  });
}

function nameCell(stage, { reply, sums }) {
  const { row, col } = sums.about.cell;
  const words = stage.words[reply.about.dims === 1 ? "bar_place" : "cell_place"];
  return fill(words, { row: row + 1, column: col + 1 });
}

// Red 40.5 + Green 20.2 + Blue −5.06 + bias 0
function drawFlatSums(ctx, stage, view, { sums, total }, channels) {
  const { cell } = view.sums.about;
  const y = sums.y + 12;
  const { text, muted, channels: colours } = stage.theme;
  const parts = cell.channel_sums.map((sum, i) =>
    channels > 1
      ? [stage.words[`channel_${i}`], colours[i], sum]
      : [stage.words.sum_products, muted, sum],
  );
  parts.push([stage.words.bias, muted, cell.bias]);
  let x = sums.x;
  const put = (words, colour) => {
    write(ctx, stage, words, x, y, { size: 12, colour });
    x += ctx.measureText(words).width;
  };
  parts.forEach(([name, colour, value], i) => {
    put(i ? ` + ${name} ` : `${name} `, colour);
    put(value < 0 ? `(${brief(value)})` : brief(value), text);
  });
  if (x > total.x - 8) return;
  const place = nameCell(stage, view);
  ctx.font = `400 11px ${stage.theme.font}`;
  if (ctx.measureText(place).width > total.x - 16 - x) return;
  write(ctx, stage, place, total.x - 8, y, { size: 11, colour: muted, align: "right" });
}

function drawTotal(ctx, stage, view, { total, scale }) {
  const { cell } = view.sums.about;
  const { lut, part } = scale;
  const at = part(cell.total);
  fillCell(ctx, lut, at, total);
  outline(ctx, total, stage.theme.accent, 2);
  write(
    ctx,
    stage,
    `= ${brief(cell.total)}`,
    total.x + total.width / 2,
    total.y + total.height / 2,
    { size: 14, bold: true, align: "center", colour: inkOn(lut, at) },
  );
}

// The sum as one writes it, where its terms fit on two lines; instead of it, what is lit up.
function writeTerms(ctx, stage, view, layout, y) {
  const noted = Boolean(view.note);
  const lines = noted ? [view.note] : termLines(ctx, stage, view, layout.sums.width);
  const colour = noted ? stage.theme.lines[2] : stage.theme.text;
  lines.forEach((each, i) => {
    write(ctx, stage, each, layout.sums.x, y + i * LINE, { size: 13, colour });
  });
}

function termLines(ctx, stage, { reply, sums }, width) {
  const count = sums.patch.data.length;
  if (count > 9) return [];
  const { cell } = sums.about;
  const signed = (value) => (value < 0 ? `(${brief(value)})` : brief(value));
  const terms = Array.from(
    sums.patch.data,
    (value, i) => `${brief(value)}·${signed(reply.kernel.data[cell.filter * count + i])}`,
  );
  const sum = `${terms.join(" + ")} + ${signed(cell.bias)} = ${brief(cell.total)}`;
  ctx.font = `400 13px ${stage.theme.font}`;
  if (ctx.measureText(sum).width <= width) return [sum];
  const cut = sum.lastIndexOf(" + ", sum.length / 2 + 8);
  const lines = [sum.slice(0, cut), sum.slice(cut + 1)];
  return lines.every((each) => ctx.measureText(each).width <= width) ? lines : [];
}
