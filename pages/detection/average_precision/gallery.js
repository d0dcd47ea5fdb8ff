// Every error at the score threshold as a small picture: boxes that are wrong, objects that were
// missed. One is chosen by pointer or keys; where it lies in a scene, the picture above shows it.
import {
  drawBitmap,
  fill,
  openCanvas,
  outline,
  pictureBitmap,
  pointerPosition,
  write,
} from "../../ui/stage/draw.js";
import { askUntilDone } from "../../ui/stage/engine.js";
import { button, element, heading, note, table } from "../../ui/stage/parts.js";
import { colourOf, stroke } from "./picture.js";

const MISSED = "missed";
const KINDS = [MISSED, "loose", "double", "confused", "both", "nothing"];
const TILE = 88; // CSS pixels, with its gap
const SIDE = 76;
const CAPTION = 16;
const PAGE = 24; // tiles
const MARGIN = 0.4; // of the box's longer side, around it

const state = () => ({
  errors: [], // shown, in their order
  across: 1, // tiles in a row
  chosen: 0, // of all errors
  page: 0,
  pager: null,
  bitmaps: new Map(), // by picture: bitmap, or null while it is fetched
  fetching: false,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  follows: true,
  local: ["kind"],

  build(stage) {
    stage.on("click", (event) => press(stage, event));
    stage.on("keydown", (event) => walk(stage, event));
  },

  paint(stage, reply, values) {
    const all = errorsAt(reply, stage.data.fixed.score);
    const errors = all.filter(({ kind }) => values.kind === "all" || kind === values.kind);
    const { state: own } = stage;
    own.errors = errors;
    own.chosen = Math.max(0, Math.min(own.chosen, errors.length - 1));
    own.page = Math.floor(own.chosen / PAGE);
    own.across = Math.max(1, Math.floor(stage.frame.clientWidth / TILE));
    const shown = errors.slice(own.page * PAGE, (own.page + 1) * PAGE);
    const rows = Math.max(1, Math.ceil(Math.min(PAGE, errors.length) / own.across));
    const { ctx } = openCanvas(stage, rows * (TILE + CAPTION) + 4);
    if (!errors.length) write(ctx, stage, stage.words.gallery_none, 4, 20, { size: 13 });
    shown.forEach((error, i) => drawTile(ctx, stage, reply, error, tileAt(stage, i)));
    showPager(stage);
    tell(stage, reply, all);
  },

  describe(stage) {
    const count = stage.state.errors.length;
    return fill(stage.words.gallery_alternative, { count, score: stage.data.fixed.score });
  },
};

// What is wrong at a score: boxes that count and are not right, and objects that no box found.
function errorsAt(reply, score) {
  const { about, scores, kinds, best, pictures, boxes } = reply;
  const { truths, truth_pictures: on, seen_at: seen } = reply;
  const found = [];
  scores.data.forEach((value, i) => {
    if (value < score) return;
    const box = boxes.data.subarray(4 * i, 4 * i + 4);
    const kind = about.kinds[kinds.data[i]];
    found.push({ kind, picture: pictures.data[i], score: value, best: best.data[i], box });
  });
  seen.data.forEach((value, i) => {
    if (value >= score) return;
    const box = truths.data.subarray(4 * i, 4 * i + 4);
    found.push({ kind: MISSED, picture: on.data[i], score: value, best: null, box });
  });
  return found;
}

/** @param {Stage} stage */
function tileAt({ state: { across } }, i) {
  const [row, column] = [Math.floor(i / across), i % across];
  return { x: column * TILE, y: row * (TILE + CAPTION) + 2, width: SIDE, height: SIDE };
}

/** @param {Stage} stage */
function drawTile(ctx, stage, reply, error, tile) {
  const [rows, columns] = reply.about.sizes[error.picture];
  const [x1, y1, x2, y2] = error.box;
  const side = Math.min(Math.max(x2 - x1, y2 - y1) * (1 + 2 * MARGIN), Math.max(rows, columns));
  const scale = SIDE / side;
  const [left, top] = [(x1 + x2 - side) / 2, (y1 + y2 - side) / 2];
  ctx.save();
  ctx.beginPath();
  ctx.rect(tile.x, tile.y, tile.width, tile.height);
  ctx.clip();
  const bitmap = bitmapOf(stage, reply, error.picture);
  const [x, y] = [tile.x - left * scale, tile.y - top * scale];
  const whole = { x, y, width: columns * scale, height: rows * scale };
  if (bitmap) drawBitmap(ctx, bitmap, whole, true);
  const box = { x: x + x1 * scale, y: y + y1 * scale };
  const size = { width: (x2 - x1) * scale, height: (y2 - y1) * scale };
  const isMissed = error.kind === MISSED;
  const colour = colourOf(stage, isMissed ? "missed" : "wrong");
  stroke(ctx, stage, { ...box, ...size }, colour, 2, isMissed ? [5, 4] : []);
  ctx.restore();
  const isChosen = stage.state.errors[stage.state.chosen] === error;
  outline(ctx, tile, isChosen ? stage.theme.accent : stage.theme.border, isChosen ? 3 : 1);
  const text = isMissed ? stage.words.tile_missed : error.score.toFixed(2);
  write(ctx, stage, text, tile.x, tile.y + SIDE + 9, { size: 11, colour: stage.theme.muted });
}

// All scenes come at once; a photo is fetched when a tile needs it.
/** @param {Stage} stage */
function bitmapOf(stage, { about }, picture) {
  const { bitmaps } = stage.state;
  const key = about.photos[picture]?.ref ?? picture;
  if (bitmaps.has(key)) return bitmaps.get(key);
  if (about.photos.length) fetchPhoto(stage, key);
  else fetchScenes(stage);
  return null;
}

/** @param {Stage} stage */
function fetchPhoto(stage, ref) {
  const { bitmaps } = stage.state;
  bitmaps.set(ref, null);
  const photo = new Image();
  photo.onload = () => {
    if (stage.signal.aborted) return;
    bitmaps.set(ref, photo);
    stage.repaint();
  };
  photo.src = `${stage.base}/api/v1/pictures/${ref}?max_side_px=640`;
}

/** @param {Stage} stage */
function fetchScenes(stage) {
  if (stage.state.fetching) return;
  stage.state.fetching = true;
  askUntilDone(stage, "average-precision/scenes", {}, () => true)
    .then((reply) => {
      if (!reply) return;
      const [count, ...shape] = reply.pictures.shape;
      const size = shape[0] * shape[1] * shape[2];
      for (let i = 0; i < count; i++) {
        const data = reply.pictures.data.subarray(i * size, (i + 1) * size);
        stage.state.bitmaps.set(i, pictureBitmap({ data, shape }));
      }
      stage.repaint();
    })
    .catch(() => {
      stage.state.fetching = false; // asked again with the next repaint
    });
}

// Which tiles are on screen, and the way to the others.
/** @param {Stage} stage */
function showPager(stage) {
  const { errors, page } = stage.state;
  stage.state.pager ??= buildPager(stage);
  const { row, back, next, where } = stage.state.pager;
  const last = Math.min(errors.length, (page + 1) * PAGE);
  row.style.display = errors.length > PAGE ? "flex" : "none";
  const told = { first: page * PAGE + 1, last, count: errors.length };
  where.textContent = fill(stage.words.gallery_page, told);
  back.disabled = page === 0;
  next.disabled = last === errors.length;
}

/** @param {Stage} stage */
function buildPager(stage) {
  const turn = (way) => {
    stage.state.chosen = (stage.state.page + way) * PAGE;
    stage.repaint();
  };
  const row = element("div");
  row.style.cssText = "gap:8px;align-items:center";
  const back = button("◀", () => turn(-1), "stage-back");
  const next = button("▶", () => turn(1), "stage-next");
  const where = element("span", "", "gallery-page", "muted");
  row.append(back, next, where);
  stage.extra.append(row);
  return { row, back, next, where };
}

/** @param {Stage} stage */
function press(stage, event) {
  const { across, errors, page } = stage.state;
  const { x, y } = pointerPosition(stage, event);
  const column = Math.floor(x / TILE);
  const at = Math.floor(y / (TILE + CAPTION)) * across + column;
  const i = page * PAGE + at;
  if (column < across && at < PAGE && i < errors.length) choose(stage, i);
}

/** @param {Stage} stage */
function walk(stage, event) {
  const { across, errors, chosen } = stage.state;
  const move = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
  if (!move) return;
  event.preventDefault();
  const next = chosen + move;
  if (next >= 0 && next < errors.length) choose(stage, next);
}

// The stage above goes to the scene; a photo is changed by the page alone.
/** @param {Stage} stage */
function choose(stage, i) {
  stage.state.chosen = i;
  stage.repaint();
  if (stage.reply.about.photos.length) return;
  const values = { scene: stage.state.errors[i].picture + 1 };
  const detail = { stage: "average_precision", values, commit: true };
  document.dispatchEvent(new CustomEvent("fovea-try", { detail }));
}

/** @param {Stage} stage */
function tell(stage, reply, all) {
  const { words, state: own } = stage;
  const rows = KINDS.map((kind) => {
    const count = all.filter((error) => error.kind === kind).length;
    return [words[`kind_${kind}`], count, kind];
  });
  const error = own.errors[own.chosen];
  const parts = [heading(words.kinds), table(rows, "errors")];
  if (error) parts.push(...tellError(words, reply, error));
  stage.readout.replaceChildren(...parts, note(words.gallery_point));
}

function tellError(words, { about }, error) {
  const number = error.picture + 1;
  const where = about.photos.length ? words.gallery_photo : words.gallery_scene;
  const rows = [[where, number, "picture"]];
  if (error.best !== null) {
    rows.push([words.row_box_score, error.score.toFixed(3), "score"]);
    rows.push([words.row_best_any, error.best.toFixed(3), "iou"]);
  }
  return [
    heading(words[`kind_${error.kind}`]),
    table(rows, "error"),
    note(words[`why_${error.kind}`]),
  ];
}
