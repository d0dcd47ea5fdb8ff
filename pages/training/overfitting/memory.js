// What a trained network knows by heart beside what it fails, at the end of the chosen epoch; asked
// again and again while its training goes on.

import { UNDER_WAY } from "../../ui/comparison/runs.js";
import { brief, fill, openCanvas, write } from "../../ui/stage/draw.js";
import { later } from "../../ui/stage/lifetime.js";
import { className, drawPicture, tile, widest } from "./view.js";

const AGAIN_MS = 1500;
const UNASKED_MS = 3000; // while nobody has pressed Train
const SIDE = 46; // CSS pixels of a picture
const STEP_Y = 82; // from one row to the next, two lines of words included

const state = () => ({
  again: 0, // timer
  bestButton: null,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  texts: {
    epoch: (value, stage) => {
      const last = stage.reply?.about.last;
      return last ? `${Math.min(value, last)} / ${last}` : "–";
    },
  },

  build(stage) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.testid = "stage-best";
    button.textContent = stage.words.look_at_best;
    button.onclick = () => {
      const epoch = bestOf(stage.reply);
      if (epoch) stage.set({ epoch });
    };
    stage.state.bestButton = button;
    stage.extra.append(button);
  },

  paint(stage, reply) {
    const { about } = reply;
    stage.state.bestButton.disabled = !bestOf(reply);
    const narrow = stage.frame.clientWidth < 520;
    const rows = narrow ? 3 : 4;
    const { ctx, width } = openCanvas(
      stage,
      narrow ? 2 * (rows * STEP_Y + 34) + 20 : rows * STEP_Y + 34,
    );
    const half = narrow ? width : width / 2 - 10;
    const boxes = narrow
      ? [
          { x: 0, y: 0, width: half },
          { x: 0, y: rows * STEP_Y + 44, width: half },
        ]
      : [
          { x: 0, y: 0, width: half },
          { x: width / 2 + 10, y: 0, width: half },
        ];
    drawSide(ctx, stage, boxes[0], rows, "learnt", reply);
    drawSide(ctx, stage, boxes[1], rows, "failed", reply);
    tell(stage, about);
    keepAsking(stage, about.runs);
  },

  describe(stage, { about }) {
    return about.runs.map((run) => `${runName(stage, run)}: ${sentence(stage, run)}`).join(" ");
  },
};

// The epoch at which the net whose pictures are shown did best; 0 before its first has ended.
const bestOf = (reply) =>
  reply?.about.runs.find(({ label }) => label === reply.about.shown)?.best_epoch ?? 0;

/** @param {Stage} stage */
const runName = (stage, run) => stage.words[`run_${run.label}`];
const percent = (share) => (100 * share).toFixed(1);

/** @param {Stage} stage */
function keepAsking(stage, runs) {
  clearTimeout(stage.state.again);
  const going = runs.some((run) => UNDER_WAY.includes(run.status));
  if (!going && !runs.some((run) => ["none", "new"].includes(run.status))) return;
  stage.state.again = later(stage, going ? AGAIN_MS : UNASKED_MS, () => {
    stage.set({ epoch: stage.values.epoch }, false);
  });
}

/** @param {Stage} stage */
function drawSide(ctx, stage, box, rows, side, reply) {
  write(ctx, stage, stage.words[`${side}_title`], box.x, box.y + 9, { bold: true });
  const pictures = reply[side];
  const small = { size: 12, colour: stage.theme.muted };
  if (!pictures?.shape[0]) {
    const { last, sure } = reply.about;
    const text = last
      ? fill(stage.words[`${side}_none`], { sure: 100 * sure })
      : stage.words.not_yet;
    wrap(ctx, stage, text, box.x, box.y + 36, box.width, small);
    return;
  }
  const said = Array.from({ length: pictures.shape[0] }, (_, i) =>
    wordsOf(stage, side, reply, reply[`${side}_facts`].data.subarray(3 * i, 3 * i + 3)),
  );
  const step = Math.max(SIDE, widest(ctx, stage, said.flat(), 11)) + 12;
  const columns = Math.max(1, Math.floor(box.width / step));
  const count = Math.min(pictures.shape[0], rows * columns);
  for (let i = 0; i < count; i++) {
    const [first, second] = reply[`${side}_facts`].data.subarray(3 * i, 3 * i + 2);
    const place = {
      x: box.x + (i % columns) * step,
      y: box.y + 26 + Math.floor(i / columns) * STEP_Y,
      width: SIDE,
      height: SIDE,
    };
    drawPicture(ctx, stage, tile(pictures, i, stage), place, side === "learnt" && first !== second);
    said[i].forEach((text, line) => {
      write(ctx, stage, text, place.x, place.y + SIDE + 9 + 13 * line, { ...small, size: 11 });
    });
  }
}

// Two lines under a picture: what it was told to be, or said to be, and what it is.
/** @param {Stage} stage */
function wordsOf(stage, side, { about }, [first, second, prob]) {
  const name = (k) => ({ name: className(stage, about.classes[k]) });
  const { told_as: told, but_is: truth, says } = stage.words;
  if (side === "failed") return [fill(says, name(second)), fill(truth, name(first))];
  const below = first === second ? `${Math.floor(100 * prob)} %` : fill(truth, name(second));
  return [fill(told, name(first)), below];
}

// Words of a sentence over as many lines as it takes.
/** @param {Stage} stage */
function wrap(ctx, stage, text, x, y, width, options) {
  let line = "";
  let at = y;
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    ctx.font = `400 ${options.size}px ${stage.theme.font}`;
    if (line && ctx.measureText(longer).width > width) {
      write(ctx, stage, line, x, at, options);
      at += 18;
      line = word;
    } else line = longer;
  }
  write(ctx, stage, line, x, at, options);
}

// The verdict, and the two measurements that it follows from.
/** @param {Stage} stage */
function sentence(stage, run) {
  const { words } = stage;
  if (run.gap === undefined) return words.nothing_yet;
  const gap = fill(words.gap, {
    train: percent(run.train),
    validation: percent(run.validation),
    gap: (100 * run.gap).toFixed(1).replace("-", "−"),
    noise: percent(run.noise),
  });
  const said = [words[`overfitting_${run.name}`], gap];
  if (run.wrong_labels) {
    said.push(
      fill(words[`repeated_${run.repeated_name}`], {
        repeated: run.repeated,
        wrong: run.wrong_labels,
        share: percent(run.repeated / run.wrong_labels),
        chance: percent(run.chance),
      }),
    );
  }
  return said.join(" ");
}

/** @param {Stage} stage */
function tell(stage, about) {
  const rows = about.runs.map((run, k) => {
    const row = document.createElement("div");
    row.dataset.testid = `memory-${run.label}`;
    row.style.borderLeft = `4px solid ${stage.theme.lines[k]}`;
    row.style.paddingLeft = "8px";
    row.style.marginBottom = "10px";
    const name = document.createElement("strong");
    name.textContent = runName(stage, run);
    const gap = document.createElement("div");
    gap.dataset.testid = `gap-${run.label}`;
    gap.dataset.name = run.name ?? "";
    gap.textContent = sentence(stage, run);
    row.append(name, gap);
    if (run.gap !== undefined) row.append(figures(stage, run, about.classes));
    return row;
  });
  const rule = document.createElement("p");
  rule.className = "muted";
  rule.textContent = fill(stage.words.rule, {
    strong: 100 * about.strong_gap,
    sure: 100 * about.sure,
  });
  stage.readout.replaceChildren(...rows, rule);
}

/** @param {Stage} stage */
function figures(stage, run, classes) {
  const table = document.createElement("table");
  const rows = [
    ["epoch", run.epoch],
    ["best", run.best_epoch],
    [run.wrong_labels ? "train_right" : "train", `${percent(run.train)} %`],
  ];
  if (run.wrong_labels) rows.push(["train_given", `${percent(run.train_given)} %`]);
  rows.push(
    ["validation", `${percent(run.validation)} %`],
    ["sure", `${run.sure} / ${run.looked_at}`],
  );
  if (run.wrong_labels) rows.push(["repeated", `${run.repeated} / ${run.wrong_labels}`]);
  rows.push(["norm", brief(Number(run.weight_norm.toPrecision(3)))]);
  if (stage.data.fixed.imbalance > 1) {
    // the commonest class and the rarest one
    const ends = [0, classes.length - 1];
    for (const k of ends)
      rows.push([`class_${k ? "last" : "first"}`, `${percent(run.by_class[k])} %`]);
  }
  for (const [name, value] of rows) {
    const row = table.insertRow();
    const params = {
      first: className(stage, classes[0]),
      last: className(stage, classes[classes.length - 1]),
    };
    row.insertCell().textContent = fill(stage.words[`memory_${name}`], params);
    const cell = row.insertCell();
    cell.className = "number";
    cell.style.whiteSpace = "nowrap";
    cell.dataset.testid = `${run.label}-${name}`;
    cell.textContent = String(value);
  }
  return table;
}
