// Filter sliding: input | patch × kernel, product by product, sum + bias | output.
//
// The chosen cell, filter and channel are local: the picture stays, and only that cell's arithmetic
// is asked of the engine, one question at a time. Hovering asks in passing; tapping, stepping and
// the keys put the cell into the link.

import { fill, openCanvas, pointerPosition, write } from "../../ui/stage/draw.js";
import { later } from "../../ui/stage/lifetime.js";
import { say } from "../../ui/stage/painting.js";
import { showPlayer } from "../../ui/stage/parts.js";
import { drawSums, placeSums, planSums } from "../../ui/stage/sums.js";
import { barUnder, cellUnder, layOut } from "./layout.js";
import { drawChoice, drawInput, drawLit, drawOutput, drawScales } from "./maps.js";
import { buildPlace, showPlace } from "./place.js";
import { addPlayer, stop } from "./play.js";
import { buildReadout, filterName, showReadout } from "./readout.js";
import { drawChoiceRow, drawInputRow, drawLitRow, drawOutputRow } from "./rows.js";

const COMMIT_MS = 400;

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
    const goTo = (row, column, options = {}) =>
      ask(stage, view, { kind: "cell", row, column, ...options });
    view.light = (kind, row, column) => ask(stage, view, { kind, row, column });
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
  const places = placeSums(view, layout, plan);
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

/** @param {Stage} stage */
function listen(stage, view) {
  const { canvas } = stage;
  let last = "";
  const follow = (event, tapped) => {
    if (!view.layout) return;
    const { x, y } = pointerPosition(stage, event);
    const hit = whatIsAt(view, x, y);
    const key = hit ? JSON.stringify(hit) : "";
    if (key === last && !tapped) return;
    last = key;
    canvas.style.cursor = hit && hit.kind !== "fed" ? "pointer" : "";
    if (hit) act(stage, view, hit, tapped);
    else unlight(stage, view);
  };
  stage.on("pointermove", (event) => follow(event, false));
  stage.on("pointerdown", (event) => follow(event, true));
  stage.on("pointerleave", () => {
    last = "";
    unlight(stage, view);
  });
  stage.on("keydown", (event) => pressed(stage, view, event));
}

/** @param {Stage} stage */
function act(stage, view, hit, tapped) {
  if (hit.kind === "filter" || hit.kind === "channel") {
    if (tapped) stage.set({ [hit.kind]: String(hit.index) }, true);
    return;
  }
  if (hit.kind === "cell") stop(stage, view);
  else if (view.playing) return;
  if (hit.kind === "weight" && tapped) {
    const { weights } = view.parts;
    const columns = view.reply.kernel.shape[3];
    stage.set({ channel: String(hit.channel) }, false);
    setTimeout(() => weights.children[hit.row * columns + hit.column]?.select(), 0);
  }
  ask(stage, view, { ...hit, commit: tapped });
}

// What can be pointed at: output cell, input cell, weight, another filter, another channel.
function whatIsAt({ layout, places, reply }, x, y) {
  const within = (box) =>
    x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
  for (const kind of ["filter", "channel"]) {
    const index = layout[`${kind}s`].findIndex(within);
    if (index >= 0) return { kind, index };
  }
  const under = (part) =>
    reply.about.dims === 1 ? barUnder(part, layout.unit, x, y) : cellUnder(part, x, y);
  const output = under(layout.output);
  if (output) return { kind: "cell", ...output };
  const input = under(layout.input);
  if (input) return { kind: "fed", ...input };
  for (const kernel of places.kernels) {
    const weight = cellUnder(kernel, x, y);
    if (weight) return { kind: "weight", ...weight, channel: kernel.channel };
  }
  return null;
}

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

// Arrows move the output cell, with Shift the input cell; space plays; 1 to 6 choose a filter.
/** @param {Stage} stage */
function pressed(stage, view, event) {
  const step = STEPS[event.key];
  const filters = view.reply?.output.shape[0];
  if (!view.reply || event.ctrlKey || event.metaKey || event.altKey) return;
  if (step) moveBy(stage, view, step, event.shiftKey);
  else if (event.key === " ") view.player.play.click();
  else if (event.key >= "1" && event.key <= String(filters)) {
    stage.set({ filter: String(Number(event.key) - 1) }, true);
  } else if (event.key === "Escape") unlight(stage, view);
  else return;
  event.preventDefault();
}

/** @param {Stage} stage */
function moveBy(stage, view, [down, right], onInput) {
  const [, rows, columns] = (onInput ? view.reply.input : view.reply.output).shape;
  const clamp = (at, count) => Math.min(count - 1, Math.max(0, at));
  stop(stage, view);
  if (onInput) {
    const from = view.lit?.kind === "fed" ? view.lit : { row: -down, column: -right };
    view.light("fed", clamp(from.row + down, rows), clamp(from.column + right, columns));
    return;
  }
  const { row, col } = view.aim ?? view.sums.about.cell; // keys may be faster than answers
  const next = { row: clamp(row + down, rows), column: clamp(col + right, columns) };
  ask(stage, view, { kind: "cell", ...next }).then(() => {
    clearTimeout(view.commitTimer);
    view.commitTimer = later(stage, COMMIT_MS, () => stage.set({ cell: stage.values.cell }, true));
  });
}
