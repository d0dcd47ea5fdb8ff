// Beside the graph: the program's lines, and the node that is open with all that autograd has of it.
import { brief, contextOf, drawBitmap, fill, mapBitmap } from "../../ui/stage/draw.js";
import { button, columns, element, heading, note, paragraph } from "../../ui/stage/parts.js";
import { bytesText, shapeText, shortName } from "./places.js";

/** @import { Stage } from "./view.js" */

const STYLE = `
  .program { margin: 0 0 10px; font: 12px/1.5 var(--st-code-font); }
  .program button { display: block; width: 100%; text-align: left; border-color: transparent;
    background: none; padding: 0 4px; font: inherit; white-space: pre-wrap; border-radius: 3px; }
  .program button.off { opacity: 0.4; }
  .program button.dead { opacity: 0.4; text-decoration: line-through; }
  .program button.now { background: var(--st-secondary-background-color); }
  .maps { display: flex; flex-wrap: wrap; gap: 3px; margin: 2px 0 6px; }
  .maps canvas { width: auto; border: 1px solid var(--st-border-color); }`;
const TILE = 58;

/** @param {Stage} stage */
export function buildReadout(stage) {
  const style = document.createElement("style");
  style.textContent = STYLE;
  const parts = {
    lines: element("div", "", "program", "program"),
    node: element("div", "", "node"),
  };
  stage.readout.setAttribute("aria-live", "off");
  stage.readout.append(style, heading(stage.words.program), parts.lines, parts.node);
  stage.state.parts = parts;
}

/** @param {Stage} stage */
export function showReadout(stage, reply, shown) {
  showLines(stage, reply.about.lines, shown);
  showNode(stage, reply);
}

/** @param {Stage} stage */
function showLines(stage, lines, shown) {
  const made = lines.map(({ text, depth, ran }, n) => {
    const line = button(`${"    ".repeat(depth)}${text}`, () => stage.set({ line: String(n + 1) }));
    line.classList.toggle("dead", !ran);
    line.classList.toggle("off", n >= shown);
    line.classList.toggle("now", n === shown - 1);
    return line;
  });
  stage.state.parts.lines.replaceChildren(...made);
}

/** @param {Stage} stage */
function showNode(stage, reply) {
  const { words } = stage;
  const { nodes, open, saved_bytes } = reply.about;
  const node = nodes[open.number];
  const kind = node.leaf ? words.leaf : words.operation;
  const sentences = [
    fill(kind, { name: node.leaf || shortName(node), full: node.name }),
    fill(words.gives, { shape: shapeText(node.shape), dims: node.shape.length, dtype: node.dtype }),
  ];
  if (node.inputs.includes(null)) sentences.push(words.constant);
  stage.state.parts.node.replaceChildren(
    heading(node.leaf ? node.leaf : node.name, "node-title"),
    note(sentences.join(" ")),
    ...tensor(stage, words.value, open.value, reply.value, "value"),
    ...tensor(stage, words.gradient, open.gradient, reply.gradient, "gradient"),
    ...kept(stage, node, nodes),
    note(fill(words.kept_all, { bytes: bytesText(saved_bytes) }), "kept-all"),
  );
}

/** @param {Stage} stage */
function tensor(stage, title, facts, maps, name) {
  const { words } = stage;
  if (!facts) return [paragraph(`${title}: ${words[`no_${name}`]}`, `node-${name}`)];
  const text = (number) => (number === null ? words.not_finite : brief(number));
  if ("number" in facts) return [paragraph(`${title}: ${text(facts.number)}`, `node-${name}`)];
  const told = { low: text(facts.low), high: text(facts.high), mean: text(facts.mean) };
  const lines = [paragraph(`${title}: ${fill(words.range, told)}`, `node-${name}`)];
  return [...lines, mapsOf(stage, facts, maps)];
}

// The strongest maps of a tensor, blue below zero, red above, on one scale.
/** @param {Stage} stage */
export function mapsOf(stage, facts, { data, shape: [count, rows, wide] }, tile = TILE) {
  const { theme, words } = stage;
  const box = element("div", "", "", "maps");
  const most = data.reduce((peak, each) => Math.max(peak, Math.abs(each)), 0) || 1;
  const longest = Math.max(rows, wide);
  const side = count === 1 ? 4 * tile : tile;
  for (let k = 0; k < count; k++) {
    const canvas = document.createElement("canvas");
    const ratio = Math.max(1, Math.floor(side / longest));
    Object.assign(canvas, { width: wide * ratio, height: Math.max(rows * ratio, 10) });
    canvas.style.height = `${canvas.height}px`;
    canvas.style.maxWidth = "100%";
    canvas.title = fill(words.map, { map: facts.maps[k], count: facts.all_maps });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", canvas.title);
    const numbers = data.subarray(k * rows * wide, (k + 1) * rows * wide);
    const bitmap = mapBitmap(numbers, rows, wide, theme.signed, -most, most);
    const place = { x: 0, y: 0, width: canvas.width, height: canvas.height };
    drawBitmap(contextOf(canvas), bitmap, place);
    box.append(canvas);
  }
  return box;
}

/** @param {Stage} stage */
function kept({ words }, { saved, leaf }, nodes) {
  if (leaf) return [];
  if (!saved.length) return [paragraph(words.keeps_nothing, "kept")];
  const rows = saved.map(({ name, shape, bytes, of }) => {
    const what = of[0] === "#" ? shortName(nodes[Number(of.slice(1))]) : of;
    return [what ? `${name} = ${what}` : name, shapeText(shape), bytesText(bytes)];
  });
  const table = columns([words.keeps, words.shape, words.bytes], rows);
  table.dataset.testid = "kept";
  return [table];
}
