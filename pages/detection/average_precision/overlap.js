// Two boxes to drag: what they share, what they cover together, and the hull of both; the engine
// measures while they move.

import { drawHandles, editBoxes, readBoxes, writeBoxes } from "../../ui/stage/box_editor.js";
import {
  brief,
  drawBitmap,
  fill,
  minus,
  openCanvas,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";
import { askUntilDone } from "../../ui/stage/engine.js";
import { button, heading, named, note, paragraph, table } from "../../ui/stage/parts.js";

const MOST_HEIGHT = 400;
const NAMES = ["truth", "found"];

const state = () => ({
  editor: null,
  place: null, // of the picture
  photo: null,
  photoRef: null,
  swap: null, // button: the other box is chosen
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,

  build(stage) {
    stage.state.editor = editBoxes(stage, {
      boxes: () => [...readBoxes(stage.values.truth_box), ...readBoxes(stage.values.found_box)],
      place: () => stage.state.place,
      change: ([truth, found], commit) =>
        stage.set({ truth_box: writeBoxes([truth]), found_box: writeBoxes([found]) }, commit),
      may: () => ({ edit: true, draw: false, remove: false }),
    });
    stage.state.editor.selected = 1;
    const swap = () => {
      stage.state.editor.selected = stage.state.editor.selected === 1 ? 0 : 1;
      stage.repaint();
      stage.canvas.focus({ preventScroll: true });
    };
    stage.state.swap = button("", swap, "stage-swap");
    stage.state.swap.hidden = true; // until there is something to move
    stage.extra.append(stage.state.swap);
  },

  paint(stage, reply) {
    const [rows, columns] = reply.about.size;
    const scale = Math.min(MOST_HEIGHT / rows, stage.frame.clientWidth / columns);
    const { ctx, width } = openCanvas(stage, Math.round(rows * scale));
    const [across, down] = [Math.round(columns * scale), Math.round(rows * scale)];
    stage.state.place = { x: Math.round((width - across) / 2), y: 0, width: across, height: down };
    const photo = pictureOf(stage);
    if (photo) drawBitmap(ctx, photo, stage.state.place, true);
    outline(ctx, stage.state.place, stage.theme.border);
    drawOverlap(ctx, stage, reply);
    const chosen = stage.state.editor.selected;
    stage.state.swap.hidden = false;
    stage.state.swap.textContent = fill(stage.words.swap, {
      name: stage.words[`legend_${NAMES[chosen ?? 1]}`],
    });
    tell(stage, reply);
  },

  describe(stage, { about }) {
    return fill(stage.words.overlap_alternative, {
      iou: about.iou.toFixed(3),
      intersection: about.intersection,
      union: about.union,
    });
  },
};

/** @param {Stage} stage */
function pictureOf(stage) {
  const { picture } = stage.data.fixed;
  if (stage.state.photoRef === picture) return stage.state.photo;
  stage.state.photoRef = picture;
  const current = () => stage.state.photoRef === picture;
  askUntilDone(stage, "average-precision/picture", { picture, detector: "photo" }, current)
    .then((reply) => {
      if (!reply || !current()) return;
      stage.state.photo = pictureBitmap(reply.picture);
      stage.repaint();
    })
    .catch(() => {
      if (current()) stage.state.photoRef = null;
    }); // asked again with the next repaint
  return stage.state.photo;
}

// The boxes as the engine measured them, in whole pixels of the picture.
/** @param {Stage} stage */
function drawOverlap(ctx, stage, { boxes, about }) {
  const scale = stage.state.place.width / about.size[1];
  const [truth, found] = [0, 1].map((i) => {
    const [x1, y1, x2, y2] = boxes.data.subarray(4 * i, 4 * i + 4);
    return {
      x: stage.state.place.x + x1 * scale,
      y: stage.state.place.y + y1 * scale,
      width: (x2 - x1) * scale,
      height: (y2 - y1) * scale,
    };
  });
  const { theme } = stage;
  const colours = [theme.lines[3], theme.lines[0]];
  shade(ctx, theme, truth, found);
  const hull = spanning(truth, found);
  frame(ctx, theme, hull, theme.text, 1.5, [2, 4]);
  frame(ctx, theme, truth, colours[0], 2.5, [6, 4]);
  frame(ctx, theme, found, colours[1], 2.5);
  tieCentres(ctx, theme, truth, found);
  [truth, found].forEach((box, i) => {
    const label = stage.words[`legend_${NAMES[i]}`];
    ctx.font = `600 12px ${theme.font}`;
    const width = ctx.measureText(label).width + 10;
    const y =
      i === 0
        ? Math.max(0, box.y - 18)
        : Math.min(stage.state.place.height - 18, box.y + box.height);
    ctx.fillStyle = theme.background;
    ctx.fillRect(box.x, y, width, 18);
    write(ctx, stage, label, box.x + 5, y + 10, { size: 12, bold: true, colour: colours[i] });
    if (stage.state.editor.selected === i) drawHandles(ctx, stage, box, colours[i]);
  });
}

function spanning(a, b) {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

// What both cover is filled strongly, what one covers faintly.
function shade(ctx, theme, a, b) {
  ctx.fillStyle = theme.accent;
  ctx.globalAlpha = 0.18;
  for (const box of [a, b]) ctx.fillRect(box.x, box.y, box.width, box.height);
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  ctx.globalAlpha = 0.55;
  if (width > 0 && height > 0) ctx.fillRect(x, y, width, height);
  ctx.globalAlpha = 1;
}

function frame(ctx, theme, box, colour, width, dash = []) {
  for (const [line, ink, dashes] of [
    [width + 2, theme.background, []],
    [width, colour, dash],
  ]) {
    ctx.setLineDash(dashes);
    ctx.globalAlpha = ink === colour ? 1 : 0.55;
    ctx.strokeStyle = ink;
    ctx.lineWidth = line;
    ctx.strokeRect(box.x, box.y, box.width, box.height);
  }
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
}

function tieCentres(ctx, theme, a, b) {
  const [from, to] = [a, b].map((box) => [box.x + box.width / 2, box.y + box.height / 2]);
  for (const [width, colour] of [
    [4, theme.background],
    [2, theme.text],
  ]) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.beginPath();
    ctx.moveTo(...from);
    ctx.lineTo(...to);
    ctx.stroke();
  }
}

/** @param {Stage} stage */
function tell(stage, { about }) {
  const { words } = stage;
  const area = (value) => `${value.toLocaleString("en")} px²`;
  /** @type {[string, [string, string][]][]} */
  const groups = [
    [
      "measure_areas",
      [
        ["intersection", area(about.intersection)],
        ["union", area(about.union)],
        ["hull", area(about.hull)],
        ["distance", `${brief(about.distance)} px`],
        ["diagonal", `${brief(about.diagonal)} px`],
      ],
    ],
    [
      "measure_overlaps",
      [
        ["iou", about.iou.toFixed(3)],
        ["giou", about.giou.toFixed(3)],
        ["diou", about.diou.toFixed(3)],
      ],
    ],
  ];
  const parts = groups.flatMap(([title, rows]) => [
    heading(words[title]),
    table(
      named(words, rows, "measure").map(([text, value, name]) => [text, minus(`${value}`), name]),
      "overlap",
    ),
  ]);
  const sum = paragraph(`${about.intersection} / ${about.union} = ${about.iou.toFixed(3)}`);
  const hint = note(words.overlap_point);
  stage.readout.replaceChildren(...parts, sum, hint);
}
