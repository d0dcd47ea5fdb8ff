// The run that was begun here, while it learns: its curves beside the button, where it stands, and how
// to stop it. The list of runs below has it too, and keeps it.
import { callRuns, UNDER_WAY } from "../../ui/comparison/runs.js";
import { showSmoothing } from "../../ui/comparison/smoothing.js";
import { accuracyOf, lossOf, showTrainingCurves } from "../../ui/comparison/training_curves.js";
import { statusOf } from "../../ui/comparison/view.js";
import { say } from "../../ui/stage/painting.js";
import { button, element, paragraph } from "../../ui/stage/parts.js";
import { hideCharts } from "../../ui/stage/plot.js";

/** @import { Stage } from "./view.js" */

const HEIGHT = 190;

/**
 * Before anything of it has been measured.
 * @param {string} name
 * @param {any} settings of the run
 */
export const begun = (name, settings) => ({
  name,
  net: settings.net.name,
  planned: settings.train.epochs,
  status: "starting",
  steps: [],
  epochs: [],
  beginning: null,
});

/**
 * The run to show after news of runs: the one begun last while it is under way, and until something
 * else is prepared.
 * @param {{ name: string } | null} shown
 * @param {any[]} runs the news
 * @param {string} started the name of the one begun last
 */
export function liveAfter(shown, runs, started) {
  const run = runs.find(({ name, status }) => name === started && status !== "none");
  if (!run) return shown;
  return UNDER_WAY.includes(run.status) || shown?.name === started ? run : shown;
}

/** @param {Stage} stage */
export function drawLive(stage, values) {
  const { live } = stage.state;
  if (!live) {
    hideCharts(stage);
    if (stage.state.liveBox) stage.state.liveBox.hidden = true;
    if (/** @type {any} */ (stage).plots) showSmoothing(stage, false);
    return;
  }
  const judged = live.net === "unet" ? stage.words.plot_miou : undefined;
  const measures = [accuracyOf(stage, judged), lossOf(stage)];
  const low = measures.map((measure) => ({
    ...measure,
    name: `live_${measure.name}`,
    height: HEIGHT,
  }));
  showTrainingCurves(stage, low, [{ ...live, style: 0 }], values, { smooth: false });
  tell(stage, live);
}

/** @param {Stage} stage */
function tell(stage, live) {
  stage.state.liveBox ??= boxOf(stage);
  const { status, stop } = stage.state.liveBox.parts;
  stage.state.liveBox.hidden = false;
  stage.state.liveBox.dataset.status = live.status;
  status.textContent = `${live.name}: ${statusOf(stage, live)}`;
  stop.hidden = !UNDER_WAY.includes(live.status);
}

/** @param {Stage} stage */
function boxOf(stage) {
  const box = element("div", "", "live");
  const status = paragraph("");
  const end = async () => {
    try {
      await callRuns(stage, "POST", `runs/${stage.state.live.name}/stop`);
    } catch (error) {
      say(stage, error.refused ? error.message : stage.words.stage_lost);
    }
  };
  const stop = button(stage.words.act_stop, end, "live-stop");
  box.append(status, stop);
  stage.extra.append(box);
  return Object.assign(box, { parts: { status, stop } });
}
