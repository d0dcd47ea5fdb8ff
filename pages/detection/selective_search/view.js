// Selective Search: the regions over the picture when so many are left, and under it the tree of
// all merges; the region pointed at with its two parts, what it becomes, and the numbers of both.

import { inParts, offerLabels } from "../../ui/own_labels/using.js";
import {
  boxOn,
  buildBoxButtons,
  drawHandles,
  editBoxes,
  readBoxes,
  writeBoxes,
} from "../../ui/stage/box_editor.js";
import { fill, openCanvas, pointerPosition } from "../../ui/stage/draw.js";
import { later } from "../../ui/stage/lifetime.js";
import { drawBest, drawRegions } from "./picture.js";
import { addPlayer, showMerge } from "./player.js";
import { tell } from "./readout.js";
import { growTree, lastMade, walkTo } from "./tree.js";
import { drawTree, placesOf, regionAt } from "./tree_drawing.js";

const MOST_DRAWN = 20;
const WHOLE = 1000; // parts of a side
const WEIGHTS = ["colour", "texture", "size", "fill"];
const LEAST_WEIGHT = 0.1; // a step of the slider
const KEYS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];

const state = () => ({
  tree: null, // of the merges in shownMerges
  shownMerges: null,
  places: null, // of the picture and the tree
  pointed: null, // a region
  madeFrom: null, // what the numbers of the regions and the drawn boxes belong to
  editor: null,
  showButtons: () => {},
  player: null,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["left", "shown", "node"],
  texts: { left: (value, stage) => String(Math.min(value, stage.reply?.about.first ?? value)) },

  build(stage) {
    addPlayer(stage);
    stage.state.editor = editBoxes(stage, {
      boxes: () => readBoxes(stage.values.truth),
      place: () => stage.state.places?.picture,
      change: (boxes, commit) => stage.set({ truth: writeBoxes(boxes) }, commit),
      may: () => ({
        edit: true,
        remove: true,
        draw: readBoxes(stage.values.truth).length < MOST_DRAWN,
      }),
    });
    stage.state.showButtons = buildBoxButtons(stage, stage.state.editor);
    offerLabels(stage, {
      most: 1,
      link: ([{ boxes }]) => ({ truth: inParts(boxes, WHOLE).slice(0, MOST_DRAWN).join(";") }),
    });
    stage.on("pointermove", (event) => point(stage, event));
    stage.on("pointerleave", () => pointAt(stage, null));
    stage.on("click", (event) => choose(stage, event));
    stage.on("keydown", (event) => walk(stage, event));
  },

  // with all weights at 0 no pair would be more alike than another
  adjust(stage, changes) {
    const after = { ...stage.values, ...changes };
    const moved = WEIGHTS.find((name) => name in changes);
    if (!moved || WEIGHTS.some((name) => after[name] > 0)) return changes;
    return { ...changes, [moved]: LEAST_WEIGHT };
  },

  paint(stage, reply, values) {
    if (stage.state.shownMerges !== reply.merges.data) {
      stage.state.shownMerges = reply.merges.data;
      stage.state.tree = growTree(reply.merges.data);
      stage.state.pointed = null;
    }
    forgetOutdated(stage, reply, values);
    const { tree } = stage.state;
    stage.state.places = placesOf(stage.frame.clientWidth, reply.about.size);
    const { ctx } = openCanvas(stage, stage.state.places.bottom);
    const left = Math.min(values.left, tree.first);
    const focus = focusOf(stage, values);
    drawRegions(ctx, stage, reply, { ...values, left }, focus);
    drawBest(ctx, stage, reply);
    drawTruths(ctx, stage, values);
    drawTree(ctx, stage, { left, focus });
    showMerge(stage, left);
    stage.state.showButtons();
    tell(stage, reply, left, focus);
  },

  describe(stage, { about }, values) {
    const left = Math.min(values.left, about.first);
    return fill(stage.words.alternative, {
      first: about.first,
      merges: about.first - left,
      left,
      proposals: about.proposals,
    });
  },
};

// The region pointed at, else the one chosen; null where there is none.
/** @param {Stage} stage */
function focusOf(stage, values) {
  const { pointed, tree } = stage.state;
  const region = pointed ?? (values.node === "" ? null : Number(values.node));
  return region !== null && region < tree.count ? region : null;
}

// A region's number means nothing once others are merged, nor do drawn boxes on the next picture.
/** @param {Stage} stage */
function forgetOutdated(stage, { about }, values) {
  const { picture } = stage.data.fixed;
  const how = JSON.stringify([picture, about.space, about.scale, about.weights]);
  const before = stage.state.madeFrom;
  stage.state.madeFrom = { picture, how, truth: values.truth, node: values.node };
  if (!before) return;
  const changes = {};
  if (before.how !== how && values.node && before.node === values.node) changes.node = "";
  if (before.picture !== picture && values.truth && before.truth === values.truth) {
    stage.state.editor.selected = null;
    changes.truth = "";
  }
  if (Object.keys(changes).length) later(stage, 0, () => stage.set(changes));
}

/** @param {Stage} stage */
function drawTruths(ctx, stage, values) {
  readBoxes(values.truth).forEach((truth, i) => {
    const box = boxOn(stage.state.places.picture, truth);
    ctx.setLineDash([5, 4]);
    for (const [width, ink] of [
      [4, stage.theme.background],
      [2, stage.theme.text],
    ]) {
      ctx.lineWidth = width;
      ctx.strokeStyle = ink;
      ctx.strokeRect(box.x, box.y, box.width, box.height);
    }
    ctx.setLineDash([]);
    if (stage.state.editor.selected === i) drawHandles(ctx, stage, box, stage.theme.accent);
  });
}

/** @param {Stage} stage */
function regionUnder(stage, event) {
  if (!stage.state.places || !stage.reply) return null;
  const { x, y } = pointerPosition(stage, event);
  const left = Math.min(stage.values.left, stage.state.tree.first);
  return regionAt(stage, stage.reply, left, x, y);
}

/** @param {Stage} stage */
function point(stage, event) {
  if (stage.state.editor.drag?.moved) return;
  pointAt(stage, regionUnder(stage, event));
}

/** @param {Stage} stage */
function pointAt(stage, region) {
  if (region === stage.state.pointed) return;
  stage.state.pointed = region;
  stage.repaint();
}

/** @param {Stage} stage */
function choose(stage, event) {
  const region = regionUnder(stage, event);
  if (region === null || stage.state.editor.selected !== null) return;
  stage.set({ node: String(region) === stage.values.node ? "" : String(region) });
}

/** @param {Stage} stage */
function walk(stage, event) {
  if (!stage.reply) return;
  const { tree } = stage.state;
  if (event.key === "Escape" && stage.values.node) stage.set({ node: "" });
  if (!KEYS.includes(event.key)) return;
  event.preventDefault();
  const at = stage.values.node === "" ? null : Number(stage.values.node);
  stage.state.pointed = null;
  // from nothing, the first key goes to what the last merge shown has made
  const last = lastMade(tree, stage.values.left) ?? 0;
  const region = at === null ? last : walkTo(tree, stage.reply.sizes.data, at, event.key);
  stage.set({ node: String(region) });
}
