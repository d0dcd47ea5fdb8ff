// Backpropagation: a small net as cards with every number, wires between them, the walk forward and
// back, one number's influence with its paths, and how the net learns.
import { fill } from "../../ui/stage/draw.js";
import { say } from "../../ui/stage/painting.js";
import { showPlayer } from "../../ui/stage/parts.js";
import { buildWalk, stepsMade } from "../../ui/stage/walk.js";
import { buildBoard, commitTried, showBoard } from "./board.js";
import { showCharts } from "./charts.js";
import { buildLearning, showLearning } from "./learn.js";
import { buildPanels, showPanels } from "./panels.js";
import { drawWires } from "./wires.js";

const BEAT_MS = 1100;
const FIRST = { source: "x[0]", target: "L", example: "0", batch: "", step: "" };

const state = () => ({
  board: null,
  panels: null,
  player: null,
  learning: null,
  run: null, // a hundred steps, and how many of them are shown
  tried: null, // what was typed and is not answered yet
  say: null, // a sentence over the picture
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  charts: "below",
  local: ["step"],

  build(stage) {
    stage.state.say = (text) => say(stage, text);
    buildBoard(stage);
    buildPanels(stage);
    const count = () => stage.reply?.about.steps.length ?? 0;
    stage.state.player = buildWalk(stage, "step", count, BEAT_MS);
    buildLearning(stage);
  },

  // What was typed belongs to a net of that size; a number that is not in the next one is not asked
  // about.
  adjust(stage, changes) {
    const moved = (name) => name in changes && changes[name] !== stage.values[name];
    const follow = {};
    if (["inputs", "hidden", "outputs"].some(moved)) Object.assign(follow, FIRST, { weights: "" });
    if (moved("examples")) Object.assign(follow, { batch: "", example: "0" });
    const source = changes.source ?? stage.values.source;
    if (changes.loss === "cross_entropy" && source[0] === "y")
      follow.source = source.replace("y", "z2");
    return { ...follow, ...changes };
  },

  paint(stage, reply, values) {
    const shown = shownOf(reply, values);
    showBoard(stage, reply, values, shown);
    showPanels(stage, reply, values, shown);
    showPlayer(stage, stage.state.player);
    showLearning(stage, reply, values);
    drawWires(stage, reply, values);
    showCharts(stage, reply, values);
    commitTried(stage, values);
  },

  describe({ words }, { about }, values) {
    const { inputs, hidden, outputs, source, target } = values;
    return fill(words.alternative, {
      sizes: `${inputs}-${hidden}-${outputs}`,
      loss: Number(about.values.L.toPrecision(3)),
      source,
      target,
      sum: Number(about.influence.sum.toPrecision(3)),
      paths: about.influence.paths.length,
    });
  },
};

// How many steps of the walk have been made; all of them where nobody walks.
const shownOf = ({ about }, { step }) => stepsMade(step, about.steps.length);
