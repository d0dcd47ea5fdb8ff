// Under the controls: photos and label files in, a zip out, proposals, undo; and whether all is
// saved. Over the numbers: the photos, of which one is shown.

import { filesOf } from "../../ui/own_labels/sending.js";
import { clear } from "../../ui/own_labels/store.js";
import { save } from "../../ui/stage/download.js";
import { fill } from "../../ui/stage/draw.js";
import { button, element, note } from "../../ui/stage/parts.js";
import { writeZip } from "./exchange.js";
import { accept, removeBox, shown, undecided } from "./model.js";

/** @import { Stage } from "./view.js" */

/**
 * @typedef {object} Acts
 * @property {(next: any) => void} change
 * @property {(at: number) => void} show
 * @property {(files: File[], firstPixel: string) => Promise<void>} take
 * @property {(way: number) => void} step
 * @property {() => void} copy
 * @property {() => void} add
 * @property {() => void} next
 * @property {() => Promise<void>} forget
 */

/**
 * @param {Stage} stage
 * @param {Acts} acts
 */
export function buildActions(stage, acts) {
  const { state, words } = stage;
  const files = element("input", "", "label-files");
  files.type = "file";
  files.multiple = true;
  files.hidden = true;
  const zero = element("input", "", "voc-zero");
  zero.type = "checkbox";
  files.onchange = () => {
    const chosen = [...(files.files ?? [])];
    files.value = "";
    if (chosen.length) acts.take(chosen, zero.checked ? "0" : "1");
  };
  const zeroRow = element("label", "", "", "control toggle");
  zeroRow.append(zero, element("span", words.voc_zero));
  const act = (name, does) => button(words[`act_${name}`], does, `act-${name}`);
  const made = {
    photos: element("div", "", "photos", "parts"),
    import: act("import", () => files.click()),
    accept_all: act("accept_all", () => acts.change(accept(state.set, waiting(stage)))),
    accept: act("accept", () => acts.change(accept(state.set, waiting(stage).slice(0, 1)))),
    add: act("add", () => acts.add()),
    next: act("next", () => acts.next()),
    undo: act("undo", () => acts.step(-1)),
    redo: act("redo", () => acts.step(1)),
    copy: act("copy", () => acts.copy()),
    remove: act("remove", () => {
      acts.change(removeBox(state.set, state.editor.selected));
    }),
    export: act("export", () => send(stage, stage.values, "")),
    keep: act("keep", () => send(stage, { form: "coco", upright: false }, "_keep")),
    forget: act("forget", () => forget(stage, acts)),
    kept: note("", "kept"),
    said: note("", "said"),
  };
  made.kept.setAttribute("role", "status");
  made.said.setAttribute("role", "status");
  const row = (...parts) => {
    const box = element("div", "", "", "parts");
    box.style.margin = "0";
    box.append(...parts);
    return box;
  };
  for (const each of [made.kept, made.said]) each.style.margin = "0";
  for (const each of Object.values(made)) each.style.lineHeight = "1.4";
  for (const each of Object.values(made).filter(({ tagName }) => tagName === "BUTTON"))
    each.style.padding = "3px 8px";
  stage.extra.style.cssText = "display:flex;flex-direction:column;gap:8px";
  stage.extra.append(
    row(made.accept_all, made.accept),
    row(made.add, made.next, made.copy, made.remove),
    row(made.undo, made.redo),
    row(made.import, files, made.export, made.keep),
    zeroRow,
    row(made.forget),
    made.kept,
    made.said,
  );
  stage.frame.prepend(made.photos);
  state.actions = { ...made, show: acts.show };
}

/** @param {Stage} stage */
const waiting = ({ state, values }) =>
  undecided(state.proposals, shown(state.set)?.boxes ?? [], values.score);

/** @param {Stage} stage */
export function showActions(stage) {
  const { state, words } = stage;
  const { actions, history, set, editor } = state;
  const count = waiting(stage).length;
  actions.accept_all.textContent = fill(words.act_accept_all, { count });
  actions.accept_all.disabled = actions.accept.disabled = !count;
  actions.add.disabled = !state.bitmap;
  actions.next.disabled = !shown(set)?.boxes.length;
  actions.undo.disabled = !history.past.length;
  actions.redo.disabled = !history.future.length;
  actions.copy.disabled = actions.remove.disabled = editor.selected === null;
  actions.export.disabled = actions.keep.disabled = actions.forget.disabled = !set.photos.length;
  actions.import.disabled = state.busy;
  actions.kept.textContent = state.kept ? words[state.kept] : "";
  actions.said.textContent = state.busy ? words.reading : state.wrong || state.said;
  actions.said.dataset.wrong = String(Boolean(state.wrong));
  const names = set.photos.map(({ name, boxes }) => `${name} (${boxes.length})`);
  const key = JSON.stringify([names, set.at]);
  if (actions.photos.dataset.key === key) return;
  actions.photos.dataset.key = key;
  actions.photos.replaceChildren(
    ...names.map((text, at) => {
      const made = button(text, () => actions.show(at), "photo");
      made.style.cssText = "padding:2px 8px;line-height:1.4";
      made.setAttribute("aria-pressed", String(at === set.at));
      return made;
    }),
  );
}

/** @param {Stage} stage */
async function send(stage, how, ending) {
  const { state, words } = stage;
  state.wrong = "";
  try {
    const there = await filesOf(stage, state.set, state.known);
    save(await writeZip(stage, state.set, there, how), `labels_${how.form}${ending}.zip`);
  } catch (error) {
    state.wrong = error.refused ? error.message : words.stage_lost;
  }
  showActions(stage);
}

/**
 * @param {Stage} stage
 * @param {Acts} acts
 */
async function forget(stage, acts) {
  if (!confirm(stage.words.forget_sure)) return;
  await stage.state.saving;
  await clear().catch(() => {});
  stage.state.known.clear();
  await acts.forget();
}
