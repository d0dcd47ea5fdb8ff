// The tree of all merges: who became whose part, and which regions there are after so many merges.
// Region r < first is a first one, first + m is what merge m made; the last is the whole picture.

/**
 * @typedef {object} Tree
 * @property {number} first     how many first regions there are
 * @property {number} count     of all regions: 2 first - 1
 * @property {Int32Array} parent  of each region; -1 of the last
 * @property {Int32Array} children  two for each merge
 * @property {Int32Array} place   of each first region, from left to right, so that no lines cross
 * @property {Int32Array} from    the first regions of region r stand at the places from[r] …
 * @property {Int32Array} to      … to to[r] - 1
 * @property {Float32Array} across  where each region stands, in places
 */

/**
 * @param {ArrayLike<number>} merges two regions for each merge
 * @returns {Tree}
 */
export function growTree(merges) {
  const first = merges.length / 2 + 1;
  const count = 2 * first - 1;
  const children = Int32Array.from(merges);
  const parent = new Int32Array(count).fill(-1);
  for (let m = 0; m < first - 1; m++) {
    parent[children[2 * m]] = first + m;
    parent[children[2 * m + 1]] = first + m;
  }
  const [from, to] = [new Int32Array(count), new Int32Array(count)];
  const across = new Float32Array(count);
  const held = new Int32Array(count).fill(1); // first regions in each
  for (let m = 0; m < first - 1; m++)
    held[first + m] = held[children[2 * m]] + held[children[2 * m + 1]];
  // from the whole picture down: each region's places are shared out among its two parts
  for (let region = count - 1; region >= 0; region--) {
    to[region] = from[region] + held[region];
    if (region < first) continue;
    const [one, other] = partsOf({ first, children }, region);
    from[one] = from[region];
    from[other] = from[region] + held[one];
  }
  for (let region = 0; region < count; region++) {
    const parts = partsOf({ first, children }, region);
    across[region] = parts.length ? (across[parts[0]] + across[parts[1]]) / 2 : from[region];
  }
  return { first, count, parent, children, place: from.slice(0, first), from, to, across };
}

/**
 * The two regions that became this one; none of a first region.
 * @param {Pick<Tree, "first" | "children">} tree
 * @param {number} region
 * @returns {number[]}
 */
export function partsOf({ first, children }, region) {
  const m = region - first;
  return m < 0 ? [] : [children[2 * m], children[2 * m + 1]];
}

/**
 * How many regions are left once this one is there.
 * @param {Pick<Tree, "first">} tree
 * @param {number} region
 */
export const leftAfter = ({ first }, region) => (region < first ? first : 2 * first - 1 - region);

/**
 * The number of the regions that there are, or have been, when so many are left.
 * @param {Pick<Tree, "first">} tree
 * @param {number} left
 */
export const madeBy = ({ first }, left) => 2 * first - Math.min(first, Math.max(1, left));

/**
 * What the last merge has made when so many are left; null before any merge.
 * @param {Pick<Tree, "first">} tree
 * @param {number} left
 */
export function lastMade(tree, left) {
  const last = madeBy(tree, left) - 1;
  return last < tree.first ? null : last;
}

/**
 * Of each region that there is or has been when so many are left, the one that it is part of then.
 * @param {Tree} tree
 * @param {number} left
 */
export function rootsAt(tree, left) {
  const made = madeBy(tree, left);
  const roots = new Int32Array(made);
  for (let region = made - 1; region >= 0; region--) {
    const above = tree.parent[region];
    roots[region] = above >= 0 && above < made ? roots[above] : region;
  }
  return roots;
}

/**
 * Whether a region is a part of the picture when so many are left.
 * @param {Tree} tree
 * @param {number} region
 * @param {number} left
 */
export function standsAt(tree, region, left) {
  const made = madeBy(tree, left);
  return region < made && (tree.parent[region] < 0 || tree.parent[region] >= made);
}

/**
 * The size of the largest region when so many are left.
 * @param {Tree} tree
 * @param {ArrayLike<number>} sizes of all regions, in pixels
 * @param {number} left
 */
export function largestAt(tree, sizes, left) {
  let largest = 0;
  for (let region = madeBy(tree, left) - 1; region >= 0; region--)
    if (standsAt(tree, region, left)) largest = Math.max(largest, sizes[region]);
  return largest;
}

/**
 * The other part of what a region becomes; null of the last.
 * @param {Tree} tree
 * @param {number} region
 */
export function partnerOf(tree, region) {
  const above = tree.parent[region];
  if (above < 0) return null;
  const [one, other] = partsOf(tree, above);
  return one === region ? other : one;
}

/**
 * Where an arrow key leads from a region: up to what it becomes, down to its larger part, sideways
 * to its partner. The region itself where there is nothing.
 * @param {Tree} tree
 * @param {ArrayLike<number>} sizes of all regions, in pixels
 * @param {number} region
 * @param {string} key
 */
export function walkTo(tree, sizes, region, key) {
  if (key === "ArrowUp") return tree.parent[region] < 0 ? region : tree.parent[region];
  if (key !== "ArrowDown") return partnerOf(tree, region) ?? region;
  const parts = partsOf(tree, region);
  if (!parts.length) return region;
  return sizes[parts[1]] > sizes[parts[0]] ? parts[1] : parts[0];
}
