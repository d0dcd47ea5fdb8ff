// Detect: the picture through one or two detectors. The engine sends each detector's bare boxes and
// which of them NMS keeps; what is found at a score is the beginning of that list, so the score's
// slider only repaints. Until a detector has answered, its panel shows the photo and how far it is.

import { boxOf, drawTag, edgeDistance, strong, tagBox, touch } from "../../ui/stage/boxes.js";
import { fill, openCanvas, outline, pointerPosition, write } from "../../ui/stage/draw.js";
import { drawPhoto, drawProgress, photoShape } from "../../ui/stage/photo.js";
import { showFilter } from "./filter.js";
import { colourOf, foundAt, nameOf, sidesOf, titleOf } from "./found.js";
import { tell, tellWaiting } from "./readout.js";

const VEIL = 0.35; // over the photo, so that boxes stand out
const MOST_HEIGHT = 404;
const TITLE = 26;
const GAP = 20;
const NARROW = 560; // below, panels stand one below the other
const MOST_NAMES = 12; // more would hide the picture
const CROWD = 60; // results from which on their lines are thinner
const SMALL_PX = 60; // boxes that a name would cover
const REACH_PX = 7; // how near to an edge the pointer must be

const state = () => ({
  panels: null,
  chosen: null, // { side, index } of a box
  shownReply: null,
  colours: new Map(), // by class, in the order of their coming
  filter: null,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["score", "bare", "only"],

  build(stage) {
    stage.root.classList.add("wide", "many");
    const choose = (event) => {
      const { x, y } = pointerPosition(stage, event);
      point(stage, stage.state.panels ? boxAt(stage, x, y) : null);
    };
    stage.on("pointermove", choose);
    stage.on("pointerdown", choose);
    stage.on("keydown", (event) => walk(stage, event));
  },

  wait(stage, values, progress) {
    const shape = photoShape(stage, stage.data.fixed.picture);
    stage.state.panels = null;
    if (!shape) return false;
    const panels = planPanels(stage, shape, values);
    const { ctx } = openPanels(stage, panels);
    for (const panel of panels) drawPanel(ctx, stage, panel, null, progress ?? {});
    tellWaiting(stage, values);
    return true;
  },

  paint(stage, reply, values) {
    if (stage.state.shownReply !== reply) stage.state.chosen = null;
    stage.state.shownReply = reply;
    stage.state.panels = planPanels(stage, reply.about.size, values);
    const { ctx } = openPanels(stage, stage.state.panels);
    for (const panel of stage.state.panels) {
      panel.found = foundAt(reply, panel.side, values);
      panel.why = reply.about[panel.side]?.why;
      drawPanel(ctx, stage, panel, reply, reply.about[panel.side], values.bare);
    }
    showFilter(stage, reply, values);
    tell(stage, reply, values);
  },

  describe(stage, _, values) {
    return stage.state.panels
      .map(({ found, title, why }) =>
        found
          ? fill(stage.words.alternative, { title, count: found.length, score: values.score })
          : `${title}: ${why ?? stage.words.stage_working}`,
      )
      .join(" ");
  },
};

/** @param {Stage} stage */
function openPanels(stage, panels) {
  const last = panels.at(-1);
  return openCanvas(stage, last ? last.y + last.height + 2 : 120);
}

/** @param {Stage} stage */
function planPanels(stage, [rows, columns], values) {
  const sides = sidesOf(values);
  const across = stage.frame.clientWidth;
  const stacked = across < NARROW || sides.length < 2;
  const room = stacked ? across : (across - GAP) / 2;
  const scale = Math.min((MOST_HEIGHT - TITLE) / rows, room / columns);
  const height = Math.max(60, rows * scale);
  return sides.map((side, i) => ({
    side,
    scale,
    height,
    width: columns * scale,
    left: stacked ? 0 : i * (room + GAP),
    room,
    x: (stacked ? 0 : i * (room + GAP)) + (room - columns * scale) / 2,
    y: TITLE + (stacked ? i * (height + TITLE + 8) : 0),
    title: titleOf(stage, values, side),
    found: null,
  }));
}

// `about` is what the engine says of the side: { done, total } while it is at it.
/** @param {Stage} stage */
function drawPanel(ctx, stage, panel, reply, about, bare = false) {
  const { found, title, left, room, y, x, width, height } = panel;
  const counted = found ? `${title} · ${fill(stage.words.found, { count: found.length })}` : title;
  write(ctx, stage, shorten(ctx, stage, counted, room), left + room / 2, y - TITLE / 2, {
    size: 13,
    bold: true,
    align: "center",
  });
  ctx.save();
  ctx.beginPath();
  ctx.rect(x - 2, y - 2, width + 4, height + 4); // boxes of one panel stay out of the other
  ctx.clip();
  drawPhoto(ctx, stage, stage.data.fixed.picture, { x, y, width, height }, found ? VEIL : 0);
  if (found) {
    if (bare) drawBare(ctx, stage, reply, panel);
    drawFound(ctx, stage, reply, panel);
  } else if (about?.why) {
    const tag = tagBox(ctx, stage, stage.words.absent, x + 12, y + 12);
    drawTag(ctx, stage, stage.words.absent, tag, stage.theme.text);
  } else if (stage.busy || about?.total) {
    drawProgress(ctx, stage, { x, y, width, height }, about?.total ? about : null);
  }
  ctx.restore();
  outline(ctx, { x, y, width, height }, stage.theme.border);
}

/** @param {Stage} stage */
function shorten(ctx, stage, text, room) {
  ctx.font = `600 13px ${stage.theme.font}`;
  if (ctx.measureText(text).width <= room) return text;
  let end = text.length;
  while (end > 1 && ctx.measureText(`${text.slice(0, end)}…`).width > room) end--;
  return `${text.slice(0, end)}…`;
}

// All boxes that the detector gave, in one stroke: there may be thousands.
/** @param {Stage} stage */
function drawBare(ctx, stage, reply, panel) {
  const boxes = reply[`${panel.side}_boxes`];
  ctx.beginPath();
  for (let i = 0; i < boxes.shape[0]; i++) {
    const box = boxOf(panel, boxes, i);
    ctx.rect(box.x, box.y, box.width, box.height);
  }
  ctx.globalAlpha = Math.max(0.1, Math.min(0.5, 5 / Math.sqrt(boxes.shape[0])));
  ctx.strokeStyle = stage.theme.text;
  ctx.lineWidth = 1;
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** @param {Stage} stage */
function drawFound(ctx, stage, reply, panel) {
  const { side, found } = panel;
  const boxes = reply[`${side}_boxes`];
  const chosen = stage.state.chosen?.side === side ? stage.state.chosen.index : null;
  const width = found.length > CROWD ? 1.5 : 2.5;
  for (let rank = found.length - 1; rank >= 0; rank--) {
    // the best one on top
    ctx.globalAlpha = chosen === null || chosen === found[rank] ? 1 : 0.35;
    const box = boxOf(panel, boxes, found[rank]);
    strong(ctx, stage, box, colourOf(stage, reply, side, found[rank]), width);
  }
  ctx.globalAlpha = 1;
  const taken = [];
  for (const i of found.slice(0, MOST_NAMES)) {
    if (chosen === null) nameBox(ctx, stage, reply, panel, i, taken);
  }
  if (chosen !== null && found.includes(chosen)) {
    nameBox(ctx, stage, reply, panel, chosen, taken);
  }
}

// Name and score in the box's upper or lower corner (of small ones, outside), where no better one's
// name is already.
/** @param {Stage} stage */
function nameBox(ctx, stage, reply, panel, i, taken) {
  const box = boxOf(panel, reply[`${panel.side}_boxes`], i);
  const score = reply[`${panel.side}_scores`].data[i].toFixed(2);
  const text = `${nameOf(reply, panel.side, i)} ${score}`;
  const right = panel.x + panel.width;
  const inside = box.height > SMALL_PX ? 0 : 21;
  const tag = [box.y + 3 - inside, box.y + box.height - 21 + inside]
    .map((y) => tagBox(ctx, stage, text, box.x + 3, Math.max(panel.y, y), panel.x, right))
    .find((free) => !taken.some((other) => touch(free, other)));
  if (!tag) return;
  taken.push(tag);
  drawTag(ctx, stage, text, tag, colourOf(stage, reply, panel.side, i));
}

/** @param {Stage} stage */
function point(stage, chosen) {
  const before = stage.state.chosen;
  if (before?.side === chosen?.side && before?.index === chosen?.index) return;
  stage.state.chosen = chosen;
  stage.repaint();
}

// The box found whose edge is nearest to the pointer.
/** @param {Stage} stage */
function boxAt(stage, x, y) {
  /** @type {{ side: string, index: number } | null} */
  let best = null;
  let nearest = REACH_PX;
  for (const panel of stage.state.panels) {
    for (const index of panel.found ?? []) {
      const box = boxOf(panel, stage.reply[`${panel.side}_boxes`], index);
      const distance = edgeDistance(box, x, y);
      if (distance < nearest) [best, nearest] = [{ side: panel.side, index }, distance];
    }
  }
  return best;
}

// Left and right walk over what was found, one panel after the other.
/** @param {Stage} stage */
function walk(stage, event) {
  const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (event.key === "Escape") point(stage, null);
  if (event.key === "Escape" || !way) return;
  const all = stage.state.panels.flatMap(({ side, found }) =>
    [...(found ?? [])].map((index) => ({ side, index })),
  );
  if (!all.length) return;
  event.preventDefault();
  const at = all.findIndex(
    ({ side, index }) => side === stage.state.chosen?.side && index === stage.state.chosen?.index,
  );
  const next = at < 0 ? (way > 0 ? 0 : all.length - 1) : (at + way + all.length) % all.length;
  point(stage, all[next]);
}
