// What is looked for, and the window that a reader has chosen.

/** @import { Stage } from "./view.js" */

/** @param {Stage} stage */
export const nameOf = (stage, about) => stage.words[`name_${about.name}`] ?? about.name;

// The chosen window on the grid of the stride: { row, column }, null where none is chosen.
/** @param {Stage} stage */
export function chosen(stage, { heat }, values) {
  const [rows, columns] = heat.shape;
  if (stage.state.reached !== null) {
    return {
      row: Math.floor(stage.state.reached / columns),
      column: stage.state.reached % columns,
    };
  }
  if (!values.cell) return null;
  const [row, column] = values.cell.split(",").map((n) => Math.floor(n / values.stride));
  return { row: Math.min(row, rows - 1), column: Math.min(column, columns - 1) };
}

/** @param {Stage} stage */
export function pick(stage, row, column) {
  const { stride } = stage.state.asked;
  stage.set({ cell: `${row * stride},${column * stride}` });
}
