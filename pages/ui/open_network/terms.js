// The numbers of the other layers: what goes in, as maps, windows, curves and lists.
import { brief, fill, write } from "../stage/draw.js";
import { choose } from "./choice.js";
import { drawNumbers, layerOf, mapPiece, shade } from "./pieces.js";
import { titleOf } from "./titles.js";

/** @import { Stage } from "./view.js" */

const ROW = 18;

export function termPieces(about) {
  const make = {
    linearsum: linear,
    activated: activation,
    pooled: pool,
    combined,
    taken,
    normed,
    share: softmax,
    pixel,
  }[about.accounts[0].kind];
  return make ? make(about) : inputs(about);
}

// The map (or maps) that feed, marked where they count.
function inputs(about, mark = null) {
  const { stage, layer, place } = about;
  return layer.sources
    .map((number) => layerOf(stage, number))
    .filter((source) => source?.layout === "map" && source.shape[0] > place.channel)
    .slice(0, 2)
    .map((source) => inputMap(about, source, place.channel, mark));
}

function inputMap(about, source, channel, mark) {
  const { stage, layer, place } = about;
  const cell = mark ?? { row: place.row, column: place.column, rows: 1, columns: 1 };
  const move = ({ row, column }, commit) =>
    choose(
      stage,
      {
        ...place,
        row: Math.floor((row * (layer.shape[1] ?? 1)) / source.shape[1]),
        column: Math.floor((column * (layer.shape[2] ?? 1)) / source.shape[2]),
      },
      commit,
    );
  return mapPiece(about, source, channel, {
    mark: cell,
    move,
    least: 116,
    title: `${titleOf(stage, source)} · ${channel + 1}`,
  });
}

function linear({ stage, layer, accounts: [account], width }) {
  const { words, theme } = stage;
  const source = layerOf(stage, layer.sources[0]);
  const peak = Math.max(...account.terms.map(({ product }) => Math.abs(product))) || 1;
  const perColumn = stage.state.plan.narrow
    ? account.terms.length
    : Math.ceil(account.terms.length / 2);
  const half = Math.min(360, stage.state.plan.narrow ? width : (width - 240) / 2);
  return [
    {
      width: half * Math.ceil(account.terms.length / perColumn),
      height: 18 + perColumn * ROW,
      draw(ctx, piece) {
        write(ctx, stage, words.strongest, piece.x, piece.y + 7, { size: 11, colour: theme.muted });
        account.terms.forEach((term, i) => {
          const x = piece.x + Math.floor(i / perColumn) * half;
          const y = piece.y + 26 + (i % perColumn) * ROW;
          write(ctx, stage, placeText(stage, source, term), x, y, {
            size: 12,
            colour: theme.muted,
          });
          const sum = `${brief(term.input)} · ${brief(term.weight)}`;
          write(ctx, stage, sum, x + half * 0.62, y, { size: 12, align: "right" });
          write(ctx, stage, brief(term.product), x + half * 0.79, y, { size: 12, align: "right" });
          const long = (Math.abs(term.product) / peak) * half * 0.14;
          ctx.fillStyle = shade(theme.signed, term.product < 0 ? 0.16 : 0.84);
          ctx.fillRect(x + half * 0.81, y - 5, Math.max(1, long), 10);
        });
      },
    },
  ];
}

/** @param {Stage} stage */
function placeText(stage, source, { channel, row, col }) {
  const key = source?.layout === "map" ? "term_map" : "term_unit";
  return fill(stage.words[key], { channel: channel + 1, row: row + 1, column: col + 1 });
}

function activation(about) {
  const {
    stage,
    accounts: [account],
    arrays,
  } = about;
  const [wide, deep] = [190, 116];
  const curve = {
    width: wide,
    height: deep + 20,
    draw(ctx, piece) {
      const { theme } = stage;
      const xs = arrays.curve_x.data;
      const ys = arrays.curve_y.data;
      const [low, high] = [Math.min(0, ...ys), Math.max(0, ...ys)];
      const room = (high - low) * 0.08 || 1;
      const x = (value) => piece.x + ((value - xs[0]) / (xs.at(-1) - xs[0])) * wide;
      const y = (value) =>
        piece.y + 16 + deep - ((value - low + room) / (high - low + 2 * room)) * deep;
      ctx.fillStyle = theme.border;
      ctx.fillRect(piece.x, y(0), wide, 1);
      ctx.fillRect(x(0), piece.y + 16, 1, deep);
      ctx.beginPath();
      xs.forEach((value, i) => ctx[i ? "lineTo" : "moveTo"](x(value), y(ys[i])));
      ctx.strokeStyle = theme.lines[0];
      ctx.lineWidth = 2;
      ctx.stroke();
      ctx.beginPath();
      ctx.arc(x(account.x), y(account.value), 5, 0, 7);
      ctx.fillStyle = theme.lines[1];
      ctx.fill();
      const options = { size: 11, colour: theme.muted };
      write(ctx, stage, stage.words.curve, piece.x, piece.y + 7, options);
      write(ctx, stage, brief(xs[0]), piece.x, y(0) + 9, options);
      write(ctx, stage, brief(xs.at(-1)), piece.x + wide, y(0) + 9, { ...options, align: "right" });
    },
  };
  return [...inputs(about), curve];
}

function pool(about) {
  const {
    stage,
    layer,
    accounts: [account],
    arrays,
    place,
  } = about;
  const [rows, columns] = arrays.window.shape;
  const source = layerOf(stage, layer.sources[0]);
  const mark = { row: account.top, column: account.left, rows, columns };
  const unit = Math.max(8, Math.min(34, Math.floor(120 / Math.max(rows, columns))));
  const { data } = arrays.window;
  const peak = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const winner = account.winner
    ? (account.winner[0] - account.top) * columns + account.winner[1] - account.left
    : null;
  const grid = {
    width: Math.max(columns * unit, 70),
    height: 20 + rows * unit,
    draw(ctx, piece) {
      write(ctx, stage, stage.words.window, piece.x, piece.y + 7, {
        size: 11,
        colour: stage.theme.muted,
      });
      drawNumbers(
        ctx,
        stage,
        {
          data,
          rows,
          columns,
          lut: stage.theme.signed,
          low: -peak,
          high: peak,
          padding: arrays.is_padding.data,
          lit: winner,
        },
        piece.x,
        piece.y + 16,
        unit,
      );
    },
  };
  return source?.layout === "map" ? [inputMap(about, source, place.channel, mark), grid] : [grid];
}

const combined = (about) => inputs(about);

const normed = (about) => inputs(about);

function taken(about) {
  const {
    stage,
    layer,
    accounts: [account],
  } = about;
  const source = layerOf(stage, layer.sources[account.source]);
  return source ? [inputMap(about, source, account.channel, null)] : [];
}

// Every class's logit, its exponential and its share.
function softmax({ stage, accounts: [account], place, width }) {
  const { words, theme } = stage;
  const { classes } = stage.reply.about;
  const sum = account.exps.reduce((a, b) => a + b, 0);
  const order = classes
    .map((_, i) => i)
    .sort((a, b) => account.exps[b] - account.exps[a] || a - b)
    .slice(0, 7);
  const wide = Math.min(width, 520);
  const ends = [0.5, 0.72, 0.9].map((part) => part * wide);
  return [
    {
      width: wide,
      height: 20 + order.length * ROW,
      draw(ctx, piece) {
        const head = { size: 11, colour: theme.muted };
        write(ctx, stage, words.class, piece.x, piece.y + 7, head);
        ["logit", "exp", "share"].forEach((name, i) =>
          write(ctx, stage, words[name], piece.x + ends[i], piece.y + 7, {
            ...head,
            align: "right",
          }),
        );
        order.forEach((index, i) => {
          const y = piece.y + 26 + i * ROW;
          const bold = index === place.channel;
          write(ctx, stage, classes[index], piece.x, y, { size: 12, bold });
          [
            brief(account.logits[index]),
            brief(account.exps[index]),
            `${((100 * account.exps[index]) / sum).toFixed(2)} %`,
          ].forEach((text, k) =>
            write(ctx, stage, text, piece.x + ends[k], y, { size: 12, bold, align: "right" }),
          );
        });
      },
    },
  ];
}

function pixel(about) {
  const { stage, layer, place } = about;
  return [
    mapPiece(about, layer, place.channel, {
      mark: { row: place.row, column: place.column, rows: 1, columns: 1 },
      title: fill(stage.words.this_map, { channel: place.channel + 1 }),
      move: ({ row, column }, commit) => choose(stage, { ...place, row, column }, commit),
    }),
  ];
}
