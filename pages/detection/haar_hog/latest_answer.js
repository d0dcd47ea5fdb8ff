// Something that a view asks beside its main question: the newest wish wins, one request at a time,
// and the answer before stays until the new one is there.
import { askUntilDone } from "../../ui/stage/engine.js";

/** @import { Stage } from "../../ui/stage/types.d.ts" */

const asked = new WeakMap(); // stage → path → slot

// The last answer from this path, and whether it is the one to these parameters.
/** @param {Stage} stage */
export function latest(stage, path, params) {
  if (!asked.has(stage)) asked.set(stage, new Map());
  const slots = asked.get(stage);
  if (!slots.has(path)) slots.set(path, { reply: null, key: null, asked: null, busy: false });
  const slot = slots.get(path);
  const key = JSON.stringify(params);
  if (slot.asked !== key) {
    slot.asked = key;
    slot.params = params;
    if (!slot.busy) pump(stage, path, slot);
  }
  return { reply: slot.reply, current: slot.key === key };
}

/** @param {Stage} stage */
async function pump(stage, path, slot) {
  slot.busy = true;
  while (slot.asked !== slot.key) {
    const { asked, params } = slot;
    try {
      const reply = await askUntilDone(stage, path, params, () => slot.asked === asked);
      if (!reply) continue;
      Object.assign(slot, { reply, key: asked });
    } catch (error) {
      if (slot.asked !== asked) continue;
      slot.asked = null; // asked again with the next repaint
      if (error.refused) slot.reply = null;
      break;
    }
  }
  slot.busy = false;
  stage.repaint();
}
