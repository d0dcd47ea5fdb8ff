// What readouts and tools are made of: headings, notes, tables, bars, buttons, a player.
import { fill } from "./draw.js";
import { listen } from "./lifetime.js";

/** @import { Stage } from "./types.d.ts" */
/**
 * @typedef {string | number} Cell
 * @typedef {any[]} Row text, value (a Cell) and, where there are such, name and colour of the text
 */

/**
 * A square of a colour, to stand before what the colour means.
 * @param {Stage} stage
 * @param {string} colour
 * @param {number} [opacity] of [0, 1]
 */
export function swatch({ theme }, colour, opacity = 1) {
  const made = element("span", "", "", "swatch");
  Object.assign(made.style, { borderColor: theme.border, background: colour, opacity });
  return made;
}

/**
 * An element with a text, to be found by its test id.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [text]
 * @param {string} [testid]
 * @param {string} [className]
 */
export function element(tag, text = "", testid = "", className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (testid) made.dataset.testid = testid;
  if (className) made.className = className;
  return made;
}

/**
 * The shape of a layer's output, without the batch, as people read it: height × width × channels,
 * or one number for a row of them.
 * @param {number[]} shape (C, H, W) or (C,)
 */
export const sizeText = ([channels, ...sides]) => [...sides, channels].join(" × ");

/** @type {(text: string, testid?: string) => HTMLHeadingElement} */
export const heading = (text, testid) => element("h4", text, testid);

/** @type {(text: string, testid?: string) => HTMLParagraphElement} */
export const paragraph = (text, testid) => element("p", text, testid);

/** @type {(text: string, testid?: string) => HTMLParagraphElement} what matters less */
export const note = (text, testid) => element("p", text, testid, "muted");

/**
 * A name and a number a row; the number's cell is found by `<prefix>-<name>`.
 * @param {Row[]} rows
 * @param {string} [prefix]
 */
export function table(rows, prefix = "row") {
  const made = document.createElement("table");
  for (const [text, value, name, colour] of rows) {
    const row = made.insertRow();
    const title = row.insertCell();
    title.textContent = text;
    if (colour) title.style.color = colour;
    const cell = row.insertCell();
    cell.className = "number";
    cell.textContent = String(value);
    if (name) cell.dataset.testid = `${prefix}-${name}`;
  }
  return made;
}

/**
 * Rows whose names are words of the page: `<prefix>_<name>`, with placeholders.
 * @param {Record<string, string>} words
 * @param {any[][]} rows name, value and, where the word has placeholders, what they stand for
 * @param {string} [prefix]
 * @returns {Row[]}
 */
export function named(words, rows, prefix = "row") {
  return rows.map(([name, value, params]) => [
    fill(words[`${prefix}_${name}`], params ?? {}),
    value,
    name,
  ]);
}

/**
 * A table of several columns.
 * @param {string[] | null} heads
 * @param {Cell[][]} rows
 * @param {string} [kind] the class of the cells after the first
 */
export function columns(heads, rows, kind = "number") {
  const made = document.createElement("table");
  if (heads)
    made
      .createTHead()
      .insertRow()
      .append(...heads.map((text) => element("th", text)));
  const body = made.createTBody();
  for (const cells of rows) {
    const row = body.insertRow();
    cells.forEach((text, k) => {
      const cell = row.insertCell();
      cell.textContent = String(text);
      if (k) cell.className = kind;
    });
  }
  return made;
}

/**
 * A name, a number and a bar as long as its share.
 * @template {"div" | "button"} K
 * @param {K} tag
 * @param {string} name
 * @param {string} text the number
 * @param {number} share 0 to 1
 * @param {string} [testid]
 */
export function barRow(tag, name, text, share, testid) {
  const row = element(tag, "", testid, "bar-row");
  const bar = element("span", "", "", "bar");
  bar.style.width = `${100 * share}%`;
  row.append(element("span", name), element("span", text, "", "percent"), bar);
  return row;
}

/**
 * @param {string} text
 * @param {() => void} act
 * @param {string} [testid]
 * @param {string} [className]
 */
export function button(text, act, testid, className) {
  const made = element("button", text, testid, className);
  made.type = "button";
  made.onclick = act;
  return made;
}

/**
 * Back, play or pause, and step, under the controls. Where a reader asks for less motion, only the
 * steps are offered.
 * @param {Stage} stage
 * @param {{ back(): void, play(): void, step(): void }} acts
 */
export function buildPlayer(stage, acts) {
  const row = element("div", "", "", "player");
  const made = {
    timer: /** @type {ReturnType<typeof setTimeout> | null} */ (null),
    still: matchMedia("(prefers-reduced-motion: reduce)"),
    back: button("−1", acts.back, "stage-back"),
    play: button("", acts.play, "stage-play"),
    step: button("+1", acts.step, "stage-step"),
  };
  row.append(made.back, made.play, made.step);
  stage.extra.append(row);
  listen(stage, made.still, "change", () => stage.repaint());
  return made;
}

/**
 * The player's words, and whether it plays.
 * @param {Stage} stage
 * @param {ReturnType<typeof buildPlayer>} player
 * @param {boolean} [isPlaying]
 */
export function showPlayer({ words }, player, isPlaying = player.timer !== null) {
  const { back, play, step, still } = player;
  back.title = words.back;
  step.title = words.step;
  play.textContent = isPlaying ? `❚❚ ${words.pause}` : `▶ ${words.play}`;
  play.title = words.play_help ?? "";
  play.hidden = still.matches;
}
