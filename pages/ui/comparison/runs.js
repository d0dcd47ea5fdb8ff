// The browser's side of runs: what it asks of them.
import { askEngine, fetchWhenUp, refusalOf, whileShown } from "../stage/engine.js";
import { every, pause } from "../stage/lifetime.js";
import { allTokens } from "../stage/owner.js";

/** @import { Stage } from "../stage/types.d.ts" */

export const UNDER_WAY = ["queued", "starting", "running", "stopping"];

// → what the API answers as JSON; a refusal is an Error with its sentence.
/**
 * @param {Stage} stage
 * @param {"GET" | "POST" | "DELETE"} method
 * @param {string} path below /api/v1
 * @param {object} [body]
 * @returns {Promise<any>}
 */
export async function callRuns(stage, method, path, body) {
  /** @type {Record<string, string>} */
  const headers = { "Accept-Language": stage.data.lang, "X-Owner": allTokens() };
  if (body) headers["Content-Type"] = "application/json";
  /** @type {RequestInit} */
  const options = { method, headers, body: body && JSON.stringify(body) };
  // What changes something is not broken off when a page is left.
  if (method === "GET") options.signal = stage.signal;
  return whileShown(stage.signal, call(stage, `${stage.base}/api/v1/${path}`, options));
}

async function call(stage, address, options) {
  const response = await fetchWhenUp(stage, address, options);
  if (response.status === 204) return null;
  if (!response.ok) throw await refusalOf(response);
  return response.json();
}

// → [{ …progress, planned, steps, epochs }] of these runs (planned: epochs), as they are now; with
// stepParts and epochParts where the loss is made of `parts`.
/** @param {Stage} stage */
export async function askCurves(stage, names) {
  const reply = await askEngine(stage, "runs/curves", { names: names.join(",") });
  return reply.about.runs.map((run, k) => {
    const [steps, epochs] = [table(reply[`steps_${k}`]), table(reply[`epochs_${k}`])];
    const made = { ...run, planned: run.epochs, steps, epochs };
    if (!run.parts) return made;
    const [stepParts, epochParts] = ["step", "epoch"].map((of) => table(reply[`${of}_parts_${k}`]));
    return { ...made, stepParts, epochParts };
  });
}

// Rows of a float32 (n, columns) array.
function table({ data, shape: [rows, columns] }) {
  return Array.from({ length: rows }, (_, i) => data.subarray(i * columns, (i + 1) * columns));
}

// Watches runs until nothing of them is under way, telling `changed` whenever something has.
/** @param {Stage} stage */
export async function watchRuns(stage, names, stillWanted, changed) {
  let last = "";
  while (stillWanted()) {
    /** @type {any[] | null} */
    let runs = null;
    try {
      runs = await askCurves(stage, names);
    } catch (error) {
      if (error.refused) throw error; // a lost server is asked again
    }
    if (!stillWanted()) return;
    const now =
      runs && JSON.stringify(runs.map(({ steps, epochs, stepParts, epochParts, ...rest }) => rest));
    if (runs && now !== last) changed(runs);
    last = now ?? last;
    if (runs && !runs.some((run) => UNDER_WAY.includes(run.status))) return;
    await pause(stage, 300);
  }
}

// A run that was begun just now has nothing to show yet and is refused: asked again until it has.
/** @param {Stage} stage */
export function askUntilBegun(stage) {
  const end = every(stage, 1000, () => {
    if (stage.reply) end();
    else if (!stage.busy) stage.askAgain();
  });
}
