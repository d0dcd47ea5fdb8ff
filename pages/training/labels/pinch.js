// Two fingers on the photo zoom and move it: what lay between them stays between them.
import { pointerPosition } from "../../ui/stage/draw.js";

/** @import { Stage } from "./view.js" */

const LEAST = 1;
const MOST = 8;

/**
 * @param {Stage} stage
 */
export function listenToPinches(stage) {
  /** @type {{ span: number, zoom: number, share: number[] } | null} */
  let pinch = null;
  stage.canvas.style.touchAction = "pan-x pan-y"; // one finger scrolls the page, two are ours
  const start = (/** @type {TouchEvent} */ event) => {
    const { place } = stage.state;
    if (event.touches.length !== 2 || !place) return;
    event.preventDefault();
    stage.state.editor.drag = null; // what the first finger began is taken back
    stage.state.set = stage.state.history.now;
    const { span, middle } = fingers(stage, event);
    const share = [(middle[0] - place.x) / place.width, (middle[1] - place.y) / place.height];
    pinch = { span, zoom: stage.values.zoom, share };
  };
  const move = (/** @type {TouchEvent} */ event) => {
    if (!pinch || event.touches.length !== 2) return;
    event.preventDefault();
    const { span, middle } = fingers(stage, event);
    const zoom = Math.min(MOST, Math.max(LEAST, (pinch.zoom * span) / pinch.span));
    stage.state.centre = centreFor(stage, pinch.share, middle, zoom);
    stage.set({ zoom }, false);
  };
  const end = () => {
    if (!pinch) return;
    pinch = null;
    stage.set({ zoom: Math.round(10 * stage.values.zoom) / 10 });
  };
  stage.on("touchstart", start, { passive: false });
  stage.on("touchmove", move, { passive: false });
  stage.on("touchend", end);
  stage.on("touchcancel", end);
}

/** @param {Stage} stage @param {TouchEvent} event */
function fingers(stage, event) {
  const [a, b] = [0, 1].map((i) => pointerPosition(stage, event.touches[i]));
  return {
    span: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)),
    middle: [(a.x + b.x) / 2, (a.y + b.y) / 2],
  };
}

/**
 * What must lie in the middle of the canvas for a place of the photo to lie at `at`.
 * @param {Stage} stage
 * @param {number[]} share of the photo's sides
 * @param {number[]} at on the canvas
 * @param {number} zoom
 */
function centreFor(stage, share, at, zoom) {
  const { place } = stage.state;
  const grown = zoom / stage.values.zoom;
  const size = [place.width * grown, place.height * grown];
  const room = [stage.canvas.clientWidth, stage.canvas.clientHeight];
  return share.map((part, i) => Math.min(1, Math.max(0, part - (at[i] - room[i] / 2) / size[i])));
}
