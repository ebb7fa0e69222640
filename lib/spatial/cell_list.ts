/** Points sorted into cells, of which only those that hold points exist. @module */
import type { Points } from "./points.ts";

/** Points by cell. A point's place is its position in the order of cells. */
export interface CellList {
  /** The index of the point at each place. */
  readonly index: Int32Array;
  /** Coordinates by place, one array an axis; absent axes are zero. */
  readonly axes: readonly [Float64Array, Float64Array, Float64Array];
  /** The cell of the point at each place. */
  readonly cellOf: Int32Array;
  /** For each cell, 1 if cells around it may lie at the other side of the box. */
  readonly isAtEdge: Uint8Array;
  /** Where the ranges of each cell start, one more at the end. */
  readonly firstRange: Int32Array;
  /**
   * Ranges of places, `[begin, end)` one after another: the points of the cells around each cell.
   */
  readonly ranges: Int32Array;
}

/** Whole coordinates of cells; points of several graphs share none. */
type Key = readonly [x: Int32Array, y: Int32Array, z: Int32Array, graph: Int32Array];

/** Cells an axis; beyond it cells become larger than the radius asks for. */
const MOST_CELLS = 2 ** 24;

/** What keeps two points within the radius in cells next to each other, whatever was rounded. */
const MARGIN = 1 + 1e-6;

interface Axis {
  readonly origin: number;
  /** Of a cell. */
  readonly size: number;
  /** Cells along the axis. */
  readonly cells: number;
  readonly isPeriodic: boolean;
}

const ABSENT: Axis = { origin: 0, size: 1, cells: 1, isPeriodic: false };

/**
 * Sorts points into cells no smaller than the radius, so that what is within it of a point lies in
 * the cells around the point's own.
 *
 * Cells are ordered by graph, z, y and x, so that those next to each other along x are one range,
 * and found by walking along rows: memory grows with the points, not with the space between them.
 *
 * @param points Inside the box along its periodic axes.
 * @param graphs How many of the points belong to each graph.
 */
export function cellList(
  points: Points,
  radius: number,
  box: readonly number[],
  graphs: Int32Array,
): CellList {
  const axes = [0, 1, 2].map((axis) =>
    axis < points.dim ? layAxis(points, axis, radius, box[axis]!) : ABSENT
  ) as [Axis, Axis, Axis];
  const key: Key = [
    ...axes.map((axis, i) => coordinates(points, i, axis)) as [Int32Array, Int32Array, Int32Array],
    graphOf(graphs, points.count),
  ];
  const index = sortByKey(key, [...axes.map(({ cells }) => cells), graphs.length]);
  const cells = findCells(key, index);
  return {
    index,
    axes: [0, 1, 2].map((axis) => column(points, axis, index)) as unknown as CellList["axes"],
    cellOf: cells.cellOf,
    isAtEdge: findEdge(cells, axes),
    ...findRanges(cells, axes),
  };
}

function layAxis({ data, count, dim }: Points, axis: number, radius: number, box: number): Axis {
  const least = radius * MARGIN;
  if (box < Infinity) {
    const cells = Math.max(1, Math.min(MOST_CELLS, Math.floor(box / least)));
    return { origin: 0, size: box / cells, cells, isPeriodic: true };
  }
  let [low, high] = [count > 0 ? Infinity : 0, count > 0 ? -Infinity : 0];
  for (let i = axis; i < count * dim; i += dim) {
    low = Math.min(low, data[i]!);
    high = Math.max(high, data[i]!);
  }
  const size = Math.max(least, (high - low) / MOST_CELLS);
  return { origin: low, size, cells: Math.floor((high - low) / size) + 1, isPeriodic: false };
}

/** The coordinate of each point's cell along an axis. */
function coordinates({ data, count, dim }: Points, axis: number, lay: Axis): Int32Array {
  const cells = new Int32Array(count);
  if (axis >= dim) return cells;
  const { origin, size } = lay;
  const last = lay.cells - 1;
  for (let i = 0; i < count; i++) {
    cells[i] = Math.min(last, Math.floor((data[i * dim + axis]! - origin) / size));
  }
  return cells;
}

function graphOf(graphs: Int32Array, count: number): Int32Array {
  const ids = new Int32Array(count);
  let first = 0;
  graphs.forEach((size, graph) => ids.fill(graph, first, first += size));
  return ids;
}

/** Coordinates in the order of places. */
function column({ data, count, dim }: Points, axis: number, index: Int32Array): Float64Array {
  const values = new Float64Array(count);
  if (axis >= dim) return values;
  for (let place = 0; place < count; place++) values[place] = data[index[place]! * dim + axis]!;
  return values;
}

const DIGIT_BITS = 12;

/** The order by the last word of the key, then the one before, and so on: a stable radix sort. */
function sortByKey(key: Key, sizes: readonly number[]): Int32Array {
  let order = Int32Array.from({ length: key[0].length }, (_, i) => i);
  key.forEach((word, k) => {
    for (let shift = 0; (sizes[k]! - 1) >> shift > 0; shift += DIGIT_BITS) {
      order = sortByDigit(order, word, shift);
    }
  });
  return order;
}

function sortByDigit(order: Int32Array, word: Int32Array, shift: number): Int32Array<ArrayBuffer> {
  const mask = 2 ** DIGIT_BITS - 1;
  const next = new Int32Array(mask + 2);
  for (let i = 0; i < word.length; i++) next[((word[i]! >> shift) & mask) + 1]!++;
  for (let digit = 0; digit < mask; digit++) next[digit + 1]! += next[digit]!;
  const sorted = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) {
    sorted[next[(word[order[i]!]! >> shift) & mask]!++] = order[i]!;
  }
  return sorted;
}

interface Cells {
  /** The key of each cell. */
  readonly key: Key;
  /** Where the points of each cell start, one more at the end. */
  readonly start: Int32Array;
  readonly cellOf: Int32Array;
  readonly count: number;
}

/** Runs of points of one key. */
function findCells([x, y, z, graph]: Key, index: Int32Array): Cells {
  const count = index.length;
  const cellOf = new Int32Array(count);
  const start = new Int32Array(count + 1);
  const own = [x, y, z, graph].map(() => new Int32Array(count)) as unknown as Key;
  let cell = -1;
  for (let place = 0; place < count; place++) {
    const i = index[place]!;
    if (
      cell < 0 || own[0][cell] !== x[i] || own[1][cell] !== y[i] || own[2][cell] !== z[i] ||
      own[3][cell] !== graph[i]
    ) {
      start[++cell] = place;
      own[0][cell] = x[i]!;
      own[1][cell] = y[i]!;
      own[2][cell] = z[i]!;
      own[3][cell] = graph[i]!;
    }
    cellOf[place] = cell;
  }
  start[cell + 1] = count;
  return { key: own, start, cellOf, count: cell + 1 };
}

/** Which cells lie at the sides of a periodic box. */
function findEdge({ key, count }: Cells, axes: readonly Axis[]): Uint8Array {
  const isAtEdge = new Uint8Array(count);
  axes.forEach(({ isPeriodic, cells }, axis) => {
    if (!isPeriodic) return;
    for (let cell = 0; cell < count; cell++) {
      const at = key[axis]![cell]!;
      if (at === 0 || at === cells - 1) isAtEdge[cell] = 1;
    }
  });
  return isAtEdge;
}

/** Where each row of cells (of one y, z and graph) starts, one more at the end. */
function findRows({ key: [, y, z, graph], count }: Cells): Int32Array {
  const rows = new Int32Array(count + 1);
  let row = 0;
  for (let cell = 1; cell < count; cell++) {
    const isSame = y[cell] === y[cell - 1] && z[cell] === z[cell - 1] &&
      graph[cell] === graph[cell - 1];
    if (!isSame) rows[++row] = cell;
  }
  rows[row + 1] = count;
  return rows.subarray(0, count > 0 ? row + 2 : 1);
}

/** The row at these coordinates, or -1: a binary search. */
function findRow(cells: Cells, rows: Int32Array, y: number, z: number, graph: number): number {
  const { key } = cells;
  let [low, high] = [0, rows.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    const cell = rows[middle]!;
    const order = key[3][cell]! - graph || key[2][cell]! - z || key[1][cell]! - y;
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return -1;
}

/** The coordinates next to one and itself, each once: in a ring of two, both ways lead to one. */
function around(at: number, { cells, isPeriodic }: Axis): number[] {
  const all = [at - 1, at, at + 1];
  if (!isPeriodic) return all;
  return [...new Set(all.map((each) => (each + cells) % cells))];
}

/**
 * The ranges of places around each cell: in each of nine rows, from one cell before to one after.
 */
function findRanges(
  cells: Cells,
  [x, y, z]: readonly [Axis, Axis, Axis],
): Pick<CellList, "firstRange" | "ranges"> {
  const { key: [at, ofY, ofZ, graph], start, count } = cells;
  const rows = findRows(cells);
  const list = new Ranges(start, count * 9 * (x.isPeriodic ? 2 : 1));
  const firstRange = new Int32Array(count + 1);
  const isRing = x.isPeriodic && x.cells > 2;
  // The walk along each of the other rows: it only goes on.
  const low = new Int32Array(9), high = new Int32Array(9), others = new Int32Array(9);
  for (let row = 0; row + 1 < rows.length; row++) {
    const first = rows[row]!;
    let near = 0;
    for (const toZ of around(ofZ[first]!, z)) {
      for (const toY of around(ofY[first]!, y)) {
        const other = findRow(cells, rows, toY, toZ, graph[first]!);
        if (other < 0) continue;
        low[near] = high[near] = rows[other]!;
        others[near++] = other;
      }
    }
    for (let cell = first; cell < rows[row + 1]!; cell++) {
      for (let k = 0; k < near; k++) {
        const begin = rows[others[k]!]!, end = rows[others[k]! + 1]!;
        let from = low[k]!, to = high[k]!;
        while (from < end && at[from]! < at[cell]! - 1) from++;
        while (to < end && at[to]! <= at[cell]! + 1) to++;
        list.add(low[k] = from, high[k] = to);
        if (!isRing) continue;
        if (at[cell] === 0 && at[end - 1] === x.cells - 1) list.add(Math.max(to, end - 1), end);
        if (at[cell] === x.cells - 1 && at[begin] === 0) list.add(begin, Math.min(from, begin + 1));
      }
      firstRange[cell + 1] = list.count;
    }
  }
  return { firstRange, ranges: list.ranges };
}

/** A list of ranges of places, made of ranges of cells. */
class Ranges {
  readonly ranges: Int32Array;
  count = 0;
  readonly #start: Int32Array;

  constructor(start: Int32Array, capacity: number) {
    this.#start = start;
    this.ranges = new Int32Array(2 * capacity);
  }

  add(first: number, end: number): void {
    if (first >= end) return;
    this.ranges[2 * this.count] = this.#start[first]!;
    this.ranges[2 * this.count++ + 1] = this.#start[end]!;
  }
}
