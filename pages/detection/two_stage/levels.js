// The feature maps that anchors stand on, and what is called by which name on a scene or a photo.

/**
 * @typedef {object} Level of the anchors, as the answer's facts have it
 * @property {number} start its first anchor
 * @property {number} rows
 * @property {number} columns
 * @property {[number, number]} stride_px across and down
 * @property {number[]} sides_px
 * @property {number[]} ratios height : width
 */

/** @type {(reply: any, anchor: number) => Level} the map that an anchor stands on */
export const levelOf = ({ about: { levels } }, anchor) =>
  levels.findLast(({ start }) => start <= anchor);

/**
 * All anchors at the place of one.
 * @param {Level} level
 * @param {number} anchor
 */
export function anchorsAt({ start, sides_px: sides, ratios }, anchor) {
  const count = sides.length * ratios.length;
  return { first: anchor - ((anchor - start) % count), count };
}

/**
 * @param {Level} level
 * @param {number} anchor
 * @returns {{ side: number, ratio: number }}
 */
export function shapeOf(level, anchor) {
  const { sides_px: sides, ratios } = level;
  const k = anchor - anchorsAt(level, anchor).first;
  return { side: sides[k % sides.length], ratio: ratios[Math.floor(k / sides.length)] };
}

/** @type {(stage: any, reply: any, i: number) => string} a class by its number, from 0 */
export const nameOf = ({ words }, { about: { names, classes } }, i) =>
  names ? names[i] : words[`class_${classes[i]}`];

/** @type {(theme: any, label: number) => string} a class's colour by its label, from 1 */
export const colourOf = ({ lines }, label) => lines[(label - 1) % lines.length];

/**
 * The classes that are worth a bar: all of a few, else the likeliest.
 * @param {ArrayLike<number>} probs by class, the background first
 * @param {number} most
 * @returns {number[]} their numbers, the background's always
 */
export function likeliest(probs, most) {
  const others = Array.from({ length: probs.length - 1 }, (_, i) => i + 1);
  if (others.length <= most) return [0, ...others];
  return [0, ...others.sort((a, b) => probs[b] - probs[a]).slice(0, most)];
}
