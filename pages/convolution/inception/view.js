// Inception module: the learner's picture, and the maps of four branches side by side, behind the
// 1×1 (or the pooling) and in the end; at the foot what the bottlenecks save.
import { brief, fill, openCanvas, outline, pictureBitmap, write } from "../../ui/stage/draw.js";
import { columns, element, heading, note } from "../../ui/stage/parts.js";
import { drawTiles, heightOf } from "./tiles.js";

/** @import { Box, Context } from "../../ui/stage/types.d.ts" */

const NARROW_PX = 620;
const APART = 18;
const TITLE_PX = 24;
const PHOTO_PX = 150;
const PAPERS_PX = 5; // side of the filters of the third branch

const state = () => ({
  reply: null, // the one that `photo` belongs to
  photo: null,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,

  build(stage) {
    stage.root.classList.add("wide");
  },

  paint(stage, reply) {
    const { branches } = reply.about;
    const width = stage.canvas.clientWidth || stage.frame.clientWidth;
    const isNarrow = width < NARROW_PX;
    const lanes = isNarrow ? 2 : 4;
    const photo = photoBox(reply, isNarrow ? Math.min(width, PHOTO_PX) : PHOTO_PX);
    const left = isNarrow ? 0 : PHOTO_PX + APART;
    const top = isNarrow ? photo.height + 58 : 0;
    const lane = (width - left - APART * (lanes - 1)) / lanes;
    const heights = { between: 0, out: 0 };
    for (const { steps } of branches)
      for (const [step, facts] of Object.entries(steps))
        heights[step] = Math.max(heights[step], heightOf(facts.picked.length, lane, reply.about));
    const row = TITLE_PX + heights.between + heights.out + APART;
    const { ctx } = openCanvas(stage, Math.max(top + row * (4 / lanes), photo.height + 40));
    drawPhoto(ctx, stage, reply, photo);
    branches.forEach((branch, k) => {
      const x = left + (k % lanes) * (lane + APART);
      const y = top + Math.floor(k / lanes) * row;
      write(ctx, stage, titleOf(stage.words, branch), x, y + 9, { size: 13, bold: true });
      let from = y + TITLE_PX;
      for (const step of ["between", "out"]) {
        const box = { x, y: from, width: lane, height: heights[step] };
        drawStep(ctx, stage, reply, branch, step, box);
        from += heights[step];
      }
    });
    tell(stage, reply);
  },

  describe({ words }, { about }) {
    const parts = about.branches.map((branch) => {
      const { channels, high } = branch.steps.out;
      return `${titleOf(words, branch)}: ${stepText(words, "out", { channels, high })}.`;
    });
    return `${moduleText(words, about)} ${parts.join(" ")}`;
  },
};

/** @type {(words: Record<string, string>, branch: any) => string} */
const titleOf = (words, { name, kernel }) => {
  const key = name === "five" && kernel !== PAPERS_PX ? "five_theirs" : name;
  return fill(words[`branch_${key}`], { size: kernel });
};

/** @type {(words: Record<string, string>, step: string, facts: any) => string} */
const stepText = (words, step, { channels, high }) =>
  fill(words[`step_${step}`], { channels, high: brief(high) });

/** @type {(words: Record<string, string>, about: any) => string} */
const moduleText = (words, { shape: [channels, rows, columns], out }) =>
  fill(words.module_text, { rows, columns, channels, out });

/** @type {(reply: any, width: number) => Box} */
function photoBox({ view }, width) {
  const [rows, columns] = view.shape;
  return { x: 0, y: TITLE_PX, width, height: (width * rows) / columns };
}

/** @type {(ctx: Context, stage: Stage, reply: any, box: Box) => void} */
function drawPhoto(ctx, stage, reply, box) {
  const own = stage.state;
  if (own.reply !== reply) Object.assign(own, { reply, photo: pictureBitmap(reply.view) });
  const { words, theme } = stage;
  const [channels, rows, columns] = reply.about.shape;
  write(ctx, stage, words.photo, 0, 9, { size: 13, bold: true });
  ctx.imageSmoothingEnabled = true;
  ctx.drawImage(own.photo, box.x, box.y, box.width, box.height);
  outline(ctx, box, theme.border);
  const text = fill(words.comes_in, { rows, columns, channels });
  write(ctx, stage, text, 0, box.y + box.height + 11, { size: 11, colour: theme.muted });
}

/** @type {(ctx: Context, stage: Stage, reply: any, branch: any, step: string, box: Box) => void} */
function drawStep(ctx, stage, reply, branch, step, box) {
  const { words, theme } = stage;
  const facts = branch.steps[step];
  const muted = { size: 11, colour: theme.muted };
  if (!facts) return write(ctx, stage, words.step_none, box.x, box.y + 7, muted);
  const kind = branch.name === "pool" && step === "between" ? "pooled" : step;
  write(ctx, stage, stepText(words, kind, facts), box.x, box.y + 7, muted);
  drawTiles(ctx, stage, reply[`${branch.name}_${step}`], box);
}

/** @param {Stage} stage */
function tell(stage, { about }) {
  const { words } = stage;
  const million = (value) => `${brief(value / 1e6)} M`;
  const row = (text, { kept, without, times }, name, write) => [
    text,
    write(kept[name]),
    write(without[name]),
    `×${brief(times[name])}`,
  ];
  const large = about.branches
    .filter(({ name }) => name === "three" || name === "five")
    .map((branch) => {
      const { kept, without } = branch;
      return row(
        titleOf(words, branch),
        { kept, without, times: timesOf(branch) },
        "macs",
        million,
      );
    });
  const whole = (value) => value.toLocaleString("en");
  const rows = [
    ...large,
    row(words.row_macs, about.total, "macs", million),
    row(words.row_params, about.total, "params", whole),
    row(words.row_ms, about.large, "ms", (value) => `${brief(value)} ms`),
  ];
  const made = columns(
    [words.head_cost, words.head_kept, words.head_without, words.head_times],
    rows,
  );
  made.dataset.testid = "saved";
  const changed = fill(words.changed, {
    percent: brief(about.changed_percent),
    share: about.share,
  });
  const notes = [note(about.share === 100 ? words.unchanged : changed, "changed"), note(words.ran)];
  const [table, said] = [element("section"), element("section")];
  table.append(heading(words.saved), made);
  said.append(...notes);
  const side = element("div", "", "", "columns");
  side.append(table, said);
  stage.readout.replaceChildren(side);
}

/** @type {(branch: any) => { macs: number }} */
const timesOf = ({ kept, without }) => ({ macs: without.macs / kept.macs });
