// The lines between maps: faint ones for what feeds what, lit ones for the map that is looked at.
// A lit line of a convolution or linear layer is as wide and as deep in colour as its weights are
// strong beside the layer's strongest, orange where they sum to more than zero, blue where to less.

/** @import { Stage } from "./view.js" */

const FAINT = 110; // lines drawn between two layers; of more, the strongest
const LIT = 64;

// Faint lines of the whole net.
/** @param {Stage} stage */
export function drawEdges(ctx, stage) {
  ctx.strokeStyle = stage.theme.border;
  ctx.lineWidth = 0.6;
  ctx.globalAlpha = 0.55;
  for (const { layer } of stage.state.plan.layers.values()) {
    ctx.beginPath();
    for (const link of faintLinks(stage, layer)) trace(ctx, stage, link);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
  for (const { layer } of stage.state.plan.layers.values()) drawSkips(ctx, stage, layer);
}

// A layer can have thousands of links: those that are drawn are found without listing them all.
/** @param {Stage} stage */
function faintLinks(stage, layer) {
  if (layer.relation !== "weights") return strongest(linksOf(stage, layer), FAINT);
  return layer.sources.flatMap((number) => {
    const feeder = stage.state.plan.layers.get(number);
    const at = layer.links_at[number];
    if (!feeder || at === undefined) return [];
    const { count } = feeder.layer;
    const weights = stage.reply.links.data.subarray(at, at + layer.count * count);
    const least = leastOf(weights, FAINT);
    const found = [];
    for (let i = 0; i < weights.length && found.length < FAINT; i++) {
      if (Math.abs(weights[i]) < least) continue;
      const [to, from] = [Math.floor(i / count), i % count];
      found.push({ source: number, from, number: layer.number, to, weight: weights[i] / 127 });
    }
    return found;
  });
}

// What a link must weigh to be among the strongest so many; at least something.
function leastOf(weights, most) {
  const counts = new Uint32Array(129);
  for (const weight of weights) counts[Math.abs(weight)]++;
  let among = 0;
  for (let size = 128; size > 0; size--) {
    among += counts[size];
    if (among > most) return Math.min(size + 1, 127);
  }
  return 1;
}

// What is added (or multiplied) from further back goes round below the columns in between.
/** @param {Stage} stage */
function drawSkips(ctx, stage, layer) {
  const { plan, netBox } = stage.state;
  if (plan.narrow || (layer.kind !== "add" && layer.kind !== "multiply")) return;
  const placeOf = (number) =>
    plan.columns.findIndex(({ layers }) => layers.some((each) => each.number === number));
  const at = placeOf(layer.number);
  for (const source of layer.sources.map(placeOf).filter((from) => from >= 0 && from < at - 1)) {
    const [x0, x1] = [source, at].map((i) => (plan.columns[i].from + plan.columns[i].to) / 2);
    const y = netBox.y + netBox.height + 1;
    ctx.beginPath();
    ctx.moveTo(x0, y);
    ctx.bezierCurveTo(x0, y + 11, x0, y + 8, x0 + 12, y + 8);
    ctx.lineTo(x1 - 12, y + 8);
    ctx.bezierCurveTo(x1, y + 8, x1, y + 11, x1, y);
    ctx.strokeStyle = stage.theme.muted;
    ctx.lineWidth = 1.2;
    ctx.stroke();
  }
}

// Everything that feeds a map: back through what hands maps on one by one, to the first weights.
/** @param {Stage} stage */
export function drawLit(ctx, stage, { number, item }) {
  const seen = new Set();
  const follow = (at, index) => {
    const placed = stage.state.plan.layers.get(at);
    if (!placed || seen.has(`${at}:${index}`)) return;
    seen.add(`${at}:${index}`);
    const links = strongest(linksOf(stage, placed.layer, index), LIT);
    for (const link of [...links].reverse()) strike(ctx, stage, link);
    if (placed.layer.relation === "same" || placed.layer.relation === "concat") {
      for (const { source, from } of links) follow(source, from);
    }
  };
  follow(number, item);
}

/** @param {Stage} stage */
function strike(ctx, stage, link) {
  const { theme } = stage;
  const size = link.weight === null ? 0.5 : Math.abs(link.weight);
  const lut = theme.signed;
  const at = 3 * (link.weight < 0 ? 42 : 213);
  ctx.beginPath();
  trace(ctx, stage, link);
  ctx.strokeStyle =
    link.weight === null ? theme.muted : `rgb(${lut[at]},${lut[at + 1]},${lut[at + 2]})`;
  ctx.globalAlpha = 0.3 + 0.7 * size;
  ctx.lineWidth = 0.6 + 2.6 * size;
  ctx.stroke();
  ctx.globalAlpha = 1;
}

function strongest(links, most) {
  if (links.length <= most) return links;
  return links.sort((a, b) => Math.abs(b.weight ?? 1) - Math.abs(a.weight ?? 1)).slice(0, most);
}

// The links of a layer, or of one of its maps: { source, from, number, to, weight }; weight -1 … 1,
// null where maps are handed on. from and to are places in the layers' own lists of maps.
/** @param {Stage} stage */
export function linksOf(stage, layer, only = null) {
  const { plan } = stage.state;
  const links = [];
  const wanted = only === null ? plan.layers.get(layer.number).shown : [only];
  layer.sources.forEach((source, nth) => {
    const feeder = plan.layers.get(source);
    if (!feeder) return; // in an earlier part, and not shown
    for (const to of wanted) {
      for (const from of feeder.shown) {
        const weight = weightOf(stage, layer, to, feeder.layer, from, nth);
        if (weight !== undefined) links.push({ source, from, number: layer.number, to, weight });
      }
    }
  });
  return links;
}

/** @param {Stage} stage */
function weightOf(stage, layer, to, feeder, from, nth) {
  if (layer.relation === "weights") {
    const at = layer.links_at[feeder.number];
    if (at === undefined) return undefined;
    const weight = stage.reply.links.data[at + to * feeder.count + from];
    return weight === 0 ? undefined : weight / 127;
  }
  if (layer.relation === "none") return undefined;
  const target = layer.picked?.[to] ?? to;
  const offset =
    layer.relation === "concat"
      ? layer.source_channels.slice(0, nth).reduce((sum, count) => sum + count, 0)
      : 0;
  return offset + (feeder.picked?.[from] ?? from) === target ? null : undefined;
}

// A curve from one map's edge to the other's; over what lies between where columns are skipped.
/** @param {Stage} stage */
function trace(ctx, stage, { source, from, number, to }) {
  const { plan } = stage.state;
  const [a, b] = [
    [source, from],
    [number, to],
  ].map(([at, index]) => {
    const { items, shown } = plan.layers.get(at);
    return items[shown.indexOf(index)];
  });
  if (!a || !b) return;
  if (plan.narrow) {
    const [x0, y0, x1, y1] = [a.x + a.width / 2, a.y + a.height, b.x + b.width / 2, b.y];
    const middle = (y0 + y1) / 2;
    ctx.moveTo(x0, y0);
    ctx.bezierCurveTo(x0, middle, x1, middle, x1, y1);
    return;
  }
  const [x0, y0, x1, y1] = [a.x + a.width, a.y + a.height / 2, b.x, b.y + b.height / 2];
  const middle = (x0 + x1) / 2;
  ctx.moveTo(x0, y0);
  ctx.bezierCurveTo(middle, y0, middle, y1, x1, y1);
}
