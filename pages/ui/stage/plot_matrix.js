// A table of numbers as a chart: a cell for each pair of names, the darker the more. A figure has it
// as `matrix`; the first row is at the top.
import { plain } from "./plot_traces.js";

/**
 * @typedef {object} Matrix
 * @property {string[]} rows     names
 * @property {string[]} columns  names
 * @property {ArrayLike<number>} values  row by row
 * @property {ArrayLike<number>} shades  of the cells, 0 to 1 on the colour scale
 * @property {string[]} [texts]  written into the cells instead of the values
 * @property {string} scale      what the colour says, in words
 * @property {(row: number, column: number) => string} words  a cell in words
 */
/** @typedef {{ row: number, column: number }} Cell */
/** @typedef {import("./plot_numbers.js").Figure} Figure */

const MOST_WRITTEN = 12; // columns up to which each cell's number stands in it
const MOST_NAMED = 24; // rows or columns, of which each is named
const STOPS = 16; // of a colour scale
const WHOLE = 100; // percent

/**
 * A figure that shows a matrix.
 * @param {Matrix} matrix
 * @param {{ title: string, text: string, across: string, down: string, height?: number,
 *   cell: Cell | null }} told  what columns (across) and rows (down) are
 * @returns {Figure}
 */
export function matrixFigure(matrix, { across, down, ...told }) {
  const { rows, columns } = matrix;
  return {
    ...told,
    x: { title: across, range: [-0.5, columns.length - 0.5], ticks: ticksOf(columns) },
    y: { title: down, range: [rows.length - 0.5, -0.5], ticks: ticksOf(rows) },
    series: [],
    matrix,
    table: matrixTable(matrix, `${down} / ${across}`),
    hover: "closest",
    meaning: `${rows.length} × ${columns.length}`,
  };
}

/**
 * @param {string[]} names
 * @returns {[number, string][]}
 */
function ticksOf(names) {
  const every = Math.ceil(names.length / MOST_NAMED);
  /** @type {[number, string][]} */
  const all = names.map((name, i) => [i, name]);
  return all.filter((_, i) => i % every === 0);
}

/**
 * @param {Matrix} matrix
 * @param {any} theme
 * @returns {any[]}
 */
export function matrixTraces({ rows, columns, values, shades, texts, scale, words }, theme) {
  /** @param {(row: number, column: number) => any} make */
  const table = (make) => rows.map((_, row) => columns.map((_, column) => make(row, column)));
  /** @type {(row: number, column: number) => number} */
  const at = (row, column) => row * columns.length + column;
  const written = columns.length <= MOST_WRITTEN;
  return [
    {
      type: "heatmap",
      z: table((row, column) => WHOLE * shades[at(row, column)]),
      zmin: 0,
      zmax: WHOLE,
      colorscale: scaleOf(theme.sequential),
      xgap: 1,
      ygap: 1,
      customdata: table((row, column) => plain(words(row, column))),
      hovertemplate: "%{customdata}<extra></extra>",
      ...(written
        ? {
            text: table((row, column) => (texts ?? values)[at(row, column)].toString()),
            texttemplate: "%{text}",
            textfont: { size: 11 },
          }
        : {}),
      colorbar: {
        title: { text: plain(scale), side: "right", font: { size: 11, color: theme.muted } },
        ticksuffix: " %",
        tickfont: { size: 11, color: theme.muted },
        thickness: 8,
        outlinewidth: 0,
        nticks: 3,
      },
    },
  ];
}

// A table of colours (palette.js) as Plotly wants it.
/** @param {ArrayLike<number>} table */
function scaleOf(table) {
  const last = table.length / 3 - 1;
  return Array.from({ length: STOPS + 1 }, (_, stop) => {
    const i = 3 * Math.round((last * stop) / STOPS);
    return [stop / STOPS, `rgb(${table[i]},${table[i + 1]},${table[i + 2]})`];
  });
}

/**
 * The frame of a cell, as one of Plotly's shapes.
 * @param {Cell} cell
 * @param {any} theme
 */
export const cellShape = ({ row, column }, theme) => ({
  type: "rect",
  x0: column - 0.5,
  x1: column + 0.5,
  y0: row - 0.5,
  y1: row + 0.5,
  line: { color: theme.accent, width: 3 },
});

/**
 * A matrix as rows and columns, to be read and saved.
 * @param {Matrix} matrix
 * @param {string} corner what its rows are
 */
export function matrixTable({ rows, columns, values }, corner) {
  return {
    head: [corner, ...columns],
    rows: rows.map((name, row) => [
      name,
      ...columns.map((_, column) => values[row * columns.length + column]),
    ]),
  };
}

/**
 * Where an arrow key leads from a cell; null where it leads nowhere.
 * @param {Matrix} matrix
 * @param {Cell | null} cell
 * @param {string} key
 * @returns {Cell | null}
 */
export function cellAfter({ rows, columns }, cell, key) {
  /** @type {Record<string, number[]>} */
  const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  if (!(key in moves)) return null;
  if (!cell) return { row: 0, column: 0 };
  const [down, across] = moves[key];
  /** @type {(value: number, count: number) => number} */
  const within = (value, count) => Math.min(Math.max(value, 0), count - 1);
  return {
    row: within(cell.row + down, rows.length),
    column: within(cell.column + across, columns.length),
  };
}
