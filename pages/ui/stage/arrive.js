// A link may end in "#" and the name of a control: the page opens at the stage that has it. Stages
// above it find their heights while they load, so it is brought into view again and again, until
// the reader does something.
import { every, later, listen } from "./lifetime.js";

/** @import { LiveStage } from "./types.d.ts" */

const AGAIN_MS = 200;
const LONGEST_MS = 8000;
const HEAD_PX = 150; // of the page's bar, and the stage's own heading above it

/** @param {LiveStage} stage */
export function arrive(stage) {
  const name = decodeURIComponent(location.hash.slice(1));
  if (!Object.hasOwn(stage.inputs, name)) return;
  history.replaceState(history.state, "", location.href.split("#")[0]); // once
  stage.root.style.scrollMarginTop = `${HEAD_PX}px`;
  const go = () => stage.root.scrollIntoView({ block: "start" });
  const end = every(stage, AGAIN_MS, go);
  go();
  later(stage, LONGEST_MS, end);
  for (const type of ["wheel", "touchstart", "pointerdown", "keydown"])
    listen(stage, document, type, end, { once: true, passive: true });
}
