// Where the nodes of a graph stand on the canvas, and which one lies under a point. Nothing here
// touches the page.

/**
 * @typedef {object} GraphNode as the engine tells it
 * @property {string} name
 * @property {string} leaf
 * @property {number[]} shape
 * @property {(number | null)[]} inputs
 * @property {number | null} line
 */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box */
/** @typedef {{ nodes: GraphNode[], x: number[], layer: number[], ways: [number, number, [number, number][]][] }} Graph */

const WIDEST = 150;
const NARROWEST = 80;
const GAP = 8;
const ROW = 72;
const HIGH = 42;
const MARGIN = 8;

/**
 * The boxes of all nodes, and the size of the whole.
 * @param {Graph} graph
 * @param {number} width CSS pixels that there are
 */
export function placeNodes({ x, layer, ways }, width) {
  const between = ways.flatMap(([, , points]) => points.map(([at]) => at));
  const columns = Math.max(...x, ...between) + 1;
  const unit = Math.max(NARROWEST, Math.min(WIDEST, (width - 2 * MARGIN) / columns));
  const left = Math.max(MARGIN, (width - columns * unit) / 2);
  const boxes = x.map((at, n) => ({
    x: left + at * unit + GAP / 2,
    y: MARGIN + layer[n] * ROW,
    width: unit - GAP,
    height: HIGH,
  }));
  const height = 2 * MARGIN + Math.max(...layer) * ROW + HIGH;
  return { boxes, unit, left, height, width: Math.max(width, columns * unit + 2 * MARGIN) };
}

/**
 * The points of an edge, from the node that gives to the node that takes.
 * @param {Graph} graph
 * @param {ReturnType<typeof placeNodes>} places
 * @param {[number, number, [number, number][]]} way
 */
export function edgePoints({ nodes }, { boxes, unit, left }, [node, place, between]) {
  const source = /** @type {number} */ (nodes[node].inputs[place]);
  const [from, to] = [boxes[source], boxes[node]];
  const several = nodes[node].inputs.filter((each) => each !== null);
  const at = nodes[node].inputs.slice(0, place).filter((each) => each !== null).length;
  const entry = to.x + (to.width * (at + 1)) / (several.length + 1);
  return [
    { x: from.x + from.width / 2, y: from.y + from.height },
    ...between.map(([x, layer]) => ({
      x: left + (x + 0.5) * unit,
      y: MARGIN + layer * ROW + HIGH / 2,
    })),
    { x: entry, y: to.y },
  ];
}

/**
 * The number of the node at a point; null where there is none.
 * @param {Box[]} boxes
 * @param {number} x
 * @param {number} y
 */
export function nodeAt(boxes, x, y) {
  const found = boxes.findIndex(
    (box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height,
  );
  return found < 0 ? null : found;
}

/**
 * Which nodes there are once some lines have been executed: leaves come with what uses them.
 * @param {GraphNode[]} nodes
 * @param {number} shown how many lines
 */
export function grown(nodes, shown) {
  const there = nodes.map(({ line }) => line !== null && line < shown);
  nodes.forEach(({ inputs }, n) => {
    if (!there[n]) return;
    for (const source of inputs) {
      if (source !== null && nodes[source].line === null) there[source] = true;
    }
  });
  return there;
}

/** @type {(node: { name: string, leaf: string }) => string} "MulBackward0" → "Mul" */
export const shortName = ({ name, leaf }) =>
  leaf || (name.split("::").pop() ?? "").replace(/^Native|Backward\d*$/g, "");

/** @type {(shape: number[]) => string} as PyTorch writes it */
export const shapeText = (shape) => (shape.length ? shape.join(" × ") : "0-d");

/** @type {(count: number) => string} */
export const bytesText = (count) =>
  count < 1024
    ? `${count} B`
    : count < 2 ** 20
      ? `${(count / 1024).toFixed(1)} KiB`
      : `${(count / 2 ** 20).toFixed(1)} MiB`;
