// Beside the picture: the most probable classes, what removing pixels did to them, the verdict on
// the map, and how it was made.
import { fill } from "../../ui/stage/draw.js";
import { barRow, heading, note, paragraph } from "../../ui/stage/parts.js";
import { change, percent } from "./numbers.js";

/** @import { Stage } from "./view.js" */

/** @param {Stage} stage */
export function showAnswers(stage, about, values, curves) {
  const { words } = stage;
  const removed = values.removed > 0;
  const title = removed ? fill(words.classes_now, values) : words.classes;
  stage.readout.replaceChildren(
    heading(title),
    ...about.now.map((now, place) => classRow(stage, about, now, place, values)),
    paragraph(removed ? effect(words, about, values) : "", "prob-without"),
    paragraph(curves ? verdict(words, curves.about) : "", "verdict"),
    note(howMade(words, about)),
  );
}

// A class is a button where it is among those that can be explained: the whole picture's five.
/** @param {Stage} stage */
function classRow(stage, about, { index, name, prob, before }, place, values) {
  const rank = about.labels.findIndex((label) => label.index === index) + 1;
  const text =
    values.removed > 0 ? `${percent(before)} → ${percent(prob)} %` : `${percent(prob)} %`;
  const row = barRow("button", name, text, prob, rank ? `class-${rank}` : `now-${place + 1}`);
  row.type = "button";
  row.classList.add("plain");
  row.disabled = !rank;
  row.setAttribute("aria-pressed", String(String(rank) === String(values.rank)));
  row.onclick = () => stage.set({ rank: String(rank) });
  return row;
}

function effect(words, about, { removed, rank }) {
  const { name, prob } = about.labels[rank - 1];
  const word = change(prob, about.prob_without);
  const numbers = { before: percent(prob), percent: percent(about.prob_without) };
  return fill(words[`without_${word}`], { removed, name, ...numbers });
}

function verdict(words, { areas, verdict: found, beaten, places }) {
  const numbers = { blamed: areas.blamed.toFixed(3), elsewhere: areas.elsewhere.toFixed(3) };
  return fill(words[`verdict_${found}`], { ...numbers, beaten, places });
}

function howMade(words, { passes, ms, seen_px: [x1, y1, x2, y2], notes }) {
  const lines = [
    fill(words.blamed, { passes, ms: ms.toFixed(0) }),
    fill(words.seen, { width: Math.round(x2 - x1), height: Math.round(y2 - y1) }),
  ];
  if ("completeness_delta" in notes) {
    const delta = notes.completeness_delta.toFixed(3);
    lines.push(fill(words.completeness, { delta, steps: notes.steps }));
  }
  if ("windows" in notes) lines.push(fill(words.windows, notes));
  if ("layer" in notes) lines.push(fill(words.layer, notes));
  return lines.join(" ");
}
