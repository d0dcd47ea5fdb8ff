// Noisy curves, smoothed as TensorBoard does: an exponential moving average, corrected for its start.

/** @import { Stage } from "../stage/types.d.ts" */

const MOST = 0.99;

/** @type {WeakMap<Stage, { smoothing: number, row: HTMLElement | null }>} by stage, what its reader chose */
const chosen = new WeakMap();

/** @param {Stage} stage */
function choiceOf(stage) {
  const known = chosen.get(stage) ?? { smoothing: 0, row: null };
  chosen.set(stage, known);
  return known;
}

/**
 * How much of the past stays in each value, 0 to below 1.
 * @param {Stage} stage
 */
export const smoothingOf = (stage) => choiceOf(stage).smoothing;

/**
 * mean ← part · mean + (1 − part) · value, divided by 1 − partⁿ since it begins at 0. What is not
 * finite stays as it is and does not enter the mean.
 * @param {ArrayLike<number>} values
 * @param {number} part
 * @returns {number[]}
 */
export function smoothed(values, part) {
  let [mean, weight] = [0, 0];
  return Array.from(values, (value) => {
    if (!Number.isFinite(value)) return value;
    mean = part * mean + (1 - part) * value;
    weight = part * weight + (1 - part);
    return mean / weight;
  });
}

/**
 * The slider above the charts, where there is something to smooth.
 * @param {Stage} stage
 * @param {boolean} isNeeded
 */
export function showSmoothing(stage, isNeeded) {
  const choice = choiceOf(stage);
  const { box } = /** @type {any} */ (stage).plots;
  let { row } = choice;
  if (!row || row.parentElement !== box) {
    row = sliderOf(stage, choice);
    box.prepend(row);
    choice.row = row;
  }
  row.hidden = !isNeeded;
}

/** @param {Stage} stage */
function sliderOf(stage, choice) {
  const row = document.createElement("label");
  row.className = "curve-smoothing broad";
  row.title = stage.words.smoothing_help;
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min: 0, max: MOST, step: 0.01, value: choice.smoothing });
  slider.dataset.testid = "curves-smoothing";
  const shown = document.createElement("output");
  shown.textContent = choice.smoothing.toFixed(2);
  slider.oninput = () => {
    choice.smoothing = Number(slider.value);
    shown.textContent = choice.smoothing.toFixed(2);
    stage.repaint();
  };
  row.append(stage.words.smoothing, slider, shown);
  return row;
}
