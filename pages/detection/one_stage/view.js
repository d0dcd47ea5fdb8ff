// One stage: the three grids of NanoDet on the same picture, what each cell says of the thing that
// is followed, and which cell of which grid has it while the picture is shown larger or smaller.

import { cellAt, fill, openCanvas, pointerPosition } from "../../ui/stage/draw.js";
import { drawProgress, photoShape } from "../../ui/stage/photo.js";
import { askZooms, showCurves, showSides, zoomState } from "./charts.js";
import { drawGrids, drawWaiting, panelsOf } from "./grids.js";
import { tell } from "./readout.js";
import { buildThings, showThings } from "./things.js";

const STEPS = {
  ArrowUp: [0, -1, 0],
  ArrowDown: [0, 1, 0],
  ArrowLeft: [0, 0, -1],
  ArrowRight: [0, 0, 1],
  PageUp: [-1, 0, 0], // to the finer grid, at the same place
  PageDown: [1, 0, 0],
};

const state = () => ({
  panels: null,
  pointed: null, // a cell, [grid, row, column]
  things: null, // the list of what can be followed
  zooms: zoomState(),
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  charts: "below",

  build(stage) {
    stage.root.classList.add("wide");
    buildThings(stage);
    stage.on("pointermove", (event) => {
      if (event.pointerType === "mouse") point(stage, cellUnder(stage, event));
    });
    stage.on("pointerleave", () => point(stage, null));
    stage.on("click", (event) => choose(stage, event));
    stage.on("keydown", (event) => walk(stage, event));
  },

  wait(stage, _, progress) {
    const shape = photoShape(stage, stage.data.fixed.picture);
    stage.state.panels = null;
    if (!shape) return false;
    const { panels, height } = panelsOf(stage);
    const { ctx } = openCanvas(stage, height);
    drawWaiting(ctx, stage, panels, shape);
    if (stage.busy) drawProgress(ctx, stage, panels[1], progress);
    return true;
  },

  paint(stage, reply, values) {
    const { panels, height } = panelsOf(stage);
    stage.state.panels = panels;
    const { ctx } = openCanvas(stage, height);
    showThings(stage, reply, values);
    drawGrids(ctx, stage, reply, panels);
    askZooms(stage, values);
    showCurves(stage, reply, values);
    showSides(stage, reply, values);
    tell(stage, reply, values);
  },

  describe(stage, { about }, values) {
    const { words } = stage;
    const { thing, winner, best } = about;
    const params = { name: thing.name, zoom: values.zoom, size: Math.round(about.thing_px) };
    if (winner === null) return fill(words.alternative_lost, params);
    const [rows, columns] = about.grids[winner];
    const score = best[winner].score.toFixed(2);
    return fill(words.alternative, { ...params, rows, columns, score });
  },
};

/** @param {Stage} stage */
function cellUnder(stage, event) {
  const { reply, state } = stage;
  if (!state.panels || !reply) return null;
  const { x, y } = pointerPosition(stage, event);
  for (const [grid, panel] of state.panels.entries()) {
    const [rows, columns] = reply.about.grids[grid];
    const found = cellAt(panel, rows, columns, x, y);
    if (found) return [grid, found.row, found.column];
  }
  return null;
}

/** @param {Stage} stage */
function point(stage, cell) {
  if (String(cell) === String(stage.state.pointed)) return;
  stage.state.pointed = cell;
  stage.repaint();
}

/** @param {Stage} stage */
function choose(stage, event) {
  const cell = cellUnder(stage, event);
  if (!cell) return;
  stage.canvas.focus({ preventScroll: true });
  stage.set({ cell: String(cell) === stage.values.cell ? "" : String(cell) });
}

// Arrows walk over the grid of the cell that is opened, Page Up and Page Down from grid to grid.
/** @param {Stage} stage */
function walk(stage, event) {
  const step = STEPS[event.key];
  if (!stage.reply || (!step && event.key !== "Escape")) return;
  event.preventDefault();
  stage.state.pointed = null;
  if (!step) return void stage.set({ cell: "" });
  const { grids, cell: opened } = stage.reply.about;
  const [grid, row, column] = opened.place;
  const to = within(grid + step[0], grids.length);
  const [rows, columns] = grids[to];
  const places = [
    [row, rows / grids[grid][0], rows],
    [column, columns / grids[grid][1], columns],
  ];
  const [down, across] = places.map(([at, factor, all], i) =>
    within(Math.floor((at + 0.5) * factor) + step[1 + i], all),
  );
  stage.set({ cell: `${to},${down},${across}` });
}

/** @type {(value: number, count: number) => number} */
const within = (value, count) => Math.min(Math.max(value, 0), count - 1);
