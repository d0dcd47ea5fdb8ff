// The four corners of the perspective, dragged on the picture that the step gets.
import { pointerPosition } from "../../ui/stage/draw.js";
import { stageValues, withValues } from "./chain.js";
import { current } from "./steps.js";

/** @import { Stage } from "./view.js" */

const GRASP_PX = 26;

/** @type {(stage: Stage) => number[][]} in thousandths of the picture's sides */
function cornersOf(stage) {
  const { steps, open } = current(stage);
  const values = steps[open].values.map(Number);
  return [0, 2, 4, 6].map((k) => [values[k], values[k + 1]]);
}

/** @type {(ctx: CanvasRenderingContext2D, stage: Stage, box: any) => void} */
export function drawCorners(ctx, stage, box) {
  const places = cornersOf(stage).map(([x, y]) => [
    box.x + (x * box.width) / 1000,
    box.y + (y * box.height) / 1000,
  ]);
  ctx.strokeStyle = stage.theme.accent;
  ctx.lineWidth = 2;
  ctx.beginPath();
  for (const [x, y] of places) ctx.lineTo(x, y);
  ctx.closePath();
  ctx.stroke();
  for (const [x, y] of places) {
    ctx.beginPath();
    ctx.arc(x, y, 7, 0, 2 * Math.PI);
    ctx.fillStyle = stage.theme.background;
    ctx.fill();
    ctx.stroke();
  }
}

/**
 * The corner that a place is nearest to, of those within reach; -1 without.
 * @type {(corners: number[][], box: any, place: { x: number, y: number }) => number}
 */
export function cornerAt(corners, box, { x, y }) {
  let [best, least] = [-1, GRASP_PX];
  corners.forEach(([across, down], k) => {
    const far = Math.hypot(
      box.x + (across * box.width) / 1000 - x,
      box.y + (down * box.height) / 1000 - y,
    );
    if (far < least) [best, least] = [k, far];
  });
  return best;
}

/** @param {Stage} stage */
export function followCorners(stage) {
  let held = -1;
  /** @type {(event: PointerEvent, commit: boolean) => void} */
  const put = (event, commit) => {
    const { corners: box } = stage.state;
    if (!box) return;
    const { x, y } = pointerPosition(stage, event);
    const inside = (value, size) => Math.round(Math.min(Math.max(value / size, 0), 1) * 1000);
    const changes = {
      [2 * held]: String(inside(x - box.x, box.width)),
      [2 * held + 1]: String(inside(y - box.y, box.height)),
    };
    const { steps, open } = current(stage);
    stage.set(stageValues(withValues(steps, open, changes), open), commit);
  };
  stage.on("pointerdown", (event) => {
    const { corners: box } = stage.state;
    held = box ? cornerAt(cornersOf(stage), box, pointerPosition(stage, event)) : -1;
    if (held >= 0) stage.canvas.setPointerCapture(event.pointerId);
  });
  stage.on("pointermove", (event) => held >= 0 && put(event, false));
  const drop = (event) => {
    if (held >= 0) put(event, true);
    held = -1;
  };
  stage.on("pointerup", drop);
  stage.on("pointercancel", drop);
}
