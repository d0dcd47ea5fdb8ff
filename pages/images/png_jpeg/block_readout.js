// A block in words: what it takes, what is left of it, and one of its waves followed all the way.
import { brief, fill, minus } from "../../ui/stage/draw.js";
import { heading, named, note, paragraph, table } from "../../ui/stage/parts.js";
import { frequenciesOf, VALUES, ZIGZAG } from "./waves.js";

/** @import { Stage } from "./block.js" */

const MOST_TOLD = 24; // numbers of the file's order that are written out

/** @param {Stage} stage */
export function tellBlock(stage, reply, cell) {
  const { words, readout } = stage;
  const { about } = reply;
  const [x1, y1, x2, y2] = about.box;
  const place = { left: x1, top: y1, right: x2 - 1, bottom: y2 - 1 };
  const rows = named(words, [
    ["left", `${about.left} / ${VALUES}`],
    ["block_bits", `${about.bits} / ${8 * VALUES}`],
    ["off_by", about.worst],
    ["apart", about.apart],
  ]);
  const made = document.createElement("div");
  made.className = "columns";
  const first = document.createElement("section");
  first.append(heading(fill(words.block_place, place)), table(rows, "block"));
  if (about.off) first.append(note(fill(words.block_half, { count: about.off }), "half"));
  const second = document.createElement("section");
  second.append(
    heading(fill(words.wave_title, frequenciesOf(cell))),
    paragraph(waveText(words, reply, cell), "wave"),
    heading(words.order_title),
    paragraph(orderText(words, reply.quantised.data), "order"),
    note(words.block_keys),
  );
  made.append(first, second);
  readout.replaceChildren(made);
}

function waveText(words, reply, cell) {
  const { across, down } = frequenciesOf(cell);
  const at = 8 * down + across;
  const [value, step, kept, back] = ["coefficients", "table", "quantised", "restored"].map(
    (name) => reply[name].data[at],
  );
  const params = {
    value: brief(value),
    step,
    steps: brief(value / step),
    kept: minus(String(kept)),
    back: minus(String(back)),
    lost: brief(Math.abs(value - back)),
  };
  const text = fill(words.wave_text, params);
  if (kept) return text;
  return `${text} ${words[Math.abs(value) < 0.5 ? "wave_absent" : "wave_gone"]}`;
}

function orderText(words, quantised) {
  const values = ZIGZAG.map((at) => quantised[at]);
  const last = values.findLastIndex((value) => value !== 0);
  const told = values.slice(0, Math.min(last + 1, MOST_TOLD)).map((value) => minus(String(value)));
  const zeros = VALUES - 1 - last;
  const text = told.join(", ") + (last >= MOST_TOLD ? ", …" : "");
  if (last < 0) return words.order_empty;
  return zeros ? fill(words.order_end, { text, zeros }) : text;
}
