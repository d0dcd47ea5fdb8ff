// The browser's side of runs: what it asks of them.
import { askEngine } from "../stage/engine.js";
import { allTokens } from "../stage/owner.js";

export const UNDER_WAY = ["queued", "starting", "running", "stopping"];

// → what the API answers as JSON; a refusal is an Error with its sentence.
export async function callRuns(stage, method, path, body) {
  const headers = { "Accept-Language": stage.data.lang, "X-Owner": allTokens() };
  if (body) headers["Content-Type"] = "application/json";
  const options = { method, headers, body: body && JSON.stringify(body) };
  const response = await fetch(`${stage.base}/api/v1/${path}`, options);
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({ detail: response.statusText }));
  if (!response.ok) throw Object.assign(new Error(answer.detail), { refused: true });
  return answer;
}

// → [{ …progress, planned, steps, epochs }] of these runs (planned: epochs), as they are now; with
// stepParts and epochParts where the loss is made of `parts`.
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
export async function watchRuns(stage, names, stillWanted, changed) {
  let last = "";
  while (stillWanted() && !stage.closed) {
    let runs = null;
    try {
      runs = await askCurves(stage, names);
    } catch (error) {
      if (error.refused) throw error; // a lost server is asked again
    }
    if (!stillWanted() || stage.closed) return;
    const now =
      runs && JSON.stringify(runs.map(({ steps, epochs, stepParts, epochParts, ...rest }) => rest));
    if (runs && now !== last) changed(runs);
    last = now ?? last;
    if (runs && !runs.some((run) => UNDER_WAY.includes(run.status))) return;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

// A run that was begun just now has nothing to show yet and is refused: asked again until it has.
export function askUntilBegun(stage) {
  const timer = setInterval(() => {
    if (stage.closed || stage.reply) clearInterval(timer);
    else if (!stage.busy) stage.askAgain();
  }, 1000);
}
