// One neuron as a picture: inputs, weights and bias, the sum, the unit, the answer, each with its
// number, and in words what the step made of it.
import { brief, fill, write } from "../../ui/stage/draw.js";
import { classColour } from "./plane.js";

/** @import { Box, Context } from "../../ui/stage/types.d.ts" */
/**
 * What stands in the picture.
 * @typedef {object} Shown
 * @property {number} point    its number
 * @property {[number, number]} inputs
 * @property {boolean} plus    the true class
 * @property {number[]} weights w₁, w₂, b as they were when the sum was made
 * @property {number} sum
 * @property {number} output   what the unit makes of the sum
 * @property {number} step     which step looked at it; 0 where none did
 * @property {boolean} wrong
 * @property {number[]} after  w₁, w₂, b after the step
 * @property {number} rate
 */

const DIAGRAM = 190; // px of its height
const LINE = 20;
const NODE = 20;
const THICKEST = 7;

/** A number that may stand behind a sign: (−2). @type {(value: number) => string} */
export const bracketed = (value) => (value < 0 ? `(${brief(value)})` : brief(value));

/**
 * The step as one writes it: the sum, the unit, the verdict, and how weights and bias move.
 * @param {Record<string, string>} words
 * @param {Shown} shown
 * @param {string} unit its name, in words
 * @returns {string[]}
 */
export function sentencesOf(words, shown, unit) {
  const { inputs, weights, sum, output, plus, wrong, after, rate, step } = shown;
  const [w1, w2, b] = weights.map(bracketed);
  const [x1, x2] = inputs.map(bracketed);
  const sign = plus ? "+" : "−";
  const made = [
    `z = w₁x₁ + w₂x₂ + b = ${w1}·${x1} + ${w2}·${x2} + ${b} = ${brief(sum)}`,
    fill(words.output_of, { unit, sum: brief(sum), output: brief(output) }),
  ];
  const key = sum === 0 ? "verdict_on" : wrong ? "verdict_wrong" : "verdict_right";
  made.push(fill(words[key], { sign, side: sum > 0 ? "+" : "−" }));
  if (!step) return made;
  if (!wrong) return [...made, words.stays];
  const y = plus ? "1" : "(−1)";
  const [a1, a2, a3] = after.map((value) => brief(value));
  return [
    ...made,
    `w₁ ← ${w1} + ${brief(rate)}·${y}·${x1} = ${a1}`,
    `w₂ ← ${w2} + ${brief(rate)}·${y}·${x2} = ${a2}`,
    `b ← ${b} + ${brief(rate)}·${y} = ${a3}`,
  ];
}

/**
 * How high the panel is with so many sentences.
 * @param {number} sentences
 */
export const panelHeight = (sentences) => 30 + DIAGRAM + LINE * (sentences + 3);

/**
 * @param {Context} ctx
 * @param {any} stage
 * @param {Box} box
 * @param {Shown} shown
 * @param {{ title: string, sentences: string[], end: string }} said `end` of the whole rule
 */
export function drawNeuron(ctx, stage, box, shown, { title, sentences, end }) {
  write(ctx, stage, title, box.x, box.y + 8, { bold: true, size: 13 });
  drawDiagram(ctx, stage, { ...box, y: box.y + 24, height: DIAGRAM }, shown);
  sentences.forEach((text, i) => {
    const y = box.y + 24 + DIAGRAM + 18 + i * LINE;
    const verdict = i === 2;
    const size = fitting(ctx, stage, text, box.width, verdict);
    write(ctx, stage, text, box.x, y, { size, bold: verdict });
  });
  const below = box.y + 24 + DIAGRAM + 26 + sentences.length * LINE;
  ctx.font = `600 13px ${stage.theme.font}`;
  linesOf(end, box.width, (text) => ctx.measureText(text).width).forEach((text, i) => {
    const look = { size: 13, bold: true, colour: stage.theme.accent };
    write(ctx, stage, text, box.x, below + i * LINE, look);
  });
}

/**
 * A text as lines of at most so many pixels, broken at its spaces.
 * @param {string} text
 * @param {number} width
 * @param {(text: string) => number} measure
 */
export function linesOf(text, width, measure) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && measure(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** @type {(ctx: Context, stage: any, text: string, width: number, bold: boolean) => number} */
function fitting(ctx, { theme }, text, width, bold) {
  for (const size of [13, 12, 11]) {
    ctx.font = `${bold ? 600 : 400} ${size}px ${theme.font}`;
    if (ctx.measureText(text).width <= width) return size;
  }
  return 10;
}

/** @type {(ctx: Context, stage: any, box: Box, shown: Shown) => void} */
function drawDiagram(ctx, stage, box, shown) {
  const { theme, words } = stage;
  const { inputs, weights, sum, output } = shown;
  const middle = box.y + box.height / 2;
  const x = [box.x + 30, box.x + box.width * 0.5, box.x + box.width * 0.76, box.x + box.width - 30];
  const places = [box.y + 26, middle, box.y + box.height - 26].map((y) => ({ x: x[0], y }));
  const given = [...inputs, 1];
  const peak = Math.max(...weights.map(Math.abs), 1e-9);
  places.forEach((place, i) => {
    const colour = classColour(theme, weights[i] >= 0);
    join(ctx, place, { x: x[1], y: middle }, colour, weights[i] / peak);
    const [mx, my] = [place.x + 0.46 * (x[1] - place.x), place.y + 0.46 * (middle - place.y)];
    const name = i < 2 ? `w${"₁₂"[i]} = ${brief(weights[i])}` : `b = ${brief(weights[i])}`;
    tag(ctx, stage, name, mx, my, colour);
  });
  join(ctx, { x: x[1], y: middle }, { x: x[2], y: middle }, theme.muted, 0.3);
  join(ctx, { x: x[2], y: middle }, { x: x[3], y: middle }, theme.muted, 0.3);
  places.forEach((place, i) => {
    node(ctx, stage, place, brief(given[i]), i < 2 ? `x${"₁₂"[i]}` : "1");
  });
  node(ctx, stage, { x: x[1], y: middle }, brief(sum), "Σ = z", 24);
  node(ctx, stage, { x: x[2], y: middle }, "ƒ", words.unit_short, 18);
  node(ctx, stage, { x: x[3], y: middle }, brief(output), "ƒ(z)", 24);
}

/** @type {(ctx: Context, from: any, to: any, colour: string, part: number) => void} */
function join(ctx, from, to, colour, part) {
  ctx.beginPath();
  ctx.moveTo(from.x, from.y);
  ctx.lineTo(to.x, to.y);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1 + (THICKEST - 1) * Math.abs(part);
  ctx.stroke();
}

/** @type {(ctx: Context, stage: any, text: string, x: number, y: number, colour: string) => void} */
function tag(ctx, stage, text, x, y, colour) {
  ctx.font = `600 12px ${stage.theme.font}`;
  const width = ctx.measureText(text).width + 8;
  ctx.fillStyle = stage.theme.background;
  ctx.fillRect(x - width / 2, y - 9, width, 18);
  write(ctx, stage, text, x, y, { bold: true, align: "center", colour });
}

/**
 * @param {Context} ctx
 * @param {any} stage
 * @param {{ x: number, y: number }} place
 * @param {string} value
 * @param {string} name
 * @param {number} [radius]
 */
function node(ctx, stage, { x, y }, value, name, radius = NODE) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = stage.theme.panel;
  ctx.fill();
  ctx.strokeStyle = stage.theme.text;
  ctx.lineWidth = 1.5;
  ctx.stroke();
  write(ctx, stage, value, x, y + 0.5, { align: "center", bold: true, size: 13 });
  const small = { align: "center", size: 11, colour: stage.theme.muted };
  write(ctx, stage, name, x, y + radius + 10, small);
}
