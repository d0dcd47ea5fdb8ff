// The six matrices of a block: samples, waves, steps, and the way back; each number in its cell.
import { cellBox, minus, outline, write } from "../../ui/stage/draw.js";
import { parse } from "../../ui/stage/palette.js";

/** @import { Stage } from "./block.js" */
/** @import { Box, ColourTable, Context } from "../../ui/stage/types.d.ts" */
/**
 * @typedef {object} Matrix
 * @property {string} title
 * @property {string} under what was done to come here
 * @property {ArrayLike<number>} data 64 numbers
 * @property {"signed" | "grey" | "plain"} look
 * @property {number} most the end of the colours
 * @property {number} digits
 */

const SIDE = 8;
const SMALLEST = 7; // px of a number

/**
 * In the order of their steps.
 * @param {Stage} stage
 * @param {any} reply
 * @returns {Matrix[]}
 */
export function matricesOf({ words }, reply) {
  const waves = Math.max(1, ...Array.from(reply.coefficients.data, Math.abs));
  const kept = Math.max(1, ...Array.from(reply.quantised.data, Math.abs));
  /** @type {(name: string, look: Matrix["look"], most: number) => Matrix} */
  const of = (name, look, most) => ({
    title: words[`matrix_${name}`],
    under: words[`under_${name}`],
    data: reply[name].data,
    look,
    most,
    digits: 0,
  });
  return [
    of("samples", "grey", 255),
    of("coefficients", "signed", waves),
    of("table", "plain", 1),
    of("quantised", "signed", kept),
    of("restored", "signed", waves),
    of("back", "grey", 255),
  ];
}

/**
 * @param {Context} ctx
 * @param {Stage} stage
 * @param {Matrix} matrix
 * @param {Box} box
 * @param {string | null} marked "column,row" of the cell that is pointed out
 */
export function drawMatrix(ctx, stage, matrix, box, marked) {
  const { theme } = stage;
  write(ctx, stage, matrix.title, box.x, box.y - 26, { size: 13, bold: true });
  write(ctx, stage, matrix.under, box.x, box.y - 10, { size: 11, colour: theme.muted });
  const size = Math.floor(Math.min(12, (box.width / SIDE) * 0.4));
  for (let at = 0; at < SIDE * SIDE; at++) {
    const cell = cellBox(box, SIDE, SIDE, Math.floor(at / SIDE), at % SIDE);
    const value = matrix.data[at];
    const colour = colourOf(stage, matrix, value);
    if (colour) {
      ctx.fillStyle = `rgb(${colour.join(",")})`;
      ctx.fillRect(cell.x, cell.y, cell.width, cell.height);
    }
    const text = minus(String(Math.round(value) || 0));
    const [x, y] = [cell.x + cell.width / 2, cell.y + cell.height / 2];
    const dim = matrix.look === "signed" && Math.round(value) === 0;
    const ink = dim ? theme.muted : inkOn(stage, colour ?? parse(theme.background));
    write(ctx, stage, text, x, y, { size: Math.max(SMALLEST, size), align: "center", colour: ink });
  }
  outline(ctx, box, theme.border);
  if (!marked) return;
  const [column, row] = marked.split(",").map(Number);
  outline(ctx, cellBox(box, SIDE, SIDE, row, column), theme.accent, 2);
}

/** @type {(stage: Stage, matrix: Matrix, value: number) => number[] | null} */
function colourOf({ theme }, { look, most }, value) {
  if (look === "plain") return null;
  /** @type {ColourTable} */
  const table = look === "grey" ? theme.grey : theme.signed;
  const share = look === "grey" ? value / most : (value / most + 1) / 2;
  const at = 3 * Math.min(255, Math.max(0, Math.round(255 * share)));
  return [table[at], table[at + 1], table[at + 2]];
}

/** @type {(stage: Stage, colour: number[]) => string} black or white, whichever is read better */
const inkOn = ({ theme: { greyInks } }, [r, g, b]) =>
  0.299 * r + 0.587 * g + 0.114 * b > 140 ? greyInks.dark : greyInks.bright;
