// Asks the engine's API and reads typed binary: see engine/serving/binary.py for the format.
import { pause } from "./lifetime.js";
import { allTokens } from "./owner.js";

/** @import { EngineError, Reply, Stage, Values } from "./types.d.ts" */
/** @typedef {Pick<Stage, "base" | "signal"> & { data: { lang: string } }} Asking what it needs of a stage */

/** @type {Record<string, any>} */
const TYPES = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
};

export const STARTING_MS = 250; // between two questions to an engine that is starting

/**
 * Once the stage has left the page no answer comes any more, not even an error: whoever waits for
 * one is forgotten together with the stage.
 * @template T
 * @param {AbortSignal} signal
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
export async function whileShown(signal, promise) {
  try {
    const value = await promise;
    return signal.aborted ? await new Promise(() => {}) : value;
  } catch (error) {
    if (signal.aborted) await new Promise(() => {});
    throw error;
  }
}

/**
 * Throws an EngineError: `refused` with the engine's sentence, or `pending` with how far it is.
 * @param {Asking} stage
 * @param {string} path below /api/v1
 * @param {Values} params those that are null or undefined are left out
 * @returns {Promise<Reply>}
 */
export function askEngine(stage, path, params) {
  return whileShown(stage.signal, ask(stage, path, params));
}

/** @type {typeof askEngine} */
async function ask({ base, data, signal }, path, params) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined) query.set(name, value);
  }
  const headers = { "Accept-Language": data.lang, "X-Owner": allTokens() };
  const response = await fetch(`${base}/api/v1/${path}?${query}`, { headers, signal });
  if (response.status >= 400 && response.status < 500) throw await refusalOf(response);
  if (response.status === 202) {
    throw Object.assign(new Error("pending"), { pending: await response.json() });
  }
  if (!response.ok) throw await lossOf(response);
  return readArrays(await response.arrayBuffer(), response.headers.get("X-Arrays") ?? "[]");
}

/**
 * The engine's sentence as an error.
 * @param {Response} response
 */
export async function refusalOf(response) {
  const { detail } = await response.json().catch(() => ({ detail: response.statusText }));
  return Object.assign(new Error(detail), { refused: true });
}

/**
 * Why there is no answer: the screen in front of an engine that is away says it in a sentence.
 * @param {Response} response
 */
async function lossOf(response) {
  const { detail } = await response.json().catch(() => ({}));
  return Object.assign(new Error(detail ?? response.statusText), { sentence: detail });
}

/**
 * fetch, again and again while the engine starts: for questions to which 202 is no answer.
 * @param {Pick<Stage, "signal">} stage
 * @param {string} address
 * @param {RequestInit} options
 * @returns {Promise<Response>}
 */
export async function fetchWhenUp(stage, address, options) {
  for (;;) {
    const response = await fetch(address, options);
    if (response.headers.get("X-Fovea-Engine") !== "starting") return response;
    await pause(stage, STARTING_MS);
  }
}

/**
 * → { name: { data: TypedArray, shape: [...] }, …, about: {...} }
 * @param {ArrayBuffer} buffer
 * @param {string} header JSON: name, dtype and shape of each array, in their order
 * @returns {Reply}
 */
export function readArrays(buffer, header) {
  /** @type {Reply} */
  const reply = { about: undefined };
  let offset = 0;
  /** @type {{ name: string, dtype: string, shape: number[] }[]} */
  const parts = JSON.parse(header);
  for (const { name, dtype, shape } of parts) {
    const count = shape.reduce((product, n) => product * n, 1);
    const Type = dtype === "json" ? Uint8Array : TYPES[dtype];
    const data = new Type(buffer, offset, count);
    if (dtype === "json") reply[name] = JSON.parse(new TextDecoder().decode(data));
    else reply[name] = { data, shape };
    offset += Math.ceil((count * Type.BYTES_PER_ELEMENT) / 8) * 8;
  }
  return reply;
}

/**
 * Ask for something slow beside the picture, again and again until it is there.
 * @param {Asking} stage
 * @param {string} path
 * @param {Values} params
 * @param {() => boolean} stillWanted
 * @returns {Promise<Reply | null>} null once nobody wants it any more
 */
export async function askUntilDone(stage, path, params, stillWanted) {
  while (stillWanted()) {
    try {
      return await askEngine(stage, path, params);
    } catch (error) {
      if (!(/** @type {EngineError} */ (error).pending)) throw error;
      await pause(stage, 150);
    }
  }
  return null;
}

/**
 * A file that the server may have to write first (202): asked for until it is there.
 * @param {Asking} stage
 * @param {string} path below /api/v1
 * @returns {Promise<Blob>}
 */
export async function askFile(stage, path) {
  const { base, data, signal } = stage;
  const headers = { "Accept-Language": data.lang, "X-Owner": allTokens() };
  const options = { headers, signal };
  for (;;) {
    const response = await whileShown(signal, fetch(`${base}/api/v1/${path}`, options));
    if (response.ok && response.status !== 202) return whileShown(signal, response.blob());
    if (response.status !== 202) throw await refusalOf(response);
    await pause(stage, 300);
  }
}
