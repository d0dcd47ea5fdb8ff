// The race: two nets on the same batches; losses while they fall, and how far each layer moved.
import { brief, fill } from "../../ui/stage/draw.js";
import { askUntilDone } from "../../ui/stage/engine.js";
import { showChart } from "../../ui/stage/plot.js";
import { needsLog } from "../../ui/stage/plot_numbers.js";

const NETS = ["own", "rival"];
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
  charts: "only",

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

  paint(stage, reply, values) {
    const key = JSON.stringify([stage.data.fixed, stage.replyValues]);
    if (stage.state.raceKey !== key) {
      stage.state.raceKey = key;
      stage.state.race = null;
    }
    stage.state.raceButton.disabled = false;
    const race = stage.state.race ?? reply;
    const text = described(stage, race);
    showChart(stage, "race_losses", lossesOf(stage, race, text), values);
    showChart(stage, "race_moves", movesOf(stage, race, text), values);
    tell(stage, race);
  },
};

/** @param {Stage} stage */
function described(stage, { losses }) {
  const steps = losses.shape[1];
  const [own, rival] = [losses.data[steps - 1], losses.data[2 * steps - 1]];
  return fill(stage.words.alternative_race, { steps, own: brief(own), rival: brief(rival) });
}

// Train on, a few steps a request, until the end or until something else is chosen.
/** @param {Stage} stage */
async function run(stage) {
  const key = stage.state.raceKey;
  const params = { ...stage.data.fixed, ...stage.replyValues };
  for (let until = STRIDE; until <= LAST; until += STRIDE) {
    const wanted = () => stage.state.raceKey === key;
    const reply = await askUntilDone(stage, stage.data.source, { ...params, until }, wanted);
    if (!reply || !wanted()) return;
    stage.state.race = reply;
    stage.repaint();
  }
}

/**
 * The losses batch by batch; one that runs away makes the axis logarithmic.
 * @param {Stage} stage
 * @returns {import("../../ui/stage/plot_numbers.js").Figure}
 */
function lossesOf(stage, { losses: { data, shape } }, text) {
  const { words } = stage;
  const [, steps] = shape;
  const log = needsLog(data);
  return {
    title: words.losses,
    text,
    x: { title: words.steps, range: [0, LAST] },
    y: { title: words.losses, log, include: log ? [CHANCE] : [0, CHANCE] },
    lines: [{ axis: "y", at: CHANCE, text: words.guessing }],
    series: NETS.map((name, net) => ({
      name: words[`net_${name}`],
      x: Array.from({ length: steps }, (_, i) => i),
      y: data.subarray(net * steps, (net + 1) * steps),
    })),
    meaning: String(log),
  };
}

/**
 * @param {Stage} stage
 * @returns {import("../../ui/stage/plot_numbers.js").Figure}
 */
function movesOf(stage, reply, text) {
  const { words } = stage;
  return {
    title: words.moved,
    text,
    x: { title: words.layers },
    y: { title: words.moved },
    series: NETS.map((name) => ({
      name: words[`net_${name}`],
      kind: "bars",
      x: Array.from(reply[`moved_${name}`].data, (_, i) => i + 1),
      y: reply[`moved_${name}`].data,
    })),
  };
}

/** @param {Stage} stage */
function tell(stage, { losses, accuracies }) {
  const steps = losses.shape[1];
  const heading = document.createElement("h4");
  heading.textContent = fill(stage.words.race_steps, { steps });
  const rows = NETS.map((name, net) => {
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
