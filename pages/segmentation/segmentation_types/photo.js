// Kinds of segmentation, on the learner's photo: the same picture classified, searched for boxes
// and cut into segments, side by side. Score and opacity only repaint.

import { buildDrawing } from "../../ui/marks/drawing.js";
import { boxOf, drawTag, strong, tagBox, touch } from "../../ui/stage/boxes.js";
import { drawBitmap, fill, openCanvas, outline, write } from "../../ui/stage/draw.js";
import { heading, note, swatch, table } from "../../ui/stage/parts.js";
import { drawPhoto, drawProgress, photoShape } from "../../ui/stage/photo.js";
import { layersOf, colourOf as segmentColour } from "../../ui/stage/segment_layers.js";

const PARTS = ["classification", "detection", "segmentation"];
const TITLE = 24;
const GAP = 16;
const MOST_HEIGHT = 330;
const NARROW = 620; // below, the three stand one below the other
const MOST_TAGS = 12;
const VEIL = { classification: 0.7, detection: 0.35, segmentation: 0 };

const state = () => ({
  drawing: null, // the tools with which the learner steers GrabCut
  cutOn: null, // where the picture lies that is cut
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  steady: true,
  local: ["photo_opacity", "photo_score"],
  state,

  build(stage) {
    stage.root.classList.add("wide");
    stage.state.drawing = buildDrawing(stage, {
      control: "photo_drawn",
      isOn: () => stage.values.cut_by === "drawn",
      place: () => stage.state.cutOn,
    });
  },

  wait(stage, _, progress) {
    const shape = photoShape(stage, stage.data.fixed.picture);
    if (!shape) return false;
    const panels = planPanels(stage, shape);
    const last = panels[panels.length - 1];
    const { ctx } = openCanvas(stage, last.y + last.height + 2);
    for (const panel of panels) {
      drawTitle(ctx, stage, panel);
      drawPhoto(ctx, stage, stage.data.fixed.picture, panel);
      if (stage.busy) drawProgress(ctx, stage, panel, progress);
    }
    return true;
  },

  paint(stage, reply, values) {
    const panels = planPanels(stage, reply.about.size);
    const last = panels[panels.length - 1];
    const { ctx } = openCanvas(stage, last.y + last.height + 2);
    stage.state.cutOn = last;
    stage.state.drawing.show();
    for (const panel of panels) drawPanel(ctx, stage, reply, values, panel);
    if (values.cut_by === "drawn") stage.state.drawing.draw(ctx, last);
    tell(stage, reply, values);
  },

  describe(stage, reply, values) {
    const [best] = reply.about.classes;
    return fill(stage.words.photo_alternative, {
      name: best.name,
      percent: percent(best.prob),
      boxes: countFound(reply, values),
      segments: reply.about.segments.length,
    });
  },
};

const percent = (share) => (100 * share).toFixed(1);

// Boxes come best first; scores are float32.
function countFound({ scores: { data } }, values) {
  const end = data.findIndex((score) => score < Math.fround(values.photo_score));
  return end < 0 ? data.length : end;
}

/** @param {Stage} stage */
function planPanels(stage, [rows, columns]) {
  const across = stage.frame.clientWidth;
  const stacked = across < NARROW;
  const room = stacked ? across : (across - 2 * GAP) / 3;
  const scale = Math.min(room / columns, MOST_HEIGHT / rows);
  const height = Math.max(60, rows * scale);
  return PARTS.map((part, i) => ({
    part,
    scale,
    width: columns * scale,
    height,
    x: stacked ? 0 : i * (room + GAP),
    y: TITLE + (stacked ? i * (height + TITLE + 10) : 0),
  }));
}

/** @param {Stage} stage */
function drawTitle(ctx, stage, { part, x, y }) {
  write(ctx, stage, stage.words[`photo_${part}`], x, y - 8, { size: 13, bold: true });
}

/** @param {Stage} stage */
function drawPanel(ctx, stage, reply, values, panel) {
  drawTitle(ctx, stage, panel);
  ctx.save();
  ctx.beginPath();
  ctx.rect(panel.x, panel.y, panel.width, panel.height);
  ctx.clip();
  drawPhoto(ctx, stage, stage.data.fixed.picture, panel, VEIL[panel.part]);
  DRAW[panel.part](ctx, stage, reply, values, panel);
  ctx.restore();
  outline(ctx, panel, stage.theme.border);
}

const DRAW = {
  classification(ctx, stage, { about }, _, panel) {
    const line = Math.min(44, (panel.height - 16) / about.classes.length);
    about.classes.forEach(({ name, prob }, i) => {
      const y = panel.y + 8 + i * line;
      ctx.fillStyle = stage.theme.accent;
      ctx.fillRect(
        panel.x + 10,
        y + 20,
        (panel.width - 20) * prob,
        Math.max(2, Math.min(6, line - 22)),
      );
      const style = { size: 12, bold: i === 0 };
      write(ctx, stage, name, panel.x + 10, y + 13, style);
      const right = { ...style, align: "right", mono: true };
      write(ctx, stage, `${percent(prob)} %`, panel.x + panel.width - 10, y + 13, right);
    });
  },

  detection(ctx, stage, reply, values, panel) {
    const count = countFound(reply, values);
    for (let i = count - 1; i >= 0; i--) {
      const box = boxOf(panel, reply.boxes, i);
      strong(ctx, stage, box, colourOf(stage, reply, i), count > 60 ? 1 : 2);
    }
    drawTags(ctx, stage, reply, count, panel);
  },

  segmentation(ctx, stage, reply, values, panel) {
    const layers = layersOf(stage, reply, null);
    ctx.globalAlpha = values.photo_opacity / 100;
    drawBitmap(ctx, layers.fill, panel);
    ctx.globalAlpha = 1;
    if (layers.lines) drawBitmap(ctx, layers.lines, panel);
  },
};

// The surest class has a colour, all others share one.
/** @param {Stage} stage */
const colourOf = (stage, { labels: { data } }, i) => stage.theme.lines[data[i] === data[0] ? 0 : 1];

// The best boxes are named, where no better one's name stands already.
/** @param {Stage} stage */
function drawTags(ctx, stage, reply, count, panel) {
  const drawn = [];
  for (let i = 0; i < Math.min(count, MOST_TAGS); i++) {
    const text = `${reply.about.names[reply.labels.data[i]]} ${reply.scores.data[i].toFixed(2)}`;
    const { x, y } = boxOf(panel, reply.boxes, i);
    const tag = tagBox(ctx, stage, text, x, y, panel.x, panel.x + panel.width);
    if (drawn.some((other) => touch(other, tag))) continue;
    drawTag(ctx, stage, text, tag, colourOf(stage, reply, i));
    drawn.push(tag);
  }
}

function narrow(made) {
  made.style.maxWidth = "420px"; // a number stands near its name
  return made;
}

// A class that is hardly sure, and tasks that name the photo differently.
/** @param {Stage} stage */
function doubts(stage, { about, labels }, found) {
  const { words } = stage;
  const [{ name, prob }] = about.classes;
  const box = labels.data.length ? about.names[labels.data[0]] : name;
  const said = [];
  if (!found) {
    const score = stage.values.photo_score.toFixed(2);
    said.push(note(fill(words.photo_none, { score }), "photo-none"));
  }
  if (about.unsure)
    said.push(note(fill(words.photo_unsure, { name, percent: percent(prob) }), "photo-unsure"));
  if (box !== name) said.push(note(fill(words.photo_differ, { name, box }), "photo-differ"));
  return said;
}

/** @param {Stage} stage */
function tell(stage, reply, values) {
  const { words } = stage;
  const { classes, segments, share } = reply.about;
  const judged = reply.ids.data.length;
  const listed = segments.slice(0, 6);
  const parts = narrow(
    table(listed.map((each) => [each.class, `${percent(each.area_px / judged)} %`])),
  );
  listed.forEach(({ id }, i) => {
    parts.rows[i].cells[0].prepend(swatch(stage, segmentColour(stage, id)));
  });
  stage.readout.replaceChildren(
    heading(words.photo_answers),
    narrow(
      table([
        [words.photo_boxes, String(countFound(reply, values)), "photo-boxes"],
        [words.photo_pixels, judged.toLocaleString(), "photo-pixels"],
        [words.photo_share, `${percent(share)} %`, "photo-share"],
      ]),
    ),
    heading(fill(words.photo_segments, { count: segments.length })),
    parts,
    note(fill(words.photo_limits, { name: classes[0].name })),
    ...doubts(stage, reply, countFound(reply, values)),
  );
}
