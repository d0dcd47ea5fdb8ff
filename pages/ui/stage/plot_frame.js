// What stands around a chart: its title, a legend whose entries switch lines off, the plot itself,
// buttons in words, and the table of its numbers.

import { save } from "./download.js";
import { csvOf, tableOf, valueText } from "./plot_numbers.js";
import { DASHES, plain, seriesLook } from "./plot_traces.js";

/** @typedef {import("./plot.js").Chart} Chart */

const MOST_ROWS = 500; // of the table on the page; the file has all
const PNG_FONT = { family: "sans-serif", size: 14 }; // a picture cannot load the page's font
const PNG = { width: 900, height: 560, scale: 2 };

/**
 * The elements of a chart.
 * @param {any} stage
 * @param {Chart} chart
 */
export function buildFrame(stage, chart) {
  const figure = make("figure", "chart");
  figure.dataset.testid = `chart-${chart.name}`;
  const title = make("figcaption", "chart-title");
  const legend = make("div", "chart-legend");
  const plot = make("div", "plot");
  Object.assign(plot, { tabIndex: 0 });
  plot.setAttribute("role", "img");
  const lost = make("p", "muted");
  const live = make("p", "unseen");
  live.setAttribute("aria-live", "polite");
  const table = make("div", "chart-table");
  table.hidden = true;
  const parts = { figure, title, legend, plot, lost, live, table };
  const tools = toolsOf(stage, chart, parts);
  figure.append(title, legend, plot, lost, tools, live, table);
  return { ...parts, tools };
}

function make(tag, name) {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}

function toolsOf(stage, chart, parts) {
  const row = make("div", "chart-tools");
  const button = (name, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.dataset.testid = `tool-${name}`;
    made.textContent = stage.words[`chart_${name}`];
    made.title = stage.words[`chart_${name}_help`] ?? "";
    made.onclick = () => act(made);
    row.append(made);
    return made;
  };
  const zoom = button("zoom", () => {
    chart.zooming = zoom.getAttribute("aria-pressed") !== "true";
    chart.pressed = chart.zooming;
    zoom.setAttribute("aria-pressed", String(chart.zooming));
    chart.redraw();
  });
  zoom.setAttribute("aria-pressed", String(chart.zooming));
  button("reset", () => {
    chart.zoom = {};
    chart.hidden.clear();
    chart.redraw();
  });
  button("png", () => savePng(stage, chart));
  button("csv", () => saveCsv(stage, chart));
  const table = button("table", () => {
    parts.table.hidden = !parts.table.hidden;
    table.setAttribute("aria-expanded", String(!parts.table.hidden));
    showTable(chart);
  });
  table.setAttribute("aria-expanded", "false");
  return row;
}

const fileName = (stage, chart, ending) => `${stage.data.view}-${chart.name}.${ending}`;

async function savePng(stage, chart) {
  const { plot } = chart.parts;
  const layout = {
    ...plot.layout,
    width: PNG.width,
    height: PNG.height,
    font: { ...plot.layout.font, ...PNG_FONT },
    showlegend: chart.figure.series.length > 1,
    legend: { orientation: "h", y: -0.16 },
    title: { text: plain(chart.figure.title), x: 0.03, y: 0.97, font: { size: 16 } },
    margin: { l: 84, r: 30, t: 50, b: 100 },
  };
  const { Plotly } = /** @type {any} */ (window);
  const address = await Plotly.toImage({ data: plot.data, layout }, { format: "png", ...PNG });
  save(await (await fetch(address)).blob(), fileName(stage, chart, "png"));
}

function saveCsv(stage, chart) {
  const blob = new Blob([csvOf(tableOf(chart.figure))], { type: "text/csv" });
  save(blob, fileName(stage, chart, "csv"));
}

/**
 * The numbers as a table, once somebody wants to read them.
 * @param {Chart} chart
 * @param {boolean} [open]
 */
export function showTable(chart, open = false) {
  const { table } = chart.parts;
  if (open) table.hidden = false;
  if (table.hidden) return;
  const { head, rows } = tableOf(chart.figure);
  const made = document.createElement("table");
  made.createCaption().textContent = chart.figure.title;
  const first = made.createTHead().insertRow();
  for (const text of head) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = text;
    first.append(cell);
  }
  const body = made.createTBody();
  for (const cells of rows.slice(0, MOST_ROWS)) {
    const row = body.insertRow();
    for (const value of cells) {
      const isNumber = typeof value === "number";
      const cell = row.insertCell();
      if (isNumber) cell.className = "number";
      cell.textContent = isNumber ? valueText(value, { title: "" }) : value;
    }
  }
  table.replaceChildren(made);
}

/**
 * The legend: a button for each line, or for each group of lines and each look that they share.
 * @param {Chart} chart
 */
export function showLegend(chart) {
  const { figure, hidden, parts, stage } = chart;
  const entries = entriesOf(figure, stage.theme);
  const marks = [...new Set((figure.marks ?? []).map(({ text }) => text).filter(Boolean))];
  const key = JSON.stringify([entries, [...hidden], marks]);
  if (parts.legend.dataset.key === key) return;
  parts.legend.dataset.key = key;
  parts.legend.hidden = entries.length < 2 && !marks.length;
  const own = entries.length < 2 ? [] : entries.map((entry) => entryButton(chart, entry));
  parts.legend.replaceChildren(...own, ...marks.map((text) => markKey(stage, text)));
}

function entriesOf({ series }, theme) {
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

function entryButton(chart, entry) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "chart-key";
  made.setAttribute("aria-pressed", String(!chart.hidden.has(entry.key)));
  made.append(swatch(entry), entry.fact ? `${entry.name} · ${entry.fact}` : entry.name);
  made.onclick = () => {
    if (!chart.hidden.delete(entry.key)) chart.hidden.add(entry.key);
    chart.redraw();
  };
  return made;
}

function markKey(stage, text) {
  const made = make("span", "chart-key");
  made.append(swatch({ colour: stage.theme.text, kind: "points" }), text);
  return made;
}

/** A short piece of a line as it is drawn, or a patch in a bar's colour. */
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

function put(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}
