// Pieces of the account: a map in large with the cell or window that counts, grids of numbers, and
// the sum in words. A piece is { width, height, draw(ctx, piece), hits?(piece) }.
import { brief, fill, outline, write } from "../stage/draw.js";
import { inkOn } from "../stage/palette.js";
import { fillHatched, writeNumber } from "../stage/sums.js";
import { drawTile, positionOf, rangeOf } from "./maps.js";
import { titleOf } from "./titles.js";

/** @import { Stage } from "./view.js" */

/**
 * @typedef {object} Piece
 * @property {number} width
 * @property {number} height
 * @property {number} [gap] to the next piece
 * @property {(ctx: any, piece: any) => void} draw
 * @property {(piece: any) => object[]} [hits]
 */

export const MAP_SIDE = 116;
const TITLE = 16;
const LINE = 17;
const SUM_WIDTH = 196;

/** @param {Stage} stage */
export const layerOf = (stage, number) =>
  stage.reply.about.layers.find((layer) => layer.number === number);

export const indexOf = (layer, channel) => (layer.picked ? layer.picked.indexOf(channel) : channel);

// A map in large. options: { mark: {row, column, rows, columns}, title, move(cell, commit), side }
export function mapPiece({ stage, values }, layer, channel, options) {
  const side = options.side ?? MAP_SIDE;
  const box = (piece) => ({ x: piece.x, y: piece.y + TITLE, width: side, height: side });
  return {
    width: Math.max(side, options.least ?? 0),
    height: side + TITLE + 4,
    draw(ctx, piece) {
      write(ctx, stage, options.title, piece.x, piece.y + 7, {
        size: 11,
        colour: stage.theme.muted,
      });
      drawMap(ctx, stage, layer, channel, box(piece), values.scale);
      if (options.mark) drawMark(ctx, stage, layer, box(piece), options.mark);
    },
    hits:
      options.move &&
      ((piece) => [
        {
          box: box(piece),
          rows: layer.shape[1],
          columns: layer.shape[2],
          follows: true,
          act: options.move,
        },
      ]),
  };
}

/** @param {Stage} stage */
export function drawMap(ctx, stage, layer, channel, box, scale) {
  const index = indexOf(layer, channel);
  if (index < 0 || layer.layout !== "map") fillHatched(ctx, stage, box);
  else drawTile(ctx, stage, layer, index, box, scale);
  outline(ctx, box, stage.theme.border);
}

/** @param {Stage} stage */
export function drawMark(ctx, stage, layer, box, { row, column, rows, columns }) {
  const [height, width] = layer.layout === "map" ? layer.shape.slice(1) : [1, 1];
  const [across, down] = [box.width / width, box.height / height];
  const left = Math.max(box.x, box.x + column * across);
  const top = Math.max(box.y, box.y + row * down);
  const right = Math.min(box.x + box.width, box.x + (column + columns) * across);
  const bottom = Math.min(box.y + box.height, box.y + (row + rows) * down);
  const marked = { x: left - 1, y: top - 1, width: right - left + 2, height: bottom - top + 2 };
  outline(
    ctx,
    { x: marked.x - 1, y: marked.y - 1, width: marked.width + 2, height: marked.height + 2 },
    stage.theme.background,
    3,
  );
  outline(ctx, marked, stage.theme.accent, 2);
}

// A grid of numbers. content: { data, offset, rows, columns, lut, low, high, padding?, lit? }
/** @param {Stage} stage */
export function drawNumbers(ctx, stage, content, x, y, unit) {
  const { data, offset = 0, rows, columns, lut, low, high, padding, lit } = content;
  for (let i = 0; i < rows * columns; i++) {
    const box = {
      x: x + (i % columns) * unit,
      y: y + Math.floor(i / columns) * unit,
      width: unit,
      height: unit,
    };
    const value = data[offset + i];
    const part = high > low ? (value - low) / (high - low) : 0.5;
    if (padding?.[i]) fillHatched(ctx, stage, box);
    else {
      ctx.fillStyle = shade(lut, part);
      ctx.fillRect(box.x, box.y, box.width, box.height);
    }
    if (unit >= 20)
      writeNumber(ctx, stage, value, box, padding?.[i] ? stage.theme.text : inkOn(lut, part));
    outline(ctx, box, stage.theme.border, 0.5);
    if (lit === i) outline(ctx, box, stage.theme.accent, 2);
  }
}

export function shade(lut, part) {
  const at = 3 * Math.round(255 * Math.min(1, Math.max(0, part)));
  return `rgb(${lut[at]},${lut[at + 1]},${lut[at + 2]})`;
}

export const inBrackets = (value) => (value < 0 ? `(${brief(value)})` : brief(value));

// The account line by line, and the number that comes out, in the colour that it has in the map.
export function sumPiece({ stage, layer, accounts, place, values, width }) {
  const lines = accounts.flatMap((account, i) => linesOf(stage, layer, account, i));
  const { value } = accounts.at(-1);
  const { words, theme } = stage;
  const item = Math.max(0, indexOf(layer, place.channel));
  return {
    width: Math.min(SUM_WIDTH, width),
    height: lines.length * LINE + 40,
    gap: 22,
    draw(ctx, piece) {
      lines.forEach(([text, number], i) => {
        const y = piece.y + TITLE + 6 + i * LINE;
        write(ctx, stage, text, piece.x, y, { size: 12, colour: theme.muted });
        if (number !== undefined) {
          write(ctx, stage, brief(number), piece.x + piece.width, y, { size: 12, align: "right" });
        }
      });
      const box = {
        x: piece.x + piece.width - 112,
        y: piece.y + TITLE + lines.length * LINE,
        width: 112,
        height: 26,
      };
      const part = positionOf(layer, value, rangeOf(stage, layer.number, item, values.scale));
      const lut = layer.kind === "input" ? theme.grey : theme.signed;
      ctx.fillStyle = shade(lut, part);
      ctx.fillRect(box.x, box.y, box.width, box.height);
      outline(ctx, box, theme.accent, 2);
      const text = layer.kind === "softmax" ? `${(100 * value).toFixed(2)} %` : brief(value);
      write(ctx, stage, `= ${text}`, box.x + box.width / 2, box.y + 13.5, {
        size: 14,
        bold: true,
        align: "center",
        colour: inkOn(lut, part),
      });
      write(ctx, stage, words.value, piece.x, box.y + 13, { size: 12, colour: theme.muted });
    },
  };
}

// [text, number?] of each line.
/** @param {Stage} stage */
function linesOf(stage, layer, account, nth) {
  const { words } = stage;
  const line = (key, params = {}) => fill(words[key], params);
  switch (account.kind) {
    case "convsum": {
      const sum = account.channel_sums.reduce((a, b) => a + b, 0);
      return [
        [line("sum_channels", { count: account.channel_sums.length }), sum],
        [words.bias, account.bias],
      ];
    }
    case "linearsum":
      return [
        [
          line("sum_shown", { count: account.terms.length }),
          account.terms.reduce((sum, { product }) => sum + product, 0),
        ],
        [line("sum_rest", { count: account.rest_count }), account.rest],
        [words.bias, account.bias],
      ];
    case "normed":
      return [
        [words.norm_of, nth ? account.x : undefined],
        [`(${brief(account.x)} − ${inBrackets(account.mean)}) / ${brief(account.std)}`],
        [`· ${inBrackets(account.scale)} + ${inBrackets(account.shift)}`],
      ];
    case "activated":
      return [[words.before, account.x], [`${titleOf(stage, layer)}(${brief(account.x)})`]];
    case "pooled":
      return [[line(account.how === "max" ? "pool_max" : "pool_mean", { count: account.count })]];
    case "combined": {
      const sign = { add: " + ", sub: " − ", mul: " · ", div: " / " }[account.how];
      return [[account.operands.map(inBrackets).join(sign)]];
    }
    case "taken":
      return [[line("taken", { source: account.source + 1, channel: account.channel + 1 })]];
    case "share": {
      const sum = account.exps.reduce((a, b) => a + b, 0);
      return [[`${brief(account.value * sum)} / ${brief(sum)}`]];
    }
    case "pixel":
      return [
        [line("pixel", { pixel: Math.round(account.pixel) })],
        [`(${brief(account.pixel / 255)} − ${brief(account.mean)}) / ${brief(account.std)}`],
      ];
    default:
      return [[line("untold", { call: account.call })]];
  }
}
