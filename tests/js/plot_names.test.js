// Names beside the points of a chart: none over another, the important ones first, more with zoom.
import assert from "node:assert/strict";
import test from "node:test";
import { broad, namesBeside } from "../../pages/ui/stage/plot_names.js";
import { tracesOf } from "../../pages/ui/stage/plot_traces.js";

const GAP_PX = 9; // between a point and its name
const ROOM = { width: 600, height: 200 };
/** @type {(x: number[], y: number[], names: string[], firstNamed?: number[]) => any} */
const series = (x, y, names, firstNamed) => ({
  name: "all",
  kind: "points",
  x,
  y,
  names,
  firstNamed,
});
/** @type {{ x: [number, number], y: [number, number] }} */
const RANGES = { x: [0, 100], y: [0, 10] };

/** Stretches in pixels that the names take, with their heights. */
function stretches({ x, y, names }, { text, position }, ranges) {
  return names.flatMap((name, i) => {
    if (!text[i]) return [];
    const at = (ROOM.width * (x[i] - ranges.x[0])) / (ranges.x[1] - ranges.x[0]);
    const height = (ROOM.height * (ranges.y[1] - y[i])) / (ranges.y[1] - ranges.y[0]);
    const isRight = position[i] === "middle right";
    const low = isRight ? at + GAP_PX : at - GAP_PX - broad(name);
    return [{ low, high: low + broad(name), height }];
  });
}

test("a name stands at the right of its point, at the left where the chart ends, else nowhere", () => {
  const { text, position } = namesBeside(series([10, 99], [5, 5], ["one", "two"]), RANGES, ROOM);
  assert.deepEqual(text, ["one", "two"]);
  assert.deepEqual(position, ["middle right", "middle left"]);
  const long = "x".repeat(200);
  assert.deepEqual(namesBeside(series([50], [5], [long]), RANGES, ROOM).text, [""]);
});

test("where two do not fit, the one that is named first is written", () => {
  const edge = series([1, 1.6], [5, 5], ["first name", "last name"]); // no room at the left
  assert.deepEqual(namesBeside(edge, RANGES, ROOM).text, ["first name", ""]);
  assert.deepEqual(namesBeside({ ...edge, firstNamed: [1] }, RANGES, ROOM).text, ["", "last name"]);
});

test("names on other lines do not mind each other", () => {
  const { text } = namesBeside(series([50, 50], [2, 8], ["below", "above"]), RANGES, ROOM);
  assert.deepEqual(text, ["below", "above"]);
});

test("no two names overlap, whatever the points", () => {
  let seed = 7;
  const draw = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  for (let round = 0; round < 30; round++) {
    const x = Array.from({ length: 40 }, () => 100 * draw());
    const y = Array.from({ length: 40 }, () => Math.floor(10 * draw()) + 0.5);
    const names = x.map((_, i) => `name ${"o".repeat(i % 12)}`);
    const one = series(x, y, names, [3, 1]);
    const found = namesBeside(one, RANGES, ROOM);
    const taken = stretches(one, found, RANGES);
    assert.ok(taken.length > 5);
    for (const [k, a] of taken.entries())
      for (const b of taken.slice(k + 1))
        assert.ok(Math.abs(a.height - b.height) > 12 || a.high < b.low || b.high < a.low);
  }
});

test("points outside of the zoom have no name", () => {
  /** @type {{ x: [number, number], y: [number, number] }} */
  const zoomed = { x: [40, 60], y: [0, 10] };
  const { text } = namesBeside(series([10, 50], [5, 5], ["far", "near"]), zoomed, ROOM);
  assert.deepEqual(text, ["", "near"]);
});

test("a trace has names and colours of its points, as data", () => {
  const theme = { lines: ["#111111"], text: "#222222", background: "#ffffff", accent: "#0000ff" };
  const axis = { title: "", range: /** @type {[number, number]} */ ([0, 100]) };
  const one = { ...series([10, 50], [5, 5], ["<b>", "two"]), colours: ["#123456", "#654321"] };
  const figure = { title: "", text: "", x: axis, y: { ...axis, range: RANGES.y }, series: [one] };
  const state = { hidden: new Set(), zoom: {}, at: null, words: {}, room: ROOM };
  const [trace] = tracesOf(figure, theme, state);
  assert.equal(trace.mode, "markers+text");
  assert.deepEqual(trace.text, ["&lt;b&gt;", "two"]);
  assert.deepEqual(trace.marker.color, ["#123456", "#654321"]);
});

test("on logarithmic axes a name stands where Plotly draws its point", () => {
  const one = { name: "sets", x: [10, 100, 1000], y: [1e3, 1e5, 1e7], names: ["a", "b", "c"] };
  const room = { width: 300, height: 200 };
  /** @type {{ x: [number, number], y: [number, number] }} */
  const ranges = { x: [1, 10_000], y: [100, 1e8] };
  assert.deepEqual(namesBeside(one, ranges, room, { x: true, y: true }).text, ["a", "b", "c"]);
  // on linear ones the first two lie on one another
  assert.deepEqual(namesBeside(one, ranges, room).text.filter(Boolean).length, 2);
});
