// Heights over a plane as a chart in 3-D, with ways over them. A figure has it as `surface`; its
// series are the ways, seen from above. Where there is no graphics card it takes seconds to draw, so
// views show it only when it is asked for, and at rest.
import { mix } from "./palette.js";
import { numberText } from "./plot_numbers.js";
import { plain, seriesLook } from "./plot_traces.js";

/** @typedef {import("./plot_numbers.js").Figure} Figure */
/**
 * @typedef {object} Surface
 * @property {number[]} x   of the columns
 * @property {number[]} y   of the rows
 * @property {number[][]} z  heights, row by row
 * @property {ArrayLike<number>[]} ways  the heights along each series
 * @property {import("./plot_numbers.js").Axis} axis  of the heights, with its range
 */
/** @typedef {{ x: number, y: number, z: number }} Place */
/** @typedef {{ eye: Place, center?: Place, up?: Place }} Camera */

// Lines in 3-D know only these, in the order of DASHES (plot_traces.js).
const DASHES = ["solid", "dash", "dot", "dashdot", "dot", "longdash"];
/** @type {Camera} */
const CAMERA = { eye: { x: -0.75, y: -1.7, z: 1.25 }, center: { x: 0, y: 0, z: -0.18 } };
const FLAT = 0.7; // height of the box, its sides being 1
const LIFT = 0.012; // of the range: a way lies on the surface, not in it
const TURN = Math.PI / 12; // of an arrow key
const STEEP = 0.98 * (Math.PI / 2); // beyond it up and down change places
const NEARER = 0.85; // with each press of +

/** Whether this browser can draw in 3-D at all. */
export function hasWebGL() {
  const context = document.createElement("canvas").getContext("webgl");
  context?.getExtension("WEBGL_lose_context")?.loseContext(); // a browser holds only a few
  return context !== null;
}

/**
 * @param {Figure & { surface: Surface }} figure
 * @param {any} theme
 * @param {Set<string>} hidden names of the series that are switched off
 * @returns {any[]} the ways, then the surface
 */
export function surfaceTraces({ series, surface, x, y }, theme, hidden) {
  const { axis, ways, ...heights } = surface;
  const [low, high] = axis.range ?? [0, 1];
  const ground = theme.dark ? [0.75, 0.3] : [0.45, 0.95];
  /** @type {(one: import("./plot_numbers.js").Series, i: number) => boolean} */
  const inside = (one, i) => isOn(x.range, one.x[i]) && isOn(y.range, one.y[i]);
  const lines = series.map((one, k) => ({
    type: "scatter3d",
    mode: "lines+markers",
    name: plain(one.name),
    visible: !hidden.has(one.name),
    x: one.x,
    y: one.y,
    // What left the map is drawn no more: the axes end there.
    z: Array.from(ways[k], (z, i) => (inside(one, i) ? z + LIFT * (high - low) : null)),
    line: { color: seriesLook(theme, one, k).colour, width: 4, dash: DASHES[k % DASHES.length] },
    marker: { color: seriesLook(theme, one, k).colour, size: 2 },
    customdata: Array.from(ways[k], (z, i) => plain(one.notes?.[i] ?? numberText(z))),
    hovertemplate: `${plain(one.name)} · %{customdata}<extra></extra>`,
  }));
  const surfaceTrace = {
    type: "surface",
    ...heights,
    cmin: low,
    cmax: high,
    colorscale: ground.map((part, k) => [k, mix(theme.text, theme.background, part)]),
    showscale: false,
    hoverinfo: "skip",
    lighting: { ambient: 0.75, diffuse: 0.5, specular: 0.05 },
  };
  return [...lines, surfaceTrace];
}

/** @type {(range: [number, number] | undefined, value: number) => boolean} */
const isOn = (range, value) => !range || (value >= range[0] && value <= range[1]);

/**
 * @param {Figure & { surface: Surface }} figure
 * @param {any} theme
 * @param {{ width: number, height: number, camera?: Camera }} state
 */
export function surfaceLayout({ x, y, surface }, theme, { width, height, camera = CAMERA }) {
  return {
    width,
    height,
    margin: { l: 0, r: 0, t: 0, b: 0 },
    showlegend: false,
    uirevision: "constant",
    paper_bgcolor: theme.background,
    font: { family: theme.font, size: 12, color: theme.text },
    hoverlabel: { bgcolor: theme.panel, font: { family: theme.font, color: theme.text, size: 12 } },
    scene: {
      xaxis: axisOf(x, theme),
      yaxis: axisOf(y, theme),
      zaxis: axisOf(surface.axis, theme),
      aspectmode: "manual",
      aspectratio: { x: 1, y: 1, z: FLAT },
      bgcolor: theme.background,
      dragmode: "turntable",
      camera: structuredClone(camera), // Plotly writes into it
      uirevision: JSON.stringify(camera),
    },
  };
}

/** @type {(axis: import("./plot_numbers.js").Axis, theme: any) => any} */
const axisOf = (axis, theme) => ({
  title: { text: plain(axis.title), font: { size: 12, color: theme.muted } },
  range: [...(axis.range ?? [0, 1])],
  tickfont: { size: 10, color: theme.muted },
  nticks: 4,
  gridcolor: mix(theme.border, theme.background, 0.4),
  linecolor: theme.border,
  zeroline: false,
  showbackground: false,
  showspikes: false,
});

/**
 * Where a key takes the camera: arrows around the surface, + and − nearer and farther, 0 back.
 * @param {Camera | undefined} camera
 * @param {string} key
 * @returns {Camera | null} null where the key leads nowhere
 */
export function cameraAfter(camera, key) {
  if (key === "0") return CAMERA;
  const [around, up, nearer] =
    {
      ArrowLeft: [-1, 0, 1],
      ArrowRight: [1, 0, 1],
      ArrowUp: [0, 1, 1],
      ArrowDown: [0, -1, 1],
      "+": [0, 0, NEARER],
      "=": [0, 0, NEARER],
      "-": [0, 0, 1 / NEARER],
    }[key] ?? [];
  if (around === undefined) return null;
  const { eye, ...others } = camera ?? CAMERA;
  const far = nearer * Math.hypot(eye.x, eye.y, eye.z);
  const angle = Math.atan2(eye.y, eye.x) + around * TURN;
  const height = Math.asin((eye.z * nearer) / far) + up * TURN;
  const tilt = Math.max(-STEEP, Math.min(STEEP, height));
  const flat = far * Math.cos(tilt);
  return {
    ...others,
    eye: { x: flat * Math.cos(angle), y: flat * Math.sin(angle), z: far * Math.sin(tilt) },
  };
}
