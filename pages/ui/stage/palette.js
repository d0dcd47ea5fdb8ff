// Every colour of the stages. Sequential: cividis (Nuñez, Anderton, Renslow 2018), made to read
// alike with and without colour-blindness. Signed: blue – nothing – orange-red around zero (after
// ColorBrewer's RdBu), its middle being the page itself, so that nothing looks like nothing.

/** @import { Theme } from "./types.d.ts" */

const CIVIDIS = [
  "#00224e",
  "#123570",
  "#3b496c",
  "#575d6d",
  "#707173",
  "#8a8678",
  "#a59c74",
  "#c3b369",
  "#e1cc55",
  "#fee838",
];
const SIGNED_LIGHT = [
  "#053061",
  "#2166ac",
  "#4393c3",
  "#92c5de",
  "#d1e5f0",
  "#ffffff",
  "#fddbc7",
  "#f4a582",
  "#d6604d",
  "#b2182b",
  "#67001f",
];
const SIGNED_DARK = [
  "#9fd0ff",
  "#5fa8ee",
  "#3b82c4",
  "#265d92",
  "#183a5c",
  "#101418",
  "#56281a",
  "#8f4327",
  "#cb6236",
  "#f28c50",
  "#ffc59a",
];
const LINES = {
  light: ["#0f62a8", "#c8501e", "#2a7f62", "#7a4fa3", "#8a6d00"],
  dark: ["#6cb4f5", "#f28c50", "#6cc9a1", "#bf9be6", "#d9bd4a"],
};
// Boxes that must be told from one another on a photo: found by search, each pair at least 30 apart
// in CIELAB as everyone sees it and as without red or green cones (Machado et al. 2009), each at
// 4.5 : 1 or more against the page. palette.test.js measures it.
export const BOXES = {
  light: ["#2725ec", "#c1531b", "#248567", "#731e12", "#4179b4", "#214053", "#222f9b"],
  dark: ["#8268ea", "#ebc22e", "#6bde8c", "#a77620", "#7bd3d6", "#4a8c6e", "#5582af"],
};
// Red, green and blue as lines and bars on the page, and as writing upon a pixel of any colour:
// bright on dark pixels, dark on bright ones, each at a contrast of about 3 : 1 or more (WCAG 2).
const CHANNELS = {
  light: ["#c23b31", "#2c8244", "#2563c4"],
  dark: ["#f2796f", "#6fcf8a", "#7fb0ff"],
};
const CHANNEL_INKS = {
  bright: ["#ffd0cb", "#bdf7c4", "#c9dfff"],
  dark: ["#560805", "#00300b", "#0a1760"],
};
const GREY_INKS = { bright: "#ffffff", dark: "#000000" };
// Classes of drawn scenes: sky, ground, water, circle, square, triangle. Okabe and Ito (2008), told
// apart by colour-blind readers.
const CATEGORIES = ["#56b4e9", "#009e73", "#0072b2", "#d55e00", "#cc79a7", "#e69f00"];
const PRIMARIES = ["#ff0000", "#00ff00", "#0000ff"];

/**
 * Colours and fonts as the page has them now.
 * @param {Element} element
 * @returns {Theme}
 */
export function readTheme(element) {
  const style = getComputedStyle(element);
  /** @param {string} name */
  const read = (name) => style.getPropertyValue(name).trim();
  const background = read("--st-background-color") || "#ffffff";
  const dark = luminance(parse(background)) < 0.4;
  return {
    dark,
    background,
    panel: read("--st-secondary-background-color"),
    text: read("--st-text-color"),
    accent: read("--st-primary-color"),
    border: read("--st-border-color"),
    font: read("--st-font") || "sans-serif",
    mono: read("--st-code-font") || "monospace",
    muted: mix(read("--st-text-color"), background, 0.4),
    lines: dark ? LINES.dark : LINES.light,
    boxes: dark ? BOXES.dark : BOXES.light,
    signed: table(dark ? SIGNED_DARK : SIGNED_LIGHT),
    sequential: table(CIVIDIS),
    grey: table(["#000000", "#ffffff"]),
    categories: CATEGORIES,
    channels: dark ? CHANNELS.dark : CHANNELS.light,
    channelInks: CHANNEL_INKS,
    greyInks: GREY_INKS,
    channelTables: PRIMARIES.map((primary) => table(["#000000", primary])),
  };
}

/**
 * [red, green, blue], 0 to 255; white where the colour cannot be read.
 * @param {string} colour
 */
export function parse(colour) {
  const hex = colour.match(/^#([0-9a-f]{6})/i);
  if (hex) return [0, 2, 4].map((i) => parseInt(hex[1].slice(i, i + 2), 16));
  const rgb = colour.match(/[\d.]+/g);
  return rgb ? rgb.slice(0, 3).map(Number) : [255, 255, 255];
}

/** @type {(colour: number[]) => number} 0 to 1 */
const luminance = ([r, g, b]) => (0.299 * r + 0.587 * g + 0.114 * b) / 255;

/**
 * The colour, `part` of the way to the other.
 * @param {string} colour
 * @param {string} other
 * @param {number} part
 */
export function mix(colour, other, part) {
  const [a, b] = [parse(colour), parse(other)];
  return `rgb(${a.map((v, i) => Math.round(v + (b[i] - v) * part)).join(",")})`;
}

/**
 * A look-up table of 256 colours, (256 × 3) bytes, linear between the stops.
 * @param {string[]} stops
 */
function table(stops) {
  const colours = stops.map(parse);
  const lut = new Uint8ClampedArray(256 * 3);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (colours.length - 1);
    const low = Math.min(Math.floor(at), colours.length - 2);
    for (let c = 0; c < 3; c++) {
      lut[i * 3 + c] = colours[low][c] + (colours[low + 1][c] - colours[low][c]) * (at - low);
    }
  }
  return lut;
}

/**
 * Black or white, whichever is read better on the colour at a position, 0 to 1, of a table.
 * @param {ArrayLike<number>} lut
 * @param {number} position
 */
export function inkOn(lut, position) {
  const i = Math.round(Math.min(Math.max(position, 0), 1) * 255) * 3;
  return luminance([lut[i], lut[i + 1], lut[i + 2]]) > 0.5 ? "#000000" : "#ffffff";
}
