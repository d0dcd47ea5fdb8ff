// What a trained network knows by heart beside what it fails, at the end of the chosen epoch; asked
// again and again while its training goes on.
import { fill, openCanvas, write } from "./draw.js";
import { className, drawPicture, tile } from "./overfitting.js";
import { UNDER_WAY } from "./runs.js";

const AGAIN_MS = 1500;
const UNASKED_MS = 3000; // while nobody has pressed Train
const SIDE = 46; // CSS pixels of a picture
const STEP = { x: 66, y: 82 }; // from one to the next, its two lines of words included

export default {
  texts: { epoch: (value, stage) => {
    const last = stage.reply?.about.last;
    return last ? `${Math.min(value, last)} / ${last}` : "–";
  } },

  paint(stage, reply) {
    const { about } = reply;
    const narrow = stage.frame.clientWidth < 520;
    const rows = narrow ? 3 : 4;
    const { ctx, width } = openCanvas(stage, narrow ? 2 * (rows * STEP.y + 34) + 20 : rows * STEP.y + 34);
    const half = narrow ? width : width / 2 - 10;
    const boxes = narrow
      ? [{ x: 0, y: 0, width: half }, { x: 0, y: rows * STEP.y + 44, width: half }]
      : [{ x: 0, y: 0, width: half }, { x: width / 2 + 10, y: 0, width: half }];
    drawSide(ctx, stage, boxes[0], rows, "learnt", reply);
    drawSide(ctx, stage, boxes[1], rows, "failed", reply);
    tell(stage, about);
    keepAsking(stage, about.runs);
  },

  describe(stage, { about }) {
    return about.runs.map((run) => `${runName(stage, run)}: ${sentence(stage, run)}`).join(" ");
  },
};

const runName = (stage, run) => stage.words[`run_${run.label}`];
const percent = (share) => (100 * share).toFixed(1);

function keepAsking(stage, runs) {
  clearTimeout(stage.again);
  const going = runs.some((run) => UNDER_WAY.includes(run.status));
  if (!going && !runs.some((run) => ["none", "new"].includes(run.status))) return;
  stage.again = setTimeout(() => {
    if (!stage.closed) stage.set({ epoch: stage.values.epoch }, false);
  }, going ? AGAIN_MS : UNASKED_MS);
}

function drawSide(ctx, stage, box, rows, side, reply) {
  write(ctx, stage, stage.words[`${side}_title`], box.x, box.y + 9, { bold: true });
  const pictures = reply[side];
  const small = { size: 12, colour: stage.theme.muted };
  if (!pictures?.shape[0]) {
    const { last, sure } = reply.about;
    const said = last ? fill(stage.words[`${side}_none`], { sure: 100 * sure }) : stage.words.not_yet;
    wrap(ctx, stage, said, box.x, box.y + 36, box.width, small);
    return;
  }
  const columns = Math.max(1, Math.floor(box.width / STEP.x));
  const count = Math.min(pictures.shape[0], rows * columns);
  for (let i = 0; i < count; i++) {
    const [first, second, prob] = reply[`${side}_facts`].data.subarray(3 * i, 3 * i + 3);
    const place = {
      x: box.x + (i % columns) * STEP.x, y: box.y + 26 + Math.floor(i / columns) * STEP.y,
      width: SIDE, height: SIDE,
    };
    drawPicture(ctx, stage, tile(pictures, i, stage), place, side === "learnt" && first !== second);
    const name = (k) => className(stage, reply.about.classes[k]);
    const said = side === "learnt"
      ? [fill(stage.words.told_as, { name: name(first) }),
        first === second ? "" : fill(stage.words.but_is, { name: name(second) })]
      : [fill(stage.words.says, { name: name(second) }), fill(stage.words.but_is, { name: name(first) })];
    if (!said[1]) said[1] = `${Math.floor(100 * prob)} %`;
    said.forEach((text, line) => {
      write(ctx, stage, text, place.x, place.y + SIDE + 9 + 13 * line, { ...small, size: 11 });
    });
  }
}

// Words of a sentence over as many lines as it takes.
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

function sentence(stage, run) {
  if (run.gap === undefined) return stage.words.nothing_yet;
  return fill(stage.words[`gap_${run.name}`], {
    gap: (100 * run.gap).toFixed(1).replace("-", "−"), noise: percent(run.noise),
  });
}

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
    gap.dataset.gap = run.name ?? "";
    gap.textContent = sentence(stage, run);
    row.append(name, gap);
    if (run.gap !== undefined) row.append(figures(stage, run));
    return row;
  });
  const rule = document.createElement("p");
  rule.className = "muted";
  rule.textContent = fill(stage.words.rule, {
    strong: 100 * about.strong_gap, sure: 100 * about.sure,
  });
  stage.readout.replaceChildren(...rows, rule);
}

function figures(stage, run) {
  const table = document.createElement("table");
  const rows = [
    ["epoch", run.epoch],
    ["train", `${percent(run.train)} %`],
    ["validation", `${percent(run.validation)} %`],
    ["sure", `${run.sure} / ${run.looked_at}`],
  ];
  if (run.wrong_labels) rows.push(["repeated", `${run.repeated} / ${run.wrong_labels}`]);
  for (const [name, value] of rows) {
    const row = table.insertRow();
    row.insertCell().textContent = stage.words[`memory_${name}`];
    const cell = row.insertCell();
    cell.className = "number";
    cell.dataset.testid = `${run.label}-${name}`;
    cell.textContent = String(value);
  }
  return table;
}
