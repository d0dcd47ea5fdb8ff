// Under the picture: what the net says of it, and the layer and map that are looked at, in words.

import { brief, fill } from "../stage/draw.js";
import { note, paragraph } from "../stage/parts.js";
import { rangeOf, valueAt } from "./maps.js";
import { titleOf } from "./titles.js";

/** @import { Stage } from "./view.js" */

/** @param {Stage} stage */
export function showReadout(stage, lit, values) {
  const texts = [paragraph(verdict(stage), "verdict")];
  if (lit) texts.push(paragraph(mapText(stage, lit, values), "map-facts"));
  texts.push(note(stage.words.point));
  const same = stage.readout.textContent === texts.map((each) => each.textContent).join("");
  if (!same) stage.readout.replaceChildren(...texts); // it is read aloud: only when it changes
}

/** @param {Stage} stage */
function verdict(stage) {
  const { about, probs } = stage.reply;
  const percent = (100 * probs.data[about.predicted]).toFixed(1);
  const params = { predicted: about.classes[about.predicted], percent, epoch: about.epoch };
  if (about.target === null) return fill(stage.words.verdict_own, params);
  return fill(stage.words[about.target === about.predicted ? "verdict_right" : "verdict_wrong"], {
    ...params,
    target: about.classes[about.target],
  });
}

/** @param {Stage} stage */
function mapText(stage, { number, item }, values) {
  const { layer } = stage.state.plan.layers.get(number);
  const { words } = stage;
  const channel = layer.picked?.[item] ?? item;
  const params = {
    title: titleOf(stage, layer),
    name: layer.name,
    channel: channel + 1,
    channels: layer.shape[0],
  };
  if (layer.layout !== "map") {
    return fill(words.unit_facts, { ...params, value: brief(valueAt(stage, layer, item)) });
  }
  const [low, high] = rangeOf(stage, number, item, values.scale);
  const pair = layer.ranges_at + 2 * item;
  const { data } = stage.reply.ranges;
  return (
    fill(words.map_facts, {
      ...params,
      rows: layer.shape[1],
      columns: layer.shape[2],
      low: brief(data[pair]),
      high: brief(data[pair + 1]),
      from: brief(layer.kind === "input" || low < 0 ? low : 0),
      to: brief(high),
    }) +
    (layer.picked ? ` ${fill(words.capped_long, { shown: layer.count, all: layer.shape[0] })}` : "")
  );
}
