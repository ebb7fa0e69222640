/** A balanced tree of boxes, to find the nearest of them. @module */

/** Boxes by place in a tree; a point is a box without extent. */
export interface BoxTree {
  readonly dim: number;
  /** The index of the box at each place. */
  readonly index: Int32Array;
  /**
   * The bounds of each node, `[lows, highs]`, 2 · dim numbers a node; the children of n are 2n+1,
   * 2n+2.
   */
  readonly bounds: Float64Array;
}

/** Places in a leaf at most. */
const LEAF = 16;

/**
 * Sorts boxes into a k-d tree that halves them by their centres along the widest axis (J. H.
 * Friedman et al., An Algorithm for Finding Best Matches in Logarithmic Expected Time, 1977).
 *
 * @param lows `[N, dim]`, finite.
 * @param highs `[N, dim]`; the same array for points.
 */
export function boxTree(lows: Float64Array, highs: Float64Array, dim: number): BoxTree {
  const count = lows.length / dim;
  const index = Int32Array.from({ length: count }, (_, i) => i);
  const levels = Math.ceil(Math.log2(Math.max(1, count / LEAF)));
  const bounds = new Float64Array((2 ** (levels + 1) - 1) * 2 * dim);
  const build = (node: number, begin: number, end: number): void => {
    const at = node * 2 * dim;
    bounds.fill(Infinity, at, at + dim).fill(-Infinity, at + dim, at + 2 * dim);
    for (let place = begin; place < end; place++) {
      for (let axis = 0; axis < dim; axis++) {
        const value = index[place]! * dim + axis;
        bounds[at + axis] = Math.min(bounds[at + axis]!, lows[value]!);
        bounds[at + dim + axis] = Math.max(bounds[at + dim + axis]!, highs[value]!);
      }
    }
    if (end - begin <= LEAF) return;
    let widest = 0;
    const width = (axis: number): number => bounds[at + dim + axis]! - bounds[at + axis]!;
    for (let axis = 1; axis < dim; axis++) if (width(axis) > width(widest)) widest = axis;
    const middle = (begin + end) >> 1;
    const centre = (i: number): number => lows[i * dim + widest]! + highs[i * dim + widest]!;
    selectMiddle(index, begin, end - 1, middle, centre);
    build(2 * node + 1, begin, middle);
    build(2 * node + 2, middle, end);
  };
  if (count > 0) build(0, 0, count);
  return { dim, index, bounds };
}

/** Hoare's selection: what is smaller than the middle one goes before it, what is larger after. */
function selectMiddle(
  index: Int32Array,
  low: number,
  high: number,
  middle: number,
  value: (i: number) => number,
): void {
  while (low < high) {
    const pivot = value(index[middle]!);
    let [i, j] = [low, high];
    while (i <= j) {
      while (value(index[i]!) < pivot) i++;
      while (value(index[j]!) > pivot) j--;
      if (i > j) break;
      [index[i], index[j]] = [index[j]!, index[i]!];
      i++;
      j--;
    }
    if (j < middle) low = i;
    if (middle < i) high = j;
  }
}

/** What is looked for: squared distances, and what to do with a box that may be near enough. */
export interface NearestQuery {
  /** The least squared distance to what lies between bounds, `[lows, highs]` from `at` on. */
  bound(bounds: Float64Array, at: number): number;
  /**
   * Looks at the boxes at places `[begin, end)`; returns the squared distance still of interest.
   */
  visit(begin: number, end: number): number;
}

/** Visits boxes, near ones first, leaving out nodes that are further away than is of interest. */
export function visitNearest({ dim, index, bounds }: BoxTree, query: NearestQuery): void {
  let limit = Infinity;
  const size = 2 * dim;
  const descend = (node: number, begin: number, end: number): void => {
    if (end - begin <= LEAF) {
      limit = query.visit(begin, end);
      return;
    }
    const middle = (begin + end) >> 1;
    const left = query.bound(bounds, (2 * node + 1) * size);
    const right = query.bound(bounds, (2 * node + 2) * size);
    const leftFirst = left <= right;
    // At the limit itself there may be a box of a lower index.
    if (leftFirst && left <= limit) descend(2 * node + 1, begin, middle);
    if (right <= limit) descend(2 * node + 2, middle, end);
    if (!leftFirst && left <= limit) descend(2 * node + 1, begin, middle);
  };
  if (index.length > 0) descend(0, 0, index.length);
}
