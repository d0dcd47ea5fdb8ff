// Filter sliding: input | patch × kernel, product by product, sum + bias | output.
//
// The chosen cell, filter and channel are local: the picture stays, and only that cell's arithmetic
// is asked of the engine, one question at a time. Hovering asks in passing; tapping, stepping and
// the keys put the cell into the link.

import { fill, openCanvas, write } from "../../ui/stage/draw.js";
import { say } from "../../ui/stage/painting.js";
import { showPlayer } from "../../ui/stage/parts.js";
import { drawSums, placeSums, planSums } from "../../ui/stage/sums.js";
import { scaleOf } from "./bitmaps.js";
import { layOut } from "./layout.js";
import { drawChoice, drawInput, drawLit, drawOutput, drawScales } from "./maps.js";
import { buildPlace, showPlace } from "./place.js";
import { addPlayer } from "./play.js";
import { listen } from "./pointing.js";
import { buildReadout, filterName, showReadout } from "./readout.js";
import { drawChoiceRow, drawInputRow, drawLitRow, drawOutputRow } from "./rows.js";

const state = () => ({
  reply: null,
  sums: null, // the arithmetic of one cell
  aim: null, // the cell that is being asked for
  filter: 0,
  channel: 0,
  lit: null, // what is linked to the thing pointed at
  note: "",
  wanted: null, // the next question
  asking: false,
  answered: null, // resolves when nothing more is wanted
  playing: false,
  reached: null, // the last output cell filled by the player
  layout: null,
  places: null,
  parts: null, // of the readout
  player: null,
  commitTimer: 0,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["cell", "filter", "channel"],

  build(stage) {
    const view = stage.state;
    view.ask = (wanted) => ask(stage, view, wanted);
    const goTo = (row, column, options = {}) => view.ask({ kind: "cell", row, column, ...options });
    view.light = (kind, row, column) => view.ask({ kind, row, column });
    view.unlight = () => unlight(stage, view);
    addPlayer(stage, view, goTo);
    buildReadout(stage, view);
    buildPlace(stage, view);
    listen(stage, view);
  },

  // An edited kernel belongs to one preset, size and number of channels: changing any forgets it.
  // Some presets exist only for pictures, or only for signals: the engine names the nearest one.
  adjust(stage, changes) {
    const follow = {};
    const moved = (name) => name in changes && changes[name] !== stage.values[name];
    if (["preset", "kernel_size", "colour"].some(moved)) follow.weights = "";
    if (moved("scene")) {
      const kinds = [changes.scene, stage.values.scene].map((scene) => scene === "signal");
      if (kinds[0] !== kinds[1]) {
        follow.preset = stage.reply?.about.twin ?? stage.values.preset;
        follow.weights = "";
      }
    }
    return { ...changes, ...follow };
  },

  paint(stage, reply, values) {
    const view = stage.state;
    if (reply !== view.reply) take(view, reply);
    view.channel = reply.input.shape[0] > 1 ? Number(values.channel) : 0;
    const filter = Math.min(Number(values.filter), reply.output.shape[0] - 1);
    view.filter = filter;
    if (view.sums.about.cell.filter !== filter && !view.wanted) {
      const { row, col } = view.sums.about.cell;
      ask(stage, view, { kind: "cell", row, column: col });
    }
    draw(stage, view);
    showPlayer(stage, view.player, view.playing);
    showReadout(stage, view);
    showPlace(stage, view);
  },

  describe(stage, { about }) {
    const { note, sums } = stage.state;
    const { cell } = sums.about;
    const shape = ([channels, rows, columns]) => `${rows} × ${columns} × ${channels}`;
    const text = fill(stage.words.alternative, {
      input: shape(about.cost.input_shape),
      output: shape(about.cost.output_shape),
      filter: filterName(stage, about.filters[cell.filter]),
      row: cell.row + 1,
      column: cell.col + 1,
      total: Number(cell.total.toPrecision(4)),
    });
    return note ? `${note} ${text}` : text;
  },
};

// A new answer of the engine brings the arithmetic of the chosen cell with it.
function take(view, reply) {
  view.reply = reply;
  view.sums = reply;
  view.lit = null;
  view.note = "";
  const [, rows, columns] = reply.output.shape;
  view.reached = view.playing ? Math.min(view.reached, rows * columns - 1) : null;
}

/** @param {Stage} stage */
function draw(stage, view) {
  const { about, kernel } = view.reply;
  const layout = layOut(stage, about);
  const [, channels, ...kernelSize] = kernel.shape;
  const plan = planSums(layout.sums, layout.narrow, channels, kernelSize);
  const { ctx } = openCanvas(stage, layout.sums.y + plan.height);
  const row = about.dims === 1;
  (row ? drawInputRow : drawInput)(ctx, stage, view, layout);
  (row ? drawOutputRow : drawOutput)(ctx, stage, view, layout);
  const scale = scaleOf(stage, about, view.sums.about.cell.filter);
  const places = { ...placeSums(view, layout, plan), scale };
  (row ? drawChoiceRow : drawChoice)(ctx, stage, view, layout, places);
  if (!row) drawScales(ctx, stage, view, layout);
  drawTitles(ctx, stage, view, layout);
  drawSums(ctx, stage, view, layout, plan, places);
  if (view.lit) (row ? drawLitRow : drawLit)(ctx, stage, view, layout);
  Object.assign(view, { layout, places });
}

/** @param {Stage} stage */
function drawTitles(ctx, stage, view, { input, output, narrow }) {
  const { cost, filters } = view.reply.about;
  const title = (text, x, y) => {
    ctx.font = `600 13px ${stage.theme.font}`;
    ctx.fillStyle = stage.theme.background; // over the lines that come from a signal's kernel
    ctx.fillRect(x, y - 18, ctx.measureText(text).width + 4, 16);
    write(ctx, stage, text, x, y - 10, { size: 13, bold: true });
  };
  const [channels, rows, columns] = cost.input_shape;
  title(`${stage.words.input} ${rows} × ${columns} × ${channels}`, input.x, input.y);
  const [count, outRows, outColumns] = cost.output_shape;
  const shape = `${stage.words.output} ${outRows} × ${outColumns} × ${count}`;
  const name = narrow ? "" : ` · ${filterName(stage, filters[view.filter])}`;
  title(shape + name, output.x, output.y);
}

// At most one question in flight; the newest wins. Resolves when nothing more is wanted.
/** @param {Stage} stage */
async function ask(stage, view, wanted) {
  view.wanted = wanted;
  if (wanted.kind === "cell") view.aim = { row: wanted.row, col: wanted.column };
  if (view.asking) return view.answered;
  view.asking = true;
  view.answered = answer(stage, view);
  await view.answered;
  return undefined;
}

/** @param {Stage} stage */
async function answer(stage, view) {
  while (view.wanted) {
    const wanted = view.wanted;
    view.wanted = null;
    const { reply } = view;
    const filter = Math.min(Number(stage.values.filter), reply.output.shape[0] - 1);
    const place = { filter, row: wanted.row, col: wanted.column };
    try {
      const question = { ...stage.data.fixed, ...stage.replyValues, ...place };
      const answered = await stage.ask(`${stage.data.source}/${wanted.kind}`, question);
      if (reply !== view.reply) {
        // the picture has moved on: the same cell of the new one
        if (wanted.kind === "cell") view.wanted ??= within(wanted, view.reply.output.shape);
        continue;
      }
      if (wanted.kind === "cell") showCell(stage, view, wanted, answered);
      else showLit(stage, view, wanted, answered);
    } catch (error) {
      if (reply === view.reply) say(stage, error.refused ? error.message : stage.words.stage_lost);
    }
  }
  view.asking = false;
  view.aim = null;
}

const within = (wanted, [, rows, columns]) => ({
  ...wanted,
  row: Math.min(wanted.row, rows - 1),
  column: Math.min(wanted.column, columns - 1),
});

/** @param {Stage} stage */
function showCell(stage, view, { row, column, reached = null, commit = false }, answered) {
  view.sums = answered;
  view.reached = reached;
  view.lit = null;
  view.note = "";
  stage.set({ cell: `${row},${column}` }, commit);
}

/** @param {Stage} stage */
function showLit(stage, view, { kind, row, column }, answered) {
  const { links } = answered;
  view.lit = { kind, row, column, links };
  const [count] = links.shape;
  const note = kind === "weight" ? "note_weight" : count ? "note_fed" : "note_unfed";
  view.note = fill(stage.words[note], { row: row + 1, column: column + 1, count });
  stage.repaint();
}

/** @param {Stage} stage */
function unlight(stage, view) {
  if (view.wanted && view.wanted.kind !== "cell") view.wanted = null;
  if (!view.lit) return;
  view.lit = null;
  view.note = "";
  stage.repaint();
}
