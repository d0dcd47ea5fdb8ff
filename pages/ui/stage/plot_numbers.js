// What a chart is made of, as numbers: the words of a number, the range of an axis, what left it,
// and the table that is shown and saved. Nothing here touches the page.
//
// A figure, as views describe it; plot.js draws it, and everything else is derived from it.
/**
 * @typedef {object} Axis
 * @property {string} title         what is measured, in words
 * @property {string} [unit]        stands after each number: "%", "px", "ms"
 * @property {boolean} [log]
 * @property {[number, number]} [range]  what is shown at first; by default what the data need
 * @property {number[]} [include]   values that the default range must hold (0, a target)
 * @property {[number, string][]} [ticks]  where the places of an axis have names
 * @property {(value: number) => string} [words]  a value in words, where a number says too little
 */
/**
 * @typedef {object} Series
 * @property {string} name
 * @property {ArrayLike<number>} x
 * @property {ArrayLike<number>} y
 * @property {"line" | "steps" | "bars" | "points"} [kind]
 * @property {number} [style]   which colour and dash of the palette; by default its place
 * @property {string} [colour]  instead of the palette's
 * @property {string[]} [colours]  of each point, instead of one for all
 * @property {string[]} [names]    of each point, written beside it where there is room
 * @property {number[]} [firstNamed]  places of the points whose names come first
 * @property {string} [dash]    instead of the palette's
 * @property {number} [width]
 * @property {number} [opacity]
 * @property {boolean} [dots]   a line with its points marked
 * @property {string} [fact]    a number of the whole series, beside its name in the legend
 * @property {string} [group]   what it is switched on and off with
 * @property {string} [look]    what its look means, where several groups share it
 * @property {(string | null)[]} [notes]  said with each point
 * @property {boolean} [filled]  an outline, filled with its colour
 * @property {boolean} [silent]  a pointer does not read its values; keys and the table do
 * @property {number} [chosen]  the bar or point that stands out
 * @property {ArrayLike<number>} [errors]  half the length of each point's error bar
 */
/**
 * @typedef {object} Mark
 * @property {number} x
 * @property {number} y
 * @property {string} [text]    what it is, for the legend
 * @property {number} [style]   in the colour of this line of the palette
 * @property {"x" | "star"} [symbol]  instead of a dot: something ended here, or was best
 * @property {string} [of]      the series or group that it goes away with
 */
/**
 * @typedef {object} Figure
 * @property {string} title
 * @property {string} text          the text alternative
 * @property {Axis} x
 * @property {Axis} y
 * @property {Series[]} series
 * @property {number} [height]      CSS pixels of the plot
 * @property {boolean} [broad]      as broad as the stage
 * @property {number | null} [cursor]  a vertical line
 * @property {Mark[]} [marks]       where something stands now
 * @property {number} [start]       which point the arrow keys begin at
 * @property {{ axis: "x" | "y", from: number, to: number }[]} [bands]  shaded
 * @property {{ axis: "x" | "y", at: number, text?: string }[]} [lines] thin lines for reference
 * @property {"x" | "closest"} [hover]  all series at one x, or the nearest point
 * @property {string} [meaning]     changes where an axis comes to mean something else
 * @property {boolean} [isUnkeyed]  the axes name the series: no legend
 * @property {Table} [table]  instead of the one that the series give
 * @property {import("./plot_matrix.js").Matrix} [matrix]  instead of series: matrixFigure
 * @property {import("./plot_surface.js").Surface} [surface]  in 3-D, the series being ways over it
 * @property {import("./plot_matrix.js").Cell | null} [cell]  of the matrix, the one that stands out
 * @property {boolean} [drags]      dragging on it belongs to the view, not to the zoom
 */
/** @typedef {{ head: string[], rows: (string | number)[][] }} Table */
/** @typedef {{ i: number, at: number, side: "above" | "below", value: number }} Clipped */

/** @type {Record<string, string>} */
const SUPERSCRIPT = {
  "-": "⁻",
  0: "⁰",
  1: "¹",
  2: "²",
  3: "³",
  4: "⁴",
  5: "⁵",
  6: "⁶",
  7: "⁷",
  8: "⁸",
  9: "⁹",
};
const PLAIN_FROM = 1e-3; // numbers between these are written out
const PLAIN_TO = 1e5;
const MARGIN = 0.05; // of the range, beyond the outermost points
const LOG_MARGIN = 1.25; // … as a factor
const NOTHING = 1e-3; // the end of a logarithmic axis on which nothing could be drawn

/**
 * Three significant digits, as people write them: 4.27 × 10⁶, −0.12, 1,234 without a comma.
 * @param {number} value
 * @param {number} [significant] digits, where three are too few
 */
export function numberText(value, significant = 3) {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < PLAIN_TO) return signed(String(value));
  const short = Number(value.toPrecision(significant));
  const shortSize = Math.abs(short);
  if (shortSize >= PLAIN_FROM && shortSize < PLAIN_TO) return signed(String(short));
  const [digits, power] = short.toExponential().split("e");
  return `${signed(digits)} × 10${raised(Number(power))}`;
}

/** @param {number} power */
export const raised = (power) => String(power).replace(/./g, (sign) => SUPERSCRIPT[sign]);

/** @param {string} text */
const signed = (text) => text.replace("-", "−");

/**
 * A number on an axis, in words: its tick's name where it has one, else with its unit.
 * @param {number} value
 * @param {Axis} axis
 */
export function valueText(value, axis) {
  if (axis.words) return axis.words(value);
  const named = axis.ticks?.find(([at]) => at === value);
  if (named) return named[1];
  return axis.unit ? `${numberText(value)} ${axis.unit}` : numberText(value);
}

/**
 * The range that holds all these values, a little beyond both ends; on a logarithmic axis all that
 * lie above 0. Values that are not finite do not count.
 * @param {Iterable<number>} values
 * @param {{ log?: boolean, include?: number[] }} axis
 * @returns {[number, number]}
 */
export function rangeOf(values, { log = false, include = [] }) {
  let [low, high] = [Infinity, -Infinity];
  /** @param {number} value */
  const see = (value) => {
    if (!Number.isFinite(value) || (log && value <= 0)) return;
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (const value of values) see(value);
  include.forEach(see);
  if (low > high) return log ? [NOTHING, 1] : [0, 1];
  if (log) return [low / LOG_MARGIN, high * LOG_MARGIN];
  if (low === high) return low === 0 ? [0, 1] : [low - Math.abs(low) / 2, low + Math.abs(low) / 2];
  const beyond = (high - low) * MARGIN;
  // A value that was asked for ends the axis exactly: bars stand on 0.
  /** @param {number} end */
  const ends = (end) => include.includes(end);
  return [ends(low) ? low : low - beyond, ends(high) ? high : high + beyond];
}

/**
 * Which values lie outside an axis, and at which end of it each is marked. What a logarithmic axis
 * cannot hold (0, negative) left it below; what is not a number is nowhere.
 * @param {ArrayLike<number>} values
 * @param {[number, number]} range
 * @returns {Clipped[]}
 */
export function clipped(values, [low, high]) {
  /** @type {Clipped[]} */
  const found = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value > high) found.push({ i, at: high, side: "above", value });
    else if (value < low) found.push({ i, at: low, side: "below", value });
  }
  return found;
}

/**
 * Whether a linear axis would show only the largest of these values: then the axis is logarithmic.
 * @param {Iterable<number>} values
 * @param {number} [times] how often the median fits into the greatest
 */
export function needsLog(values, times = 30) {
  const positive = [...values].filter((value) => value > 0 && Number.isFinite(value));
  if (!positive.length) return false;
  positive.sort((a, b) => a - b);
  return positive[positive.length - 1] > times * positive[Math.floor(positive.length / 2)];
}

/**
 * All numbers of a figure: a row for each x, a column for each series; empty where it has none.
 * @param {Pick<Figure, "x" | "y" | "series" | "table">} figure
 * @returns {Table}
 */
export function tableOf({ x, y, series, table }) {
  if (table) return table;
  /** @type {Map<number, (string | number)[]>} */
  const rows = new Map();
  series.forEach((one, column) => {
    for (let i = 0; i < one.y.length; i++) {
      const at = one.x[i];
      if (!rows.has(at)) rows.set(at, new Array(series.length).fill(""));
      /** @type {(string | number)[]} */ (rows.get(at))[column] = one.y[i];
    }
  });
  const ordered = [...rows].sort(([a], [b]) => a - b);
  const places = new Map(x.ticks ?? []);
  return {
    head: [headOf(x), ...series.map((one) => headOf({ title: one.name, unit: y.unit }))],
    rows: ordered.map(([at, cells]) => [places.get(at) ?? at, ...cells]),
  };
}

/** @param {{ title: string, unit?: string }} axis */
const headOf = ({ title, unit }) => (unit ? `${title} (${unit})` : title);

/**
 * The table as a file that spreadsheets read: RFC 4180, with all digits that were measured.
 * @param {Table} table
 */
export function csvOf({ head, rows }) {
  /** @param {(string | number)[]} cells */
  const line = (cells) => cells.map(cell).join(",");
  return `\ufeff${[head, ...rows].map(line).join("\r\n")}\r\n`;
}

/** @param {string | number} value */
function cell(value) {
  if (typeof value === "number") return digitsOf(value);
  // A spreadsheet must take a name for a text, never for a formula.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// As few digits as give the same number back: of a float32 no more than it holds.
/** @param {number} value */
function digitsOf(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "inf" : "-inf";
  if (Math.fround(value) !== value) return String(value);
  for (const digits of [6, 7, 8]) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

/**
 * Where the arrow keys lead from a point: along its series, or to the nearest of the next one.
 * @param {Series[]} series those that are shown, each with at least one point
 * @param {{ series: number, index: number } | null} at
 * @param {string} key
 * @returns {{ series: number, index: number } | null} null where the key leads nowhere
 */
export function pointAfter(series, at, key) {
  if (!series.length) return null;
  const place = at && series[at.series]?.y.length ? at : null;
  /** @param {number} k */
  const last = (k) => series[k].y.length - 1;
  if (!place) {
    if (["ArrowRight", "ArrowDown", "ArrowUp", "Home"].includes(key))
      return { series: 0, index: 0 };
    return ["ArrowLeft", "End"].includes(key) ? { series: 0, index: last(0) } : null;
  }
  /** @param {number} index */
  const within = (index) => Math.min(Math.max(index, 0), last(place.series));
  const along = {
    ArrowRight: place.index + 1,
    ArrowLeft: place.index - 1,
    Home: 0,
    End: last(place.series),
    PageDown: place.index + 10,
    PageUp: place.index - 10,
  }[key];
  if (along !== undefined) return { ...place, index: within(along) };
  const turn = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (!turn) return null;
  const next = (place.series + turn + series.length) % series.length;
  return {
    series: next,
    index: nearest(series[next].x, series[place.series].x[within(place.index)]),
  };
}

/**
 * The place of the value nearest to x.
 * @param {ArrayLike<number>} values
 * @param {number} x
 */
export function nearest(values, x) {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if (Math.abs(values[i] - x) < Math.abs(values[best] - x)) best = i;
  }
  return best;
}
