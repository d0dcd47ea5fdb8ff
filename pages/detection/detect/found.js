// What each side of the Detect page has found, and how it is called and coloured.
import { optionLabel } from "../../ui/stage/controls.js";

/** @import { Stage } from "./view.js" */

export const SIDES = ["left", "right"];
const NOTHING = "none"; // no detector on that side

/** The sides that a detector was chosen for. */
export const sidesOf = (values) => SIDES.filter((side) => values[side] !== NOTHING);

/**
 * The boxes kept at a score, of the class that is shown, as indices into the bare ones; null where
 * a side has no answer.
 */
export function foundAt(reply, side, { score, only }) {
  const kept = reply[`${side}_kept`];
  if (!kept) return null;
  const least = Math.fround(score); // scores are float32
  const scores = reply[`${side}_scores`].data;
  const end = kept.data.findIndex((i) => scores[i] < least);
  const found = end < 0 ? kept.data : kept.data.subarray(0, end);
  return only ? found.filter((i) => classOf(reply, side, i) === only) : found;
}

/** How many boxes of each class both sides found at a score: { name in the data set: { word, count } } */
export function classesAt(reply, values) {
  const found = new Map();
  for (const side of SIDES) {
    for (const i of foundAt(reply, side, { ...values, only: "" }) ?? []) {
      const name = classOf(reply, side, i);
      const entry = found.get(name) ?? { word: nameOf(reply, side, i), count: 0 };
      entry.count += 1;
      found.set(name, entry);
    }
  }
  return found;
}

/** @param {Stage} stage */
export function titleOf(stage, values, side) {
  return optionLabel(stage, side, values[side]);
}

// A class has one colour in both panels.
/** @param {Stage} stage */
export function colourOf(stage, reply, side, i) {
  const name = classOf(reply, side, i);
  if (!stage.state.colours.has(name)) stage.state.colours.set(name, stage.state.colours.size);
  return stage.theme.boxes[stage.state.colours.get(name) % stage.theme.boxes.length];
}

const labelOf = (reply, side, i) => reply[`${side}_labels`].data[i];

/** A class in the reader's language. */
export const nameOf = (reply, side, i) => reply.about[side].names[labelOf(reply, side, i)];

/** The same as its data set calls it. */
export const classOf = (reply, side, i) => reply.about[side].classes[labelOf(reply, side, i)];
