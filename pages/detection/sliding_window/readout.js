// What the sweep took and what one window was: counters, measured times, the crop and its classes.

import { contextOf, fill, pictureBitmap } from "../../ui/stage/draw.js";
import { askUntilDone } from "../../ui/stage/engine.js";
import { later } from "../../ui/stage/lifetime.js";
import { barRow, heading, named, note, table } from "../../ui/stage/parts.js";
import { chosen, nameOf } from "./chosen.js";

/** @import { Stage } from "./view.js" */

const SETTLED_MS = 500; // a slider that moves on is not timed

/** @param {Stage} stage */
export function tell(stage, reply, values) {
  const { about, heat, scores } = reply;
  const sure = heat.data.filter((value) => value >= values.threshold / 100).length;
  const windows = heat.data.length;
  const more = about.counts.slice(1).reduce((sum, count) => sum + count, 0);
  const paced = costs(stage, values);
  const rows = [
    ["windows", number(windows) + (more ? ` + ${number(more)}` : "")],
    ["dense", number(about.sizes[0])],
    ["sure", number(sure)],
    ["boxes", number(scores.data.length)],
    ["single", time(paced?.single, windows)],
    ["batched", time(paced?.batched, windows)],
  ];
  if (about.accuracy) rows.push(["accuracy", `${(100 * about.accuracy).toFixed(1)} %`]);
  const params = (name) => ({
    name: nameOf(stage, about),
    percent: values.threshold,
    batch: about.batch,
    passes: number(name === "single" ? windows : Math.ceil(windows / about.batch)),
  });
  const told = rows.map(([name, value]) => [name, value, params(name)]);
  stage.readout.replaceChildren(
    heading(stage.words.counts),
    table(named(stage.words, told)),
    ...cropPart(stage, reply, values),
  );
}

const number = (value) => value.toLocaleString("en");

// A time that was cut short after two seconds is carried on at the pace measured, and says so.
function time(paced, windows) {
  if (!paced) return "…";
  const ms = (paced.ms / paced.windows) * windows;
  const text = ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
  return paced.windows < windows ? `≈ ${text}` : text;
}

// Both ways of sweeping, timed once the controls rest; null until then.
/** @param {Stage} stage */
function costs(stage, values) {
  const { target, window, stride } = values;
  const key = JSON.stringify([stage.data.fixed, target, window, stride]);
  if (stage.state.costKey === key) return stage.state.cost;
  stage.state.costKey = key;
  stage.state.cost = null;
  const current = () => stage.state.costKey === key;
  const params = { ...stage.data.fixed, target, window, stride };
  clearTimeout(stage.state.costTimer);
  stage.state.costTimer = later(stage, SETTLED_MS, async () => {
    const reply = await askUntilDone(stage, "sliding-window/cost", params, current).catch(
      () => null,
    ); // times are extra: without them the rows say "…"
    if (!reply || !current()) return;
    stage.state.cost = reply.about;
    stage.repaint();
  });
  return null;
}

/** @param {Stage} stage */
function cropPart(stage, reply, values) {
  const at = chosen(stage, reply, values);
  const title = heading(stage.words.crop);
  title.style.marginTop = "12px";
  if (!at || stage.state.player.timer) return [title, note(stage.words.click)];
  const found = cropOf(stage, values, at);
  if (!found) return [title];
  const box = document.createElement("div");
  const canvas = document.createElement("canvas");
  const [height, width] = found.crop.shape;
  Object.assign(canvas, { width, height });
  canvas.style.cssText = "width:96px;image-rendering:auto;margin-bottom:6px";
  canvas.dataset.testid = "crop";
  contextOf(canvas).drawImage(pictureBitmap(found.crop), 0, 0);
  box.append(canvas);
  const input = note(fill(stage.words.shown, { px: reply.about.input_px }));
  return [title, box, ...found.about.top.map((label, i) => classRow(stage, label, i)), input];
}

// The crop of a window, as last asked for: the one before stays until the new one is there.
/** @param {Stage} stage */
function cropOf(stage, values, at) {
  const { target, class_index, window, stride } = values;
  const place = { row: at.row * stride, column: at.column * stride };
  const params = { ...stage.data.fixed, target, class_index, window, ...place };
  const key = JSON.stringify(params);
  if (stage.state.cropKey !== key) {
    stage.state.cropKey = key;
    const current = () => stage.state.cropKey === key;
    askUntilDone(stage, "sliding-window/crop", params, current)
      .then((reply) => {
        if (!reply || !current()) return;
        stage.state.crop = reply;
        stage.repaint();
      })
      .catch(() => {
        // asked again with the next repaint
        if (!current()) return;
        stage.state.cropKey = null;
        stage.state.crop = null;
      });
  }
  return stage.state.crop;
}

/** @param {Stage} stage */
function classRow(stage, { name, prob }, i) {
  const title = stage.words[`name_${name}`] ?? name;
  return barRow("div", title, `${(100 * prob).toFixed(1)} %`, prob, `class-${i + 1}`);
}
