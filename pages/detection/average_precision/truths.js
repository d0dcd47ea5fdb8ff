// The boxes that a learner has drawn, photo by photo: "photo:x1,y1,x2,y2;…|photo:…", as
// engine/serving/average_precision reads them. Boxes without a photo belong to the one on screen.
import { inParts, joinWithin } from "../../ui/own_labels/using.js";
import { readBoxes, writeBoxes } from "../../ui/stage/box_editor.js";

export const MOST_BOXES = 20; // on one photo
const MOST_TEXT = 2000;
const WHOLE = 1000; // parts of a side
export const MOST_PHOTOS = 8;

/**
 * @param {string} text
 * @param {string} picture the photo on screen
 * @returns {Map<string, any[]>} boxes in thousandths, by photo
 */
export function readTruths(text, picture) {
  const found = new Map();
  for (const part of text ? text.split("|") : []) {
    const at = part.lastIndexOf(":");
    found.set(at < 0 ? picture : part.slice(0, at), readBoxes(part.slice(at + 1)));
  }
  return found;
}

/** @type {(text: string, picture: string) => any[]} */
export const boxesOn = (text, picture) => readTruths(text, picture).get(picture) ?? [];

/**
 * The same text with other boxes on one photo; as it was where that would be too much.
 * @param {string} text
 * @param {string} picture
 * @param {number[][]} boxes
 */
export function withBoxes(text, picture, boxes) {
  const truths = readTruths(text, picture);
  truths.delete(picture);
  if (boxes.length) truths.set(picture, boxes);
  const written = [...truths].map(([photo, drawn]) => `${photo}:${writeBoxes(drawn)}`).join("|");
  return written.length > MOST_TEXT || truths.size > MOST_PHOTOS ? text : written;
}

/**
 * What a link says of labelled photos: their boxes as truth, and a detector that knows photos.
 * @param {import("../../ui/own_labels/using.js").Taken[]} taken
 */
export function linkOf(taken) {
  const photos = taken.map(({ token, boxes }) => {
    const drawn = inParts(boxes, WHOLE).slice(0, MOST_BOXES);
    return drawn.length ? `${token}:${drawn.join(";")}` : "";
  });
  const truth = joinWithin(photos.filter(Boolean), "|", MOST_TEXT);
  return { truth, detector: "nanodet", rival: "none" };
}
