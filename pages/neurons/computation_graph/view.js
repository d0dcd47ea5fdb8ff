// Computation graph: the program's lines, the graph that autograd keeps of it, one node opened.
import { fill, openCanvas, pointerPosition } from "../../ui/stage/draw.js";
import { later } from "../../ui/stage/lifetime.js";
import { buildPlayer, note, showPlayer } from "../../ui/stage/parts.js";
import { drawGraph } from "./drawing.js";
import { buildField, showField } from "./field.js";
import { grown, nodeAt, placeNodes } from "./places.js";
import { buildReadout, showReadout } from "./readout.js";
import { buildStatic, showStatic } from "./static.js";

const BEAT_MS = 900;

const state = () => ({
  parts: null,
  places: null,
  player: null,
  field: null,
  fixed: null, // what a static graph holds
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  local: ["line"],

  build(stage) {
    stage.frame.style.overflowX = "auto";
    buildField(stage);
    const walk = (by) => stage.set({ line: lineAfter(stage, by) });
    stage.state.player = buildPlayer(stage, {
      back: () => walk(-1),
      step: () => walk(1),
      play: () => play(stage),
    });
    stage.frame.append(note(stage.words.legend, "legend"));
    buildStatic(stage);
    buildReadout(stage);
    stage.on("click", (event) => {
      const { x, y } = pointerPosition(stage, event);
      const node = stage.state.places && nodeAt(stage.state.places.boxes, x, y);
      if (node !== null) stage.set({ node: String(node) });
    });
    stage.on("pointermove", (event) => {
      const { x, y } = pointerPosition(stage, event);
      const node = stage.state.places && nodeAt(stage.state.places.boxes, x, y);
      stage.canvas.style.cursor = node === null ? "" : "pointer";
    });
    stage.on("keydown", (event) => pressed(stage, event));
  },

  // Another program has other nodes and lines.
  adjust(stage, changes) {
    const moved = (name) => name in changes && changes[name] !== stage.values[name];
    const other = ["program", "expression", "block", "run"].some(moved);
    return other ? { node: "0", line: "", ...changes } : changes;
  },

  paint(stage, reply, values) {
    const { about } = reply;
    const count = about.lines.length;
    const shown = values.line === "" ? count : Math.min(Number(values.line), count);
    const room = stage.frame.clientWidth;
    const places = placeNodes(about, room);
    stage.canvas.style.width = `${places.width}px`;
    stage.state.places = places;
    const { ctx } = openCanvas(stage, places.height);
    drawGraph(ctx, stage, about, places, grown(about.nodes, shown), about.open.number);
    showPlayer(stage, stage.state.player);
    showReadout(stage, reply, shown);
    showField(stage, values);
    showStatic(stage, values);
  },

  describe({ words }, { about }) {
    const leaves = about.nodes.filter(({ leaf }) => leaf).length;
    const { number } = about.open;
    return fill(words.alternative, {
      nodes: about.nodes.length,
      leaves,
      lines: about.lines.length,
      open: about.nodes[number].leaf || about.nodes[number].name,
    });
  },
};

/** @type {(stage: Stage, by: number) => string} */
function lineAfter(stage, by) {
  const count = stage.reply?.about.lines.length ?? 0;
  const { line } = stage.values;
  const from = line === "" ? (by > 0 ? 0 : count) : Number(line);
  const to = Math.max(0, from + by);
  return to > count ? "" : String(to);
}

/** @param {Stage} stage */
function play(stage) {
  const { player } = stage.state;
  if (player.timer !== null) {
    clearTimeout(player.timer);
    player.timer = null;
    stage.repaint();
    return;
  }
  const beat = () => {
    const line = lineAfter(stage, 1);
    player.timer = line === "" ? null : later(stage, BEAT_MS, beat);
    stage.set({ line }, line === "");
  };
  if (stage.values.line === "") stage.set({ line: "0" }, false);
  player.timer = later(stage, 1, beat);
}

// Up to what a node is computed from, down to what uses it, left and right through all of them.
/** @param {Stage} stage */
function pressed(stage, event) {
  const about = stage.reply?.about;
  if (!about) return;
  const { nodes, open } = about;
  const at = open.number;
  const to = {
    ArrowUp: nodes[at].inputs.find((each) => each !== null),
    ArrowDown: nodes.findIndex(({ inputs }) => inputs.includes(at)),
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
  }[event.key];
  if (to === undefined || to < 0 || to >= nodes.length) return;
  event.preventDefault();
  stage.set({ node: String(to) });
}
