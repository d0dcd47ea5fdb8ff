// What Plotly draws of it: which grid has the thing at which size, and how far the opened cell
// believes each edge to be.
import { fill } from "../../ui/stage/draw.js";
import { pause } from "../../ui/stage/lifetime.js";
import { showChart } from "../../ui/stage/plot.js";

/** @import { Stage } from "./view.js" */

const SIDES = ["left", "top", "right", "bottom"];
const AGAIN_MS = 200;
const CURVES_PX = 210;
const SIDE_PX = 130; // height
const SIDE_WIDE_PX = 240;

/** What the view remembers of the thing at all sizes. */
export const zoomState = () => ({
  asked: "", // language, picture and thing that the answer belongs to
  answer: /** @type {any} */ (null),
  isAsking: false,
});

/**
 * Asks for the thing at all sizes, once for each picture and thing.
 * @param {Stage} stage
 */
export async function askZooms(stage, values) {
  const { zooms } = stage.state;
  if (zooms.asked === keyOf(stage, values) || zooms.isAsking) return;
  zooms.isAsking = true;
  while (zooms.asked !== keyOf(stage, stage.values)) {
    const [key, { picture }, { thing }] = [
      keyOf(stage, stage.values),
      stage.data.fixed,
      stage.values,
    ];
    try {
      zooms.answer = await stage.ask("one-stage/zooms", { picture, thing });
      zooms.asked = key;
    } catch (error) {
      // refused as the picture itself is, which the stage says; else it is still being looked at
      if (error.refused) Object.assign(zooms, { answer: null, asked: key });
      else await pause(stage, AGAIN_MS);
    }
  }
  zooms.isAsking = false;
  stage.repaint();
}

/** @type {(stage: Stage, values: any) => string} */
const keyOf = ({ data }, { thing }) => `${data.lang} ${data.fixed.picture} ${thing}`;

/**
 * The score of each grid's cell over the size of the thing; dragging on it moves the zoom.
 * @param {Stage} stage
 */
export function showCurves(stage, { about }, values) {
  const { words } = stage;
  const { zooms } = stage.state;
  const answer = zooms.asked === keyOf(stage, values) ? zooms.answer : null;
  const sizes = answer ? Array.from(answer.sizes_px.data) : [];
  const series = about.grids.map(([rows, columns], grid) => ({
    name: fill(words.series_grid, { rows, columns, stride: about.strides_px[grid] }),
    style: grid,
    dots: true,
    x: sizes,
    y: sizes.map((_, i) => answer.scores.data[i * about.grids.length + grid]),
  }));
  const name = answer?.about.name ?? about.thing.name;
  const title = fill(words.plot_zooms, { name });
  const go = (x, commit) => {
    if (sizes.length) stage.set({ zoom: nearestZoom(answer, x) }, commit);
  };
  const text = answer ? curvesText(words, answer, title) : title;
  const figure = {
    title,
    text,
    height: CURVES_PX,
    broad: true,
    drags: true,
    x: { title: words.axis_size, unit: "px", log: true },
    y: { title: words.axis_score, range: /** @type {[number, number]} */ ([0, 1]) },
    cursor: about.thing_px,
    series,
  };
  showChart(stage, "zooms", figure, values, {
    drag: ({ x }, how) => go(x, how === "drop"),
    point: ({ x }, how) => how === "key" && go(x, true),
  });
}

// The sizes are those of the chart; between two of them the zoom goes with the size.
function nearestZoom({ sizes_px: sizes, zooms }, x) {
  const whole = sizes.data.length - 1;
  const zoom = (x / sizes.data[whole]) * zooms.data[whole];
  return Math.round(Math.min(Math.max(zoom, zooms.data[0]), zooms.data[whole]));
}

function curvesText(words, { winners, sizes_px: sizes, about }, title) {
  const said = Array.from(winners.data, (grid, i) => {
    const size = Math.round(sizes.data[i]);
    if (grid < 0) return fill(words.curve_none, { size });
    const [rows, columns] = about.grids[grid];
    return fill(words.curve_won, { size, rows, columns });
  });
  return `${title}. ${said.join(" ")}`;
}

/**
 * The four sides of the opened cell as distributions over eleven bins.
 * @param {Stage} stage
 */
export function showSides(stage, { sides, about }, values) {
  const { words } = stage;
  const { stride_px: stride, distances_px: means, spreads_px: spreads } = about.cell;
  const bins = sides.shape[1];
  const highest = Math.max(0.5, ...sides.data);
  SIDES.forEach((side, k) => {
    const params = {
      side: words[`side_${side}`],
      mean: means[k].toFixed(1),
      spread: spreads[k].toFixed(1),
    };
    const title = fill(words.plot_side, params);
    const x = Array.from({ length: bins }, (_, bin) => bin);
    const notes = x.map((bin) => `${bin * stride} px`);
    const y = Array.from(sides.data.subarray(k * bins, (k + 1) * bins));
    const figure = {
      title,
      text: title,
      height: SIDE_PX,
      isUnkeyed: true,
      x: { title: fill(words.axis_bins, { stride }) },
      y: { title: words.axis_probability, range: /** @type {[number, number]} */ ([0, highest]) },
      cursor: means[k] / stride,
      series: [{ name: params.side, kind: /** @type {"bars"} */ ("bars"), style: 0, x, y, notes }],
    };
    showChart(stage, `side-${side}`, figure, values);
  });
  // all four in a row, where there is room
  const { box } = /** @type {any} */ (stage).plots;
  box.style.gridTemplateColumns = `repeat(auto-fit, minmax(min(${SIDE_WIDE_PX}px, 100%), 1fr))`;
}
