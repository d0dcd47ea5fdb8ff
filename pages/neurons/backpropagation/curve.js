// The activation at the point where a neuron stands, with its derivative as the tangent.
import { element } from "../../ui/stage/parts.js";

/** @import { Stage } from "./view.js" */

const SVG = "http://www.w3.org/2000/svg";
const SIZE = { width: 76, height: 34 };
const REACH = 6; // of the curve to either side; a neuron beyond stands at the end
const TANGENT = 14; // px to either side of the point

/** @param {string} name */
const part = (name) => document.createElementNS(SVG, name);

/** The elements, to be filled by showCurve. */
export function buildCurve() {
  const root = element("div", "", "", "curve");
  const svg = part("svg");
  svg.setAttribute("viewBox", `0 0 ${SIZE.width} ${SIZE.height}`);
  svg.setAttribute("aria-hidden", "true");
  const [line, tangent, point] = ["path", "path", "circle"].map(part);
  for (const each of [line, tangent]) each.setAttribute("fill", "none");
  point.setAttribute("r", "3");
  svg.append(line, tangent, point);
  root.append(svg);
  return { root, line, tangent, point };
}

/**
 * @param {Stage} stage
 * @param {ReturnType<typeof buildCurve>} curve
 * @param {boolean} hidden the walk has not come there
 */
export function showCurve(stage, curve, reply, hidden, at) {
  const { curve_at, curve_values, about } = reply;
  const [low, high] = ends(curve_values.data);
  const x = (z) => ((Math.min(Math.max(z, -REACH), REACH) + REACH) / (2 * REACH)) * SIZE.width;
  const y = (f) => SIZE.height - 3 - ((f - low) / (high - low)) * (SIZE.height - 6);
  const places = Array.from(curve_at.data, (z, i) => `${x(z)},${y(curve_values.data[i])}`);
  const { theme } = stage;
  curve.line.setAttribute("d", `M${places.join("L")}`);
  curve.line.setAttribute("stroke", theme.muted);
  for (const each of [curve.tangent, curve.point]) each.toggleAttribute("hidden", hidden);
  curve.point.style.display = curve.tangent.style.display = hidden ? "none" : "";
  const [z, f, steep] = [`z1[${at}]`, `h[${at}]`, `f′[${at}]`].map((name) => about.values[name]);
  const [px, py] = [x(z), Math.min(Math.max(y(f), 3), SIZE.height - 3)];
  const fall = (y(low + steep) - y(low)) / (x(1) - x(0)); // px down for each px to the right
  const reach = TANGENT / Math.hypot(1, fall);
  curve.tangent.setAttribute(
    "d",
    `M${px - reach},${py - reach * fall}L${px + reach},${py + reach * fall}`,
  );
  curve.tangent.setAttribute("stroke", theme.lines[1]);
  curve.tangent.setAttribute("stroke-width", "2");
  curve.point.setAttribute("cx", String(px));
  curve.point.setAttribute("cy", String(py));
  curve.point.setAttribute("fill", theme.lines[1]);
}

/** @param {ArrayLike<number>} values */
function ends(values) {
  const all = Array.from(values);
  return [Math.min(...all), Math.max(...all)];
}
