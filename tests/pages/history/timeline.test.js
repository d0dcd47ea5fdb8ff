// Where the stations of the history stand, which is open, and where its link leads.
import assert from "node:assert/strict";
import test from "node:test";
import {
  after,
  cited,
  heightOf,
  linkOf,
  openOf,
  placesOf,
  SPANS,
  shownOf,
} from "../../../pages/neurons/history/timeline.js";

/** @type {(key: string, year: number, thread: string, mark?: boolean) => any} */
const station = (key, year, thread, mark = false) => ({
  key,
  year,
  thread,
  mark,
  authors: "Doe",
  title: "A title",
  venue: "CVPR",
  url: "https://example.org/x",
  page: "filter_sliding",
  state: {},
});
const ALL = [
  station("neuron", 1943, "networks", true),
  station("rule", 1958, "learning"),
  station("first", 2012, "networks"),
  station("second", 2012, "networks", true),
  station("third", 2012, "learning"),
  station("last", 2020, "networks"),
];
const values = (more = {}) => ({ thread: "all", year: 2012, station: "", ...more });

test("a thread shows its own stations alone, and all show all", () => {
  assert.equal(shownOf(ALL, "all").length, ALL.length);
  assert.deepEqual(
    shownOf(ALL, "learning").map(({ key }) => key),
    ["rule", "third"],
  );
});

test("the newest station up to the year is open, a marked one before others of its year", () => {
  assert.equal(ALL[openOf(ALL, values())].key, "second");
  assert.equal(ALL[openOf(ALL, values({ year: 2000 }))].key, "rule");
  assert.equal(openOf(ALL, values({ year: 1900 })), -1);
  assert.equal(ALL[openOf(ALL, values({ station: "last" }))].key, "last");
  assert.equal(ALL[openOf(ALL, values({ station: "unknown" }))].key, "second");
});

test("earlier and later go from one to the next and stop at the ends", () => {
  assert.equal(after(ALL, 2, 1), 3);
  assert.equal(after(ALL, 0, -1), 0);
  assert.equal(after(ALL, ALL.length - 1, 1), ALL.length - 1);
  assert.equal(after(ALL, -1, 1), 0);
});

test("every station stands within its lane, the first lane above, and no two on one point", () => {
  for (const lanes of [["networks", "learning"], ["networks"]]) {
    const shown = ALL.filter(({ thread }) => lanes.includes(thread));
    const { x, y } = placesOf(shown, lanes);
    shown.forEach(({ thread, year }, i) => {
      const floor = lanes.length - 1 - lanes.indexOf(thread);
      assert.ok(y[i] > floor && y[i] < floor + 1);
      assert.equal(x[i], year);
    });
    const points = new Set(shown.map((_, i) => `${x[i]} ${y[i]}`));
    assert.equal(points.size, shown.length);
    const [low, high] = heightOf(lanes);
    assert.ok(low === 0 && high > lanes.length && high < lanes.length + 1);
  }
});

test("the spans cover all years together", () => {
  const [low, high] = SPANS.all;
  assert.ok(SPANS.beginnings[0] === low && SPANS.deep[1] < high && SPANS.deep[1] > 2024);
  assert.ok(SPANS.beginnings[1] > SPANS.features[0] && SPANS.features[1] > SPANS.deep[0]);
});

test("a link keeps the language and the learner's picture, unless the station names one", () => {
  const from = { base: "/fovea", lang: "ko", picture: "coffee" };
  assert.equal(linkOf(ALL[0], from), "/fovea/filter-sliding?lang=ko&pic=coffee");
  const own = { ...ALL[0], state: { pic: "astronaut", points: "0,1;1,0" } };
  const url = new URL(linkOf(own, { ...from, base: "" }), "http://here");
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    lang: "ko",
    pic: "astronaut",
    points: "0,1;1,0",
  });
  assert.equal(linkOf(ALL[0], { ...from, picture: null }), "/fovea/filter-sliding?lang=ko");
  const below = { ...ALL[0], state: { units: "3" }, below: true };
  assert.equal(linkOf(below, from), "/fovea/filter-sliding?lang=ko&pic=coffee&units=3#units");
});

test("a citation has authors, year, title and venue, with one full stop after each", () => {
  assert.equal(cited(ALL[1]), "Doe (1958): A title. CVPR.");
  assert.equal(cited({ ...ALL[1], title: "Why?" }), "Doe (1958): Why? CVPR.");
});
