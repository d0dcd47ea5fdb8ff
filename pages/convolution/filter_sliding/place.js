// Which part of the picture the scene shows: a small copy of it with a square to drag and resize.
import { listen } from "../../ui/stage/lifetime.js";

/** @import { Stage } from "./view.js" */

const SIDES = [5, 10, 15, 20, 30, 40, 60, 80, 100]; // percent of the picture's shorter side
const STEP = 4; // percent of the picture, for the arrow keys
const STYLE = `
  .place { display: grid; grid-template-columns: auto 1fr; gap: 4px 10px; margin-top: 12px; }
  .place h4 { grid-column: 1 / -1; }
  .place .whole { position: relative; touch-action: none; cursor: grab; justify-self: start; }
  .place img { display: block; max-width: 150px; max-height: 92px; border-radius: 2px; }
  .place .square { position: absolute; box-sizing: border-box; pointer-events: none;
    border: 2px solid var(--st-primary-color); outline: 1px solid var(--st-background-color); }
  .place .row { position: absolute; left: 0; right: 0; top: 50%;
    border-top: 2px solid var(--st-primary-color); }
  .place .sides { display: flex; flex-direction: column; gap: 4px; align-items: start; }
  .place .sides button { width: 32px; padding: 1px 0; }`;

/** @param {Stage} stage */
export function buildPlace(stage, view) {
  const style = document.createElement("style");
  style.textContent = STYLE;
  const part = (tag, name) => Object.assign(document.createElement(tag), { className: name });
  const place = {
    box: part("div", "place"),
    title: part("h4", ""),
    whole: part("div", "whole"),
    picture: new Image(),
    square: part("div", "square"),
    row: part("div", "row"),
    sides: part("div", "sides"),
    nearer: part("button", ""),
    wider: part("button", ""),
  };
  place.picture.draggable = false;
  place.whole.tabIndex = 0;
  place.whole.dataset.testid = "stage-spot";
  place.whole.setAttribute("role", "group");
  place.square.append(place.row);
  place.whole.append(place.picture, place.square);
  place.nearer.textContent = "+";
  place.wider.textContent = "−";
  place.nearer.type = place.wider.type = "button";
  place.nearer.dataset.testid = "stage-nearer";
  place.wider.dataset.testid = "stage-wider";
  place.sides.append(place.nearer, place.wider);
  place.box.append(place.title, place.whole, place.sides);
  stage.readout.append(style, place.box);
  view.place = place;
  followPointer(stage, place);
  place.whole.onkeydown = (event) => pressed(stage, event);
  place.nearer.onclick = () => resize(stage, -1);
  place.wider.onclick = () => resize(stage, 1);
}

/** @param {Stage} stage */
export function showPlace(stage, { place, reply }) {
  const {
    box: [left, top, right, bottom],
    picture_height_px: height,
    picture_width_px: width,
  } = reply.about.square;
  const source = `${stage.base}/api/v1/pictures/${stage.data.fixed.picture}?max_side_px=300`;
  if (place.picture.getAttribute("src") !== source) place.picture.src = source;
  place.picture.alt = stage.words.place;
  place.title.textContent = stage.words.place;
  place.whole.setAttribute("aria-label", stage.words.place_help);
  place.whole.title = stage.words.place_help;
  const percent = (part, all) => `${(100 * part) / all}%`;
  Object.assign(place.square.style, {
    left: percent(left, width),
    top: percent(top, height),
    width: percent(right - left, width),
    height: percent(bottom - top, height),
  });
  place.row.hidden = reply.about.dims !== 1;
  for (const [button, word] of [
    [place.nearer, "nearer"],
    [place.wider, "wider"],
  ]) {
    button.title = stage.words[word];
    button.setAttribute("aria-label", stage.words[word]);
  }
  const { side } = spotOf(stage);
  place.nearer.disabled = side <= SIDES[0];
  place.wider.disabled = side >= SIDES[SIDES.length - 1];
}

/** @param {Stage} stage */
const spotOf = (stage) => {
  const [x, y, side] = stage.values.spot.split(",").map(Number);
  return { x, y, side };
};

/** @param {Stage} stage */
function put(stage, { x, y, side }, commit) {
  const held = (value) => Math.round(Math.min(100, Math.max(0, value)));
  stage.set({ spot: [held(x), held(y), side].join() }, commit);
}

/** @param {Stage} stage */
function followPointer(stage, { whole }) {
  let held = false;
  const move = (event, commit) => {
    const box = whole.getBoundingClientRect();
    const x = (100 * (event.clientX - box.left)) / box.width;
    const y = (100 * (event.clientY - box.top)) / box.height;
    put(stage, { ...spotOf(stage), x, y }, commit);
  };
  /** @param {PointerEvent} event */
  const hold = (event) => {
    held = true;
    whole.setPointerCapture(event.pointerId);
    move(event, false);
  };
  listen(stage, whole, "pointerdown", hold);
  listen(stage, whole, "pointermove", (event) => held && move(event, false));
  listen(stage, whole, "pointerup", (event) => {
    held = false;
    move(event, true);
  });
  listen(stage, whole, "pointercancel", () => {
    held = false;
  });
}

/** @param {Stage} stage */
function pressed(stage, event) {
  const spot = spotOf(stage);
  const moves = {
    ArrowLeft: { x: spot.x - STEP },
    ArrowRight: { x: spot.x + STEP },
    ArrowUp: { y: spot.y - STEP },
    ArrowDown: { y: spot.y + STEP },
  };
  if (event.key === "+") resize(stage, -1);
  else if (event.key === "-") resize(stage, 1);
  else if (moves[event.key]) put(stage, { ...spot, ...moves[event.key] }, true);
  else return;
  event.preventDefault();
}

/** @param {Stage} stage */
function resize(stage, way) {
  const spot = spotOf(stage);
  const sides =
    way < 0
      ? SIDES.filter((side) => side < spot.side).at(-1)
      : SIDES.find((side) => side > spot.side);
  if (sides) put(stage, { ...spot, side: sides }, true);
}
