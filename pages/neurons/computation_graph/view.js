// Computation graph: the program's lines, the graph that autograd keeps of it, one node opened.
import { fill, openCanvas, pointerPosition } from "../../ui/stage/draw.js";
import { note, showPlayer } from "../../ui/stage/parts.js";
import { buildWalk, stepsMade } from "../../ui/stage/walk.js";
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
    const count = () => stage.reply?.about.lines.length ?? 0;
    stage.state.player = buildWalk(stage, "line", count, BEAT_MS);
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
    const shown = stepsMade(values.line, about.lines.length);
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
