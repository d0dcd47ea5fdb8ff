// The surface of the descent in 3-D with the ways over it, once it is asked for: without a graphics
// card it takes seconds. While a control moves, the picture in 3-D waits until it rests.
import { fill } from "../../ui/stage/draw.js";
import { button, element } from "../../ui/stage/parts.js";
import { removeChart, showChart } from "../../ui/stage/plot.js";
import { numberText } from "../../ui/stage/plot_numbers.js";
import { hasWebGL } from "../../ui/stage/plot_surface.js";

/** @import { Stage } from "./descent.js" */
/** @import { Reply, Values } from "../../ui/stage/types.d.ts" */

const NAME = "surface";
const REST_MS = 250;
const HEIGHT = 300;

/** @param {Stage} stage */
export function buildSurface(stage) {
  const note = element("p", "", "surface-note", "muted");
  note.setAttribute("role", "status");
  const toggle = button("", () => turn(stage, !stage.state.inSpace.on), "stage-in-space");
  stage.state.inSpace = { on: false, missing: false, timer: null, toggle, note };
  stage.extra.append(toggle, note);
  stage.signal.addEventListener("abort", () => clearTimeout(stage.state.inSpace.timer));
}

/** @param {Stage} stage */
function turn(stage, on) {
  const { inSpace } = stage.state;
  inSpace.missing = on && !hasWebGL();
  inSpace.on = on && !inSpace.missing;
  inSpace.drawn = false;
  if (!inSpace.on) removeChart(stage, NAME);
  stage.repaint();
}

// The browser took the graphics away: the map is there all the same.
/** @param {Stage} stage */
function lose(stage) {
  turn(stage, false);
  stage.state.inSpace.missing = true;
  stage.repaint();
}

/**
 * @param {Stage} stage
 * @param {Reply} reply
 * @param {Values} values
 * @param {string} text the descent in words
 */
export function showSurface(stage, reply, values, text) {
  const { inSpace } = stage.state;
  showState(stage);
  clearTimeout(inSpace.timer);
  if (!inSpace.on) return;
  const handlers = {
    drawn: () => {
      inSpace.drawn = true;
      showState(stage);
    },
    lost: () => lose(stage),
  };
  const show = () => showChart(stage, NAME, surfaceFigure(stage, reply, text), values, handlers);
  inSpace.timer = setTimeout(show, REST_MS);
}

/** @param {Stage} stage */
function showState({ words, state }) {
  const { on, drawn, missing, toggle, note } = state.inSpace;
  toggle.textContent = words[on && !drawn ? "in_space_coming" : "in_space"];
  toggle.setAttribute("aria-pressed", String(on));
  note.textContent = missing ? words.in_space_missing : on ? words.in_space_turn : "";
}

/**
 * @param {{ words: Record<string, string> }} stage
 * @param {Reply} reply
 * @param {string} text
 * @returns {import("../../ui/stage/plot_numbers.js").Figure &
 *   { surface: import("../../ui/stage/plot_surface.js").Surface }}
 */
export function surfaceFigure({ words }, { surface, points, heights, about }, text) {
  const [rows, columns] = surface.shape;
  const steps = heights.shape[1];
  const { reach, names } = about;
  const rowOf = ({ data }, row, width) => data.subarray(row * width, (row + 1) * width);
  const centre = (i, count) => reach * ((2 * i + 1) / count - 1);
  const ways = names.map((name, k) => {
    const own = rowOf(points, k, 2 * steps);
    return {
      name: words[`optimiser_${name}`],
      x: own.filter((_, i) => i % 2 === 0),
      y: own.filter((_, i) => i % 2 === 1),
      heights: rowOf(heights, k, steps),
    };
  });
  const weight = (k) => ({
    title: fill(words.weight, { k }),
    range: /** @type {[number, number]} */ ([-reach, reach]),
  });
  return {
    title: words.in_space_title,
    text,
    height: HEIGHT,
    isUnkeyed: true, // the heights beside it have the same lines
    x: weight(1),
    y: weight(2),
    series: ways.map(({ heights: own, ...way }) => ({
      ...way,
      notes: Array.from(own, (height, step) =>
        fill(words.at_step, { step, height: numberText(height) }),
      ),
    })),
    surface: {
      x: Array.from({ length: columns }, (_, i) => centre(i, columns)),
      y: Array.from({ length: rows }, (_, i) => -centre(i, rows)), // the top row lies farthest up
      z: Array.from({ length: rows }, (_, row) => Array.from(rowOf(surface, row, columns))),
      ways: ways.map((way) => way.heights),
      axis: { title: words.heights, range: [0, Math.max(...surface.data)] },
    },
    table: {
      head: [words.optimiser, words.steps, weight(1).title, weight(2).title, words.heights],
      rows: ways.flatMap(({ name, x, y, heights: own }) =>
        Array.from(own, (height, step) => [name, step, x[step], y[step], height]),
      ),
    },
  };
}
