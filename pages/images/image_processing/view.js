// Image processing: a chain of OpenCV operations on the learner's picture. The list of steps at the
// left: steps.js; before and after: halves.js; the numbers at the right: readout.js.
import { fill } from "../../ui/stage/draw.js";
import { followCorners } from "./corners.js";
import { followDivider } from "./divider.js";
import { drawLook } from "./halves.js";
import { showHistogram } from "./histogram.js";
import { decibels, showReadout } from "./readout.js";
import { buildSteps, current, showSteps } from "./steps.js";

const state = () => ({
  reply: null, // the one that the bitmaps show
  before: null,
  after: null,
  box: null, // of the picture with the divider
  corners: null, // of the picture with the corners
  hasCorners: false,
  list: null,
  classes: { reply: null, answer: null, isFresh: false, isBusy: false, timer: undefined },
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  local: ["divider", "look"],
  charts: "below",
  texts: { divider: (value) => `${value} %` },

  build(stage) {
    buildSteps(stage);
    followDivider(stage);
    followCorners(stage);
  },

  paint(stage, reply, values) {
    showSteps(stage);
    const { steps, open } = current(stage);
    stage.state.hasCorners = steps[open]?.name === "perspective" && steps[open].isOn;
    drawLook(stage, reply, values);
    stage.canvas.style.cursor = stage.state.box ? "ew-resize" : "";
    showHistogram(stage, reply, values);
    showReadout(stage, reply, values);
  },

  describe({ words }, { about }, values) {
    const { steps, opened, psnr_db } = about;
    const chain = steps.map(({ name }) => words[`op_${name}`]).join(", ");
    const name = steps[opened] ? words[`op_${steps[opened].name}`] : words.nothing;
    const [before, after] = psnr_db.map((value) => decibels(words, value));
    const told = { chain: chain || words.nothing, name, before, after, divider: values.divider };
    return fill(words.alternative, told);
  },
};
