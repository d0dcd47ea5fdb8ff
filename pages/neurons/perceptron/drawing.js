// A drawing of 8 × 8 pixels as text: one sign a pixel, row by row, ink from 0 to 16 in base 17.

const SIDE = 8;
export const INKS = 16;

/** Nothing drawn. */
export const cleared = () => "0".repeat(SIDE * SIDE);

/** @type {(text: string) => { row: number, column: number }} of "row,column" */
export function placeOf(text) {
  const [row, column] = text.split(",").map(Number);
  return { row, column };
}

/** @type {(text: string, row: number, column: number) => number} */
export const inkAt = (text, row, column) => parseInt(text[SIDE * row + column], INKS + 1);

/**
 * The drawing with one pixel's ink set, held within 0 to 16 and whole.
 * @param {string} text
 * @param {number} row
 * @param {number} column
 * @param {number} ink
 */
export function setInk(text, row, column, ink) {
  const at = SIDE * row + column;
  const held = Math.min(Math.max(Math.round(ink), 0), INKS).toString(INKS + 1);
  return text.slice(0, at) + held + text.slice(at + 1);
}

/**
 * What was typed, "place:value;…", with one more value.
 * @param {string} text
 * @param {number} place
 * @param {string} value
 */
export function withTyped(text, place, value) {
  const kept = text.split(";").filter((part) => part && Number(part.split(":")[0]) !== place);
  return [...kept, `${place}:${value}`].join(";");
}

/**
 * The drawing on screen, also where it is none of the learner's.
 * @param {import("../../ui/stage/types.d.ts").Stage} stage
 */
export function textOf({ values, reply }) {
  if (values.drawing) return values.drawing;
  const signs = Array.from(reply.drawing.data, (ink) => Math.round(ink * INKS).toString(INKS + 1));
  return signs.join("");
}
