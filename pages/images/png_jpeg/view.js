// PNG and JPEG: the picture as a file decodes it, what it lost, and a lens that holds two encodes
// against one another where the pointer is.
import {
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  pictureBitmap,
  pointerPosition,
  write,
} from "../../ui/stage/draw.js";
import { drawPhoto, drawProgress, photoShape } from "../../ui/stage/photo.js";
import { lensWindow, panelsOf, placeAt, stepped } from "./lens.js";
import { formName, tell } from "./readout.js";

const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const MOST_ERROR = 64; // the scale's end, in levels of 255

const state = () => ({
  reply: null, // the one that the bitmaps show
  encode: null,
  error: null,
  other: null,
  panels: null,
  hover: null, // where the pointer is, in shares of the picture
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  local: ["lens"],
  steady: true,

  build(stage) {
    stage.on("pointermove", (event) => {
      if (event.pointerType === "mouse") hover(stage, placeUnder(stage, event));
    });
    stage.on("pointerleave", () => hover(stage, null));
    stage.on("click", (event) => {
      const place = placeUnder(stage, event);
      if (place) stage.set({ lens: written(place) });
    });
    stage.on("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step || !stage.reply) return;
      event.preventDefault();
      stage.state.hover = null;
      stage.set({ lens: written(stepped(read(stage.values.lens), step)) });
    });
  },

  wait(stage, values, progress) {
    if (values.subject !== "own") return false;
    const shape = photoShape(stage, stage.data.fixed.picture);
    if (!shape) return false;
    const panels = panelsOf(stage.frame.clientWidth, shape);
    stage.state.panels = null;
    const { ctx } = openCanvas(stage, panels.height);
    drawPhoto(ctx, stage, stage.data.fixed.picture, panels.encode);
    if (stage.busy) drawProgress(ctx, stage, panels.encode, progress);
    return true;
  },

  paint(stage, reply, values) {
    const own = stage.state;
    if (own.reply !== reply) takeReply(own, reply, stage.theme);
    const panels = panelsOf(stage.canvas.clientWidth || stage.frame.clientWidth, reply.about.size);
    own.panels = panels;
    const { ctx } = openCanvas(stage, panels.height);
    drawAbove(ctx, stage, reply);
    drawLens(ctx, stage, reply, own.hover ?? read(values.lens));
    tell(stage, reply);
  },

  describe(stage, { about }) {
    const { shown, size } = about;
    const [height, width] = size;
    const params = {
      form: formName(stage, shown),
      bytes: shown.file_bytes.toLocaleString("en"),
      height,
      width,
      worst: shown.worst,
    };
    return fill(stage.words.alternative, params);
  },
};

function takeReply(own, reply, theme) {
  const [rows, columns] = reply.about.size;
  own.reply = reply;
  own.encode = pictureBitmap(reply.pixels);
  own.other = pictureBitmap(reply.other);
  own.error = mapBitmap(reply.error.data, rows, columns, theme.sequential, 0, MOST_ERROR);
}

/** @param {Stage} stage */
function drawAbove(ctx, stage, reply) {
  const { words, state, theme } = stage;
  const { encode, error, scale } = state.panels;
  const { shown } = reply.about;
  title(ctx, stage, formName(stage, shown), encode);
  drawBitmap(ctx, state.encode, encode, true);
  title(ctx, stage, words.error, error);
  drawBitmap(ctx, state.error, error);
  drawScale(ctx, stage, theme.sequential, 0, MOST_ERROR, scale, shown.worst > MOST_ERROR);
}

// The same pixels of both encodes, enlarged, and where they lie.
/** @param {Stage} stage */
function drawLens(ctx, stage, reply, place) {
  const { state, theme } = stage;
  const { encode, error, lenses } = state.panels;
  const { shown, other } = reply.about;
  const window = lensWindow(lenses[0], reply.about.size, place);
  [
    [state.encode, shown],
    [state.other, other],
  ].forEach(([bitmap, file], k) => {
    const box = { ...lenses[k], width: window.width, height: window.height };
    title(ctx, stage, formName(stage, file), box);
    ctx.imageSmoothingEnabled = false;
    const { x, y, columns, rows } = window;
    ctx.drawImage(bitmap, x, y, columns, rows, box.x, box.y, box.width, box.height);
    outline(ctx, box, theme.accent, 2);
  });
  const [rows, columns] = reply.about.size;
  for (const panel of [encode, error]) {
    const [sx, sy] = [panel.width / columns, panel.height / rows];
    const box = {
      x: panel.x + window.x * sx,
      y: panel.y + window.y * sy,
      width: window.columns * sx,
      height: window.rows * sy,
    };
    outline(ctx, box, theme.background, 4);
    outline(ctx, box, theme.accent, 2);
  }
}

/** @param {Stage} stage */
function title(ctx, stage, text, box) {
  write(ctx, stage, text, box.x, box.y - 10, { size: 13, bold: true });
}

/** @param {Stage} stage */
function placeUnder(stage, event) {
  const { panels } = stage.state;
  if (!panels || !stage.reply) return null;
  const { x, y } = pointerPosition(stage, event);
  return placeAt([panels.encode, panels.error], x, y);
}

/** @param {Stage} stage */
function hover(stage, place) {
  if (String(place) === String(stage.state.hover)) return;
  stage.state.hover = place;
  stage.repaint();
}

/** @type {(text: string) => number[]} in shares of the picture */
const read = (text) => text.split(",").map((part) => (Number(part) + 0.5) / 1000);
/** @type {(place: number[]) => string} */
const written = (place) =>
  place.map((share) => Math.min(999, Math.max(0, Math.floor(share * 1000)))).join(",");
