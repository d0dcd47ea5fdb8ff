// The Face cascade's numbers: what each gate leaves, what a look costs, and one window's way.

import { brief, contextOf, fill, pictureBitmap } from "../../ui/stage/draw.js";
import { askUntilDone } from "../../ui/stage/engine.js";
import { later } from "../../ui/stage/lifetime.js";
import { heading, note, table } from "../../ui/stage/parts.js";
import { FACE, indexOf, LAST, O_NET, P_NET, probability, R_NET } from "./place.js";

/** @import { Stage } from "./view.js" */

const SHOWN_PX = 64;
const RESTED_MS = 80;

// Why no window was looked at, as a sentence.
/** @param {Stage} stage */
export function whyNot(stage, { size: [height, width], min_face: face }) {
  const word = Math.min(height, width) < 12 ? "too_small" : "no_levels";
  return fill(stage.words[word], { height, width, face });
}

/** @param {Stage} stage */
export function buildReadout(stage) {
  const make = (tag, name, text = "") => {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = text;
    return made;
  };
  const gates = Array.from({ length: LAST + 1 }, (_, gate) => {
    const button = make("button", "plain");
    button.type = "button";
    button.dataset.testid = `gate-${gate}`;
    button.style.cssText = "padding:1px 6px 3px;margin:0";
    button.onclick = () => stage.set({ stage: gate });
    const row = make("span", "bar-row");
    row.style.margin = "0";
    const [name, count] = [make("span", ""), make("span", "percent")];
    const parts = { name, count, bar: make("span", "bar") };
    parts.bar.style.height = "4px";
    row.append(parts.name, parts.count, parts.bar);
    button.append(row);
    return { button, ...parts };
  });
  const result = make("p", "");
  result.dataset.testid = "result";
  result.style.cssText = "font-weight:600;margin-bottom:4px";
  stage.state.told = { gates, result, below: make("div", "") };
  stage.readout.append(result, ...gates.map(({ button }) => button), stage.state.told.below);
}

/** @param {Stage} stage */
export function tell(stage, reply, values, at) {
  const { counts } = reply.about;
  stage.state.told.result.textContent = result(stage, reply);
  stage.state.told.gates.forEach(({ button, name, count, bar }, gate) => {
    button.setAttribute("aria-pressed", gate === values.stage);
    name.textContent = stage.words[`gate_${gate}`];
    count.textContent = counts[gate].toLocaleString("en");
    const share = Math.log(1 + counts[gate]) / Math.log(1 + Math.max(1, counts[0]));
    bar.style.width = `${100 * share}%`;
    bar.style.opacity = counts[gate] ? 1 : 0;
  });
  const parts = [note(stage.words.log), ...costs(stage, reply)];
  if (at) parts.push(...journey(stage, reply, values, at));
  stage.state.told.below.replaceChildren(...parts);
}

/** @param {Stage} stage */
function result(stage, { about, fell }) {
  const { words } = stage;
  if (!about.levels.length) return whyNot(stage, about);
  const [windows, ...left] = about.counts;
  if (left[LAST - 1] > 0) {
    const found = { faces: left[LAST - 1], windows: windows.toLocaleString("en") };
    return fill(words[found.faces === 1 ? "found_one" : "found"], found);
  }
  const last = Math.max(0, ...fell.data);
  return fill(words[`none_${last || P_NET}`], { left: about.counts[Math.max(0, last - 1)] });
}

// What was measured of each net so far; a net that was never asked has no row.
function costs({ words }, { about: { median_us: median } }) {
  const rows = ["p", "r", "o"]
    .filter((net) => median[net] !== null)
    .map((net) => {
      const taken = median[net];
      const text = taken < 100 ? brief(taken) : Math.round(taken).toLocaleString("en");
      return [words[`cost_${net}`], `${text} µs`, net];
    });
  return rows.length ? [heading(words.cost), table(rows, "cost")] : [];
}

// The crops that the nets saw of the window, their scores, and how its way ended.
/** @param {Stage} stage */
function journey(stage, reply, values, at) {
  const found = windowOf(stage, reply, values, at);
  const row = document.createElement("div");
  row.style.cssText = "display:flex;gap:10px;margin:4px 0";
  const { words } = stage;
  const scores = scoresOf(reply, at, found);
  for (const net of ["p", "r", "o"]) {
    if (scores[net] === null) continue;
    row.append(figure(words[`net_${net}`], found?.[`${net}_crop`], scores[net], net));
  }
  const end = document.createElement("p");
  end.dataset.testid = "fate";
  end.textContent = fate(stage, reply, at);
  const name = { level: at.level + 1, row: at.row, column: at.column };
  return [heading(fill(words.window, name)), row, end];
}

function scoresOf(reply, { index }, found) {
  if (index === null) return { p: found?.about.score ?? null, r: null, o: null };
  const { r_windows: r, o_windows: o } = indexOf(reply);
  return {
    p: reply.scores.data[index],
    r: r[index] >= 0 ? reply.r_scores.data[r[index]] : null,
    o: o[index] >= 0 ? reply.o_scores.data[o[index]] : null,
  };
}

function figure(name, crop, score, net) {
  const made = document.createElement("div");
  made.style.cssText = "font-size:12px;line-height:1.35";
  const canvas = document.createElement("canvas");
  canvas.dataset.testid = `crop-${net}`;
  if (crop) {
    const [height, width] = crop.shape;
    Object.assign(canvas, { width, height });
    contextOf(canvas).drawImage(pictureBitmap(crop), 0, 0);
  }
  canvas.style.cssText = `width:${SHOWN_PX}px;height:${SHOWN_PX}px;image-rendering:pixelated`;
  const text = document.createElement("div");
  text.textContent = name;
  const number = document.createElement("div");
  number.dataset.testid = `score-${net}`;
  number.textContent = probability(score);
  made.append(canvas, text, number);
  return made;
}

/** @param {Stage} stage */
function fate(stage, reply, { index }) {
  const { words } = stage;
  if (index === null) return words.fate_1;
  const fell = reply.fell.data[index];
  if (fell === FACE) return words.fate_8;
  if ([P_NET, R_NET, O_NET].includes(fell)) return words[`fate_${fell}`];
  const by = reply.by.data[index];
  if (by < 0) return words.fate_off;
  const { r_windows: r, o_windows: o } = indexOf(reply);
  const score =
    fell >= O_NET
      ? reply.o_scores.data[o[by]]
      : fell >= R_NET
        ? reply.r_scores.data[r[by]]
        : reply.scores.data[by];
  const winner = { score: probability(score), overlap: reply.overlap.data[index].toFixed(2) };
  return fill(words[`fate_${fell}`], winner);
}

// The window's crops. Thresholds decide which nets see a window, never what they see of it: asked
// for once the controls rest, and again where a net has come to see it.
/** @param {Stage} stage */
function windowOf(stage, reply, values, { level, row, column, index }) {
  const { pnet, rnet, onet, factor } = values;
  const { r_windows: r, o_windows: o } = indexOf(reply);
  const pyramid = { ...stage.data.fixed, factor, min_face: reply.about.min_face };
  const place = JSON.stringify([pyramid, level, row, column]);
  const key = JSON.stringify([place, r[index] >= 0, o[index] >= 0]);
  if (stage.state.windowPlace !== place) stage.state.windowSeen = null; // crops of another window
  if (stage.state.windowKey === key) return stage.state.windowSeen;
  [stage.state.windowKey, stage.state.windowPlace] = [key, place];
  const current = () => stage.state.windowKey === key;
  const params = { ...pyramid, pnet, rnet, onet, level, row, column };
  clearTimeout(stage.state.windowTimer);
  stage.state.windowTimer = later(stage, RESTED_MS, async () => {
    try {
      const found = await askUntilDone(stage, "face-cascade/window", params, current);
      if (!found || !current()) return;
      stage.state.windowSeen = found;
      stage.repaint();
    } catch {
      if (current()) stage.state.windowKey = null; // asked again with the next paint
    }
  });
  return stage.state.windowSeen;
}
