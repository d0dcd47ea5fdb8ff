// How Classify writes a probability, and the word for what became of it.

/** @param {number} prob 0 to 1 */
export const percent = (prob) => (100 * prob).toFixed(1);

/**
 * What a probability did, as the two numbers that are shown say it.
 * @param {number} before
 * @param {number} after
 * @returns {"falls" | "rises" | "stays"}
 */
export function change(before, after) {
  const moved = Number(percent(after)) - Number(percent(before));
  if (moved === 0) return "stays";
  return moved < 0 ? "falls" : "rises";
}
