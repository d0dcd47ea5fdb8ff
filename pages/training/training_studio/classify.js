// The learner's picture through the network that was just trained.

import { askUntilBegun, UNDER_WAY } from "../../ui/comparison/runs.js";
import { fill, openCanvas, outline, write } from "../../ui/stage/draw.js";
import { later } from "../../ui/stage/lifetime.js";
import { classWord, maskBitmap } from "./masks.js";
import { pictureOf } from "./pictures.js";
import { hearOfRuns } from "./watching.js";

const MOST = 10;
const AGAIN_MS = 1500;

const state = () => ({
  againTimer: 0,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,

  build(stage) {
    askUntilBegun(stage);
    hearOfRuns(stage, (runs) => {
      const run = runs.find(({ name }) => stage.data.source === `runs/${name}/classify`);
      if (run && stage.reply && run.status !== stage.reply.about.status) stage.askAgain();
    });
  },

  paint(stage, reply) {
    clearTimeout(stage.state.againTimer);
    if (UNDER_WAY.includes(reply.about.status)) {
      stage.state.againTimer = later(stage, AGAIN_MS, stage.askAgain);
    }
    const { classes } = reply.about;
    const order = ranked(reply);
    const { masks } = reply.about;
    const { ctx, width } = openCanvas(stage, Math.max(220, 34 + order.length * 24));
    const [height, wide, channels] = reply.seen.shape;
    const side = Math.min(190, width * (masks ? 0.24 : 0.36));
    write(ctx, stage, fill(stage.words.seen, { height, width: wide }), 0, 9, { bold: true });
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(pictureOf(reply.seen.data, height, wide, channels), 0, 26, side, side);
    outline(ctx, { x: 0, y: 26, width: side, height: side }, stage.theme.border);
    if (masks) {
      const answer = maskBitmap(stage, reply.said.data, height, wide);
      write(ctx, stage, stage.words.row_said, side + 12, 9, { bold: true });
      ctx.drawImage(answer, side + 12, 26, side, side);
    }
    const left = (masks ? 2 * side + 12 : side) + 24;
    const room = Math.min(width - left - 60, 420);
    order.forEach((k, i) => {
      const y = 34 + i * 24;
      const prob = reply.probs.data[k];
      ctx.fillStyle = masks ? stage.theme.categories[k] : stage.theme.lines[0];
      ctx.fillRect(left, y + 8, Math.max(1, room * prob), 5);
      write(ctx, stage, classWord(stage, classes[k]), left, y, {
        bold: i === 0,
      });
      const share = `${(100 * prob).toFixed(1)} %`;
      write(ctx, stage, share, left + room + 56, y, { align: "right", mono: true });
    });
  },

  describe(stage, reply) {
    const [best] = ranked(reply);
    const { masks, classes } = reply.about;
    return fill(stage.words[masks ? "alternative_own_masks" : "alternative_classify"], {
      name: classWord(stage, classes[best]),
      percent: (100 * reply.probs.data[best]).toFixed(1),
    });
  },
};

const ranked = ({ probs }) =>
  Array.from(probs.data.keys())
    .sort((a, b) => probs.data[b] - probs.data[a])
    .slice(0, MOST);
