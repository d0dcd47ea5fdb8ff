// Where everything of the filter-sliding stage stands, in CSS pixels: input left, output right, the
// arithmetic below them. One unit (cell) for input and output wherever that fits, so that the
// output is seen to shrink or grow.
import { grid } from "../../ui/stage/grid.js";

/** @import { Stage } from "./view.js" */

const TITLE = 20; // above every panel
const SCALE = 36; // below input and output
const STRIP = 54; // channels beside the input, filters beside the output
const KERNEL = 62; // between the bars of a signal, where the kernel slides
const READABLE = 20; // a cell that holds a number of two digits

/** @param {Stage} stage */
export function layOut(stage, about) {
  const width = stage.frame.clientWidth;
  const narrow = width < 560;
  return about.dims === 1 ? layOutRows(width, narrow, about) : layOutMaps(width, narrow, about);
}

function layOutMaps(width, narrow, about) {
  const {
    input_shape: [channels, height, wide],
    output_shape: [filters, rows, columns],
  } = about.cost;
  const left = channels > 1 ? STRIP : 0;
  const right = filters > 1 ? STRIP : 0;
  const room = width - left - right;
  const side = Math.floor(Math.min(narrow ? room / 2 - 8 : room / 2 - 16, 280));
  const gap = Math.min(room - 2 * side, 96);
  const [above, below, before, after] = about.pads;
  const rim = { above, below, before, after };
  /** @type {[ReturnType<typeof grid>, ReturnType<typeof grid>]} */
  const grids = about.transposed
    ? [grid(height, wide), grid(rows, columns, rim)]
    : [grid(height, wide, rim), grid(rows, columns)];
  const units = unitsOf(side, grids, about.transposed);
  const [input, output] = grids.map((each, i) => ({
    ...each,
    unit: units[i],
    x: i ? left + side + gap : left,
    y: TITLE,
  }));
  const beneath = TITLE + side + SCALE;
  return {
    width,
    narrow,
    side,
    input,
    output,
    top: TITLE,
    scaleY: TITLE + side + 8,
    channels: strip(0, left && channels, side),
    filters: strip(width - 44, right && filters, side),
    sums: { x: 0, y: beneath, width, height: narrow ? 0 : 556 - beneath },
  };
}

function unitsOf(side, [input, output], transposed) {
  const fit = (each) => side / Math.max(each.allRows, each.allColumns);
  const shared = Math.min(fit(input), fit(output));
  if (!transposed) return [shared, shared];
  return [Math.max(shared, Math.min(fit(input), READABLE)), shared];
}

function strip(x, count, side) {
  const size = Math.min(44, Math.floor((side - 4 * (count - 1)) / Math.max(count, 1)));
  return Array.from({ length: count }, (_, i) => ({
    x,
    y: TITLE + i * (size + 4),
    width: size,
    height: size,
  }));
}

// A signal: bars above, bars below, on one axis, so that every output stands under its patch.
function layOutRows(width, narrow, about) {
  const {
    input_shape: [, , wide],
    output_shape: [filters, , columns],
  } = about.cost;
  const [, , before, after] = about.pads;
  const centre = (about.extent - 1) / 2;
  const at = (stride, start) => (index) => index * stride + start;
  const stride = about.stride;
  const inputAt = about.transposed ? at(stride, centre - before) : at(1, 0);
  const outputAt = about.transposed ? at(1, 0) : at(stride, centre - before);
  const [padBefore, padAfter] = about.transposed ? [0, 0] : [before, after];
  const first = Math.min(inputAt(-padBefore), outputAt(0));
  const last = Math.max(inputAt(wide - 1 + padAfter), outputAt(columns - 1));
  const unit = width / (last - first + 1);
  const x = (position) => (position - first) * unit;
  const strips = filters > 1 ? filters * 13 + 4 : 0;
  const band = narrow ? 100 : (556 - 160 - TITLE - KERNEL - strips) / 2;
  const outputY = TITLE + band + KERNEL;
  const below = outputY + band + 16 + strips;
  return {
    width,
    narrow,
    unit,
    top: TITLE,
    input: {
      x: 0,
      y: TITLE,
      height: band,
      columns: wide,
      at: (i) => x(inputAt(i)),
      padBefore,
      padAfter,
    },
    output: { x: 0, y: outputY, height: band, columns, at: (i) => x(outputAt(i)) },
    filters: Array.from({ length: filters > 1 ? filters : 0 }, (_, i) => ({
      x: 0,
      y: outputY + band + 8 + i * 13,
      width,
      height: 11,
    })),
    channels: [],
    sums: { x: 0, y: below, width, height: narrow ? 0 : 556 - below },
  };
}

// The box of a cell of a grid; rows and columns count from the first cell inside the rim.
export function cellOf(each, row, column) {
  return {
    x: each.x + (column + each.rim.before) * each.unit,
    y: each.y + (row + each.rim.above) * each.unit,
    width: each.unit,
    height: each.unit,
  };
}

// The box of all cells inside the rim.
export function inside(each) {
  const corner = cellOf(each, 0, 0);
  return { ...corner, width: each.columns * each.unit, height: each.rows * each.unit };
}

// Which cell inside the rim lies under the pointer; null elsewhere.
export function cellUnder(each, x, y) {
  const column = Math.floor((x - each.x) / each.unit) - each.rim.before;
  const row = Math.floor((y - each.y) / each.unit) - each.rim.above;
  const within = row >= 0 && column >= 0 && row < each.rows && column < each.columns;
  return within ? { row, column } : null;
}

// The column of a row of bars under the pointer; null elsewhere.
export function barUnder(bars, unit, x, y) {
  if (y < bars.y || y > bars.y + bars.height) return null;
  for (let column = 0; column < bars.columns; column++) {
    const left = bars.at(column);
    if (x >= left && x < left + unit) return { row: 0, column };
  }
  return null;
}
