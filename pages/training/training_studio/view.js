// Training studio, before a training: what there is to learn from, and the network that will learn.

import { callRuns, UNDER_WAY } from "../../ui/comparison/runs.js";
import { fill, openCanvas, outline, write } from "../../ui/stage/draw.js";
import { say } from "../../ui/stage/painting.js";
import { button, columns, element, heading, note, sizeText } from "../../ui/stage/parts.js";
import { begun, drawLive, liveAfter } from "./live.js";
import { classWord, drawLearnt } from "./masks.js";
import { pictureOf } from "./pictures.js";
import { hearOfRuns } from "./watching.js";

const GAP = 3;
const MASKS = { net: "unet", data: "panoptic96" }; // these two go together, and with nothing else
const OTHERS = { net: "small_vgg", data: "shapes32" };

const state = () => ({
  live: null, // the run that was begun here, while it learns
  liveBox: null, // where it stands, in words
  beginButton: null,
  posting: false, // a training is being begun
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  charts: "above",

  build(stage) {
    const main = button(stage.words.begin, () => begin(stage, main), "stage-begin", "main");
    main.disabled = true; // until there is something to learn from
    stage.state.beginButton = main;
    stage.extra.append(main);
    hearOfRuns(stage, (runs) => {
      const live = liveAfter(stage.state.live, runs, stage.values.started);
      if (live === stage.state.live) return;
      stage.state.live = live;
      stage.repaint();
    });
    callRuns(stage, "POST", "runs/expect").catch(() => null); // only to be quicker later
  },

  // Another network brings the settings that suit it; masks come with the network that learns them.
  adjust(stage, changes) {
    const { live } = stage.state;
    if (live && !UNDER_WAY.includes(live.status)) stage.state.live = null; // another is prepared
    const follow = turnToMasks(stage, changes);
    const { net } = { ...stage.values, ...follow, ...changes };
    if (net !== stage.values.net) {
      Object.assign(follow, stage.reply?.about.net_defaults?.[net]);
    }
    return { ...follow, ...changes };
  },

  paint(stage, reply, values) {
    const { about, pictures } = reply;
    drawLive(stage, values);
    stage.state.beginButton.disabled = Boolean(stage.state.posting);
    if (about.masks) {
      drawLearnt(stage, reply);
      tell(stage, about);
      return;
    }
    const [rows, columns, height, width, channels] = pictures.shape;
    const size = Math.max(14, Math.min(48, Math.floor(430 / rows) - GAP));
    const { ctx } = openCanvas(stage, Math.max(200, 34 + rows * (size + GAP)));
    const left = Math.min(150, stage.frame.clientWidth * 0.34);
    const room = Math.floor((stage.frame.clientWidth - left) / (size + GAP));
    write(ctx, stage, stage.words.look, 0, 9, { bold: true });
    for (let row = 0; row < rows; row++) {
      const y = 26 + row * (size + GAP);
      const text = { size: 12, align: "left" };
      write(ctx, stage, classWord(stage, about.classes[row]), 0, y + size / 2 - 7, {
        ...text,
        bold: true,
      });
      const count = fill(stage.words.count, { count: about.counts[row] });
      write(ctx, stage, count, 0, y + size / 2 + 8, { size: 11, colour: stage.theme.muted });
      const seen = Math.min(columns, room, reply.shown.data[row]);
      for (let column = 0; column < seen; column++) {
        const at = row * columns + column;
        const bytes = height * width * channels;
        const part = pictures.data.subarray(at * bytes, (at + 1) * bytes);
        const box = { x: left + column * (size + GAP), y, width: size, height: size };
        ctx.imageSmoothingEnabled = false;
        ctx.drawImage(pictureOf(part, height, width, channels), box.x, box.y, size, size);
        if (reply.wrong.data[at]) outline(ctx, box, stage.theme.lines[1], 3);
      }
    }
    tell(stage, about);
  },

  describe(stage, { about }) {
    return fill(stage.words[about.masks ? "alternative_look" : "alternative"], {
      classes: about.classes
        .slice(0, 12)
        .map((name) => classWord(stage, name))
        .join(", "),
      validation: about.validation,
      test: about.test,
      train: total(about.counts),
      params: total(about.layers.map((layer) => layer.params)),
    });
  },
};

const total = (numbers) => numbers.reduce((sum, n) => sum + n, 0);

/** @param {Stage} stage */
function turnToMasks(stage, changes) {
  const [chosen] = Object.keys(MASKS).filter((name) => changes[name] ?? false);
  if (!chosen) return {};
  const other = chosen === "net" ? "data" : "net";
  const wants = changes[chosen] === MASKS[chosen];
  if (wants === (stage.values[other] === MASKS[other])) return {};
  const learning = stage.reply?.about.learning?.[wants ? "masks" : "classes"];
  return { ...learning, [other]: (wants ? MASKS : OTHERS)[other] };
}

/** @param {Stage} stage */
async function begin(stage, main) {
  stage.state.posting = main.disabled = true;
  try {
    const body = {
      settings: stage.reply.about.settings,
      own_data: stage.data.fixed.own_data || null,
    };
    const { name } = await callRuns(stage, "POST", "runs", body);
    say(stage, "");
    stage.values.started = name;
    stage.state.live = begun(name, body.settings);
    stage.repaint();
    stage.commit({ ...stage.values });
  } catch (error) {
    say(stage, error.refused ? error.message : stage.words.stage_lost);
  }
  stage.state.posting = main.disabled = false;
}

/** @param {Stage} stage */
function tell(stage, about) {
  const number = (value) => value.toLocaleString(stage.data.lang);
  const title = fill(stage.words.net_facts, {
    params: number(total(about.layers.map((layer) => layer.params))),
    macs: number(total(about.layers.map((layer) => layer.macs))),
  });
  const shapes = columns(null, [
    [stage.words.input, sizeText(about.input_shape), ""],
    ...about.layers.map(({ kind, shape, params }) => [
      kind,
      sizeText(shape),
      params ? number(params) : "",
    ]),
  ]);
  shapes.dataset.testid = "shape-table";
  const box = element("div");
  box.style.cssText = "max-height:420px;overflow:auto";
  box.append(shapes);
  const facts = fill(stage.words.data_facts, {
    train: total(about.counts),
    validation: about.validation,
    test: about.test,
    origin: about.origin,
  });
  stage.readout.replaceChildren(heading(title), box, note(facts));
}
