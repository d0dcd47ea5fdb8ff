// Labels: photos of the learner's own with true boxes, drawn or taken from what NanoDet proposes;
// kept in this browser after every change, read from and written to four formats.

import { fileOf, load, save, savePhotos } from "../../ui/own_labels/store.js";
import { editBoxes } from "../../ui/stage/box_editor.js";
import { fill, pointerPosition } from "../../ui/stage/draw.js";
import { buildActions, showActions } from "./actions.js";
import { propose, readFiles, sampleFile } from "./exchange.js";
import { listenToKeys } from "./keys.js";
import {
  accept,
  addBox,
  advance,
  begin,
  copyBox,
  emptySet,
  join,
  redo,
  removeBox,
  shown,
  undo,
  withCorners,
} from "./model.js";
import { drawPhoto, proposalAt } from "./picture.js";
import { listenToPinches } from "./pinch.js";
import { buildReadout, tell } from "./readout.js";

const state = () => ({
  history: begin(emptySet()),
  set: emptySet(), // as it stands, also in the middle of a drag
  label: "", // of what is drawn next
  bitmap: null,
  bitmapOf: null, // its photo's digest
  proposals: [],
  known: new Map(), // proposals by digest
  place: null,
  centre: [0.5, 0.5],
  editor: null,
  parts: null,
  choose: () => {},
  asked: null,
  asking: false,
  actions: null,
  saving: Promise.resolve(),
  said: "", // what came of the last files
  wrong: "", // and what was wrong
  kept: "", // whether it is saved
  busy: true,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  local: ["zoom", "score", "form", "upright"],

  build(stage) {
    const { state: own } = stage;
    own.editor = editBoxes(stage, {
      boxes: () => shown(own.set)?.boxes.map(({ box }) => box) ?? [],
      place: () => own.place,
      whole: () => [shown(own.set)?.width ?? 1, shown(own.set)?.height ?? 1],
      least: 1,
      step: 1,
      change: (corners, commit) => drawn(stage, corners, commit),
      may: () => ({ edit: own.bitmap !== null, draw: own.bitmap !== null, remove: false }),
    });
    buildActions(stage, {
      change: (next) => change(stage, next),
      show: (at) => showAt(stage, at),
      take: (files, firstPixel) => take(stage, files, firstPixel),
      step: (way) => step(stage, way),
      copy: () => duplicate(stage),
      add: () => selectLast(stage, addBox(own.set, labelOf(stage))),
      next: () => selectNext(stage),
      forget: () => restart(stage),
    });
    buildReadout(stage, (next) => change(stage, next));
    stage.on("click", (event) => acceptAt(stage, event));
    listenToKeys(stage, {
      step: (way) => step(stage, way),
      copy: () => duplicate(stage),
      remove: (index) => change(stage, removeBox(own.set, index)),
    });
    listenToPinches(stage);
    open(stage);
  },

  paint(stage, _, values) {
    drawPhoto(stage, values);
    showActions(stage);
    tell(stage);
  },

  numbers({ state: own }) {
    const { classes, photos } = own.set;
    return { classes, photos, proposals: own.proposals };
  },

  describe({ state: own, words }) {
    const photo = shown(own.set);
    if (!photo) return words.nothing;
    const labels = photo.boxes.map(({ label }) => label).join(", ");
    return fill(words.alternative, { name: photo.name, boxes: photo.boxes.length, labels });
  },
};

// What was kept, else the sample.
/** @param {Stage} stage */
async function open(stage) {
  const { state: own } = stage;
  let set = emptySet();
  try {
    set = await load();
  } catch {
    own.kept = "kept_never";
  }
  if (stage.signal.aborted) return;
  if (!set.photos.length) {
    await restart(stage);
    return;
  }
  own.history = begin(set);
  own.set = set;
  own.kept ||= "kept";
  own.busy = false;
  await showPhoto(stage);
}

/** @param {Stage} stage */
async function restart(stage) {
  const { state: own } = stage;
  own.history = begin(emptySet());
  own.set = emptySet();
  own.label = "";
  try {
    await take(stage, [await sampleFile(stage)], "1");
  } catch (error) {
    report(stage, error);
  }
  own.history = begin(own.set);
  stage.repaint();
}

/**
 * A change that can be undone, saved at once.
 * @param {Stage} stage
 */
function change(stage, next) {
  const { state: own } = stage;
  own.history = advance(own.history, next);
  arrive(stage, next);
}

/** @param {Stage} stage */
function arrive(stage, next) {
  const { state: own } = stage;
  const before = shown(own.set)?.digest;
  own.set = next;
  const count = shown(next)?.boxes.length ?? 0;
  if (own.editor.selected !== null && own.editor.selected >= count) own.editor.selected = null;
  keepIt(stage, next);
  if (shown(next)?.digest !== before) showPhoto(stage);
  else stage.repaint();
}

// "Saved" is said when the browser has written the newest of all changes.
/** @param {Stage} stage */
function keepIt(stage, set) {
  const { state: own } = stage;
  own.kept = "keeping";
  own.saving = own.saving
    .then(() => save(set))
    .then(() => own.set === set && ended("kept"))
    .catch(() => ended("kept_never"));
  const ended = (/** @type {string} */ how) => {
    own.kept = how;
    showActions(stage);
  };
}

// The class of what is drawn next.
/** @param {Stage} stage */
const labelOf = ({ state: own, words }) => own.label || own.set.classes[0] || words.class_first;

/** @param {Stage} stage */
function selectLast(stage, next) {
  const { state: own } = stage;
  change(stage, next);
  own.editor.selected = (shown(own.set)?.boxes.length ?? 0) - 1;
  stage.repaint();
  stage.canvas.focus({ preventScroll: true });
}

/** @param {Stage} stage */
function selectNext(stage) {
  const { state: own } = stage;
  const count = shown(own.set)?.boxes.length ?? 0;
  own.editor.selected = count ? ((own.editor.selected ?? -1) + 1) % count : null;
  stage.repaint();
  stage.canvas.focus({ preventScroll: true });
}

/** @param {Stage} stage */
function drawn(stage, corners, commit) {
  const { state: own } = stage;
  const same = corners.length === shown(own.history.now)?.boxes.length;
  const next = withCorners(own.set, corners, labelOf(stage));
  if (commit && same && JSON.stringify(next) === JSON.stringify(own.history.now)) {
    own.set = next;
    stage.repaint(); // only another one is selected
  } else if (commit) change(stage, next);
  else {
    own.set = next;
    stage.repaint();
  }
}

/** @param {Stage} stage */
function step(stage, way) {
  const { state: own } = stage;
  own.history = way < 0 ? undo(own.history) : redo(own.history);
  arrive(stage, own.history.now);
}

/** @param {Stage} stage */
function showAt(stage, at) {
  const { state: own } = stage;
  own.editor.selected = null;
  own.centre = [0.5, 0.5];
  own.history = { ...own.history, now: { ...own.set, at } };
  arrive(stage, own.history.now);
}

/** @param {Stage} stage */
async function take(stage, files, firstPixel) {
  const { state: own } = stage;
  own.busy = true;
  own.wrong = "";
  own.said = "";
  stage.repaint();
  try {
    const found = await readFiles(stage, own.set, files, firstPixel);
    await savePhotos(found.files).catch(() => {});
    for (const [digest, file] of found.files) own.known.set(`file ${digest}`, file);
    own.said = found.about.notes.join(" ");
    own.busy = false;
    change(stage, join(own.set, found.about));
  } catch (error) {
    own.busy = false;
    report(stage, error);
  }
}

/** @param {Stage} stage */
function report(stage, error) {
  if (stage.signal.aborted) return;
  stage.state.wrong = error.refused ? error.message : stage.words.stage_lost;
  stage.repaint();
}

// The photo's pixels upright, and what NanoDet proposes for it.
/** @param {Stage} stage */
async function showPhoto(stage) {
  const { state: own } = stage;
  const photo = shown(own.set);
  own.bitmap = null;
  own.proposals = [];
  own.editor.selected = null;
  stage.repaint();
  const file = photo && (await fileOf(own.known, photo));
  if (!file || shown(own.set) !== photo) return;
  own.bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  own.bitmapOf = photo.digest;
  stage.repaint();
  try {
    if (!own.known.has(photo.digest)) own.known.set(photo.digest, await propose(stage, file));
    if (shown(own.set)?.digest !== photo.digest) return;
    own.proposals = own.known.get(photo.digest);
    stage.repaint();
  } catch (error) {
    report(stage, error);
  }
}

// A press on a proposal makes it an own box, which can be mended.
/** @param {Stage} stage */
function acceptAt(stage, event) {
  const { state: own } = stage;
  if (own.editor.selected !== null) return;
  const found = proposalAt(stage, pointerPosition(stage, event));
  if (found) selectLast(stage, accept(own.set, [found]));
}

/** @param {Stage} stage */
function duplicate(stage) {
  const { state: own } = stage;
  if (own.editor.selected !== null) selectLast(stage, copyBox(own.set, own.editor.selected));
}
