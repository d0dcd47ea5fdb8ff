// A walk through numbered steps, made one by one or played: the value is a text, "" at its end, so that
// a link to a page that nobody has walked through stays as it is.
import { later } from "./lifetime.js";
import { buildPlayer } from "./parts.js";

/** @import { Stage } from "./types.d.ts" */

/**
 * Where so many steps on or back lead.
 * @param {string} at     the step, "" for all of them
 * @param {number} by
 * @param {number} count  of all steps
 * @returns {string}
 */
export function stepAfter(at, by, count) {
  const from = at === "" ? (by > 0 ? 0 : count) : Number(at);
  const to = Math.max(0, from + by);
  return to > count ? "" : String(to);
}

/**
 * How many steps have been made.
 * @type {(at: string, count: number) => number}
 */
export const stepsMade = (at, count) => (at === "" ? count : Math.min(Number(at), count));

/**
 * The player of a walk.
 * @param {Stage} stage
 * @param {string} name  of the value
 * @param {() => number} count  of steps, now
 * @param {number} beatMs
 */
export function buildWalk(stage, name, count, beatMs) {
  /** @param {number} by */
  const next = (by) => stepAfter(String(stage.values[name]), by, count());
  /** @param {number} by */
  const walk = (by) => stage.set({ [name]: next(by) });
  const beat = () => {
    const to = next(1);
    player.timer = to === "" ? null : later(stage, beatMs, beat);
    stage.set({ [name]: to }, to === "");
  };
  const play = () => {
    if (player.timer !== null) {
      clearTimeout(player.timer);
      player.timer = null;
      stage.repaint();
      return;
    }
    if (stage.values[name] === "") stage.set({ [name]: "0" }, false);
    player.timer = later(stage, 1, beat);
  };
  const player = buildPlayer(stage, { back: () => walk(-1), step: () => walk(1), play });
  return player;
}
