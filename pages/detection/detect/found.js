// What each side of the Detect page has found, and how it is called and coloured.
import { optionLabel } from "../../ui/stage/controls.js";

/** @import { Stage } from "./view.js" */

export const SIDES = ["left", "right"];

// The boxes kept at a score, as indices into the bare ones; null where a side has no answer.
export function foundAt(reply, side, score) {
  const kept = reply[`${side}_kept`];
  if (!kept) return null;
  const least = Math.fround(score); // scores are float32
  const scores = reply[`${side}_scores`].data;
  const end = kept.data.findIndex((i) => scores[i] < least);
  return end < 0 ? kept.data : kept.data.subarray(0, end);
}

/** @param {Stage} stage */
export function titleOf(stage, values, side) {
  return optionLabel(stage, side, values[side]);
}

// A class has one colour in both panels.
/** @param {Stage} stage */
export function colourOf(stage, reply, side, i) {
  const name = nameOf(reply, side, i);
  if (!stage.state.colours.has(name)) stage.state.colours.set(name, stage.state.colours.size);
  return stage.theme.lines[stage.state.colours.get(name) % stage.theme.lines.length];
}

export const nameOf = (reply, side, i) => reply.about[side].names[reply[`${side}_labels`].data[i]];
