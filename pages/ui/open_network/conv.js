// A convolution's number: of each map that feeds it, the patch, its kernel and their sum; and the
// chosen one of them number by number.
import { brief, drawBitmap, fill, mapBitmap, outline, write } from "../stage/draw.js";
import { linksOf } from "./edges.js";
import { drawMap, drawMark, drawNumbers, layerOf } from "./pieces.js";

/** @import { Stage } from "./view.js" */

/** @import { Piece } from "./pieces.js" */

const BLOCK = 58; // px, one map and its kernel under it
const SIDE = 50;
const OTHERS = 78;
const UNIT = 27;

export function convPieces(about) {
  const { stage, layer, accounts, place, width } = about;
  const [account] = accounts;
  const source = layerOf(stage, layer.sources[0]);
  const order = byStrength(stage, layer, source, account, place);
  const focus = order.includes(stage.state.focus) ? stage.state.focus : order[0];
  const [, rows, columns] = about.arrays.kernel.shape;
  const fitting = Math.floor((width - 40) / (3 * columns)); // three grids side by side
  const unit = Math.max(12, Math.min(UNIT, Math.floor(128 / rows), fitting));
  const grids = 3 * columns * unit + 2 * 20;
  const rest = stage.state.plan.narrow ? 0 : grids + 196 + 116 + 5 * 22;
  const room = Math.max(2, Math.floor((width - rest - (order.length > 4 ? OTHERS : 0)) / BLOCK));
  const shown = order.slice(0, room);
  /** @type {Piece[]} */
  const pieces = [blocksPiece({ ...about, source, account, shown, focus, all: order.length })];
  if (source.layout === "map")
    pieces.push(numbersPiece({ ...about, account, focus, rows, columns, unit }));
  return pieces;
}

// The maps that feed, those with the strongest kernels first; what is not on screen comes last.
/** @param {Stage} stage */
function byStrength(stage, layer, source, account, { channel }) {
  const index = layer.picked ? layer.picked.indexOf(channel) : channel;
  const weights = new Map(
    linksOf(stage, layer, index)
      .filter((link) => link.source === source.number)
      .map(({ from, weight }) => [source.picked?.[from] ?? from, Math.abs(weight)]),
  );
  if (account.channels.length <= 3) return account.channels;
  return [...account.channels].sort(
    (a, b) => (weights.get(b) ?? -1) - (weights.get(a) ?? -1) || a - b,
  );
}

function blocksPiece({ stage, arrays, source, account, shown, focus, all, values }) {
  const more = all - shown.length;
  const { words, theme } = stage;
  const sumOf = (channel) => account.channel_sums[account.channels.indexOf(channel)];
  const left = shown.reduce(
    (sum, channel) => sum - sumOf(channel),
    account.channel_sums.reduce((a, b) => a + b, 0),
  );
  const at = (piece, i) => ({ x: piece.x + i * BLOCK, y: piece.y + 16, width: SIDE, height: SIDE });
  const mark = {
    row: account.rows[0],
    column: account.cols[0],
    rows: account.rows.at(-1) - account.rows[0] + 1,
    columns: account.cols.at(-1) - account.cols[0] + 1,
  };
  const below = (box) => ({ ...box, y: box.y + SIDE + 5 });
  return {
    gap: 26,
    width: Math.max(130, shown.length * BLOCK - 8 + (more ? 74 : 0)),
    height: 16 + 2 * SIDE + 26,
    draw(ctx, piece) {
      const title = fill(words.feeding, { count: all });
      write(ctx, stage, title, piece.x, piece.y + 7, { size: 11, colour: theme.muted });
      shown.forEach((channel, i) => {
        const box = at(piece, i);
        drawMap(ctx, stage, source, channel, box, values.scale);
        drawMark(ctx, stage, source, box, mark);
        drawKernel(ctx, stage, arrays.kernel, account.channels.indexOf(channel), below(box));
        if (channel === focus) outline(ctx, grown(box), theme.accent, 2);
        write(ctx, stage, brief(sumOf(channel)), box.x + SIDE / 2, box.y + 2 * SIDE + 15, {
          size: 12,
          align: "center",
          bold: channel === focus,
        });
      });
      if (more) {
        const x = piece.x + shown.length * BLOCK + 4;
        write(ctx, stage, fill(words.others, { count: more }), x, piece.y + 16 + SIDE, {
          size: 11,
          colour: theme.muted,
        });
        write(ctx, stage, brief(left), x, piece.y + 16 + 2 * SIDE + 15, { size: 12 });
      }
    },
    hits: (piece) =>
      shown.map((channel, i) => ({
        box: grown(at(piece, i)),
        act: () => {
          stage.state.focus = channel;
          stage.repaint();
        },
      })),
  };
}

const grown = (box) => ({
  x: box.x - 3,
  y: box.y - 3,
  width: box.width + 6,
  height: 2 * SIDE + 11,
});

/** @param {Stage} stage */
function drawKernel(ctx, stage, { data, shape: [, rows, columns] }, index, box) {
  const size = rows * columns;
  const peak = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const one = data.subarray(index * size, (index + 1) * size);
  drawBitmap(ctx, mapBitmap(one, rows, columns, stage.theme.signed, -peak, peak), box);
  outline(ctx, box, stage.theme.border);
}

function numbersPiece({ stage, arrays, account, focus, rows, columns, unit }) {
  const { words, theme } = stage;
  const index = account.channels.indexOf(focus);
  const offset = index * rows * columns;
  const wide = columns * unit;
  const peakOf = ({ data }) =>
    data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const parts = [
    ["patch", ""],
    ["kernel", "×"],
    ["products", "="],
  ];
  return {
    width: 3 * wide + 2 * 20,
    height: 20 + rows * unit + 18,
    draw(ctx, piece) {
      parts.forEach(([name, sign], i) => {
        const x = piece.x + i * (wide + 20);
        const peak = peakOf(arrays[name]);
        const content = {
          data: arrays[name].data,
          offset,
          rows,
          columns,
          lut: theme.signed,
          low: -peak,
          high: peak,
          padding: i === 1 ? null : arrays.is_padding.data,
        };
        write(ctx, stage, words[name], x, piece.y + 7, { size: 11, colour: theme.muted });
        drawNumbers(ctx, stage, content, x, piece.y + 16, unit);
        write(ctx, stage, sign, x - 10, piece.y + 16 + (rows * unit) / 2, {
          size: 15,
          align: "center",
        });
      });
      write(
        ctx,
        stage,
        fill(words.channel_sum, { channel: focus + 1, sum: brief(account.channel_sums[index]) }),
        piece.x + piece.width,
        piece.y + 16 + rows * unit + 12,
        { size: 12, align: "right", colour: theme.muted },
      );
    },
  };
}
