// The labelled photos as plain values, never changed in place, and the way back through them. Boxes
// are x1, y1, x2, y2 in pixels of the upright photo, half-open: whole ones where drawn by hand.

/**
 * @typedef {import("../../ui/own_labels/store.js").Labelled} Labelled
 * @typedef {import("../../ui/own_labels/store.js").Photo} Photo
 * @typedef {import("../../ui/own_labels/store.js").LabelSet} LabelSet
 * @typedef {{ past: LabelSet[], now: LabelSet, future: LabelSet[] }} History
 */

const KEPT_STEPS = 200;
const SAME_IOU = 0.9; // a proposal that lies so on a box of its class has been taken

export { emptySet } from "../../ui/own_labels/store.js";

/** @type {(now: LabelSet) => History} */
export const begin = (now) => ({ past: [], now, future: [] });

/** @type {(history: History, next: LabelSet) => History} */
export const advance = ({ past, now }, next) => ({
  past: [...past, now].slice(-KEPT_STEPS),
  now: next,
  future: [],
});

/** @type {(history: History) => History} */
export function undo(history) {
  const { past, now, future } = history;
  const before = past.at(-1);
  return before ? { past: past.slice(0, -1), now: before, future: [now, ...future] } : history;
}

/** @type {(history: History) => History} */
export function redo(history) {
  const { past, now, future } = history;
  return future.length
    ? { past: [...past, now], now: future[0], future: future.slice(1) }
    : history;
}

/** @type {(set: LabelSet) => Photo | null} */
export const shown = (set) => set.photos[set.at] ?? null;

/** @type {(set: LabelSet, boxes: Labelled[]) => LabelSet} */
export function withBoxes(set, boxes) {
  const photos = set.photos.map((photo, i) => (i === set.at ? { ...photo, boxes } : photo));
  const classes = [...new Set([...set.classes, ...boxes.map(({ label }) => label)])];
  return { ...set, photos, classes };
}

/**
 * Corners as an editor changed them; what is new gets the class.
 * @param {LabelSet} set
 * @param {number[][]} corners
 * @param {string} label
 */
export function withCorners(set, corners, label) {
  const before = shown(set)?.boxes ?? [];
  const fresh = { label, crowd: false, difficult: false };
  return withBoxes(
    set,
    corners.map((box, i) => ({ ...(before[i] ?? fresh), box })),
  );
}

/** @type {(set: LabelSet, index: number, changes: Partial<Labelled>) => LabelSet} */
export function changeBox(set, index, changes) {
  const boxes = shown(set)?.boxes ?? [];
  return withBoxes(
    set,
    boxes.map((each, i) => (i === index ? { ...each, ...changes } : each)),
  );
}

/** @type {(set: LabelSet, label: string) => LabelSet} a box in the middle of the photo */
export function addBox(set, label) {
  const photo = shown(set);
  if (!photo) return set;
  const { width, height } = photo;
  const box = [0.35 * width, 0.35 * height, 0.65 * width, 0.65 * height].map(Math.round);
  const real = [box[0], box[1], Math.max(box[2], box[0] + 1), Math.max(box[3], box[1] + 1)];
  return withBoxes(set, [...photo.boxes, { box: real, label, crowd: false, difficult: false }]);
}

/** @type {(set: LabelSet, index: number) => LabelSet} */
export const removeBox = (set, index) =>
  withBoxes(set, shown(set)?.boxes.filter((_, i) => i !== index) ?? []);

/**
 * The box again, a little to the lower right, or to the upper left where there is no room.
 * @param {LabelSet} set
 * @param {number} index
 */
export function copyBox(set, index) {
  const photo = shown(set);
  if (!photo?.boxes[index]) return set;
  const [x1, y1, x2, y2] = photo.boxes[index].box;
  const step = Math.max(1, Math.round(Math.min(photo.width, photo.height) / 40));
  const dx = x2 + step <= photo.width ? step : -Math.min(step, x1);
  const dy = y2 + step <= photo.height ? step : -Math.min(step, y1);
  const box = [x1 + dx, y1 + dy, x2 + dx, y2 + dy];
  return withBoxes(set, [...photo.boxes, { ...photo.boxes[index], box }]);
}

/**
 * A class by another name, in all photos; two that have one name then are one.
 * @param {LabelSet} set
 * @param {string} before
 * @param {string} after
 * @returns {LabelSet}
 */
export function renameClass(set, before, after) {
  const renamed = (/** @type {string} */ name) => (name === before ? after : name);
  const photos = set.photos.map((photo) => ({
    ...photo,
    boxes: photo.boxes.map((each) => ({ ...each, label: renamed(each.label) })),
  }));
  return { ...set, photos, classes: [...new Set(set.classes.map(renamed))] };
}

/**
 * What the engine read of files, joined to what is there. A photo whose labels came keeps its own
 * where the files had none for it.
 * @param {LabelSet} set
 * @param {{ classes: string[], photos: any[], read: boolean }} found
 * @returns {LabelSet}
 */
export function join(set, found) {
  const own = new Map(set.photos.map((photo) => [photo.digest, photo]));
  const photos = found.photos.map(({ from, to, ...photo }) => {
    const known = own.get(photo.digest);
    return known && !photo.boxes.length ? known : photo;
  });
  const classes = [...new Set([...set.classes, ...found.classes])];
  const fresh = photos.findIndex(({ digest }) => !own.has(digest));
  return { classes, photos, at: fresh < 0 ? Math.min(set.at, photos.length - 1) : fresh };
}

/** @type {(a: number[], b: number[]) => number} intersection over union */
export function overlap(a, b) {
  const across = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const down = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (across <= 0 || down <= 0) return 0;
  const area = (/** @type {number[]} */ [x1, y1, x2, y2]) => (x2 - x1) * (y2 - y1);
  return (across * down) / (area(a) + area(b) - across * down);
}

/**
 * Proposals that are still to be decided, best first.
 * @param {{ box: number[], label: string, score: number }[]} proposals
 * @param {Labelled[]} boxes
 * @param {number} score
 */
export const undecided = (proposals, boxes, score) =>
  proposals.filter(
    (each) =>
      each.score >= score &&
      !boxes.some((own) => own.label === each.label && overlap(own.box, each.box) >= SAME_IOU),
  );

/**
 * @param {LabelSet} set
 * @param {{ box: number[], label: string }[]} proposals
 */
export function accept(set, proposals) {
  const taken = proposals.map(({ box, label }) => ({
    box: box.map((edge) => Math.round(100 * edge) / 100),
    label,
    crowd: false,
    difficult: false,
  }));
  const real = taken.filter(({ box }) => box[2] > box[0] && box[3] > box[1]);
  return withBoxes(set, [...(shown(set)?.boxes ?? []), ...real]);
}
