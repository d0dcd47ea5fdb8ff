// The end of an epoch, kept at the newest one while its run goes on.
import { UNDER_WAY } from "../../ui/comparison/runs.js";
import { showValues } from "../../ui/stage/controls.js";
import { later } from "../../ui/stage/lifetime.js";

/** @import { Stage } from "./epoch.js" */

const AGAIN_MS = 700;

/**
 * While the run goes on, the newest epoch is asked for again and again.
 * @param {Stage} stage
 */
export function followEnd(stage, about, values) {
  if (values.follow && about.epoch && stage.values.ended_epoch !== about.epoch) {
    stage.values.ended_epoch = about.epoch;
    showValues(stage);
  }
  clearTimeout(stage.state.followTimer);
  if (!UNDER_WAY.includes(about.status)) return;
  stage.state.followTimer = later(stage, AGAIN_MS, stage.askAgain);
}

/**
 * News of runs: one that was over and is taken up again is followed again, unless an earlier epoch
 * is being looked at.
 * @param {Pick<Stage, "data" | "reply" | "values" | "set" | "askAgain">} stage
 * @param {{ name: string, status: string }[]} runs
 */
export function goOn(stage, runs) {
  const { reply } = stage;
  const run = runs.find(({ name }) => stage.data.source === `runs/${name}/epoch`);
  if (!run || !reply || run.status === reply.about.status) return;
  const wasOver = !UNDER_WAY.includes(reply.about.status);
  const isLast = stage.values.ended_epoch >= reply.about.last;
  if (wasOver && UNDER_WAY.includes(run.status) && isLast && !stage.values.follow) {
    reply.about.status = run.status; // once
    stage.set({ follow: true });
  } else stage.askAgain();
}
