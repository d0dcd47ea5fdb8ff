// Files that go to the engine and come from it: photos and label files in, a zip out, proposals.

import { postForm } from "../../ui/own_labels/sending.js";
import { fetchWhenUp, readArrays, refusalOf } from "../../ui/stage/engine.js";

/** @import { Stage } from "../../ui/stage/types.d.ts" */
/** @import { LabelSet, Photo } from "./model.js" */

export const SAMPLE = "coffee";
export const FLOOR = 0.05; // the least score that is asked for

/**
 * Photos, label files and zips as the engine reads them.
 * @param {Stage} stage
 * @param {LabelSet} set what is there already
 * @param {File[]} files
 * @param {string} firstPixel of Pascal VOC: "1" or "0"
 * @returns {Promise<{ about: any, files: Map<string, Blob> }>} the new photos' files by digest
 */
export async function readFiles(stage, set, files, firstPixel) {
  const photos = set.photos.map((photo) => ({ ...photo, boxes: [] }));
  const known = JSON.stringify({ classes: set.classes, photos });
  const response = await postForm(stage, "labels/import", {
    files,
    known,
    first_pixel: firstPixel,
  });
  const header = response.headers.get("X-Arrays") ?? "[]";
  const { bytes, about } = readArrays(await response.arrayBuffer(), header);
  const found = new Map();
  for (const { digest, from, to } of about.photos)
    if (from !== null) found.set(digest, new Blob([bytes.data.slice(from, to)]));
  return { about, files: found };
}

/**
 * @param {Stage} stage
 * @param {LabelSet} set
 * @param {File[]} photos in the order of the set
 * @param {{ form: string, upright: boolean }} how
 * @returns {Promise<Blob>}
 */
export async function writeZip(stage, set, photos, { form, upright }) {
  const labels = JSON.stringify({ classes: set.classes, photos: set.photos });
  const fields = { labels, photos, form, upright: String(upright) };
  return (await postForm(stage, "labels/export", fields)).blob();
}

/**
 * What NanoDet finds on a photo, best first.
 * @param {Stage} stage
 * @param {File} file
 * @returns {Promise<{ box: number[], label: string, score: number }[]>}
 */
export async function propose(stage, file) {
  const fields = { file, detector: "nanodet", score: String(FLOOR) };
  return (await (await postForm(stage, "detect", fields)).json()).detections;
}

/**
 * The sample with which the page opens.
 * @param {Stage} stage
 */
export async function sampleFile(stage) {
  const options = { signal: stage.signal };
  const address = `${stage.base}/api/v1/pictures/${SAMPLE}`;
  const response = await fetchWhenUp(stage, address, options);
  if (!response.ok) throw await refusalOf(response);
  return new File([await response.blob()], `${SAMPLE}.png`);
}
