// Where the learner's picture lies in ImageNet's tree: a row for each level, terms as broad as they
// are probable; the most exact term that is sure enough; any term found by its name.
import { fill, openCanvas, pointerPosition, write } from "../../ui/stage/draw.js";
import { mix } from "../../ui/stage/palette.js";
import { barRow, element, heading, note, paragraph } from "../../ui/stage/parts.js";
import { search, spread, surest, termAt, treeOf, wayTo } from "./terms.js";

/** @import { Term } from "./terms.js" */
/** @typedef {import("../../ui/stage/types.d.ts").StageOf<typeof state>} Stage */

const ROW_PX = 24;
const LEAST_PX = 1; // narrower ones are not drawn
const NAMED_PX = 26; // narrower ones bear no name
const MOST_CHILDREN = 8;
const LEAST_SHARE = 5e-5; // below it "0.00" would stand

const state = () => ({
  reply: null,
  tree: null,
  lain: null,
  breadth: "",
  search: null,
  found: null,
  title: null,
});

/** @type {import("../../ui/stage/types.d.ts").View} */
export default {
  steady: true,
  local: ["sure", "breadth", "term"],
  state,

  build(/** @type {Stage} */ stage) {
    buildSearch(stage);
    stage.on("click", (event) => {
      const place = pointed(stage, event);
      if (place >= 0) open(stage, place);
    });
    stage.on("keydown", (event) => walk(stage, event));
  },

  paint(stage, reply, values) {
    prepare(stage, reply, values);
    showSearch(stage);
    drawTree(stage, values);
    tell(stage, values);
  },

  describe({ words, state: own }, reply, values) {
    const { terms } = reply.about;
    const answer = surest(reply.sums.data, values.sure / 100);
    return fill(words.alternative, {
      name: nameOf(terms[openPlace(own, values)]),
      answer: nameOf(terms[answer]),
      percent: percent(reply.sums.data[answer]),
      sure: values.sure,
    });
  },
};

/** @type {(term: Term) => string} */
const nameOf = ({ words }) => words[0];

/** @type {(share: number) => string} */
function percent(share) {
  if (share > 0 && share < LEAST_SHARE) return "< 0.01";
  return (100 * share).toFixed(share < 0.1 ? 2 : 1);
}

/** @type {(own: any, values: any) => number} */
function openPlace({ reply }, values) {
  const { terms } = reply.about;
  const found = terms.findIndex(({ wnid }) => wnid === values.term);
  return found >= 0 ? found : surest(reply.sums.data, values.sure / 100);
}

/** @type {(stage: Stage, place: number) => void} */
const open = (stage, place) => stage.set({ term: stage.state.tree.terms[place].wnid });

// What follows from the answer and from what breadth stands for; not from where the slider is.
/** @type {(stage: Stage, reply: any, values: any) => void} */
function prepare({ state: own }, reply, { breadth }) {
  if (own.reply === reply && own.breadth === breadth) return;
  if (own.reply !== reply) own.tree = treeOf(reply.about.terms);
  const weights = breadth === "classes" ? own.tree.classes : reply.sums.data;
  Object.assign(own, { reply, breadth, lain: spread(own.tree, weights) });
}

/** @type {(stage: Stage, values: any) => void} */
function drawTree(stage, values) {
  const { theme, state: own } = stage;
  const { tree, lain, reply } = own;
  const width = stage.canvas.clientWidth || stage.frame.clientWidth;
  const seen = tree.terms.flatMap((_, place) =>
    (lain.to[place] - lain.from[place]) * width >= LEAST_PX ? [place] : [],
  );
  const levels = 1 + Math.max(...seen.map((place) => tree.depth[place]));
  const { ctx } = openCanvas(stage, levels * ROW_PX);
  const sums = reply.sums.data;
  const at = openPlace(own, values);
  const way = new Set(wayTo(tree.terms, surest(sums, values.sure / 100)));
  for (const place of seen) {
    const x = lain.from[place] * width;
    const breadth = lain.to[place] * width - x;
    const y = tree.depth[place] * ROW_PX;
    const tint = way.has(place) ? 0.45 : 0.12;
    ctx.fillStyle = mix(theme.accent, theme.background, tint);
    ctx.fillRect(x, y, breadth - 0.5, ROW_PX - 1);
    if (place === at) {
      ctx.strokeStyle = theme.text;
      ctx.lineWidth = 2;
      ctx.strokeRect(x + 1, y + 1, Math.max(1, breadth - 2.5), ROW_PX - 3);
    }
    if (breadth >= NAMED_PX) writeName(stage, ctx, place, { x, y, breadth }, sums[place]);
  }
}

/** @type {(stage: Stage, ctx: any, place: number, box: any, share: number) => void} */
function writeName(stage, ctx, place, { x, y, breadth }, share) {
  const name = nameOf(stage.state.tree.terms[place]);
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, breadth - 3, ROW_PX);
  ctx.clip();
  const text = breadth > 120 ? `${name}  ${percent(share)} %` : name;
  write(ctx, stage, text, x + 5, y + ROW_PX / 2, { size: 12 });
  ctx.restore();
}

/** @type {(stage: Stage, event: MouseEvent) => number} */
function pointed(stage, event) {
  const { tree, lain } = stage.state;
  if (!tree) return -1;
  const { x, y } = pointerPosition(stage, event);
  return termAt(tree, lain, x / stage.canvas.clientWidth, Math.floor(y / ROW_PX));
}

// Up to the parent, down to the likeliest child, left and right among sisters.
/** @type {(stage: Stage, event: KeyboardEvent) => void} */
function walk(stage, event) {
  const { tree, lain } = stage.state;
  if (!tree) return;
  const at = openPlace(stage.state, stage.values);
  const { parent } = tree.terms[at];
  /** @type {(places: number[]) => number[]} */
  const across = (places) => [...places].sort((a, b) => lain.from[a] - lain.from[b] || a - b);
  const sisters = parent < 0 ? [at] : across(tree.below[parent]);
  /** @type {Record<string, number | undefined>} */
  const next = {
    ArrowUp: parent < 0 ? undefined : parent,
    ArrowDown: across(tree.below[at])[0],
    ArrowLeft: sisters[sisters.indexOf(at) - 1],
    ArrowRight: sisters[sisters.indexOf(at) + 1],
  };
  if (!(event.key in next)) return;
  event.preventDefault();
  const place = next[event.key];
  if (place !== undefined) open(stage, place);
}

/** @type {(stage: Stage) => void} */
function buildSearch(stage) {
  const row = element("label", "", "", "control");
  row.style.visibility = "hidden"; // until its words are there
  const input = element("input", "", "tree-search");
  Object.assign(input, { type: "search", autocomplete: "off" });
  input.oninput = () => showFound(stage);
  const title = element("span");
  row.append(title, input);
  const found = element("div", "", "tree-found");
  stage.extra.append(row, found);
  Object.assign(stage.state, { search: input, found, title });
}

/** @type {(stage: Stage) => void} */
function showSearch(stage) {
  stage.state.title.textContent = stage.words.search;
  stage.state.search.parentElement.style.visibility = "";
  stage.state.search.placeholder = stage.words.search_hint;
}

/** @type {(stage: Stage) => void} */
function showFound(stage) {
  const { search: input, found, tree, reply } = stage.state;
  if (!tree) return;
  const places = search(tree.terms, input.value);
  const rows = places.map((place) => {
    const made = element("button", "", "tree-hit", "plain");
    const { words, index } = tree.terms[place];
    made.type = "button";
    made.textContent = `${words[0]} · ${percent(reply.sums.data[place])} %${index < 0 ? "" : ` · ${index}`}`;
    made.onclick = () => open(stage, place);
    return made;
  });
  const none = input.value.trim() && !rows.length ? [note(stage.words.search_none)] : [];
  found.replaceChildren(...rows, ...none);
}

/** @type {(stage: Stage, values: any) => void} */
function tell(stage, values) {
  const { words, readout, state: own } = stage;
  const { terms, classes, below } = own.tree;
  const sums = own.reply.sums.data;
  const at = openPlace(own, values);
  const { words: names, gloss, wnid, index, others } = terms[at];
  const facts = index < 0 ? { count: classes[at], all: classes[0] } : { index };
  const children = [...below[at]].sort((a, b) => sums[b] - sums[a] || a - b);
  readout.replaceChildren(
    wayOf(stage, at),
    heading(names.join(", "), "term"),
    paragraph(gloss, "gloss"),
    note(`${fill(words[index < 0 ? "facts_term" : "facts_class"], facts)} · ${wnid}`),
    ...(others.length ? [note(fill(words.others, { names: others.join(", ") }), "others")] : []),
    barRow("div", words.share, `${percent(sums[at])} %`, Math.min(1, sums[at]), "share"),
    ...(children.length ? [heading(words.children)] : []),
    ...children.slice(0, MOST_CHILDREN).map((place) => childRow(stage, place)),
    ...(children.length > MOST_CHILDREN
      ? [note(fill(words.more_children, { count: children.length - MOST_CHILDREN }))]
      : []),
  );
}

/** @type {(stage: Stage, at: number) => HTMLElement} */
function wayOf(stage, at) {
  const row = element("div", "", "tree-way", "words");
  row.style.marginBottom = "8px";
  for (const place of wayTo(stage.state.tree.terms, at).slice(0, -1).slice(-5)) {
    const step = element("button", nameOf(stage.state.tree.terms[place]));
    step.type = "button";
    step.onclick = () => open(stage, place);
    row.append(step, element("span", "›"));
  }
  return row;
}

/** @type {(stage: Stage, place: number) => HTMLElement} */
function childRow(stage, place) {
  const share = stage.state.reply.sums.data[place];
  const name = nameOf(stage.state.tree.terms[place]);
  const row = barRow("button", name, `${percent(share)} %`, Math.min(1, share), "tree-child");
  row.classList.add("plain");
  row.type = "button";
  row.onclick = () => open(stage, place);
  return row;
}
