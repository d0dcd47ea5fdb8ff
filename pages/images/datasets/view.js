// Public data sets by pictures and classes, the results on one of them by year, and all as a table.
import { fill } from "../../ui/stage/draw.js";
import { mix } from "../../ui/stage/palette.js";
import { element, heading, note, paragraph, table } from "../../ui/stage/parts.js";
import { showChart } from "../../ui/stage/plot.js";
import { lookOf } from "../../ui/stage/plot_traces.js";
import { bestOf, COLUMNS, eachOf, sorted, until } from "./sets_table.js";

/** @import { PublicSet, Result } from "./sets_table.js" */
/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

const CHART_PX = 250;
const FAINT = 0.3; // of its colour, what is still to come
const POINTS = /** @type {const} */ ("points");
const CLOSEST = /** @type {const} */ ("closest");
/** @type {[number, number]} */
const YEARS = [1996.5, 2024.5];

const state = () => ({ table: null, column: "year", falling: false });

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  charts: "only",
  steady: true,
  local: ["year", "chosen"],
  state,

  build(/** @type {Stage} */ stage) {
    stage.state.table = element("div", "", "sets-table", "scroller");
    Object.assign(stage.state.table.style, { overflowX: "auto", marginTop: "12px" });
    stage.frame.append(stage.state.table);
  },

  paint(stage, reply, values) {
    const { sets, results } = reply.about;
    showChart(stage, "sizes", sizesOf(stage, sets, values), values, {
      point: ({ series, index }, how) => {
        const { key } = groupsOf(sets, values)[series].of[index];
        if (how !== "hover" && results[key]) stage.set({ chosen: key });
      },
    });
    showChart(stage, "results", resultsOf(stage, reply.about, values), values);
    fillTable(stage, sets, values);
    tell(stage, reply.about, values);
  },
};

/** @type {(value: number) => string} */
const whole = (value) => Math.round(value).toLocaleString("en-US");

/** @type {(sets: PublicSet[], values: any) => { past: boolean, of: PublicSet[] }[]} */
const groupsOf = (sets, { year }) =>
  [true, false]
    .map((past) => ({ past, of: sets.filter((s) => s.classes && s.year <= year === past) }))
    .filter(({ of }) => of.length);

/** @type {(stage: Stage, sets: PublicSet[], values: any) => any} */
function sizesOf(stage, sets, values) {
  const { words, theme } = stage;
  const { colour } = lookOf(theme, 0);
  const series = groupsOf(sets, values).map(({ past, of }) => {
    const tint = past ? colour : mix(colour, theme.background, FAINT);
    return {
      name: words[past ? "series_past" : "series_later"],
      kind: POINTS,
      style: 0,
      x: of.map(({ classes }) => classes),
      y: of.map(({ pictures }) => pictures),
      colours: of.map(({ key }) => (key === values.chosen ? theme.accent : tint)),
      names: of.map(({ title }) => title),
      notes: of.map(({ title, year }) => `${title} · ${year}`),
    };
  });
  const chosen = sets.find(({ key }) => key === values.chosen);
  const marks = chosen?.classes
    ? [{ x: chosen.classes, y: chosen.pictures, symbol: /** @type {const} */ ("star") }]
    : [];
  return {
    title: words.sizes_chart,
    text: fill(words.sizes_text, {
      count: sets.filter((set) => set.classes && set.year <= values.year).length,
      year: values.year,
    }),
    height: CHART_PX,
    broad: true,
    hover: CLOSEST,
    isUnkeyed: true,
    x: { title: words.axis_classes, log: true, range: [6, 60_000] },
    y: { title: words.axis_pictures, log: true, range: [2_500, 50_000_000] },
    series,
    marks,
  };
}

/** @type {(stage: Stage, about: any, values: any) => any} */
function resultsOf(stage, { sets, results, sources }, { chosen, year }) {
  const { words } = stage;
  const { measure, rows, lower } = results[chosen];
  const { title } = sets.find(({ key }) => key === chosen);
  const groups = [
    { name: words.series_won, of: rows.filter((row) => row.won) },
    { name: words.series_paper, of: rows.filter((row) => !row.won) },
  ];
  const best = bestOf(until(rows, year), lower);
  const told = { title, measure: words[`measure_${measure}`], year };
  return {
    title: fill(words.results_chart, told),
    text: best
      ? fill(words.results_text, { ...told, name: best.name, percent: best.percent })
      : fill(words.results_none, told),
    height: CHART_PX,
    broad: true,
    hover: CLOSEST,
    meaning: chosen,
    cursor: year,
    x: { title: words.axis_year, range: YEARS, words: String },
    y: { title: words[`axis_${measure}`], unit: "%", include: [0] },
    series: groups.flatMap(({ name, of }, k) =>
      of.length
        ? [
            {
              name,
              kind: POINTS,
              style: k,
              x: of.map((row) => row.year),
              y: of.map(({ percent }) => percent),
              names: of.map((row) => row.name.split(":").at(-1).trim()),
              notes: of.map((row) => `${row.name} · ${sources[row.source].text}`),
            },
          ]
        : [],
    ),
    table: {
      head: [words.axis_year, words.head_result, words[`axis_${measure}`], words.head_source],
      rows: rows.map((row) => [
        row.year,
        resultName(words, row),
        row.percent,
        `${sources[row.source].text} ${sources[row.source].url}`,
      ]),
    },
  };
}

/** @type {(words: Record<string, string>, row: Result) => string} */
const resultName = (words, { name, won, on }) =>
  `${name}${on ? ` (${on})` : ""}${won ? ` · ${words.won}` : ""}`;

// All sets; pressing a head sorts by it, once more the other way round.
/** @type {(stage: Stage, sets: PublicSet[], values: any) => void} */
function fillTable(stage, sets, values) {
  const { words, state: own } = stage;
  const made = element("table", "", "sets");
  Object.assign(made.style, { borderCollapse: "collapse", width: "100%", fontSize: "13px" });
  made.style.minWidth = "620px"; // on a phone it is scrolled: words a letter wide cannot be read
  const heads = made.createTHead().insertRow();
  for (const column of COLUMNS) heads.append(headOf(stage, column, () => repaint()));
  for (const name of ["kinds", "licence"]) heads.append(cellOf("th", words[`column_${name}`]));
  const body = made.createTBody();
  for (const set of sorted(sets, own.column, own.falling)) {
    const row = body.insertRow();
    row.style.opacity = set.year <= values.year ? "1" : "0.45";
    if (set.key === values.chosen) row.style.fontWeight = "600";
    row.append(...cellsOf(words, set));
  }
  const repaint = () => fillTable(stage, sets, values);
  own.table.replaceChildren(heading(words.table), made, note(words.table_note));
}

/** @type {(stage: Stage, column: string, repaint: () => void) => HTMLElement} */
function headOf({ words, state: own }, column, repaint) {
  const cell = cellOf("th", "");
  const arrow = own.falling ? " ▼" : " ▲";
  const isBy = own.column === column;
  const isWord = column === "title" || column === "year";
  const sort = element("button", `${words[`column_${column}`]}${isBy ? arrow : ""}`);
  Object.assign(sort, { type: "button", className: "plain" });
  Object.assign(sort.style, {
    padding: "0",
    fontWeight: "600",
    textAlign: isWord ? "left" : "right",
  });
  sort.dataset.testid = `sort-${column}`;
  cell.ariaSort = isBy ? (own.falling ? "descending" : "ascending") : "none";
  sort.onclick = () => {
    own.falling = isBy ? !own.falling : !isWord;
    own.column = column;
    repaint();
  };
  cell.append(sort);
  return cell;
}

/** @type {(words: Record<string, string>, set: PublicSet) => HTMLElement[]} */
function cellsOf(words, set) {
  const numbers = set.classes
    ? [whole(set.pictures), whole(set.classes), whole(eachOf(set))]
    : ["–", "–", "–"];
  const kinds = set.kinds.map((kind) => words[`kind_${kind}`]).join(", ") || words.platform;
  return [
    cellOf("td", set.title),
    cellOf("td", String(set.year)),
    ...numbers.map((text) => cellOf("td", text, true)),
    cellOf("td", kinds),
    cellOf("td", words[`licence_${set.key}`]),
  ];
}

/** @type {(tag: "td" | "th", text: string, isNumber?: boolean) => HTMLTableCellElement} */
function cellOf(tag, text, isNumber = false) {
  const made = element(tag, text);
  Object.assign(made.style, {
    padding: "3px 8px 3px 0",
    textAlign: isNumber ? "right" : "left",
    verticalAlign: "top",
    fontVariantNumeric: "tabular-nums",
  });
  return made;
}

/** @type {(stage: Stage, about: any, values: any) => void} */
function tell({ words, readout }, { sets, results, sources }, { chosen, year }) {
  const set = /** @type {PublicSet} */ (sets.find(({ key }) => key === chosen));
  const { rows, measure, lower } = results[chosen];
  const best = bestOf(until(rows, year), lower);
  const figures = ["train", "validation", "test", "classes", "objects"].flatMap((name) => {
    const value = set[/** @type {"train"} */ (name)];
    return value ? [[words[`row_${name}`], whole(value), name]] : [];
  });
  if (set.sides) figures.push([words.row_sides, `${set.sides.join(" × ")} px`, "sides"]);
  const cited = [...new Set(Object.values(set.sources))].map((key) => link(sources[key]));
  readout.replaceChildren(
    heading(`${set.title} · ${set.year}`, "set"),
    paragraph(words[`about_${set.key}`], "about"),
    ...(figures.length ? [table(figures)] : []),
    heading(fill(words.best, { year })),
    paragraph(
      best
        ? `${best.year} · ${resultName(words, best)}: ${best.percent} % (${words[`measure_${measure}`]})`
        : fill(words.results_none, { title: set.title, year }),
      "best",
    ),
    heading(words.head_source),
    ...cited,
    ...(best ? [link(sources[best.source])] : []),
  );
}

/** @type {(source: { text: string, url: string }) => HTMLElement} */
function link({ text, url }) {
  const made = element("a", text, "source");
  Object.assign(made, { href: url, target: "_blank", rel: "noopener noreferrer" });
  const row = element("p");
  row.style.margin = "0 0 4px";
  row.append(made);
  return row;
}
