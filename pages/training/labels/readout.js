// Beside the photo: the classes with their colours, the box that is selected, and what each of the
// four formats stores of it.
import { fill } from "../../ui/stage/draw.js";
import { button, element, heading, note } from "../../ui/stage/parts.js";
import { changeBox, renameClass, shown } from "./model.js";
import { colourOf } from "./picture.js";

/** @import { Stage } from "./view.js" */

const FORMS = ["yolo", "kitti", "coco", "voc"];

/**
 * The parts that stay, so that a field keeps what is being written in it.
 * @param {Stage} stage
 * @param {(next: any) => void} change
 */
export function buildReadout(stage, change) {
  const { state, words } = stage;
  const parts = {
    classes: element("div", "", "classes"),
    name: element("input", "", "class-name"),
    selected: note("", "selected"),
    crowd: flag(stage, "crowd", change),
    difficult: flag(stage, "difficult", change),
    stored: element("div", "", "stored"),
  };
  parts.name.type = "text";
  parts.name.style.width = "100%";
  parts.name.maxLength = 80;
  parts.name.placeholder = words.class_new;
  parts.name.setAttribute("aria-label", words.class_new);
  const take = () => {
    const name = parts.name.value.trim();
    if (!name) return;
    parts.name.value = "";
    choose(stage, name, change);
  };
  parts.name.onkeydown = (event) => event.key === "Enter" && take();
  const rename = () => {
    const name = parts.name.value.trim();
    const before = shown(state.set)?.boxes[state.editor.selected]?.label ?? state.label;
    if (!name || !before) return;
    parts.name.value = "";
    state.label = name;
    change(renameClass(state.set, before, name));
  };
  const row = element("div");
  row.style.cssText = "display:flex;flex-wrap:wrap;gap:6px;margin:6px 0 12px;font-size:12px";
  row.append(
    button(words.class_add, take, "class-add"),
    button(words.class_rename, rename, "class-rename"),
  );
  stage.readout.replaceChildren(
    heading(words.classes),
    parts.classes,
    parts.name,
    row,
    heading(words.stored),
    parts.selected,
    parts.crowd.row,
    parts.difficult.row,
    parts.stored,
  );
  state.parts = parts;
  state.choose = (name) => choose(stage, name, change);
}

/** @param {Stage} stage */
function flag(stage, name, change) {
  const row = element("label", "", "", "control toggle");
  const input = element("input", "", `flag-${name}`);
  input.type = "checkbox";
  input.onchange = () => {
    const { set, editor } = stage.state;
    change(changeBox(set, editor.selected, { [name]: input.checked }));
  };
  row.append(input, element("span", stage.words[`flag_${name}`]));
  return { row, input };
}

// The class of what is drawn next, and of the box that is selected.
/** @param {Stage} stage */
function choose(stage, name, change) {
  const { set, editor } = stage.state;
  stage.state.label = name;
  const next = set.classes.includes(name) ? set : { ...set, classes: [...set.classes, name] };
  if (editor.selected !== null && shown(set)?.boxes[editor.selected])
    change(changeBox(next, editor.selected, { label: name }));
  else if (next !== set) change(next);
  else stage.repaint();
}

/** @param {Stage} stage */
export function tell(stage) {
  const { state, words } = stage;
  const { parts, set, editor } = state;
  const photo = shown(set);
  const box = photo?.boxes[editor.selected] ?? null;
  const counts = new Map();
  for (const { boxes } of set.photos)
    for (const { label } of boxes) counts.set(label, (counts.get(label) ?? 0) + 1);
  const current = box?.label ?? state.label;
  parts.classes.replaceChildren(
    ...set.classes.map((name) => classRow(stage, name, counts.get(name) ?? 0, name === current)),
  );
  for (const name of ["crowd", "difficult"]) {
    parts[name].input.disabled = !box;
    parts[name].input.checked = box?.[name] ?? false;
  }
  if (!photo || !box) {
    parts.selected.textContent = words.select;
    parts.stored.replaceChildren();
    state.asked = null;
    return;
  }
  const [x1, y1, x2, y2] = box.box.map((edge) => Math.round(100 * edge) / 100);
  const size = { x1, y1, x2, y2, width: photo.width, height: photo.height };
  parts.selected.textContent = fill(words.selected, size);
  askStored(stage, photo, box);
}

/** @param {Stage} stage */
function classRow(stage, name, count, isCurrent) {
  const row = button("", () => stage.state.choose(name), "class", "plain");
  const mark = element("span", "■ ");
  mark.style.color = colourOf(stage, name);
  row.append(mark, `${name} · ${count}`);
  row.setAttribute("aria-pressed", String(isCurrent));
  return row;
}

// One question at a time while a box is dragged; the newest wins.
/** @param {Stage} stage */
async function askStored(stage, photo, { box, label, crowd, difficult }) {
  const { state } = stage;
  const [x1, y1, x2, y2] = box;
  const { name, width, height } = photo;
  const index = state.set.classes.indexOf(label);
  const asked = { name, width, height, x1, y1, x2, y2, label, index, crowd, difficult };
  const key = JSON.stringify(asked);
  if (state.asked === key) return;
  state.asked = key;
  if (state.asking) return;
  state.asking = true;
  try {
    const { about } = await stage.ask("labels/stored", asked);
    if (state.asked) showStored(stage, about, JSON.stringify(box));
  } catch (error) {
    // still starting, or away: asked again with the next paint
    state.asked = null;
    if (error.pending) setTimeout(stage.repaint, 300);
  } finally {
    state.asking = false;
  }
  if (state.asked && state.asked !== key) {
    state.asked = null;
    tell(stage);
  }
}

/** @param {Stage} stage */
function showStored({ state, words }, { texts, moved }, box) {
  const made = FORMS.flatMap((form) => {
    const px = Math.round(100 * moved[form]) / 100;
    const told = fill(words[`stored_${form}`], { px });
    const text = element("pre", texts[form], `stored-${form}`);
    text.style.cssText =
      "white-space:pre-wrap;overflow-wrap:anywhere;font-size:11px;margin:0 0 8px";
    return [element("strong", told), text];
  });
  state.parts.stored.replaceChildren(...made);
  state.parts.stored.dataset.box = box;
}
