// What stands around a chart: its title, its legend (plot_legend.js), the plot itself, buttons in
// words, and the table of its numbers.

import { save } from "./download.js";
import { csvOf, tableOf, valueText } from "./plot_numbers.js";
import { plain } from "./plot_traces.js";

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
  figure.append(title, tools, legend, plot, lost, live, table);
  return { ...parts, tools };
}

/** @type {(tag: string, name: string) => HTMLElement} */
function make(tag, name) {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}

/** @type {(stage: any, chart: Chart, parts: Record<string, HTMLElement>) => HTMLElement} */
function toolsOf(stage, chart, parts) {
  const row = make("div", "chart-tools");
  /** @type {(name: string, act: (made: HTMLButtonElement) => void) => HTMLButtonElement} */
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
  zoom.classList.add("chart-zoom"); // a surface is turned instead
  button("reset", () => {
    chart.zoom = {};
    stage.plots.hidden.clear();
    stage.plots.redraw();
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

/** @type {(stage: any, chart: Chart, ending: string) => string} */
const fileName = (stage, chart, ending) => `${stage.data.name}-${chart.name}.${ending}`;

/** @type {(stage: any, chart: Chart) => Promise<void>} */
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

/** @type {(stage: any, chart: Chart) => void} */
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
