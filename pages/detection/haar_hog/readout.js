// The Haar part's numbers: the whole picture's windows, the chosen window, and its feature.
import { fill, minus } from "../../ui/stage/draw.js";
import { heading, note, table } from "../../ui/stage/parts.js";
import { nodesOf, shownStage } from "./window.js";

/** @import { Stage } from "./view.js" */

const number = (value) => value.toLocaleString("en");
const time = (ms) => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`);
const signed = (value, digits = 4) => minus(value.toFixed(digits));

/** @param {Stage} stage */
export function tell(stage, reply, values, at, window) {
  const { words } = stage;
  const { about, counts, found } = reply;
  const share = (100 * counts.data[at]) / counts.data[0];
  const all = about.trees.reduce((sum, count) => sum + count, 0);
  const parts = [
    heading(words.counts),
    table([
      [fill(words.row_all, { levels: about.levels }), number(counts.data[0]), "all"],
      [fill(words.row_left, { stage: at }), number(counts.data[at]), "left"],
      [words.row_share, `${share < 0.1 ? share.toPrecision(2) : share.toFixed(1)} %`, "share"],
      [fill(words.row_asked, { all: number(all) }), about.asked.toFixed(1), "asked"],
      [words.row_found, found.shape[0], "found"],
      [words.row_opencv, `${about.opencv} ${about.equal ? "=" : "≠"}`, "opencv"],
      [words.row_ms, time(about.ms), "ms"],
      [words.row_opencv_ms, time(about.opencv_ms), "opencv_ms"],
    ]),
  ];
  if (window) parts.push(...tellWindow(stage, window, values, about.trees.length));
  parts.push(note(words.point));
  stage.readout.replaceChildren(...parts);
}

function tellWindow({ words }, window, values, stages) {
  const { passed, box } = window.about;
  const key = { [-1]: "verdict_flat", [stages]: "verdict_through" }[passed] ?? "verdict_stopped";
  const params = { stage: passed + 1, passed, stages, width: box[2] - box[0] };
  const verdict = document.createElement("p");
  verdict.dataset.testid = "verdict";
  verdict.textContent = fill(words[key], params);
  const parts = [heading(words.chosen), verdict];
  const shown = shownStage(window, values);
  if (!shown) return parts;
  const rows = [];
  for (const node of nodesOf(window, shown.tree)) {
    rows.push([words.row_value, signed(window.values.data[node]), "value"]);
    rows.push([words.row_limit, signed(window.limits.data[node]), "limit"]);
  }
  rows.push([words.row_vote, signed(window.votes.data[shown.tree], 3), "vote"]);
  const title = { number: shown.tree - shown.first + 1, stage: shown.number };
  return [...parts, heading(fill(words.its_feature, title)), table(rows)];
}
