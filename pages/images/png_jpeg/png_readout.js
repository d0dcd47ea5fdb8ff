// A row of a PNG in words: its filter, and what deflate made of what that left.
import { fill } from "../../ui/stage/draw.js";
import { element, heading, named, note, paragraph, swatch, table } from "../../ui/stage/parts.js";

/** @import { Stage } from "./png.js" */

/** @param {Stage} stage */
export function tellRow(stage, reply, row) {
  const { words, readout } = stage;
  const { about } = reply;
  const filter = about.filters[reply.kinds.data[row]];
  const raw = about.size[1] * 24;
  const bits = Math.round(reply.row_bits.data[row]);
  const rows = named(words, [
    ["png_bits", `${bits.toLocaleString("en")} / ${raw.toLocaleString("en")}`],
    ["png_literals", reply.literals.data[row]],
    ["png_copies", reply.copies.data[row]],
    ["png_copied", `${Math.round(100 * reply.copied.data[row])} %`],
  ]);
  const first = document.createElement("section");
  first.append(
    heading(fill(words.png_row, { row, filter: words[`filter_${filter}`] })),
    paragraph(words[`formula_${filter}`], "formula"),
    table(rows, "png"),
    note(
      words[bits > raw ? "png_larger" : bits < raw / 4 ? "png_repeats" : "png_some"],
      "row-said",
    ),
  );
  const second = document.createElement("section");
  second.append(heading(words.png_chosen), legend(stage, about), note(wholeText(words, about)));
  const made = document.createElement("div");
  made.className = "columns";
  made.append(first, second);
  readout.replaceChildren(made);
}

/** @param {Stage} stage */
function legend(stage, { filters, counts }) {
  const made = document.createElement("p");
  filters.forEach((name, k) => {
    const text = fill(stage.words.png_count, {
      name: stage.words[`filter_${name}`],
      count: counts[k],
    });
    const item = element("span", ` ${text}`);
    Object.assign(item.style, { display: "inline-block", marginRight: "16px" });
    item.prepend(swatch(stage, stage.theme.lines[k]));
    made.append(item);
  });
  return made;
}

function wholeText(words, { file_bytes: file, raw_bytes: raw, table_bits: tables }) {
  return fill(words.png_whole, {
    bytes: file.toLocaleString("en"),
    bare: raw.toLocaleString("en"),
    tables: tables.toLocaleString("en"),
  });
}
