// The legend of a chart, or of all charts of a stage that show the same: a button for each line, or
// for each group of lines and each look that they share. It switches them off and on again.
import { DASHES, lookOf, seriesLook } from "./plot_traces.js";

/** @typedef {import("./plot.js").Chart} Chart */
/**
 * @typedef {object} Entry
 * @property {string} key     what the button switches
 * @property {string} name
 * @property {string} [fact]
 * @property {string} colour
 * @property {string} kind
 * @property {number} width
 * @property {string} dash
 * @property {number} opacity
 * @property {boolean} [isLook]
 */

/**
 * @param {any} stage
 * @param {Chart[]} charts those on the screen
 */
export function showLegends(stage, charts) {
  const { legend, hidden } = stage.plots;
  const all = charts.map(({ figure }) => entriesOf(figure, stage.theme));
  const whole = wholeOf(all);
  const shared = charts.length > 1 && whole.length > 0;
  fill(legend, shared ? whole : [], []);
  charts.forEach((chart, i) => {
    const marks = (chart.figure.marks ?? [])
      .filter(({ text }) => text)
      .map(({ text = "", symbol }) => (symbol === "star" ? `★ ${text}` : text));
    fill(chart.parts.legend, shared ? [] : all[i], [...new Set(marks)]);
  });

  /** @type {(element: HTMLElement, entries: Entry[], marks: string[]) => void} */
  function fill(element, entries, marks) {
    const key = JSON.stringify([entries, marks, [...hidden]]);
    if (element.dataset.key === key) return;
    element.dataset.key = key;
    const own = entries.length < 2 ? [] : entries.map((entry) => entryButton(stage, entry));
    element.replaceChildren(...own, ...marks.map((text) => markKey(stage, text)));
    element.hidden = !element.children.length;
  }
}

// The legend that holds all the others, entry for entry alike; [] where there is none.
/** @type {(all: Entry[][]) => Entry[]} */
function wholeOf(all) {
  /** @param {Entry} entry */
  const look = ({ key, kind, colour, dash, fact }) =>
    JSON.stringify([key, kind, colour, dash, fact]);
  const whole = all.reduce((most, one) => (one.length > most.length ? one : most), []);
  const known = new Set(whole.map(look));
  return all.every((entries) => entries.every((entry) => known.has(look(entry)))) ? whole : [];
}

/** @type {(figure: import("./plot_numbers.js").Figure, theme: any) => Entry[]} */
function entriesOf({ series, isUnkeyed }, theme) {
  if (isUnkeyed) return [];
  const entries = new Map();
  series.forEach((one, k) => {
    const { colour, dash } = seriesLook(theme, one, k);
    const key = one.group ?? one.name;
    const own = {
      key,
      name: key,
      fact: one.fact,
      colour,
      kind: one.kind ?? "line",
      width: one.width ?? 2,
    };
    if (!entries.has(key))
      entries.set(key, { ...own, dash: one.look ? "solid" : dash, opacity: 1 });
    if (!one.look) return;
    const look = {
      ...own,
      key: one.look,
      name: one.look,
      fact: undefined,
      colour: theme.muted,
      dash,
    };
    if (!entries.has(one.look))
      entries.set(one.look, { ...look, opacity: one.opacity ?? 1, isLook: true });
  });
  return [...entries.values()].sort((a, b) => Number(a.isLook ?? 0) - Number(b.isLook ?? 0));
}

/** @type {(stage: any, entry: Entry) => HTMLButtonElement} */
function entryButton(stage, entry) {
  const { hidden, redraw } = stage.plots;
  const made = document.createElement("button");
  made.type = "button";
  made.className = "chart-key";
  made.setAttribute("aria-pressed", String(!hidden.has(entry.key)));
  made.append(swatch(entry), entry.fact ? `${entry.name} · ${entry.fact}` : entry.name);
  made.onclick = () => {
    if (!hidden.delete(entry.key)) hidden.add(entry.key);
    redraw();
  };
  return made;
}

/** @type {(stage: any, text: string) => HTMLSpanElement} */
function markKey(stage, text) {
  const made = document.createElement("span");
  made.className = "chart-key";
  if (!text.startsWith("★")) made.append(swatch({ colour: stage.theme.text, kind: "points" }));
  made.append(text);
  return made;
}

/**
 * A short piece of a line as it is drawn, or a patch in a bar's colour.
 * @param {{ colour: string, dash?: string, width?: number, opacity?: number, kind?: string }} look
 */
export function swatch({ colour, dash = DASHES[0], width = 2, opacity = 1, kind = "line" }) {
  const name = "http://www.w3.org/2000/svg";
  const key = document.createElementNS(name, "svg");
  const isBar = kind === "bars" || kind === "points";
  const shape = document.createElementNS(name, isBar ? "circle" : "line");
  const lengths = dash === "solid" ? {} : { "stroke-dasharray": dash.replaceAll("px", "") };
  const drawn = isBar
    ? { cx: 13, cy: 5, r: 4.5, fill: colour, opacity }
    : { x1: 0, x2: 26, y1: 5, y2: 5, stroke: colour, "stroke-width": width, opacity, ...lengths };
  put(key, { width: 26, height: 10, "aria-hidden": "true" });
  put(shape, drawn);
  key.append(shape);
  return key;
}

/** @type {(element: Element, attributes: Record<string, any>) => void} */
function put(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

/**
 * A row of the readout that belongs to line k of the palette: its look, a name, what there is to say.
 * @param {any} stage
 * @param {number} k
 * @param {string} name
 * @param {string} text
 * @param {string} testid
 */
export function lineRow(stage, k, name, text, testid) {
  const row = document.createElement("p");
  row.dataset.testid = testid;
  const title = document.createElement("b");
  title.textContent = ` ${name}`;
  row.append(
    swatch({ ...lookOf(stage.theme, k), width: 2.5 }),
    title,
    document.createElement("br"),
    text,
  );
  return row;
}
