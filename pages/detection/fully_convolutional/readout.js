// What each way took, how far the two are apart, and what enlarging does.

import { brief } from "../../ui/stage/draw.js";
import { askUntilDone } from "../../ui/stage/engine.js";
import { later } from "../../ui/stage/lifetime.js";
import { heading, named, note, table } from "../../ui/stage/parts.js";

/** @import { Stage } from "./view.js" */

const SETTLED_MS = 500; // a slider that moves on is not timed

/** @param {Stage} stage */
export function tell(stage, reply, values) {
  const { about, whole, enlarged } = reply;
  const windows = whole.data.length;
  const paced = costs(stage, values);
  const { words } = stage;
  const ms = (way) => paced && (paced[way].ms / paced[way].windows) * windows;
  const cut = (way) => paced && paced[way].windows < windows;
  const time = (way) => (paced ? `${cut(way) ? "≈ " : ""}${duration(ms(way))}` : "…");
  const faster = (way) =>
    paced ? `${cut(way) ? "≈ " : ""}× ${brief(ms(way) / ms("whole"))}` : "…";
  const times = [
    ["windows", count(windows)],
    ["single", time("single"), { passes: count(windows) }],
    [
      "batched",
      time("batched"),
      { batch: about.batch, passes: count(Math.ceil(windows / about.batch)) },
    ],
    ["whole", time("whole"), { passes: about.passes }],
    ["faster", faster("single")],
    ["faster_batched", faster("batched"), { batch: about.batch }],
  ];
  const apart = [
    ["apart_logit", brief(about.apart_logit)],
    ["apart_heat", brief(about.apart_heat)],
  ];
  if (about.accuracy) apart.push(["accuracy", `${(100 * about.accuracy).toFixed(1)} %`]);
  const sizes = [
    ["coarse", whole.shape.join(" × ")],
    ["enlarged", enlarged.shape.join(" × ")],
    ["ways", brief(about.apart_ways)],
    ["inside", brief(about.apart_inside)],
  ];
  const parts = [heading(words.times), table(named(words, times))];
  if (cut("single") || cut("batched")) parts.push(note(words.cut));
  parts.push(heading(words.apart), table(named(words, apart)));
  parts.push(heading(words.sizes), table(named(words, sizes)));
  stage.readout.replaceChildren(...parts);
}

const count = (value) => value.toLocaleString("en");

const duration = (ms) =>
  ms < 10
    ? `${ms.toFixed(1)} ms`
    : ms < 1000
      ? `${ms.toFixed(0)} ms`
      : `${(ms / 1000).toFixed(1)} s`;

// All ways of sweeping, timed once the controls rest; null until then.
/** @param {Stage} stage */
function costs(stage, values) {
  const { target, padding, stride } = values;
  const params = { ...stage.data.fixed, target, padding, stride };
  const key = JSON.stringify(params);
  if (stage.state.costKey === key) return stage.state.cost;
  stage.state.costKey = key;
  stage.state.cost = null;
  const current = () => stage.state.costKey === key;
  clearTimeout(stage.state.costTimer);
  stage.state.costTimer = later(stage, SETTLED_MS, async () => {
    const reply = await askUntilDone(stage, "fully-convolutional/cost", params, current).catch(
      () => null,
    ); // times are extra: without them the rows say "…"
    if (!reply || !current()) return;
    stage.state.cost = reply.about;
    stage.repaint();
  });
  return null;
}
