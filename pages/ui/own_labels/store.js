// What is labelled, kept in this browser (IndexedDB): the photos' files under their digests, and
// the labels as one value. A promise resolves once the browser has written it. The Labels page
// writes them; pages that judge or learn by them read them.
import { listen } from "../stage/lifetime.js";

/** @import { Stage } from "../stage/types.d.ts" */

/**
 * Boxes are x1, y1, x2, y2 in pixels of the upright photo, half-open.
 * @typedef {{ box: number[], label: string, crowd: boolean, difficult: boolean }} Labelled
 * @typedef {{ name: string, digest: string, width: number, height: number, orientation: number,
 *   boxes: Labelled[] }} Photo
 * @typedef {{ classes: string[], photos: Photo[], at: number }} LabelSet at: the photo shown
 */

const NAME = "fovea-labels";
const KEY = "set";
const CHANGED = "fovea-labels-kept"; // an event of the document

/** @type {() => LabelSet} */
export const emptySet = () => ({ classes: [], photos: [], at: 0 });

/** @type {(request: IDBRequest) => Promise<any>} */
const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @returns {Promise<IDBDatabase>} */
function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("photos");
    request.result.createObjectStore("sets");
  };
  return answered(request);
}

/**
 * Does something to the two stores, and resolves when all of it is written.
 * @param {IDBTransactionMode} mode
 * @param {(photos: IDBObjectStore, sets: IDBObjectStore) => any} act
 */
async function within(mode, act) {
  const base = await open();
  try {
    const change = base.transaction(["photos", "sets"], mode);
    const done = new Promise((resolve, reject) => {
      change.oncomplete = resolve;
      change.onabort = () => reject(change.error);
      change.onerror = () => reject(change.error);
    });
    const found = await act(change.objectStore("photos"), change.objectStore("sets"));
    await done;
    return found;
  } finally {
    base.close();
  }
}

/** @returns {Promise<LabelSet>} */
export const load = () =>
  within("readonly", async (_, sets) => (await answered(sets.get(KEY))) ?? emptySet());

/** @type {(set: LabelSet) => Promise<void>} */
export async function save(set) {
  await within("readwrite", (_, sets) => void sets.put(set, KEY));
  document.dispatchEvent(new CustomEvent(CHANGED));
}

/**
 * Hear when what is kept has changed, for as long as the stage is on the page.
 * @param {Pick<Stage, "signal">} stage
 * @param {() => void} act
 */
export const hearOfLabels = (stage, act) => listen(stage, document, CHANGED, act);

/** @type {(files: Map<string, Blob>) => Promise<void>} */
export const savePhotos = (files) =>
  within("readwrite", (photos) => {
    for (const [digest, file] of files) photos.put(file, digest);
  });

/** @type {(digest: string) => Promise<Blob | undefined>} */
const photoFile = (digest) => within("readonly", (photos) => answered(photos.get(digest)));

/**
 * A photo's own file, from the page's memory or the browser's; null where neither has it.
 * @param {Map<string, any>} known
 * @param {{ digest: string, name: string }} photo
 */
export async function fileOf(known, { digest, name }) {
  const content = known.get(`file ${digest}`) ?? (await photoFile(digest));
  return content ? new File([content], name) : null;
}

/** @type {() => Promise<void>} */
export async function clear() {
  await within("readwrite", (photos, sets) => {
    photos.clear();
    sets.clear();
  });
  document.dispatchEvent(new CustomEvent(CHANGED));
}
