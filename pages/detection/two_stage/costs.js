// What looking costs, over the number of proposals: through the whole network for each crop, or once
// for the picture and a little for each crop of its map.
import { brief, fill } from "../../ui/stage/draw.js";
import { showChart } from "../../ui/stage/plot.js";

/** @import { Stage } from "./view.js" */

const HEIGHT = 170;
const STEP = 10; // of the slider

/**
 * The chart; the number of proposals is chosen by dragging on it.
 * @param {Stage} stage
 */
export function showCosts(stage, { picture_ms: picture, map_ms: map, about }, values) {
  const { words } = stage;
  const most = picture.data.length;
  const x = Array.from({ length: most }, (_, i) => i + 1);
  const line = (name, style, { data }) => ({ name: words[name], style, x, y: Array.from(data) });
  const at = Math.max(0, about.looked - 1);
  const told = {
    looked: about.looked,
    picture: brief(Math.round(picture.data[at] ?? 0)),
    map: brief(Math.round(map.data[at] ?? 0)),
  };
  const go = (place, commit) => {
    const stop = Math.round(place / STEP) * STEP;
    stage.set({ proposals: Math.min(Math.max(stop, STEP), Math.max(STEP, most)) }, commit);
  };
  showChart(
    stage,
    "costs",
    {
      title: words.plot_costs,
      text: fill(words.costs_text, told),
      height: HEIGHT,
      drags: true,
      x: { title: words.axis_proposals, range: [0, Math.max(1, most)] },
      y: { title: words.axis_ms, unit: "ms", include: [0] },
      series: [line("head_picture", 0, picture), line("head_map", 1, map)],
      cursor: values.proposals,
    },
    values,
    {
      point: ({ x: place }, how) => how !== "hover" && go(place, true),
      drag: ({ x: place }, how) => go(place, how === "drop"),
    },
  );
}
