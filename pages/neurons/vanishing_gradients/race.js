// The race: two nets on the same batches; losses while they fall, and how far each layer moved.
import { brief, fill, openCanvas, outline, write } from "../../ui/stage/draw.js";
import { askEngine } from "../../ui/stage/engine.js";

const LAST = 200;
const STRIDE = 10;
const CHANCE = Math.log(10); // cross-entropy of ten classes when nothing is known

const state = () => ({
  race: null, // what the two nets did
  raceKey: null,
  raceButton: null,
});

/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  state,

  build(stage) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.testid = "stage-race";
    button.textContent = stage.words.start;
    button.disabled = true; // until the two nets are known
    button.onclick = () => run(stage);
    stage.state.raceButton = button;
    stage.extra.append(button);
  },

  paint(stage, reply) {
    const key = JSON.stringify([stage.data.fixed, stage.replyValues]);
    if (stage.state.raceKey !== key) {
      stage.state.raceKey = key;
      stage.state.race = null;
    }
    stage.state.raceButton.disabled = false;
    draw(stage, stage.state.race ?? reply);
  },

  describe(stage, reply) {
    const { losses } = stage.state.race ?? reply;
    const steps = losses.shape[1];
    const [own, rival] = [losses.data[steps - 1], losses.data[2 * steps - 1]];
    return fill(stage.words.alternative_race, { steps, own: brief(own), rival: brief(rival) });
  },
};

// Train on, a few steps a request, until the end or until something else is chosen.
/** @param {Stage} stage */
async function run(stage) {
  const key = stage.state.raceKey;
  const params = { ...stage.data.fixed, ...stage.replyValues };
  for (let until = STRIDE; until <= LAST; until += STRIDE) {
    const reply = await askEngine(stage, stage.data.source, { ...params, until });
    if (stage.state.raceKey !== key) return;
    stage.state.race = reply;
    stage.repaint();
  }
}

/** @param {Stage} stage */
function draw(stage, reply) {
  const narrow = stage.frame.clientWidth < 520;
  const { ctx, width } = openCanvas(stage, narrow ? 480 : 250);
  const half = narrow ? width : (width - 30) / 2;
  const left = { x: 40, y: 24, width: half - 40, height: 180 };
  const right = narrow
    ? { x: 40, y: 270, width: half - 40, height: 180 }
    : { x: half + 70, y: 24, width: half - 40, height: 180 };
  drawLosses(ctx, stage, left, reply.losses);
  drawMoves(ctx, stage, right, [reply.moved_own.data, reply.moved_rival.data]);
  tell(stage, reply);
}

/** @param {Stage} stage */
function drawLosses(ctx, stage, box, { data, shape: [, steps] }) {
  write(ctx, stage, stage.words.losses, box.x, 9, { bold: true });
  outline(ctx, box, stage.theme.border);
  const most = Math.max(CHANCE, ...data.filter(Number.isFinite)) * 1.05;
  const small = { size: 11, colour: stage.theme.muted };
  write(ctx, stage, brief(most), box.x - 5, box.y + 6, { ...small, align: "right" });
  write(ctx, stage, "0", box.x - 5, box.y + box.height - 5, { ...small, align: "right" });
  const below = box.y + box.height + 12;
  write(ctx, stage, `${LAST}`, box.x + box.width, below, { ...small, align: "right" });
  write(ctx, stage, stage.words.steps, box.x + box.width / 2, below, { ...small, align: "center" });
  for (const net of [0, 1]) {
    ctx.strokeStyle = stage.theme.lines[net];
    ctx.lineWidth = 2;
    ctx.beginPath();
    for (let i = 0; i < steps; i++) {
      const loss = data[net * steps + i];
      if (!Number.isFinite(loss)) continue;
      ctx.lineTo(box.x + (box.width * i) / LAST, box.y + box.height * (1 - loss / most));
    }
    ctx.stroke();
  }
}

/** @param {Stage} stage */
function drawMoves(ctx, stage, box, moves) {
  write(ctx, stage, stage.words.moved, box.x, box.y - 15, { bold: true });
  outline(ctx, box, stage.theme.border);
  const most = Math.max(1e-6, ...moves.flatMap((layers) => [...layers]).filter(Number.isFinite));
  const small = { size: 11, colour: stage.theme.muted };
  write(ctx, stage, brief(most), box.x - 5, box.y + 6, { ...small, align: "right" });
  write(ctx, stage, "0", box.x - 5, box.y + box.height - 5, { ...small, align: "right" });
  const slot = box.width / moves[0].length;
  moves.forEach((layers, net) => {
    ctx.fillStyle = stage.theme.lines[net];
    layers.forEach((moved, i) => {
      const height = Number.isFinite(moved) ? (box.height * moved) / most : box.height;
      const x = box.x + i * slot + (0.1 + 0.4 * net) * slot;
      ctx.fillRect(x, box.y + box.height - height, 0.4 * slot, height);
    });
  });
  const below = box.y + box.height + 12;
  write(ctx, stage, stage.words.first_layer, box.x, below, small);
  write(ctx, stage, stage.words.last_layer, box.x + box.width, below, { ...small, align: "right" });
}

/** @param {Stage} stage */
function tell(stage, { losses, accuracies }) {
  const steps = losses.shape[1];
  const heading = document.createElement("h4");
  heading.textContent = fill(stage.words.race_steps, { steps });
  const rows = ["own", "rival"].map((name, net) => {
    const row = document.createElement("p");
    row.dataset.testid = `race-${name}`;
    row.style.borderLeft = `4px solid ${stage.theme.lines[net]}`;
    row.style.paddingLeft = "8px";
    const recent = Array.from(accuracies.data.subarray(net * steps, (net + 1) * steps)).slice(-10);
    const right = recent.reduce((sum, value) => sum + value, 0) / recent.length;
    row.textContent = fill(stage.words[name], {
      loss: brief(losses.data[(net + 1) * steps - 1]),
      right: (100 * right).toFixed(0),
    });
    return row;
  });
  stage.readout.replaceChildren(heading, ...rows);
}
