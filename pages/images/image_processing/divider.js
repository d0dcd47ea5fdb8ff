// The divider between before and after, moved on the picture itself, by pointer or arrow keys.
import { pointerPosition } from "../../ui/stage/draw.js";

/** @import { Stage } from "./view.js" */

const KEY_STEP = 2; // percent
/** @type {Record<string, number>} */
const KEYS = { ArrowLeft: -KEY_STEP, ArrowRight: KEY_STEP };

/** @type {(share: number) => number} */
const percent = (share) => Math.round(Math.min(Math.max(share, 0), 1) * 100);

/** @param {Stage} stage */
export function followDivider(stage) {
  let isHeld = false;
  /** @type {(event: PointerEvent, commit: boolean) => void} */
  const put = (event, commit) => {
    const { box } = stage.state;
    if (box) stage.set({ divider: percent(pointerPosition(stage, event).x / box.width) }, commit);
  };
  stage.on("pointerdown", (event) => {
    isHeld = Boolean(stage.state.box);
    if (!isHeld) return;
    stage.canvas.setPointerCapture(event.pointerId);
    put(event, false);
  });
  stage.on("pointermove", (event) => isHeld && put(event, false));
  const drop = (event) => {
    if (isHeld) put(event, true);
    isHeld = false;
  };
  stage.on("pointerup", drop);
  stage.on("pointercancel", drop);
  stage.on("keydown", (event) => {
    const by = KEYS[event.key];
    if (!by || !stage.state.box) return;
    event.preventDefault();
    stage.set({ divider: percent((stage.values.divider + by) / 100) });
  });
}
