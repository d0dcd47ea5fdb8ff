// A JPEG saved over and over: the first generation, the one asked for, and the error of all ten.
import { fill, openCanvas, outline, pictureBitmap, write } from "../../ui/stage/draw.js";
import { table } from "../../ui/stage/parts.js";
import { showChart } from "../../ui/stage/plot.js";
import { lensWindow } from "./lens.js";

const GAP = 16;
const TITLE = 22;
const HEIGHT = 260;
const BETWEEN = ["nothing", "quality", "crop"];

const state = () => ({ reply: null, bitmaps: null });

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  charts: "below",

  paint(stage, reply, values) {
    const own = stage.state;
    if (own.reply !== reply) {
      own.reply = reply;
      own.bitmaps = [pictureBitmap(reply.first), pictureBitmap(reply.pixels)];
    }
    drawBoth(stage, reply);
    showErrors(stage, reply, values);
    const { about } = reply;
    const psnr =
      about.psnr_db === null ? stage.words.again_exact : `${about.psnr_db.toFixed(1)} dB`;
    const rows = [
      [stage.words.again_psnr, psnr, "psnr"],
      [stage.words.again_changed, `${percent(about.changed)} %`, "changed"],
    ];
    stage.readout.replaceChildren(table(rows, "again"));
  },

  describe(stage, { about }) {
    const params = { count: about.generation, percent: percent(about.changed) };
    return fill(stage.words.again_alternative, params);
  },
};

/** @type {(share: number) => string} a share above nothing never reads as nothing */
const percent = (share) => (share > 0 && share < 0.01 ? "< 1" : (100 * share).toFixed(0));

// The middle of both, pixel by pixel, as large as the lens of the first picture.
/** @param {Stage} stage */
function drawBoth(stage, reply) {
  const { ctx, width } = openCanvas(stage, TITLE + HEIGHT + 2);
  const { words, theme, state } = stage;
  const wide = (width - GAP) / 2;
  const titles = [words.again_first, fill(words.again_now, { count: reply.about.generation })];
  [reply.first, reply.pixels].forEach((picture, k) => {
    const [rows, columns] = picture.shape;
    // a crop has lost rows and columns at the upper left: the lens goes with the picture
    const lost = reply.first.shape[0] - rows;
    const middle = [
      (0.37 * (columns + lost) - lost) / columns,
      (0.35 * (rows + lost) - lost) / rows,
    ];
    const seen = lensWindow({ width: wide, height: HEIGHT }, picture.shape, middle);
    const box = { x: k * (wide + GAP), y: TITLE, width: seen.width, height: seen.height };
    write(ctx, stage, titles[k], box.x, box.y - 10, { size: 13, bold: true });
    ctx.imageSmoothingEnabled = false;
    const { x, y } = seen;
    ctx.drawImage(
      state.bitmaps[k],
      x,
      y,
      seen.columns,
      seen.rows,
      box.x,
      box.y,
      box.width,
      box.height,
    );
    outline(ctx, box, theme.border);
  });
}

/** @param {Stage} stage */
function showErrors(stage, reply, values) {
  const { words } = stage;
  const x = Array.from(reply.psnr_crop.data, (_, k) => k + 1);
  const title = words.again_title;
  const figure = {
    title,
    text: title,
    height: 200,
    broad: true,
    drags: true,
    x: { title: words.again_axis },
    y: { title: "PSNR", unit: "dB" },
    cursor: reply.about.generation,
    series: BETWEEN.map((name, k) => ({
      name: words[`again_${name}`],
      style: k,
      dots: true,
      x,
      y: Array.from(reply[`psnr_${name}`].data),
    })),
  };
  const go = (at, commit) => {
    const generation = Math.min(x.length, Math.max(1, Math.round(at)));
    stage.set({ generation }, commit);
  };
  showChart(stage, "generations", figure, values, {
    drag: ({ x: at }, how) => go(at, how === "drop"),
    point: ({ x: at }, how) => how === "key" && go(at, true),
  });
}
