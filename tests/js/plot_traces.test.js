import assert from "node:assert/strict";
import { test } from "node:test";
import { plain, rangesOf, tracesOf } from "../../pages/ui/stage/plot_traces.js";

const THEME = { lines: ["#111111", "#222222"], text: "#000000", background: "#ffffff" };
const WORDS = { chart_beyond: "beyond the axis:" };
const NOTHING = { hidden: new Set(), zoom: {}, at: null, words: WORDS };

/** @returns {import("../../pages/ui/stage/plot_numbers.js").Figure} */
const figure = (more = {}) => ({
  title: "Loss",
  text: "",
  x: { title: "step" },
  y: { title: "Loss", range: [0, 10] },
  series: [
    { name: "a", x: [0, 1, 2], y: [5, 46916, Number.NaN] },
    { name: "b", group: "b", x: [0, 1, 2], y: [1, 2, 3] },
  ],
  ...more,
});

test("what left the axis has an arrow at its end that says how far it went", () => {
  const [, , arrows, ...rest] = tracesOf(figure(), THEME, NOTHING);
  assert.equal(rest.length, 0);
  assert.deepEqual([arrows.x, arrows.y], [[1], [10]]);
  assert.deepEqual(arrows.marker.symbol, ["triangle-up"]);
  assert.deepEqual(arrows.customdata, ["beyond the axis: 46916"]);
});

test("a reader who zoomed knows that the rest lies outside", () => {
  const zoomed = { ...NOTHING, zoom: { y: /** @type {[number, number]} */ ([0, 2]) } };
  assert.equal(tracesOf(figure(), THEME, zoomed).length, 2);
});

test("a line that is switched off takes its arrows and marks with it", () => {
  const marks = [{ x: 1, y: 1, of: "a" }];
  const off = { ...NOTHING, hidden: new Set(["a"]) };
  const traces = tracesOf(figure({ marks }), THEME, off);
  assert.deepEqual(
    traces.map(({ visible }) => visible),
    [false, true],
  );
});

test("a name is shown as it is, never read as markup", () => {
  assert.equal(plain("<b>a & b</b> %{y}"), "&lt;b&gt;a &amp; b&lt;/b&gt; %&#123;y}");
  const name = '<a href="https://example.org">cat</a>';
  const [trace] = tracesOf(figure({ series: [{ name, x: [1], y: [1] }] }), THEME, NOTHING);
  assert.ok(!trace.name.includes("<"));
});

test("bars stand on zero and have room on both sides", () => {
  const bars = { name: "n", kind: "bars", x: [1, 2, 3], y: [2, 4, 3] };
  assert.deepEqual(rangesOf(figure({ series: [bars], y: { title: "n" } })), {
    x: [0.5, 3.5],
    y: [0, 4.2],
  });
});
