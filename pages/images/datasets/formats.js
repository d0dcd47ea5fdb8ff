// One labelled picture as four formats have it: a file that is edited changes the others and the
// picture; what cannot be read is said, and the last good labels stay. A mistake in reading, drawn.
import {
  brief,
  drawBitmap,
  fill,
  openCanvas,
  outline,
  pictureBitmap,
  write,
} from "../../ui/stage/draw.js";
import { element, heading, note, paragraph, table } from "../../ui/stage/parts.js";
import { drawPhoto, drawProgress, photoShape } from "../../ui/stage/photo.js";

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

const FORMS = ["voc", "coco", "yolo", "kitti"];
const WAIT_MS = 250; // after the last letter
const MOST_PX = 420;

const state = () => ({ reply: null, good: null, grid: null, panes: {}, timer: 0, asked: 0 });

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  steady: true,
  local: ["misread"],
  state,

  build(/** @type {Stage} */ stage) {
    const grid = element("div", "", "formats-files", "columns");
    Object.assign(grid.style, { marginTop: "12px", visibility: "hidden" });
    stage.state.grid = grid;
    for (const form of FORMS) grid.append(paneOf(stage, form));
    stage.frame.append(grid);
    stage.signal.addEventListener("abort", () => clearTimeout(stage.state.timer));
  },

  wait(stage, _, progress) {
    const ref = stage.data.fixed.picture;
    const shape = photoShape(stage, ref);
    if (!shape) return false;
    const { ctx, width, height } = openPicture(stage, shape);
    drawPhoto(ctx, stage, ref, { x: 0, y: 0, width, height });
    if (stage.busy) drawProgress(ctx, stage, { x: 0, y: 0, width, height }, progress);
    return true;
  },

  paint(stage, reply, values) {
    const { state: own } = stage;
    own.grid.style.visibility = "";
    if (own.reply !== reply) take(stage, reply);
    drawLabels(stage, values);
    tell(stage, values);
  },

  describe({ words, state: own }, _, values) {
    const { boxes, labels } = own.good.about;
    return fill(words.formats_alternative, {
      count: boxes.length,
      names: labels.join(", "),
      how: words[`trap_${values.misread}`] ?? "",
    });
  },
};

/** @type {(stage: Stage, form: string) => HTMLElement} */
function paneOf(stage, form) {
  const pane = element("label", "", `pane-${form}`);
  const title = element("strong");
  const text = element("textarea", "", `file-${form}`);
  Object.assign(text, { rows: 7, spellcheck: false, wrap: "off" });
  Object.assign(text.style, { width: "100%", boxSizing: "border-box", fontSize: "12px" });
  Object.assign(text.style, { fontFamily: "var(--st-code-font)", resize: "vertical" });
  Object.assign(text.style, { background: "var(--st-background-color)", color: "inherit" });
  const wrong = element("p", "", `wrong-${form}`);
  Object.assign(wrong.style, { margin: "2px 0", color: "var(--st-red-text-color, #b00020)" });
  wrong.setAttribute("role", "status");
  const rule = element("p", "", "", "muted");
  Object.assign(rule.style, { margin: "2px 0", fontSize: "12px" });
  text.oninput = () => {
    clearTimeout(stage.state.timer);
    stage.state.timer = setTimeout(() => edit(stage, form), WAIT_MS);
  };
  pane.append(title, text, wrong, rule);
  stage.state.panes[form] = { title, text, wrong, rule };
  return pane;
}

// Labels of another picture, or none edited any more.
/** @type {(stage: Stage, reply: any) => void} */
function take(stage, reply) {
  Object.assign(stage.state, { reply, good: reply, asked: stage.state.asked + 1 });
  showFiles(stage, "");
}

/** @type {(stage: Stage, form: string) => Promise<void>} */
async function edit(stage, form) {
  const { state: own } = stage;
  const mine = ++own.asked;
  const { text, wrong } = own.panes[form];
  try {
    const { classes } = own.good.about;
    const found = await stage.ask("datasets/formats", {
      ...stage.data.fixed,
      form,
      text: text.value,
      classes: classes.join("\n"),
    });
    if (mine !== own.asked) return;
    own.good = found;
    showFiles(stage, form);
    stage.repaint();
  } catch (error) {
    if (mine === own.asked && !stage.signal.aborted)
      wrong.textContent = /** @type {Error} */ (error).message;
  }
}

// Each format's file, but for the one that is being written.
/** @type {(stage: Stage, written: string) => void} */
function showFiles({ words, state: own }, written) {
  const { files, paths, lost, most_letters } = own.good.about;
  for (const form of FORMS) {
    const { title, text, wrong, rule } = own.panes[form];
    title.textContent = `${words[`format_${form}`]} · ${paths[form]}`;
    rule.textContent = [words[`rule_${form}`], ...lost[form]].join(" ");
    wrong.textContent = "";
    text.maxLength = most_letters;
    if (form !== written) text.value = files[form];
  }
}

// A canvas for a picture of so many rows and columns, as large as there is room.
/** @type {(stage: Stage, shape: number[]) => { ctx: CanvasRenderingContext2D, width: number, height: number }} */
function openPicture(stage, [rows, columns]) {
  const full = stage.canvas.clientWidth || stage.frame.clientWidth;
  const scale = Math.min(full / columns, MOST_PX / rows);
  const { ctx } = openCanvas(stage, rows * scale);
  return { ctx, width: columns * scale, height: rows * scale };
}

/** @type {(stage: Stage, values: any) => void} */
function drawLabels(stage, { misread }) {
  const { theme, state: own } = stage;
  const { pixels, about } = own.good;
  const { ctx, width, height } = openPicture(stage, pixels.shape);
  const scale = width / pixels.shape[1];
  drawBitmap(ctx, pictureBitmap(pixels), { x: 0, y: 0, width, height });
  /** @type {(box: number[]) => import("../../ui/stage/types.d.ts").Box} */
  const placed = ([x1, y1, x2, y2]) => ({
    x: x1 * scale,
    y: y1 * scale,
    width: Math.max(2, (x2 - x1) * scale),
    height: Math.max(2, (y2 - y1) * scale),
  });
  about.boxes.forEach((corners, i) => {
    const box = placed(corners);
    outline(ctx, box, theme.boxes[0], 2.5);
    write(ctx, stage, about.labels[i], box.x + 5, box.y + 12, { size: 13, colour: theme.boxes[0] });
  });
  ctx.setLineDash([6, 4]);
  for (const { box } of about.misread[misread] ?? [])
    if (box) outline(ctx, placed(box), theme.boxes[1], 2.5);
  ctx.setLineDash([]);
}

/** @type {(stage: Stage, values: any) => void} */
function tell({ words, readout, state: own }, { misread }) {
  const { about } = own.good;
  const { boxes, labels, classes, notes, source } = about;
  const read = about.misread[misread] ?? [];
  const rows = read.map(({ box, iou }, i) => [
    labels[i],
    box ? brief(iou) : words.no_box,
    `iou-${i}`,
  ]);
  readout.replaceChildren(
    heading(fill(words.count, { count: boxes.length }), "label-count"),
    note(fill(words.classes, { names: classes.map((name, i) => `${i} ${name}`).join(", ") })),
    ...(source === "middle" ? [note(fill(words.none_found, { sure: about.sure }))] : []),
    ...notes.map((text) => note(text)),
    ...(misread === "none"
      ? []
      : [heading(words[`trap_${misread}`], "trap"), paragraph(words[`trap_said_${misread}`])]),
    ...(rows.length ? [note(words.iou), table(rows)] : []),
  );
}
