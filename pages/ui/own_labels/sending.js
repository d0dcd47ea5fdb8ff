// Photos and labels on their way to the engine: forms, which take files.
import { fetchWhenUp, refusalOf, whileShown } from "../stage/engine.js";
import { allTokens } from "../stage/owner.js";
import { fileOf } from "./store.js";

/** @import { Stage } from "../stage/types.d.ts" */
/** @import { LabelSet } from "./store.js" */

/**
 * @param {Stage} stage
 * @param {string} path below /api/v1
 * @param {Record<string, string | Blob | File[]>} fields
 * @returns {Promise<Response>}
 */
export async function postForm(stage, path, fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields))
    for (const each of Array.isArray(value) ? value : [value]) body.append(name, each);
  const headers = { "Accept-Language": stage.data.lang, "X-Owner": allTokens() };
  const options = { method: "POST", body, headers, signal: stage.signal };
  const sent = fetchWhenUp(stage, `${stage.base}/api/v1/${path}`, options);
  const response = await whileShown(stage.signal, sent);
  if (!response.ok) throw await refusalOf(response);
  return response;
}

/**
 * The files of all photos, in their order.
 * @param {Stage} stage whose words have `file_lost`
 * @param {LabelSet} set
 * @param {Map<string, any>} known as of fileOf
 * @returns {Promise<File[]>}
 */
export async function filesOf({ words }, set, known = new Map()) {
  const files = await Promise.all(set.photos.map((photo) => fileOf(known, photo)));
  const there = files.filter((file) => file !== null);
  if (there.length < files.length)
    throw Object.assign(new Error(words.file_lost), { refused: true });
  return there;
}
