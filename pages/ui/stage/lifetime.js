// What a stage begins ends with it: listeners, intervals and waits that hang on its signal.

/** @import { Stage } from "./types.d.ts" */

/**
 * Hear events for as long as the stage is on the page.
 * @template {Event} E
 * @param {Pick<Stage, "signal">} stage
 * @param {EventTarget} target
 * @param {string} type
 * @param {(event: E) => void} act
 * @param {AddEventListenerOptions} [options]
 */
export function listen({ signal }, target, type, act, options) {
  const heard = /** @type {EventListener} */ (/** @type {unknown} */ (act));
  target.addEventListener(type, heard, { ...options, signal });
}

/**
 * Do something again and again until the stage leaves the page, or the returned function is called.
 * @param {Pick<Stage, "signal">} stage
 * @param {number} ms
 * @param {() => void} act
 */
export function every({ signal }, ms, act) {
  const timer = setInterval(act, ms);
  const end = () => clearInterval(timer);
  signal.addEventListener("abort", end, { once: true });
  return end;
}

/**
 * Do something once after a while, unless the stage has left the page by then.
 * @param {Pick<Stage, "signal">} stage
 * @param {number} ms
 * @param {() => void} act
 * @returns {ReturnType<typeof setTimeout>} for clearTimeout
 */
export function later({ signal }, ms, act) {
  return setTimeout(() => signal.aborted || act(), ms);
}

/**
 * Resolves after a while; never, once the stage has left the page: whoever waits is forgotten.
 * @param {Pick<Stage, "signal">} stage
 * @param {number} ms
 * @returns {Promise<void>}
 */
export function pause(stage, ms) {
  return new Promise((resolve) => later(stage, ms, resolve));
}
