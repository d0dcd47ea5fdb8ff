// A trained network opened: every map of every layer on one screen, what feeds the map that is
// looked at, and below it where the number at its chosen cell comes from.
import { forgetAnswers } from "../stage/answers.js";
import { readLimits } from "../stage/controls.js";
import { contextOf, fill, openCanvas, outline } from "../stage/draw.js";
import { askEngine } from "../stage/engine.js";
import { every } from "../stage/lifetime.js";
import { itemOf, readChosen, standard } from "./choice.js";
import { drawDetail, planDetail } from "./detail.js";
import { drawEdges, drawLit } from "./edges.js";
import { planNet } from "./layout.js";
import { drawMaps } from "./maps.js";
import { buildParts, showParts } from "./parts.js";
import { hover, point, press, steer } from "./pointing.js";
import { showReadout } from "./readout.js";
import { drawScales } from "./scales.js";

const HEADER = 44; // two lines of titles and one of shapes
const FOOTER = 34; // colour scales
const NET = 260; // px, the maps themselves on a wide screen
const NARROW = 620;
const POLL_MS = 2000;

const state = () => ({
  plan: null, // where every map lies
  netBox: null,
  detail: null, // the plan of the part below
  chosen: null, // the cell looked at: { number, channel, row, column }
  hover: null, // the map under the pointer, { number, item }
  account: null, // the numbers behind the chosen cell
  accountWanted: null,
  accountBusy: false,
  atlases: null, // bitmaps of the maps
  still: null, // the net without what is lit
  focus: null, // a channel of the account
  parts: document.createElement("div"),
  partsOf: null,
});

/** @typedef {import("../stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  local: ["scale", "chosen"],
  texts: {
    epoch: (value, stage) =>
      `${stage.reply?.about.epoch ?? value} / ${stage.reply?.about.epochs ?? value}`,
    index: (value, stage) =>
      stage.reply?.about.pictures
        ? `${Math.min(value, stage.reply.about.pictures - 1) + 1} / ${stage.reply.about.pictures}`
        : "–",
  },

  build(stage) {
    stage.root.classList.add("wide");
    stage.on("pointermove", (event) => event.pointerType === "mouse" && point(stage, event));
    stage.on("pointerleave", () => hover(stage, null));
    stage.on("click", (event) => press(stage, event));
    stage.on("keydown", (event) => steer(stage, event));
    buildParts(stage);
    every(stage, POLL_MS, () => follow(stage));
  },

  paint(stage, reply, values) {
    prepare(stage, reply, values);
    askAccount(stage);
    const width = stage.frame.clientWidth;
    const narrow = width < NARROW;
    const box = { x: 0, y: HEADER, width, height: NET };
    stage.state.netBox = box;
    stage.state.plan = planNet(reply.about, reply.probs.data, box, narrow);
    if (narrow) box.height = stage.state.plan.end - box.y + 30;
    const detail = planDetail(stage, { x: 0, y: box.y + box.height + FOOTER + 10, width }, values);
    const { ctx } = openCanvas(stage, detail.bottom + 2);
    drawBase(ctx, stage, values);
    const lit = stage.state.hover ?? itemOf(stage, stage.state.chosen);
    if (lit) {
      drawLit(ctx, stage, lit);
      frame(ctx, stage, lit, stage.theme.accent, 2);
    }
    const chosen = itemOf(stage, stage.state.chosen);
    if (chosen) frame(ctx, stage, chosen, stage.theme.accent, 2);
    drawDetail(ctx, stage, detail);
    stage.state.detail = detail;
    showParts(stage, reply.about);
    showReadout(stage, lit, values);
  },

  describe(stage, { about }) {
    const { words } = stage;
    return fill(words.alternative, {
      net: about.backbone ?? about.net,
      epoch: about.epoch,
      layers: about.layers.length,
      predicted: about.classes[about.predicted],
      percent: (100 * stage.reply.probs.data[about.predicted]).toFixed(0),
    });
  },
};

// What belongs to the answer rather than to the paint: bitmaps, which layer gives the logits.
/** @param {Stage} stage */
function prepare(stage, reply, values) {
  const { about } = reply;
  const softmax = about.layers.find(({ kind }) => kind === "softmax");
  for (const layer of about.layers) layer.last = softmax?.sources.includes(layer.number) ?? false;
  const key = `${values.scale} ${stage.theme.dark}`;
  if (stage.state.atlases?.of !== reply || stage.state.atlases.key !== key) {
    stage.state.atlases = Object.assign(new Map(), { of: reply, key });
    stage.state.still = null;
  }
  stage.state.chosen = readChosen(stage, values.chosen) ?? standard(reply);
}

// The net without what is lit stays the same while one points about: it is drawn once.
/** @param {Stage} stage */
function drawBase(ctx, stage, values) {
  const ratio = window.devicePixelRatio || 1;
  const { canvas } = stage;
  const key = `${canvas.width} ${stage.state.netBox.height} ${stage.data.lang}`;
  if (stage.state.still?.key !== key) {
    const layer = new OffscreenCanvas(
      canvas.width,
      Math.ceil((stage.state.netBox.y + stage.state.netBox.height + FOOTER) * ratio),
    );
    const own = contextOf(layer);
    own.setTransform(ratio, 0, 0, ratio, 0, 0);
    own.textBaseline = "middle";
    drawEdges(own, stage);
    drawMaps(own, stage, values.scale);
    drawScales(own, stage, values.scale);
    stage.state.still = { key, layer };
  }
  ctx.drawImage(
    stage.state.still.layer,
    0,
    0,
    stage.state.still.layer.width / ratio,
    stage.state.still.layer.height / ratio,
  );
}

/** @param {Stage} stage */
function frame(ctx, stage, { number, item }, colour, width) {
  const { items, shown } = stage.state.plan.layers.get(number);
  const box = items[shown.indexOf(item)];
  if (!box) return;
  outline(
    ctx,
    { x: box.x - 2, y: box.y - 2, width: box.width + 4, height: box.height + 4 },
    colour,
    width,
  );
}

// The numbers of the chosen cell; at most one request in flight, the newest wins.
/** @param {Stage} stage */
function askAccount(stage) {
  const { about } = stage.reply;
  const { number, channel, row, column } = stage.state.chosen;
  const { epoch, index, source, part } = stage.replyValues;
  const params = {
    ...stage.data.fixed,
    epoch,
    index,
    source,
    part,
    layer: number,
    channel,
    row,
    col: column,
  };
  const key = JSON.stringify(params);
  if (stage.state.account?.key === key || stage.state.accountWanted === key) return;
  stage.state.accountWanted = key;
  if (stage.state.accountBusy) return;
  stage.state.accountBusy = true;
  askEngine(stage, "open-network/number", params)
    .then((reply) => {
      stage.state.account = {
        key,
        reply,
        of: about,
        at: { ...stage.state.chosen, number, channel, row, column },
      };
    })
    .catch((error) => {
      // The main request says what is wrong; a picture that is loaded again is asked about again.
      if (!error.pending) stage.state.account = { key, reply: null };
    })
    .finally(() => {
      stage.state.accountBusy = false;
      stage.state.accountWanted = null;
      stage.repaint();
    });
}

// While the run trains, the last epoch moves on, and so does whoever looks at it.
/** @param {Stage} stage */
function follow(stage) {
  if (!stage.frame.clientWidth) return;
  const about = stage.reply?.about;
  if (!about && !stage.busy) stage.set({}, false); // it had not begun: asked again
  if (!about?.going) return;
  askEngine(stage, "open-network/epochs", { run: stage.data.fixed.run })
    .then(({ about: now }) => {
      about.going = now.going;
      if (now.last === about.last_epoch) return;
      const followed = about.epoch === about.last_epoch;
      about.last_epoch = now.last;
      forgetAnswers(stage); // "the last there is" was another one
      readLimits(stage, { epoch: { low: 0, high: now.last } });
      if (followed) stage.set({ epoch: now.last }, false);
    })
    .catch(() => {
      // The next poll asks again; the stage's own requests say what is wrong.
    });
}
