// ImageNet's tree as numbers: where each term lies, what is under it, what is found by a name.
// Nothing here touches the page.

/**
 * @typedef {object} Term as the engine tells it (engine/nets/imagenet_tree/tree.py)
 * @property {number} parent
 * @property {number} index
 * @property {string} wnid
 * @property {string[]} words
 * @property {string} gloss
 * @property {string[]} others
 */
/** @typedef {{ terms: Term[], depth: number[], classes: number[], below: number[][] }} Tree */

/**
 * Depths, numbers of classes and children of terms that stand behind their parents.
 * @param {Term[]} terms
 * @returns {Tree}
 */
export function treeOf(terms) {
  /** @type {number[]} */
  const depth = [];
  /** @type {number[][]} */
  const below = terms.map(() => []);
  terms.forEach(({ parent }, place) => {
    depth.push(parent < 0 ? 0 : depth[parent] + 1);
    if (parent >= 0) below[parent].push(place);
  });
  const classes = terms.map(({ index }) => (index < 0 ? 0 : 1));
  for (let place = terms.length - 1; place > 0; place--)
    classes[terms[place].parent] += classes[place];
  return { terms, depth, classes, below };
}

/**
 * Where each term lies across, in shares of the root: children side by side over their parent,
 * the heaviest first.
 * @param {Tree} tree
 * @param {ArrayLike<number>} weights of each term, at most its parent's
 * @returns {{ from: Float64Array, to: Float64Array }}
 */
export function spread({ terms, below }, weights) {
  const from = new Float64Array(terms.length);
  const to = new Float64Array(terms.length);
  to[0] = 1;
  const scale = weights[0] > 0 ? 1 / weights[0] : 0;
  terms.forEach((_, place) => {
    let at = from[place];
    for (const child of [...below[place]].sort((a, b) => weights[b] - weights[a] || a - b)) {
      from[child] = at;
      at = Math.min(at + weights[child] * scale, to[place]);
      to[child] = at;
    }
  });
  return { from, to };
}

/** @type {(terms: Term[], place: number) => number[]} the places from the root to a term */
export function wayTo(terms, place) {
  const way = [place];
  while (terms[way[0]].parent >= 0) way.unshift(terms[way[0]].parent);
  return way;
}

/**
 * The most exact term that is at least so probable; above a half they lie on one way.
 * @type {(sums: ArrayLike<number>, sure: number) => number}
 */
export const surest = (sums, sure) =>
  Array.from(sums).reduce((last, sum, place) => (sum >= sure ? place : last), 0);

/**
 * The places of terms with a text in one of their names, whole names first, then beginnings.
 * @type {(terms: Term[], text: string, most?: number) => number[]}
 */
export function search(terms, text, most = 12) {
  const wanted = text.trim().toLowerCase().replace(/\s+/g, " ");
  if (!wanted) return [];
  /** @type {(term: Term) => number} */
  const rankOf = ({ words }) => {
    const names = words.map((word) => word.toLowerCase());
    if (names.includes(wanted)) return 0;
    if (names.some((name) => name.startsWith(wanted))) return 1;
    return names.some((name) => name.includes(wanted)) ? 2 : 3;
  };
  return terms
    .map((term, place) => ({ place, rank: rankOf(term) }))
    .filter(({ rank }) => rank < 3)
    .sort((one, other) => one.rank - other.rank || one.place - other.place)
    .slice(0, most)
    .map(({ place }) => place);
}

/**
 * The term under a point of the picture: `share` across, `level` down; -1 where there is none.
 * @param {Tree} tree
 * @param {{ from: Float64Array, to: Float64Array }} lain
 * @param {number} share of [0, 1]
 * @param {number} level
 */
export function termAt({ terms, depth }, { from, to }, share, level) {
  return terms.findIndex(
    (_, place) => depth[place] === level && from[place] <= share && share < to[place],
  );
}
