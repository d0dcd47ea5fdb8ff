// Ten neurons that look at a drawn digit: the drawing, a neuron's weights as a picture, their
// products, and the sums of all ten.
import {
  brief,
  cellAt,
  cellBox,
  drawBitmap,
  drawScale,
  fill,
  mapBitmap,
  openCanvas,
  outline,
  pointerPosition,
  write,
} from "../../ui/stage/draw.js";
import { button, element } from "../../ui/stage/parts.js";
import { showChart } from "../../ui/stage/plot.js";
import { buildPixel, tell } from "./digit_numbers.js";
import { cleared, INKS, inkAt, placeOf, setInk, textOf } from "./drawing.js";

const SIDE = 8;
const MOST_SIDE = 230;
const TITLE = 24;
const SIGN = 26; // px between two pictures: × and =
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const state = () => ({
  boxes: null, // of the three pictures
  drawing: null, // text while a hand draws
  erasing: false,
  readout: null,
  buttons: null,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,
  steady: true,
  charts: "below",
  local: ["pixel"],

  build(stage) {
    stage.root.classList.add("wide");
    buildTools(stage);
    buildPixel(stage);
    stage.on("pointerdown", (event) => begin(stage, event));
    stage.on("pointermove", (event) => stage.state.drawing !== null && stroke(stage, event));
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
      stage.on(end, () => finish(stage));
    }
    stage.on(
      "touchstart",
      (event) => {
        if (cellUnder(stage, event.touches[0], 0)) event.preventDefault();
      },
      { passive: false },
    );
    stage.on("keydown", (event) => press(stage, event));
  },

  // Typed weights belong to one neuron after so many passes.
  adjust(stage, changes) {
    const moved = (name) => name in changes && changes[name] !== stage.values[name];
    if ("typed" in changes || !(moved("digit") || moved("passes"))) return changes;
    return { ...changes, typed: "" };
  },

  paint(stage, reply, values) {
    const width = stage.canvas.clientWidth || stage.frame.clientWidth;
    const side = Math.floor(Math.min(MOST_SIDE, (width - 2 * SIGN) / 3));
    const { ctx } = openCanvas(stage, TITLE + side + 44);
    stage.state.boxes = [0, 1, 2].map((k) => ({
      x: k * (side + SIGN),
      y: TITLE,
      width: side,
      height: side,
    }));
    drawPictures(ctx, stage, reply, values);
    showSums(stage, reply, values);
    showTools(stage);
    tell(stage, reply, values);
  },

  describe(stage, { about, sums }, values) {
    return fill(stage.words.digit_alternative, {
      digit: values.digit,
      sum: brief(sums.data[Number(values.digit)]),
      answer: about.answer,
    });
  },
};

/** @param {Stage} stage */
function drawPictures(ctx, stage, { drawing, weights, products }, values) {
  const { theme, words, state } = stage;
  const [ink, weight, product] = state.boxes;
  const peak = Math.max(...weights.data.map(Math.abs)) || 1;
  const largest = Math.max(...products.data.map(Math.abs)) || 1;
  const titles = [words.drawing, fill(words.weights_of, { digit: values.digit }), words.products];
  const maps = [
    [drawing, theme.grey, 0, 1],
    [weights, theme.signed, -peak, peak],
    [products, theme.signed, -largest, largest],
  ];
  maps.forEach(([map, lut, low, high], k) => {
    const box = state.boxes[k];
    write(ctx, stage, titles[k], box.x, 10, { bold: true, size: 12 });
    drawBitmap(ctx, mapBitmap(map.data, SIDE, SIDE, lut, low, high), box);
    outline(ctx, box, theme.border);
    const scale = { x: box.x, y: box.y + box.height + 8, width: box.width, height: 7 };
    drawScale(ctx, stage, lut, low, high, scale);
  });
  for (const [box, sign] of /** @type {const} */ ([
    [ink, "×"],
    [weight, "="],
  ])) {
    const place = [box.x + box.width + SIGN / 2, box.y + box.height / 2];
    write(ctx, stage, sign, place[0], place[1], { align: "center", size: 18, bold: true });
  }
  const { row, column } = placeOf(values.pixel);
  for (const box of [ink, weight, product]) {
    outline(ctx, cellBox(box, SIDE, SIDE, row, column), theme.accent, 2.5);
  }
}

/** @type {(stage: Stage, event: { clientX: number, clientY: number }, picture: number) => any} */
function cellUnder(stage, event, picture) {
  const box = stage.state.boxes?.[picture];
  if (!box) return null;
  const { x, y } = pointerPosition(stage, event);
  return cellAt(box, SIDE, SIDE, x, y);
}

/** @type {(stage: Stage, event: PointerEvent) => void} */
function begin(stage, event) {
  if (!stage.reply || event.button > 0) return;
  const cell = cellUnder(stage, event, 0);
  if (!cell) {
    const pointed = cellUnder(stage, event, 1) ?? cellUnder(stage, event, 2);
    if (pointed) stage.set({ pixel: `${pointed.row},${pointed.column}` });
    return;
  }
  stage.canvas.setPointerCapture?.(event.pointerId);
  stage.state.drawing = textOf(stage);
  stage.state.erasing = inkAt(stage.state.drawing, cell.row, cell.column) === INKS;
  stroke(stage, event);
}

/** @type {(stage: Stage, event: PointerEvent) => void} */
function stroke(stage, event) {
  const cell = cellUnder(stage, event, 0);
  if (!cell) return;
  const { state } = stage;
  state.drawing = setInk(state.drawing, cell.row, cell.column, state.erasing ? 0 : INKS);
  stage.set({ drawing: state.drawing, pixel: `${cell.row},${cell.column}` }, false);
}

/** @param {Stage} stage */
function finish(stage) {
  const { drawing } = stage.state;
  if (drawing === null) return;
  stage.state.drawing = null;
  stage.set({ drawing });
}

// Arrows walk, Space inks and takes away, + and − ink a little more or less.
/** @type {(stage: Stage, event: KeyboardEvent) => void} */
function press(stage, event) {
  if (!stage.reply) return;
  const { row, column } = placeOf(stage.values.pixel);
  const arrow = ARROWS[event.key];
  if (arrow) {
    const held = (value) => Math.min(Math.max(value, 0), SIDE - 1);
    stage.set({ pixel: `${held(row + arrow[0])},${held(column + arrow[1])}` });
  } else {
    const text = textOf(stage);
    const ink = inkAt(text, row, column);
    const next = { " ": ink ? 0 : INKS, "+": ink + 2, "-": ink - 2 }[event.key];
    if (next === undefined) return;
    stage.set({ drawing: setInk(text, row, column, next) });
  }
  event.preventDefault();
}

/** @param {Stage} stage */
function buildTools(stage) {
  const row = element("div", "", "", "words");
  const clear = button(stage.words.clear, () => stage.set({ drawing: cleared() }), "stage-clear");
  row.append(clear);
  stage.extra.append(row);
  stage.state.buttons = { clear };
}

/** @param {Stage} stage */
function showTools(stage) {
  stage.state.buttons.clear.textContent = stage.words.clear;
}

/** @param {Stage} stage */
function showSums(stage, { sums, about }, values) {
  const { words } = stage;
  const all = Array.from(sums.data);
  showChart(
    stage,
    "sums",
    {
      title: words.sums,
      text: fill(words.sums_text, { answer: about.answer, sum: brief(all[about.answer]) }),
      height: 190,
      start: about.answer,
      x: { title: words.neuron_of, ticks: all.map((_, digit) => [digit, String(digit)]) },
      y: { title: words.sum_z, include: [0] },
      series: [
        {
          name: words.sums,
          kind: "bars",
          x: all.map((_, digit) => digit),
          y: all,
          chosen: Number(values.digit),
        },
      ],
    },
    values,
    {
      point: ({ x }, how) => {
        if (how !== "hover") stage.set({ digit: String(x) });
      },
    },
  );
}
