// The numbers of the layer, of the channel and of the cell, and what excites the channel most.

import { brief, fill } from "../../ui/stage/draw.js";
import { heading, named, paragraph, sizeText, table } from "../../ui/stage/parts.js";
import { cellIn } from "./large.js";
import { showPatches } from "./patches.js";

/** @import { Stage } from "./view.js" */

/** @param {Stage} stage */
export function showReadout(stage, reply, values) {
  const { about } = reply;
  stage.readout.replaceChildren(
    heading(`${about.name} · ${stage.words[`level_${about.level}`]}`, "level"),
    facts(stage, about),
    ...channelFacts(stage, reply),
    stage.state.patchBox,
  );
  showPatches(stage, about, values);
}

/** @param {Stage} stage */
function facts(stage, about) {
  const { words } = stage;
  return table(
    named(
      words,
      [
        ["shape", sizeText([about.channels, ...about.size])],
        ["field", fieldText(stage, about)],
        ["memory", bytesText(about.bytes)],
        ["params", countText(about.params)],
        ["macs", countText(about.macs)],
      ],
      "fact",
    ),
    "fact",
  );
}

/** @param {Stage} stage */
function fieldText(stage, about) {
  if (about.whole) return stage.words.whole_short;
  const [height, width] = about.field_px.map((side, i) =>
    Math.min(Math.round(side), about.input_px[i]),
  );
  return `${height} × ${width} px`;
}

const outgrown = ({ field_px, input_px, whole }) =>
  !whole && field_px.some((side, i) => side > input_px[i]);

/** @param {Stage} stage */
function channelFacts(stage, { about, map, rows, cols }) {
  const { words } = stage;
  const title = heading(fill(words.channel, { channel: about.channel }));
  title.style.marginTop = "10px";
  const lines = [
    fill(words.strength, {
      rank: about.rank,
      channels: about.channels,
      strength: brief(about.strength),
      selectivity: brief(about.selectivity),
    }),
  ];
  const cell = cellIn(stage, about.size);
  if (cell) lines.push(cellText(stage, about, map, rows, cols, cell));
  else lines.push(words.point);
  if (outgrown(about)) {
    const [height, width] = about.field_px.map(Math.round);
    lines.push(fill(words.outgrown, { height, width }));
  }
  if (about.whole) {
    lines.push(fill(about.assumed ? words.whole_assumed : words.whole, { name: about.whole }));
  }
  return [title, paragraph(lines.join(" "), "channel-facts")];
}

/** @param {Stage} stage */
function cellText(stage, about, map, rows, cols, { row, column }) {
  const [top, bottom] = rows.data.subarray(2 * row, 2 * row + 2);
  const [left, right] = cols.data.subarray(2 * column, 2 * column + 2);
  const value = brief(map.data[row * about.size[1] + column]);
  const [height, width] = about.input_px;
  const all = bottom - top === height && right - left === width;
  return fill(all ? stage.words.cell_whole : stage.words.cell, {
    row,
    column,
    value,
    height: bottom - top,
    width: right - left,
  });
}

const bytesText = (bytes) =>
  bytes < 2 ** 20 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;

function countText(count) {
  if (count < 1e6) return `${Math.round(count / 1e3)} k`;
  if (count < 1e9) return `${(count / 1e6).toFixed(1)} M`;
  return `${(count / 1e9).toFixed(2)} G`;
}
