// R-CNN's numbers: how many boxes are left after each step, what each step cost, and what became of
// the proposal that is followed.
import { below, brief, fill } from "../../ui/stage/draw.js";
import { columns, heading, note, paragraph, table } from "../../ui/stage/parts.js";

/** @import { Stage } from "./view.js" */

export const FATE = { kept: 0, faint: 1, repeats: 2 };
const LISTED = 3; // classes of a crop

export const nameOf = ({ about, labels }, i) => about.names[labels.data[i]];

const ms = (value) => `${brief(Math.round(value))} ms`;

/** @param {Stage} stage */
export function tell(stage, reply, values) {
  const { words } = stage;
  stage.readout.replaceChildren(
    heading(words.counts),
    counts(stage, reply, values),
    note(words.no_background),
    heading(words.costs),
    costs(stage, reply),
    agreement(stage, reply),
    ...followed(stage, reply, values),
  );
}

/** @param {Stage} stage */
function counts({ words }, { about }, { score }) {
  const { sure, kept } = about.counts;
  return table([
    [words.row_every, about.every, "every"],
    [words.row_looked, about.looked, "looked"],
    [fill(words.row_sure, { score }), sure, "sure"],
    [words.row_kept, kept, "kept"],
  ]);
}

/** @param {Stage} stage */
function costs({ words }, { about }) {
  const { search, warp, network, map, align, rest, nms } = about.ms;
  const rows = [
    [words.cost_search, ms(search), ms(search)],
    [words.cost_map, "–", ms(map)],
    [words.cost_crop, ms(warp), ms(align)],
    [words.cost_network, ms(network), ms(rest)],
    [words.cost_nms, ms(nms), ms(nms)],
    [words.cost_sum, ms(search + warp + network + nms), ms(search + map + align + rest + nms)],
  ];
  const made = columns([words.head_step, words.head_picture, words.head_map], rows);
  const last = made.rows[made.rows.length - 1];
  last.cells[1].dataset.testid = "row-sum-picture";
  last.cells[2].dataset.testid = "row-sum-map";
  return made;
}

/** @param {Stage} stage */
function agreement({ words }, { about: { agree, agreed_of: sure } }) {
  if (agree === null) return note(words.agree_none, "agree");
  return note(fill(words.agree, { sure, percent: Math.round(100 * agree) }), "agree");
}

/** @param {Stage} stage */
function followed({ words }, reply, values) {
  const { about, fate, better, overlap, scores } = reply;
  const i = about.followed;
  if (i === undefined) return [note(words.nothing)];
  const parts = [heading(fill(words.followed, { number: i }), "followed")];
  if (i < scores.data.length) {
    const name = Object.keys(FATE).find((key) => FATE[key] === fate.data[i]);
    const told = {
      name: nameOf(reply, i),
      score: below(scores.data[i], values.score),
      least: values.score,
      overlap: overlap.data[i].toFixed(2),
      better: better.data[i],
      winner: better.data[i] >= 0 ? scores.data[better.data[i]].toFixed(2) : "",
    };
    parts.push(paragraph(fill(words[`fate_${name}`], told), "fate"));
  }
  const rows = Array.from({ length: LISTED }, (_, k) => [
    sayOne(about.said.picture[k]),
    sayOne(about.said.map[k]),
  ]);
  parts.push(columns([words.head_picture, words.head_map], rows, ""), note(words.keys));
  return parts;
}

const sayOne = ({ name, prob }) => `${name} ${prob.toFixed(2)}`;
