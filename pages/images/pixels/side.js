// What stands below the controls of "Pixels": the whole picture with the part that is seen, and the
// three channels as maps that are switched on and off.
import { contextOf, drawBitmap, drawScale, fill, mapBitmap, outline } from "../../ui/stage/draw.js";
import { writePlace } from "./window.js";

/** @import { Stage } from "./view.js" */

const OVERVIEW_HEIGHT_PX = 132;
const MAP_HEIGHT_PX = 44;
const STYLE = `
  .extra { display: flex; flex-direction: column; gap: 8px; }
  .extra .overview { cursor: move; touch-action: none; }
  .extra p { margin: 0; font-size: 12px; line-height: 1.35; min-height: 2.7em; }
  .extra .maps { display: grid; grid-template-columns: repeat(3, 1fr); gap: 6px; }
  .extra .maps button { padding: 3px; font-size: 12px; line-height: 1.4; }
  .extra .maps button[aria-pressed="false"] canvas { opacity: 0.3; }
  .extra .maps button:disabled { opacity: 0.5; cursor: default; }
  .extra .maps canvas { height: ${MAP_HEIGHT_PX}px; object-fit: contain; }
  .extra .scale { height: 20px; }
`;
const MAPS = ["red", "green", "blue"];

/** @param {Stage} stage */
export function buildSide(stage) {
  const extra = stage.extra;
  const side = { overview: make("canvas", "overview"), caption: make("p") };
  stage.state.side = side;
  side.overview.setAttribute("aria-hidden", "true"); // keys and sliders do the same
  side.caption.className = "muted";
  side.maps = MAPS.map((name, c) => mapButton(stage, name, c));
  side.scale = make("canvas", "scale");
  side.scale.setAttribute("aria-hidden", "true");
  const maps = make("div", "maps");
  maps.append(...side.maps.map(({ button }) => button));
  const style = make("style");
  style.textContent = STYLE;
  extra.replaceChildren(style, side.overview, side.caption, maps, side.scale);
  listenToOverview(stage, side.overview);
}

function make(tag, name = "") {
  const element = document.createElement(tag);
  element.className = name;
  return element;
}

/** @param {Stage} stage */
function mapButton(stage, name, c) {
  const button = make("button");
  button.type = "button";
  button.dataset.testid = `stage-${name}`;
  const canvas = make("canvas");
  const word = make("span");
  button.append(canvas, word);
  button.onclick = () => {
    const now = stage.values.channels;
    const kept = [..."rgb"].filter((letter, i) => now.includes(letter) !== (i === c));
    stage.set({ channels: kept.join("") || "none" });
  };
  return { button, canvas, word, name };
}

// A press or drag on the overview brings that place to the middle of the canvas.
/** @param {Stage} stage */
function listenToOverview(stage, canvas) {
  let down = false;
  const go = (event) => {
    const { box } = stage.state.side;
    const bounds = canvas.getBoundingClientRect();
    const x = (event.clientX - bounds.left - box.x) / box.width;
    const y = (event.clientY - bounds.top - box.y) / box.height;
    stage.state.chosen = null;
    stage.state.act.change({ at: writePlace({ x, y }) });
  };
  canvas.onpointerdown = (event) => {
    down = true;
    canvas.setPointerCapture(event.pointerId);
    go(event);
  };
  canvas.onpointermove = (event) => down && go(event);
  canvas.onpointerup = canvas.onpointercancel = () => (down = false);
}

/** @param {Stage} stage */
export function showSide(stage, reply, view, zoomForValues) {
  const own = stage.state;
  if (own.side.reply !== reply || own.side.theme !== stage.theme) showMaps(stage, reply);
  Object.assign(own.side, { reply, theme: stage.theme });
  own.side.box = drawOverview(stage, view);
  const {
    window,
    size: [height, width],
  } = view;
  const seen = {
    columns: Math.min(width, Math.ceil(window.columns)),
    rows: Math.min(height, Math.ceil(window.rows)),
    width,
    height,
    zoom: zoomForValues && Math.ceil(zoomForValues),
  };
  const whole = seen.columns === width && seen.rows === height;
  const far = zoomForValues && view.zoom < zoomForValues;
  const words = [stage.words[whole ? "whole" : "part"], far ? stage.words.closer : ""];
  own.side.caption.textContent = words.map((text) => fill(text, seen)).join(" ");
}

// The canvas at its CSS size times the screen's density, drawn in CSS pixels.
export function openSmall(canvas, height) {
  const width = canvas.clientWidth;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = `${height}px`;
  const ctx = contextOf(canvas);
  ctx.scale(ratio, ratio);
  ctx.textBaseline = "middle";
  return { ctx, width, height };
}

/** @param {Stage} stage */
function drawOverview(stage, view) {
  const { overview } = stage.state.side;
  const { ctx, width, height } = openSmall(overview, OVERVIEW_HEIGHT_PX);
  const [rows, columns] = view.size;
  const scale = Math.min(width / columns, height / rows);
  const size = { width: Math.max(columns * scale, 2), height: Math.max(rows * scale, 2) };
  const box = { x: 0, y: 0, ...size };
  drawBitmap(ctx, smallBitmap(stage.state, box), box, true);
  const { window } = view;
  const part = {
    x: Math.max(0, window.x) * scale,
    y: Math.max(0, window.y) * scale,
    width: Math.max(Math.min(window.columns, columns) * scale, 5),
    height: Math.max(Math.min(window.rows, rows) * scale, 5),
  };
  const around = { x: part.x - 1, y: part.y - 1, width: part.width + 2, height: part.height + 2 };
  outline(ctx, around, stage.theme.background, 3);
  outline(ctx, part, stage.theme.accent, 2);
  return box;
}

// The picture at the overview's size, made once for each answer of the engine.
function smallBitmap(own, box) {
  const [width, height] = [Math.ceil(2 * box.width), Math.ceil(2 * box.height)];
  const { bitmap } = own;
  if (bitmap.width <= width && bitmap.height <= height) return bitmap;
  if (own.side.smallOf !== bitmap) {
    own.side.smallOf = bitmap;
    own.side.small = new OffscreenCanvas(width, height);
    const ctx = contextOf(own.side.small);
    ctx.imageSmoothingQuality = "high";
    ctx.drawImage(bitmap, 0, 0, width, height);
  }
  return own.side.small;
}

/** @param {Stage} stage */
function showMaps(stage, { maps, about }) {
  const [, rows, columns] = maps.shape;
  stage.state.side.maps.forEach(({ button, canvas, word, name }, c) => {
    const data = maps.data.subarray(c * rows * columns, (c + 1) * rows * columns);
    [canvas.width, canvas.height] = [columns, rows];
    canvas.style.imageRendering = columns > 60 ? "auto" : "pixelated";
    const bitmap = mapBitmap(data, rows, columns, stage.theme.grey, 0, 255);
    contextOf(canvas).drawImage(bitmap, 0, 0);
    word.textContent = stage.words[name];
    const kept = about.channels.includes("rgb"[c]);
    button.setAttribute("aria-pressed", kept);
    button.disabled = about.bits < 24;
  });
  const { ctx, width } = openSmall(stage.state.side.scale, 20);
  drawScale(ctx, stage, stage.theme.grey, 0, 255, { x: 0, y: 0, width, height: 5 });
}
