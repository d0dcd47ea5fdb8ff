// Haar cascade: the windows that are left after the stage on the slider, how many each stage left,
// and one window opened: its features, their votes, and the sum that the stage asked for.
import {
  contextOf,
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  pointerPosition,
  write,
} from "../../ui/stage/draw.js";
import { drawPhoto } from "../../ui/stage/photo.js";
import { tell } from "./readout.js";
import { buildSteps, drawWindow, showSteps, windowOf } from "./window.js";

const GAP = 20;
const HEADING = 20;
const MOST_PICTURE = 378;
const FUNNEL = 84;
const STEP_PX = 4; // of an arrow key, in pixels of the picture that the cascade looks at

const state = () => ({
  places: null,
  steps: null, // buttons that walk over the features
  treesShown: 0,
  keptDrawing: null, // the glyphs as a bitmap
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["stage", "spot", "tree"],
  texts: {
    stage: (value, stage) => (stage.reply ? `${value} / ${stagesOf(stage.reply)}` : String(value)),
  },

  build(stage) {
    buildSteps(stage);
    stage.on("pointerdown", (event) => point(stage, event, true));
    stage.on("pointermove", (event) => {
      if (event.buttons & 1 && event.pointerType === "mouse") point(stage, event, false);
    });
    stage.on("keydown", (event) => steer(stage, event));
  },

  paint(stage, reply, values) {
    const at = Math.min(values.stage, stagesOf(reply));
    const window = windowOf(stage, values);
    const places = placesOf(stage.frame.clientWidth, reply.about);
    const { ctx } = openCanvas(stage, places.bottom);
    stage.state.places = places;
    drawPicture(ctx, stage, reply, at, window);
    drawFunnel(ctx, stage, reply, at);
    if (window) drawWindow(ctx, stage, window, values, places);
    showSteps(stage, window, values);
    tell(stage, reply, values, at, window);
  },

  describe(stage, { about, counts }, values) {
    const at = Math.min(values.stage, counts.data.length - 1);
    return fill(stage.words.alternative, {
      windows: counts.data[0],
      left: counts.data[at],
      stage: at,
      found: about.opencv,
    });
  },
};

export const stagesOf = ({ counts }) => counts.data.length - 1;

function placesOf(width, { size: [rows, columns], window_px: [height, across] }) {
  const narrow = width < 540;
  const wide = narrow ? width : Math.round(width * 0.62);
  const scale = Math.min(wide / columns, MOST_PICTURE / rows);
  const picture = { x: 0, y: HEADING, width: columns * scale, height: rows * scale };
  const legend = { x: 0, y: picture.y + picture.height + 8, width: 150, height: 8 };
  const funnel = { x: 0, y: legend.y + 26 + HEADING, width: wide, height: FUNNEL };
  const low = funnel.y + FUNNEL + 20;
  const left = narrow ? 0 : wide + GAP;
  const room = narrow ? Math.round((width - GAP) / 2) : width - left;
  const zoom = Math.min(room / across, 210 / height);
  const top = narrow ? low + HEADING : HEADING;
  const crop = { x: left, y: top, width: across * zoom, height: height * zoom };
  const sums = narrow
    ? { x: room + GAP, y: top + HEADING, width: room, height: 120 }
    : { x: left, y: top + crop.height + 16 + 2 * HEADING, width: room, height: 110 };
  const bottom = Math.max(low, sums.y + sums.height + 20, crop.y + crop.height + 4);
  return { picture, legend, funnel, crop, sums, bottom };
}

// A box of four numbers in pixels of the picture, as a box on the canvas.
export function boxOn(picture, about, [x1, y1, x2, y2]) {
  const scale = picture.width / about.size[1];
  return {
    x: picture.x + x1 * scale,
    y: picture.y + y1 * scale,
    width: (x2 - x1) * scale,
    height: (y2 - y1) * scale,
  };
}

/** @param {Stage} stage */
function drawPicture(ctx, stage, reply, at, window) {
  const { about, counts, boxes, passed } = reply;
  const { picture, legend } = stage.state.places;
  const left = counts.data[at];
  const title = fill(stage.words.picture, { stage: at, left: left.toLocaleString("en") });
  write(ctx, stage, title, 0, 8, { size: 12, bold: true });
  const each = left <= boxes.shape[0];
  drawPhoto(ctx, stage, stage.data.fixed.picture, picture, 0.3);
  ctx.save();
  ctx.beginPath();
  ctx.rect(picture.x, picture.y, picture.width, picture.height);
  ctx.clip();
  if (each) {
    ctx.globalAlpha = Math.max(0.35, Math.min(0.9, 12 / left));
    for (let i = 0; i < left; i++) {
      if (passed.data[i] < at) continue;
      outline(
        ctx,
        boxOn(picture, about, boxes.data.subarray(4 * i, 4 * i + 4)),
        stage.theme.lines[0],
      );
    }
    ctx.globalAlpha = 1;
  }
  const scale = each ? null : drawDensity(ctx, stage, reply, at);
  if (at === stagesOf(reply)) drawFound(ctx, stage, reply);
  if (window) drawChosen(ctx, stage, reply, at, window);
  ctx.restore();
  outline(ctx, picture, stage.theme.border);
  const words = { size: 11, colour: stage.theme.muted };
  const y = legend.y + 4;
  if (!scale) write(ctx, stage, stage.words[left ? "each" : "none"], 0, y, words);
  else {
    scale();
    write(ctx, stage, stage.words.unit, legend.x + legend.width + 12, y, words);
  }
}

// Windows by the cell of their centre, logarithmic; cells without any show the picture. Returns
// what draws the scale, which lies outside the picture.
/** @param {Stage} stage */
function drawDensity(ctx, stage, { about, density }, at) {
  const { picture, legend } = stage.state.places;
  const [, rows, columns] = density.shape;
  const counts = density.data.subarray(at * rows * columns, (at + 1) * rows * columns);
  const most = counts.reduce((a, b) => Math.max(a, b), 2);
  const logs = Float32Array.from(counts, (count) => Math.log(count));
  const map = mapBitmap(logs, rows, columns, stage.theme.sequential, 0, Math.log(most));
  const cells = contextOf(map);
  const image = cells.getImageData(0, 0, columns, rows);
  counts.forEach((count, i) => {
    if (!count) image.data[4 * i + 3] = 0;
  });
  cells.putImageData(image, 0, 0);
  const scale = (about.cell_px * picture.width) / about.size[1];
  ctx.globalAlpha = 0.75;
  drawBitmap(ctx, map, { ...picture, width: columns * scale, height: rows * scale });
  ctx.globalAlpha = 1;
  return () => drawScale(ctx, stage, stage.theme.sequential, 1, most, legend);
}

/** @param {Stage} stage */
function drawFound(ctx, stage, { about, found }) {
  for (let i = 0; i < found.shape[0]; i++) {
    const box = boxOn(stage.state.places.picture, about, found.data.subarray(4 * i, 4 * i + 4));
    outline(ctx, box, stage.theme.background, 5);
    outline(ctx, box, stage.theme.lines[1], 3);
  }
}

/** @param {Stage} stage */
function drawChosen(ctx, stage, { about }, at, { about: { box, passed } }) {
  const drawn = boxOn(stage.state.places.picture, about, box);
  outline(ctx, drawn, stage.theme.background, 4);
  ctx.setLineDash(passed < at ? [4, 3] : []);
  outline(ctx, drawn, stage.theme.text, 2);
  ctx.setLineDash([]);
}

// One column a stage; its height is the logarithm of how many windows are left.
/** @param {Stage} stage */
function drawFunnel(ctx, stage, { counts }, at) {
  const { funnel } = stage.state.places;
  const title = { size: 12, bold: true };
  write(ctx, stage, stage.words.funnel, 0, funnel.y - 11, title);
  const bars = counts.data.length;
  const step = funnel.width / bars;
  const most = Math.log10(counts.data[0] + 1);
  const base = funnel.y + funnel.height;
  counts.data.forEach((count, i) => {
    const height = (Math.log10(count + 1) / most) * (funnel.height - 16);
    ctx.fillStyle = i === at ? stage.theme.accent : stage.theme.muted;
    ctx.globalAlpha = i === at ? 1 : 0.45;
    ctx.fillRect(i * step + 1, base - height, Math.max(1, step - 2), height);
  });
  ctx.globalAlpha = 1;
  ctx.fillStyle = stage.theme.border;
  ctx.fillRect(0, base, funnel.width, 1);
  const label = counts.data[at].toLocaleString("en");
  const height = (Math.log10(counts.data[at] + 1) / most) * (funnel.height - 16);
  const half = label.length * 3.4 + 2;
  const x = Math.min(Math.max((at + 0.5) * step, half), funnel.width - half);
  const mark = { size: 11, align: "center", bold: true, colour: stage.theme.accent };
  write(ctx, stage, label, x, base - height - 8, mark);
  const small = { size: 11, colour: stage.theme.muted };
  write(ctx, stage, "0", 2, base + 10, small);
  write(ctx, stage, String(bars - 1), funnel.width - 2, base + 10, { ...small, align: "right" });
}

const inside = (box, x, y) =>
  x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;

/** @param {Stage} stage */
function point(stage, event, pressed) {
  if (!stage.state.places || !stage.reply) return;
  const { x, y } = pointerPosition(stage, event);
  const { picture, funnel, sums } = stage.state.places;
  const { about } = stage.reply;
  if (inside(picture, x, y)) {
    const scale = about.size[1] / picture.width;
    choose(stage, (x - picture.x) * scale, (y - picture.y) * scale, pressed);
  } else if (inside(funnel, x, y)) {
    const bar = Math.floor((x / funnel.width) * stage.reply.counts.data.length);
    stage.set({ stage: bar }, pressed);
  } else if (inside(sums, x, y) && stage.state.treesShown) {
    const tree = Math.floor(((x - sums.x) / sums.width) * stage.state.treesShown);
    stage.set({ tree: String(tree) }, pressed);
  }
}

/** @param {Stage} stage */
function choose(stage, x, y, commit) {
  const [rows, columns] = stage.reply.about.size;
  const within = (value, most) => Math.round(Math.min(most - 1, Math.max(0, value)));
  stage.set({ spot: `${within(x, columns)},${within(y, rows)}` }, commit);
}

/** @param {Stage} stage */
function steer(stage, event) {
  const move = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  }[event.key];
  if (!move || !stage.reply) return;
  event.preventDefault();
  const { size } = stage.reply.about;
  const box = windowOf(stage, stage.values)?.about.box ?? [0, 0, size[1], size[0]];
  const [x, y] = stage.values.spot
    ? stage.values.spot.split(",").map(Number)
    : [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  choose(stage, x + move[0] * STEP_PX, y + move[1] * STEP_PX, true);
}
