// Pointing at a pixel of any of several pictures of one size (stage.state.places), with a mouse, a
// finger or the arrow keys; the pixel is the stage's value `pixel`, "row,column" or "".
import { cellAt, pointerPosition } from "./draw.js";

/**
 * @import { Stage, Values } from "./types.d.ts"
 * @typedef {Stage<{ places: import("./types.d.ts").Box[], hovered: string | null }>} Pointed
 */

/** @type {Record<string, [number, number]>} */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * @param {Pointed} stage
 * @param {(reply: any) => [number, number]} sizeOf rows and columns
 * @param {(x: number, y: number) => boolean} [tapped] true where a tap meant something else
 */
export function pointAtPixels(stage, sizeOf, tapped = () => false) {
  /** @param {PointerEvent} event */
  const under = (event) => {
    if (!stage.reply) return null;
    const { x, y } = pointerPosition(stage, event);
    const [rows, columns] = sizeOf(stage.reply);
    for (const place of stage.state.places) {
      const found = cellAt(place, rows, columns, x, y);
      if (found) return `${found.row},${found.column}`;
    }
    return null;
  };
  /** @param {string | null} pixel */
  const hover = (pixel) => {
    if (pixel === stage.state.hovered) return;
    stage.state.hovered = pixel;
    stage.repaint();
  };
  stage.on("pointermove", (event) => {
    if (event.pointerType === "mouse") hover(under(event));
  });
  stage.on("pointerleave", () => hover(null));
  stage.on("pointerdown", (event) => {
    const { x, y } = pointerPosition(stage, event);
    const pixel = tapped(x, y) ? null : under(event);
    if (pixel) stage.set({ pixel: pixel === stage.values.pixel ? "" : pixel });
  });
  stage.on("keydown", (event) => walk(stage, event, sizeOf));
}

/**
 * { row, column, at } of the pixel at hand: the hovered one, else the chosen one; null without.
 * @param {Pointed} stage
 * @param {Values} values
 * @param {[number, number]} size
 */
export function pixelAt(stage, values, [rows, columns]) {
  const text = stage.state.hovered ?? values.pixel;
  if (!text) return null;
  const [row, column] = text.split(",").map(Number);
  return row < rows && column < columns ? { row, column, at: row * columns + column } : null;
}

/**
 * @param {Pointed} stage
 * @param {KeyboardEvent} event
 * @param {(reply: any) => [number, number]} sizeOf
 */
function walk(stage, event, sizeOf) {
  const step = STEPS[event.key];
  if (!stage.reply || (!step && event.key !== "Escape")) return;
  event.preventDefault();
  if (!step) return void stage.set({ pixel: "" });
  const [rows, columns] = sizeOf(stage.reply);
  const middle = `${rows >> 1},${columns >> 1}`;
  const [row, column] = (stage.values.pixel || middle).split(",").map(Number);
  /** @type {(value: number, most: number) => number} */
  const inside = (value, most) => Math.min(Math.max(value, 0), most - 1);
  stage.set({ pixel: `${inside(row + step[0], rows)},${inside(column + step[1], columns)}` });
}
