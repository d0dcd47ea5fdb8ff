// Pointer and keys on the filter-sliding stage: what is under them, and what they ask for.
import { pointerPosition } from "../../ui/stage/draw.js";
import { later } from "../../ui/stage/lifetime.js";
import { barUnder, cellUnder } from "./layout.js";
import { stop } from "./play.js";

/** @import { Stage } from "./view.js" */

const COMMIT_MS = 400;

/** @param {Stage} stage */
export function listen(stage, view) {
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
    else view.unlight();
  };
  stage.on("pointermove", (event) => follow(event, false));
  stage.on("pointerdown", (event) => follow(event, true));
  stage.on("pointerleave", () => {
    last = "";
    view.unlight();
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
  view.ask({ ...hit, commit: tapped });
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
  } else if (event.key === "Escape") view.unlight();
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
  view.ask({ kind: "cell", ...next }).then(() => {
    clearTimeout(view.commitTimer);
    view.commitTimer = later(stage, COMMIT_MS, () => stage.set({ cell: stage.values.cell }, true));
  });
}
