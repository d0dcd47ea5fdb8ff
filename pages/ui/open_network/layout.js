// Where every map of every layer stands: a column a layer from left to right, on a phone a row a
// layer from top to bottom. As large as the columns leave room for; all maps of a layer alike.

const LARGEST = 42; // px a map takes, its gap included
const SMALLEST = 6;
const UNIT_LARGEST = 13; // a unit of a linear layer
const CLASSES = 12; // rows at the end; of more classes, the most probable
const CLASS_PITCH = 44;
const CLASS_EXTENT = 132; // what a class's name and bar need
const TITLE = 15; // above each lane
const GAP = { weights: 20, same: 7 };
const PHONE_GAP = { weights: 24, same: 17 };
const PHONE = { length: 640, largest: 26, smallest: 12 };
const GAP_LARGEST = { weights: 150, same: 36 };

// box: where the net goes ({ x, y, width, height }; height is ignored on a phone).
// → { layers: Map(number → { layer, items: [box…], shown: [index…], area }), columns, end, narrow }
export function planNet(about, probs, box, narrow) {
  const columns = inColumns(about.layers);
  const along = narrow ? null : box.width;
  const across = narrow ? box.width : box.height;
  const counted = (layer) => countOf(layer, probs);
  /** @type {any} */
  let plan = null;
  const [largest, smallest] = narrow ? [PHONE.largest, PHONE.smallest] : [LARGEST, SMALLEST];
  for (let pitch = largest; pitch >= smallest; pitch--) {
    plan = columns.map((column) =>
      measure(column, lanesOf(column, columns, across, counted), pitch, counted, narrow, probs),
    );
    if (narrow ? length(plan) <= PHONE.length : total(plan) <= along) break;
  }
  return place(plan, box, along, narrow, probs);
}

function inColumns(layers) {
  const found = new Map();
  for (const layer of layers) {
    if (!found.has(layer.column)) found.set(layer.column, []);
    found.get(layer.column).push(layer);
  }
  return [...found.entries()].sort(([a], [b]) => a - b).map(([, column]) => column);
}

const isClasses = (layer, probs) =>
  layer.kind === "softmax" ||
  (layer.layout === "vector" && layer.count === probs.length && layer.last);

const countOf = (layer, probs) =>
  isClasses(layer, probs) ? Math.min(layer.count, CLASSES) : layer.count;

// How the columns' lanes share what is across: as their maps do, in all columns of a fork alike.
function lanesOf(column, columns, across, counted) {
  const { lanes } = column[0];
  if (lanes === 1) return [{ from: 0, extent: across }];
  const start = columns.indexOf(column);
  const region = [];
  for (const step of [-1, 1]) {
    for (let i = start + (step < 0 ? 0 : 1); columns[i]?.[0].lanes === lanes; i += step) {
      region.push(...columns[i]);
    }
  }
  const weights = [...Array(lanes).keys()].map((lane) =>
    Math.max(3, ...region.filter((layer) => layer.lane === lane).map(counted)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  let from = 0;
  return weights.map((weight) => {
    const extent = (across * weight) / sum;
    from += extent;
    return { from: from - extent, extent };
  });
}

// One column at a pitch: each layer in as few lines as fit.
function measure(column, lanes, pitch, counted, narrow, probs) {
  const layers = column.map((layer) => {
    const lane = lanes[layer.lane];
    const room = lane.extent - (narrow ? 0 : TITLE);
    if (isClasses(layer, probs)) {
      const step = Math.min(narrow ? 90 : CLASS_PITCH, room / counted(layer));
      const own = Math.min(UNIT_LARGEST + 1, step);
      return { layer, lane, room, lines: 1, perLine: counted(layer), own, step, extent: own };
    }
    const unit = layer.layout === "vector";
    const least = unit ? Math.max(4, Math.min(UNIT_LARGEST, pitch / 2)) : pitch;
    const most = unit ? UNIT_LARGEST : Math.min(LARGEST, pitch * 2);
    const rows = Math.max(1, Math.floor(room / least));
    const lines = Math.ceil(counted(layer) / rows);
    const perLine = Math.ceil(counted(layer) / lines);
    const own = Math.min(narrow ? pitch : most, room / perLine);
    const spread = lines === 1 && !unit && !narrow;
    const step = spread ? Math.min(room / perLine, own * 1.6) : own;
    return { layer, lane, room, lines, perLine, own, step, extent: lines * own };
  });
  return {
    layers,
    extent: Math.max(...layers.map((each) => each.extent)),
    tight: column.every((layer) => layer.relation !== "weights"),
  };
}

const gapBefore = (column, gaps) => (column.tight ? gaps.same : gaps.weights);

function total(plan) {
  const gaps = plan.slice(1).reduce((sum, column) => sum + gapBefore(column, GAP), 0);
  return plan.reduce((sum, column) => sum + column.extent, 0) + gaps + CLASS_EXTENT;
}

const length = (plan) =>
  plan.reduce((sum, column, i) => sum + column.extent + (i ? gapBefore(column, PHONE_GAP) : 0), 0);

function place(plan, box, along, narrow, probs) {
  const gaps = narrow ? PHONE_GAP : stretched(plan, along);
  const layers = new Map();
  let at = narrow ? box.y + TITLE : box.x;
  const columns = plan.map((column, i) => {
    if (i) at += gapBefore(column, gaps);
    const from = at;
    at += column.extent;
    for (const each of column.layers) {
      const middle = from + (column.extent - each.extent) / 2;
      layers.set(each.layer.number, spread(each, middle, box, narrow, probs));
    }
    return { from, to: at, layers: column.layers.map(({ layer }) => layer) };
  });
  return { layers, columns, end: at, narrow };
}

// What is left over goes between the columns, most of it where edges cross.
function stretched(plan, along) {
  const free = along - total(plan);
  const [dense, tight] = [false, true].map(
    (is) => plan.slice(1).filter((column) => column.tight === is).length,
  );
  const share = Math.max(0, free) / Math.max(1, 5 * dense + tight);
  return {
    weights: Math.min(GAP_LARGEST.weights, GAP.weights + 5 * share),
    same: Math.min(GAP_LARGEST.same, GAP.same + share),
  };
}

function spread({ layer, lane, room, lines, perLine, own, step }, main, box, narrow, probs) {
  const shown = shownOf(layer, probs);
  const start = lane.from + (narrow ? 0 : TITLE) + (room - perLine * step) / 2;
  const gap = own > 24 ? 4 : own > 9 ? 2 : 1;
  const side = own - gap;
  const items = shown.map((_, i) => {
    const line = main + Math.floor(i / perLine) * own + gap / 2;
    const cross = start + (i % perLine) * step + (step - side) / 2;
    return narrow
      ? { x: box.x + cross, y: line, width: side, height: side }
      : { x: line, y: box.y + cross, width: side, height: side };
  });
  const area = narrow
    ? { x: box.x + lane.from, y: main, width: lane.extent, height: lines * own }
    : { x: main, y: box.y + lane.from, width: lines * own, height: lane.extent };
  return { layer, shown, items, area };
}

// Indices of the layer's own list of maps.
function shownOf(layer, probs) {
  const every = [...Array(layer.count).keys()];
  if (!isClasses(layer, probs) || layer.count <= CLASSES) return every;
  const channels = layer.picked ?? every;
  return every.sort((a, b) => probs[channels[b]] - probs[channels[a]] || a - b).slice(0, CLASSES);
}

// The map under a point: { number, item } or null; between the maps of a layer the nearest one's.
export function itemAt(plan, x, y) {
  for (const [number, { layer, items }] of plan.layers) {
    const wide = layer.kind === "softmax" && !plan.narrow ? CLASS_EXTENT : 0;
    const item = items.findIndex(
      (box) =>
        x >= box.x - 2 &&
        x <= box.x + box.width + 2 + wide &&
        y >= box.y - 2 &&
        y <= box.y + box.height + 2,
    );
    if (item >= 0) return { number, item };
  }
  return null;
}
