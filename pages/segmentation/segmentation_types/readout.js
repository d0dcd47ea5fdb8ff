// The numbers beside the five readings: the figures of this scene, and what each reading says of
// the chosen pixel, beside what is true.
import { brief, fill } from "../../ui/stage/draw.js";
import { columns, heading, note, table } from "../../ui/stage/parts.js";
import { classLegend, className, segmentName } from "../../ui/stage/scene_segments.js";
import { classesThere } from "./draw.js";

/** @import { Stage } from "./view.js" */

const FIGURES = ["mean_iou", "mask_ap", "pq", "sq", "rq"];
const NOTHING = "–";

/** @param {Stage} stage */
export function tell(stage, reply, names, pixel) {
  /** @type {HTMLElement[]} */
  const parts = [classLegend(stage, reply.about), figures(stage, reply)];
  if (pixel) parts.push(...ofPixel(stage, reply, names, pixel));
  else parts.push(note(stage.words.point), note(stage.words.key));
  stage.readout.replaceChildren(...parts);
}

function figures({ words }, { about, costs }) {
  const cost = (name) => {
    const bit = about.costs[name];
    return bit ? fill(words.cost_px, { px: costs.data.filter((each) => each & bit).length }) : "";
  };
  const made = table(
    FIGURES.map((name) => [
      words[`figure_${name}`],
      about[name] === null ? NOTHING : about[name].toFixed(3),
      name,
    ]),
  );
  FIGURES.forEach((name, i) => {
    const cell = made.rows[i].insertCell();
    cell.className = "number muted";
    cell.textContent = cost(name);
  });
  return made;
}

/** @param {Stage} stage */
function ofPixel(stage, reply, names, { row, column, at }) {
  const { words } = stage;
  const { about } = reply;
  const said = names.said.get(reply.ids.data[at]);
  const truth = names.truth.get(reply.truth_ids.data[at]);
  const rows = [
    ["classification", there(stage, reply, "said"), there(stage, reply, "truth")],
    [
      "detection",
      boxesOver(stage, reply, names, "said", row, column),
      boxesOver(stage, reply, names, "truth", row, column),
    ],
    [
      "semantic",
      className(stage, about, reply.semantic.data[at]),
      className(stage, about, reply.truth_semantic.data[at]),
    ],
    [
      "instance",
      said?.thing ? segmentName(stage, about, said) : NOTHING,
      truth.thing ? segmentName(stage, about, truth) : NOTHING,
    ],
    [
      "panoptic",
      said ? segmentName(stage, about, said) : words.void,
      segmentName(stage, about, truth),
    ],
  ];
  return [
    heading(fill(words.pixel, { row: row + 1, column: column + 1 })),
    readings(stage, rows),
    ...differences(stage, reply, names, at, said, truth),
    heading(words.logits),
    logits(stage, reply, at),
  ];
}

function readings({ words }, rows) {
  const made = columns(
    ["", words.said, words.truth],
    rows.map(([reading, said, truth]) => {
      const agrees = said === truth || reading === "classification";
      return [words[`brief_${reading}`], agrees ? said : `${said} ✗`, truth];
    }),
    "",
  );
  rows.forEach(([reading], i) => {
    made.tBodies[0].rows[i].cells[1].dataset.testid = `says-${reading}`;
  });
  return made;
}

// A reading of the whole picture has one answer for all its pixels.
/** @param {Stage} stage */
function there(stage, reply, which) {
  return fill(stage.words.classes_there, { n: classesThere(reply, which).length });
}

/** @param {Stage} stage */
function boxesOver(stage, reply, names, which, row, column) {
  const [boxes, ids] =
    which === "said" ? [reply.boxes, reply.box_ids] : [reply.truth_boxes, reply.truth_box_ids];
  const over = Array.from(ids.data).filter((_, i) => {
    const [x1, y1, x2, y2] = boxes.data.subarray(4 * i, 4 * i + 4);
    return column >= x1 && column < x2 && row >= y1 && row < y2;
  });
  const found = over.map((id) => segmentName(stage, reply.about, names[which].get(id)));
  return found.length ? found.sort().join(", ") : NOTHING;
}

// In words, where the readings differ about this pixel, and what it costs.
/** @param {Stage} stage */
function differences(stage, reply, names, at, said, truth) {
  const { words } = stage;
  const { about } = reply;
  const sentences = [];
  const own = said ?? truth;
  const name = className(stage, about, own.category);
  if (!own.thing) sentences.push(fill(words.no_word, { name }));
  else {
    const same = [...names.said.values()].filter((each) => each.category === own.category);
    if (same.length > 1) sentences.push(fill(words.one_to_semantic, { name, n: same.length }));
  }
  if (said && reply.semantic.data[at] !== said.category) {
    const by = className(stage, about, reply.semantic.data[at]);
    sentences.push(fill(words.outvoted, { own: by, name }));
  }
  const costs = Object.entries(about.costs).filter(([, bit]) => reply.costs.data[at] & bit);
  const list = costs.map(([key]) => words[`figure_${key}`]).join(", ");
  sentences.push(costs.length ? fill(words.costs, { list }) : words.costs_nothing);
  return sentences.map((text) => note(text));
}

/** @param {Stage} stage */
function logits(stage, { logits: { data }, about, ids }, at) {
  return table(
    about.classes.map((each, k) => [
      className(stage, about, k),
      brief(data[k * ids.data.length + at]),
      `logit-${each}`,
    ]),
  );
}
