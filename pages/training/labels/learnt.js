// What is learnt from: which photo is held out, which boxes count, and whether they are enough.
import { fill } from "../../ui/stage/draw.js";
import { note } from "../../ui/stage/parts.js";

/** @import { Stage } from "./train.js" */
/** @import { LabelSet } from "../../ui/own_labels/store.js" */

const FEW_PHOTOS = 5;
const FEW_BOXES = 10;

/**
 * By class, how many boxes there are to learn from and to judge by.
 * @param {LabelSet} set
 * @param {string} held digest of the photo that is held out
 * @param {string} boxes "each", "together" or "only <class>"
 * @param {string} together what all classes are called as one
 * @returns {Map<string, { learnt: number, held: number }>}
 */
export function countBoxes(set, held, boxes, together) {
  const counts = new Map();
  for (const photo of set.photos)
    for (const { label, crowd } of photo.boxes) {
      if (crowd || (boxes.startsWith("only ") && boxes.slice(5) !== label)) continue;
      const name = boxes === "together" ? together : label;
      const count = counts.get(name) ?? { learnt: 0, held: 0 };
      count[photo.digest === held ? "held" : "learnt"] += 1;
      counts.set(name, count);
    }
  return counts;
}

// The two choices follow the labels; what was chosen stays as long as it is there.
/** @param {Stage} stage */
export function showChoices({ state: own, words }) {
  const { set, parts } = own;
  const photos = set.photos.map(({ digest, name, boxes }) => ({
    value: digest,
    text: `${name} (${boxes.length})`,
  }));
  if (!photos.some(({ value }) => value === own.held))
    own.held = (set.photos[set.at] ?? set.photos[0])?.digest ?? "";
  const classes = set.classes.map((name) => ({
    value: `only ${name}`,
    text: fill(words.boxes_only, { name }),
  }));
  const ways = ["each", "together"].map((way) => ({ value: way, text: words[`boxes_${way}`] }));
  if (![...ways, ...classes].some(({ value }) => value === own.boxes)) own.boxes = "each";
  offer(parts.held.select, photos, own.held);
  offer(parts.boxes.select, [...ways, ...classes], own.boxes);
}

/**
 * @param {HTMLSelectElement} select
 * @param {{ value: string, text: string }[]} options
 * @param {string} chosen
 */
function offer(select, options, chosen) {
  const key = JSON.stringify(options);
  if (select.dataset.key !== key) {
    select.dataset.key = key;
    select.replaceChildren(...options.map(({ value, text }) => new Option(text, value)));
  }
  select.value = chosen;
  select.disabled = !options.length;
}

// How much there is, and what it is too little for.
/** @param {Stage} stage */
export function tellSet({ state: own, words }) {
  const photos = own.set.photos.length - 1;
  if (photos < 1) return [note(words.needs_two, "train-warning")];
  const counts = [...countBoxes(own.set, own.held, own.boxes, words.object)];
  const rows = [note(fill(words.learnt_photos, { photos }), "train-photos")];
  for (const [name, { learnt, held }] of counts)
    rows.push(note(fill(words.learnt_class, { name, learnt, held })));
  const total = counts.reduce((sum, [, { learnt }]) => sum + learnt, 0);
  if (!total) rows.push(note(words.needs_boxes, "train-warning"));
  else if (photos < FEW_PHOTOS || total < FEW_BOXES)
    rows.push(note(fill(words.few, { photos, boxes: total }), "train-warning"));
  const alone = counts.filter(([, { learnt, held }]) => held && !learnt).map(([name]) => name);
  if (alone.length && total) rows.push(note(fill(words.never_learnt, { names: alone.join(", ") })));
  if (total && !counts.some(([, { held }]) => held)) rows.push(note(words.nothing_held));
  return rows;
}
