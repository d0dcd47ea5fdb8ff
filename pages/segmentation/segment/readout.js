// The Segment page's numbers: what was found, how large each segment is, what lies under the point,
// and the result as files.
import { brief, fill } from "../../ui/stage/draw.js";
import { heading, note, swatch, table } from "../../ui/stage/parts.js";
import { CAM, colourOf, idsAt, markColours, SEED } from "../../ui/stage/segment_layers.js";

/** @import { Stage } from "./view.js" */

const LISTED = 8;
const FORMS = ["png", "coco"];

/** @param {Stage} stage */
export function tell(stage, reply, values) {
  const { about } = reply;
  if (about.why) {
    stage.readout.replaceChildren(note(about.why));
    return;
  }
  const parts = about.cut ? cutParts(stage, reply, values) : segmentParts(stage, reply);
  parts.push(...pixelParts(stage, reply, values), files(stage, values));
  stage.readout.replaceChildren(...parts);
}

/** @param {Stage} stage */
function cutParts(stage, { about }, { step }) {
  const { words } = stage;
  const { cut, size } = about;
  const whole = size[0] * size[1];
  const parts = [
    heading(fill(words.seen, { name: cut.class })),
    table([[words.row_prob, percent(cut.prob), "prob"], ...times(stage, about)]),
  ];
  if (cut.unsure) parts.push(note(words.unsure, "unsure"));
  if (step === CAM) parts.push(note(words.explain_cam));
  else if (step === SEED) parts.push(legend(stage, cut.marked_px, whole));
  else {
    const area = cut.areas_px[step - 2];
    const before = step > 2 ? cut.areas_px[step - 3] : cut.marked_px[1] + cut.marked_px[3];
    const change = area - before;
    parts.push(
      table([
        [
          fill(words.row_cut, { n: step - 1 }),
          fill(words.px, { px: area.toLocaleString("en") }),
          "area",
        ],
        [words.row_share, percent(area / whole), "share"],
        [words.row_change, fill(words.px, { px: signed(change) }), "change"],
      ]),
    );
  }
  return parts;
}

const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toLocaleString("en")}`;

// The four marks that GrabCut starts from, as they are coloured on the picture.
/** @param {Stage} stage */
function legend(stage, marked, whole) {
  const made = table(
    [1, 3, 2, 0].map((mark) => [
      stage.words[`mark_${mark}`],
      percent(marked[mark] / whole),
      `mark-${mark}`,
    ]),
  );
  [1, 3, 2, 0].forEach((mark, i) => {
    const [colour, part] = markColours(stage)[mark];
    made.rows[i].cells[0].prepend(swatch(stage, colour, part));
  });
  return made;
}

/** @param {Stage} stage */
function segmentParts(stage, { about, segment_ids: ids, areas_px: areas, ...reply }) {
  const { words } = stage;
  const order = [...areas.data.keys()].sort((a, b) => areas.data[b] - areas.data[a]);
  const whole = about.size[0] * about.size[1];
  const px = (area) => fill(words.px, { px: area.toLocaleString("en") });
  const counted = [[words.row_count, ids.shape[0], "count"], ...times(stage, about)];
  if (about.kind === "regions") {
    counted.push(
      [words.row_largest, px(areas.data[order[0]]), "largest"],
      [words.row_median, px(areas.data[order[order.length >> 1]]), "median"],
      [words.row_smallest, px(areas.data[order.at(-1)]), "smallest"],
    );
    return [table(counted), note(words.no_class)];
  }
  const made = table(
    order
      .slice(0, LISTED)
      .map((i) => [
        ` ${nameOf(stage, about, reply.categories.data[i])} ${reply.scores.data[i].toFixed(2)}`,
        percent(areas.data[i] / whole),
      ]),
  );
  order.slice(0, LISTED).forEach((i, k) => {
    made.rows[k].cells[0].prepend(swatch(stage, colourOf(stage, ids.data[i])));
  });
  if (about.void_px) counted.push([words.row_void, percent(about.void_px / whole), "void"]);
  return [table(counted), made];
}

function times({ words }, { look_ms: look, settle_ms: settle, cut, kind, size }) {
  const own = kind !== "regions"; // superpixels are made anew for all settings
  const ms = (value) => `${brief(Math.round(value))} ms`;
  const rest = [words[cut ? "row_cut_ms" : "row_settle_ms"], ms(settle), "settle-ms"];
  const looked = [words.row_size, `${size[1]} × ${size[0]}`, "size"];
  return own ? [looked, [words.row_look_ms, ms(look), "look-ms"], rest] : [looked, rest];
}

// What lies under the point: the segment, its class and area; of GrabCut also what it was told.
/** @param {Stage} stage */
function pixelParts(stage, reply, { step }) {
  const { words } = stage;
  const { pixel } = stage.state;
  if (!pixel) return [note(words.point)];
  const [, columns] = reply.ids.shape;
  const at = pixel.row * columns + pixel.column;
  const id = idsAt(reply, step)[at];
  const rows = [];
  if (reply.map) {
    rows.push([words.row_map, reply.map.data[at].toFixed(3), "map"]);
    rows.push([words.row_mark, words[`mark_${reply.marks.data[at]}`], "mark"]);
  }
  if (!reply.map || step > SEED) rows.push(...segmentRows(stage, reply, id, step));
  const place = fill(words.pixel, { row: pixel.row + 1, column: pixel.column + 1 });
  return [heading(place), table(rows)];
}

function segmentRows({ words }, reply, id, step) {
  if (!id) return [[words.row_segment, words.nothing, "segment"]];
  const i = reply.segment_ids.data.indexOf(id);
  const area = reply.masks ? reply.about.cut.areas_px[step - 2] : reply.areas_px.data[i];
  const rows = [[words.row_segment, String(id), "segment"]];
  if (reply.about.kind !== "regions") {
    const category = i < 0 ? 0 : reply.categories.data[i];
    rows.push([words.row_class, nameOf({ words }, reply.about, category), "class"]);
  }
  rows.push([words.row_area, fill(words.px, { px: area.toLocaleString("en") }), "segment-area"]);
  return rows;
}

const nameOf = ({ words }, { names, cut }, category) => {
  const name = names[category] ?? cut?.class ?? "";
  return words[`class_${name}`] ?? name;
};

const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** @param {Stage} stage */
function files(stage, values) {
  const { opacity, step, lines, ...asked } = values;
  const made = document.createElement("p");
  made.append(`${stage.words.files} `);
  FORMS.forEach((form, i) => {
    const link = document.createElement("a");
    const query = new URLSearchParams({ picture: stage.data.fixed.picture, ...asked, form });
    link.href = `${stage.base}/api/v1/segment/file?${query}`;
    link.download = "";
    link.dataset.testid = `file-${form}`;
    link.style.color = stage.theme.accent;
    link.textContent = stage.words[`form_${form}`];
    made.append(i ? " · " : "", link);
  });
  return made;
}
