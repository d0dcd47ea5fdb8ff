/**
 * Rows × columns of cells with a rim of padding (or, in a transposed output, of cells cut off).
 * @param {number} rows
 * @param {number} columns
 * @param {{ above: number, below: number, before: number, after: number }} [rim]
 */
export function grid(rows, columns, rim = { above: 0, below: 0, before: 0, after: 0 }) {
  return {
    rows,
    columns,
    rim,
    allRows: rows + rim.above + rim.below,
    allColumns: columns + rim.before + rim.after,
  };
}
