// Keys and wheel on the photo: undo, redo, copy, delete, and moving a photo that is zoomed.

/** @import { Stage } from "./view.js" */
/** @typedef {{ step: (way: number) => void, copy: () => void, remove: (index: number) => void }} Acts */

const PAN = 0.1; // of the photo's side, by an arrow key

/**
 * @param {Stage} stage
 * @param {Acts} acts what the view does about them
 */
export function listenToKeys(stage, acts) {
  stage.on("keydown", (event) => press(stage, acts, event));
  stage.on("wheel", (event) => roll(stage, event), { passive: false });
}

/**
 * @param {Stage} stage
 * @param {Acts} acts
 */
function press(stage, acts, event) {
  const { selected } = stage.state.editor;
  const isCommand = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  const pan = {
    arrowleft: [-PAN, 0],
    arrowright: [PAN, 0],
    arrowup: [0, -PAN],
    arrowdown: [0, PAN],
  };
  if (isCommand && key === "z") acts.step(event.shiftKey ? 1 : -1);
  else if (isCommand && key === "y") acts.step(1);
  else if (selected !== null && isCommand && key === "d") acts.copy();
  else if (selected !== null && ["delete", "backspace"].includes(key)) acts.remove(selected);
  else if (selected === null && pan[key] && stage.values.zoom > 1)
    move(stage, pan[key][0], pan[key][1]);
  else return;
  event.preventDefault();
}

// Where the photo is zoomed the wheel moves it; else it scrolls the page.
/** @param {Stage} stage */
function roll(stage, event) {
  const { place } = stage.state;
  if (!place || stage.values.zoom <= 1 || event.ctrlKey) return;
  event.preventDefault();
  const [dx, dy] = event.shiftKey ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
  move(stage, dx / place.width, dy / place.height);
}

/** @param {Stage} stage */
function move(stage, dx, dy) {
  const { centre } = stage.state;
  stage.state.centre = [dx, dy].map((by, i) => Math.min(1, Math.max(0, centre[i] + by)));
  stage.repaint();
}
