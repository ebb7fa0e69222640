/** Neighbours found by tensor operations of fixed shapes, so that `jit` compiles them. @module */
import { runKernel } from "../tfjs/mod.ts";
import * as tf from "@tensorflow/tfjs";
import { segmentSum } from "../segment/mod.ts";
import type { Tensor } from "../tree/mod.ts";
import { selectTrue } from "./select_true.ts";

/** What is fixed about a search: sizes, and what a neighbour is. */
export interface Search {
  readonly radius: number;
  /** The length of each axis; `Infinity` where it is not periodic. */
  readonly box: readonly number[];
  readonly selfEdges: boolean;
  /** Cells along x, y and z; one in all is no grid: all pairs are compared. */
  readonly grid: readonly [number, number, number];
  /** The most points in three cells in a row that a search has room for, a multiple of 8. */
  readonly window: number;
  /** The most edges. */
  readonly capacity: number;
}

/** Edges by receiver. */
export interface Found {
  /** int32 `[capacity]`, the number of points where a place is empty. */
  readonly senders: Tensor;
  /** int32 `[capacity]`, the number of points where a place is empty. */
  readonly receivers: Tensor;
  /** int32 `[]`: how many there are, also if there is no room for them. */
  readonly numEdges: Tensor;
  /** bool `[]`: whether edges are missing. */
  readonly didOverflow: Tensor;
}

const int = (value: number): Tensor => tf.scalar(value, "int32");

/**
 * Cells are this much larger than the radius, so that rounding in float32 leaves two neighbours in
 * cells next to each other; good for {@linkcode MOST_CELLS} cells along an axis.
 */
export const CELL_MARGIN = 1.001;

/** Cells along an axis at most. */
export const MOST_CELLS = 1024;

/** Finds all pairs of points that are within the radius. */
export function searchNeighbors(positions: Tensor, search: Search): Found {
  const [count] = positions.shape as [number];
  const axes = tf.unstack(positions, 1).map((x, axis) => wrap(x, search.box[axis]!));
  const { mask, toIndex, isTooFull } = search.grid.every((cells) => cells === 1)
    ? compareAll(axes, search)
    : compareInCells(axes, search);
  const { rows, columns, total } = selectTrue(mask, search.capacity);
  const isEdge = tf.less(tf.range(0, search.capacity, 1, "int32"), total);
  const orNone = (x: Tensor): Tensor => tf.where(isEdge, x, int(count));
  const isLost = tf.logicalOr(isTooFull, tf.greater(total, int(search.capacity)));
  return {
    senders: orNone(toIndex(rows, columns)),
    receivers: orNone(rows),
    numEdges: total,
    didOverflow: tf.logicalOr(isLost, tf.logicalNot(tf.all(tf.isFinite(positions)))) as Tensor,
  };
}

interface Compared {
  /** bool `[N, candidates]`: whether a candidate is a neighbour. */
  readonly mask: Tensor;
  /** The index of a candidate. */
  readonly toIndex: (row: Tensor, column: Tensor) => Tensor;
  /** bool `[]`: whether there were more candidates than room. */
  readonly isTooFull: Tensor;
}

/** Moves coordinates into a ring. */
function wrap(x: Tensor, length: number): Tensor {
  return length === Infinity ? x : tf.sub(x, tf.mul(tf.floor(tf.div(x, length)), length));
}

/** Whether points are near; `from` and `to` hold coordinates that broadcast, an axis each. */
function areNear(from: readonly Tensor[], to: readonly Tensor[], { box, radius }: Search): Tensor {
  const squares = from.map((x, axis) => {
    const d = tf.abs(tf.sub(x, to[axis]!));
    const length = box[axis]!;
    return tf.square(length === Infinity ? d : tf.minimum(d, tf.sub(length, d)));
  });
  return tf.lessEqual(squares.reduce((a, b) => tf.add(a, b)), radius * radius);
}

/** Compares all pairs: what is fastest for some hundred points, and vectorises. */
function compareAll(axes: readonly Tensor[], search: Search): Compared {
  const count = axes[0]!.shape[0]!;
  const candidates = axes.map((x) => tf.pad(x, [[0, search.window - count]]));
  const own = tf.reshape(tf.range(0, count, 1, "int32"), [count, 1]);
  const other = tf.reshape(tf.range(0, search.window, 1, "int32"), [1, search.window]);
  const isNear = areNear(
    axes.map((x) => tf.reshape(x, [count, 1])),
    candidates.map((x) => tf.reshape(x, [1, search.window])),
    search,
  );
  const isOther = search.selfEdges ? tf.less(other, int(count)) : tf.logicalAnd(
    tf.less(other, int(count)),
    tf.notEqual(other, own),
  );
  return {
    mask: tf.logicalAnd(isNear, isOther),
    toIndex: (_row, column) => column,
    isTooFull: tf.scalar(false, "bool"),
  };
}

/** The coordinate of each point's cell along an axis, int32 `[N]`. */
function cellAlong(x: Tensor, cells: number, length: number, radius: number): Tensor {
  const low = length === Infinity ? tf.min(x) : tf.scalar(0);
  const size = length === Infinity
    ? tf.maximum(radius * CELL_MARGIN, tf.div(tf.sub(tf.max(x), low), cells))
    : tf.scalar(length / cells);
  const cell = tf.cast(tf.floor(tf.div(tf.sub(x, low), size)), "int32");
  // As an integer: what was not finite is then in a cell too.
  return tf.maximum(tf.minimum(cell, int(cells - 1)), int(0));
}

/** Points sorted by cell. */
interface Sorted {
  /** int32 `[N]`: the index of the point at each place. */
  readonly order: Tensor;
  /** int32 `[N]`: the place of each point. */
  readonly place: Tensor;
  /** int32 `[cells + 1]`: the first place of each cell. */
  readonly start: Tensor;
}

function sortByCell(cell: Tensor, cells: number): Sorted {
  const count = cell.shape[0]!;
  const order = runKernel("StableArgsort", { x: cell });
  const counts = segmentSum(tf.ones([count], "int32"), cell, cells);
  return {
    order,
    place: segmentSum(tf.range(0, count, 1, "int32"), order, count),
    start: tf.concat([tf.zeros([1], "int32"), tf.cumsum(counts)]),
  };
}

/** Compares each point with those in the cells around its own. */
function compareInCells(axes: readonly Tensor[], search: Search): Compared {
  const { grid, box, window } = search;
  const count = axes[0]!.shape[0]!;
  const cells = axes.map((x, axis) => cellAlong(x, grid[axis]!, box[axis]!, search.radius));
  const flat = cells.reduceRight((sum, cell, axis) => tf.add(tf.mul(sum, int(grid[axis]!)), cell));
  const sorted = sortByCell(flat, grid[0] * grid[1] * grid[2]);
  const { first, size, rowStart, rowEnd } = findWindows(cells, sorted.start, search);
  const rows = first.shape[1]!;
  const toPlace = (at: Tensor, end: Tensor, start: Tensor): Tensor => {
    const inRow = box[0] === Infinity
      ? at
      : tf.where(tf.less(at, end), at, tf.sub(at, tf.sub(end, start)));
    return tf.minimum(inRow, int(count - 1));
  };
  const column = (x: Tensor): Tensor => tf.reshape(x, [count, rows, 1]);
  const offset = tf.reshape(tf.range(0, window, 1, "int32"), [1, 1, window]);
  const place = toPlace(tf.add(column(first), offset), column(rowEnd), column(rowStart));
  const isNear = areNear(
    axes.map((x) => tf.reshape(x, [count, 1, 1])),
    axes.map((x) => tf.gather(tf.gather(x, sorted.order), place)),
    search,
  );
  const isThere = tf.less(offset, column(size));
  const isOther = search.selfEdges
    ? isThere
    : tf.logicalAnd(isThere, tf.notEqual(place, tf.reshape(sorted.place, [count, 1, 1])));
  return {
    mask: tf.reshape(tf.logicalAnd(isNear, isOther), [count, rows * window]),
    toIndex: (row, column) => {
      const inWindow = tf.mod(column, int(window));
      const at = tf.add(tf.mul(row, int(rows)), tf.floorDiv(column, int(window)));
      const of = (x: Tensor): Tensor => tf.gather(tf.reshape(x, [-1]), at);
      return tf.gather(
        sorted.order,
        toPlace(tf.add(of(first), inWindow), of(rowEnd), of(rowStart)),
      );
    },
    isTooFull: tf.any(tf.greater(size, int(window))),
  };
}

/** Windows of places, int32 `[N, rows]` each: three cells of a row, for all rows around a point. */
interface Windows {
  /** The first place; from the end of the row it goes on at its start, where x is periodic. */
  readonly first: Tensor;
  /** How many places; 0 where there is no row. */
  readonly size: Tensor;
  readonly rowStart: Tensor;
  readonly rowEnd: Tensor;
}

function findWindows(cells: readonly Tensor[], start: Tensor, { grid, box }: Search): Windows {
  const [x] = cells as [Tensor];
  const length = int(grid[0]);
  // Whole rows where three cells in a row are all there are.
  const isWhole = grid[0] <= 3 && box[0] !== Infinity;
  const turn = (cell: Tensor): Tensor => box[0] === Infinity ? cell : tf.mod(cell, length);
  const low = isWhole
    ? tf.zerosLike(x)
    : box[0] === Infinity
    ? tf.maximum(tf.sub(x, int(1)), int(0))
    : turn(tf.add(x, int(grid[0] - 1)));
  const high = isWhole
    ? tf.fill(x.shape, grid[0] - 1, "int32")
    : box[0] === Infinity
    ? tf.minimum(tf.add(x, int(1)), int(grid[0] - 1))
    : turn(tf.add(x, int(1)));
  const windows = rowsAround(cells, grid, box).map(({ row, isThere }) => {
    const cell = tf.mul(row, length);
    const at = (column: Tensor): Tensor => tf.gather(start, tf.add(cell, column));
    const [first, end] = [at(low), at(tf.add(high, int(1)))];
    const [rowStart, rowEnd] = [at(int(0)), at(length)];
    const turned = tf.where(tf.lessEqual(low, high), int(0), tf.sub(rowEnd, rowStart));
    const size = tf.add(tf.sub(end, first), turned);
    return { first, size: isThere ? tf.where(isThere, size, int(0)) : size, rowStart, rowEnd };
  });
  const stacked = (name: keyof Windows): Tensor => tf.stack(windows.map((each) => each[name]), 1);
  return {
    first: stacked("first"),
    size: stacked("size"),
    rowStart: stacked("rowStart"),
    rowEnd: stacked("rowEnd"),
  };
}

/** A row of cells for each point, and whether there is one (null: always). */
interface Row {
  readonly row: Tensor;
  readonly isThere: Tensor | null;
}

/** The rows of cells around the points' own: one, three or nine. */
function rowsAround(
  cells: readonly Tensor[],
  grid: Search["grid"],
  box: readonly number[],
): Row[] {
  let rows: Row[] = [{ row: tf.zerosLike(cells[0]!), isThere: null }];
  for (let axis = cells.length - 1; axis >= 1; axis--) {
    const size = grid[axis]!;
    // In a ring of two, both ways lead to one row.
    const steps = size === 1 ? [0] : size === 2 && box[axis] !== Infinity ? [0, 1] : [-1, 0, 1];
    rows = rows.flatMap(({ row, isThere }) =>
      steps.map((step) => {
        const at = tf.add(cells[axis]!, int(step));
        const isPeriodic = box[axis] !== Infinity;
        const inside = isPeriodic
          ? tf.mod(tf.add(at, int(size)), int(size))
          : tf.maximum(tf.minimum(at, int(size - 1)), int(0));
        const isHere = isPeriodic || step === 0 ? isThere : and(isThere, tf.equal(at, inside));
        return { row: tf.add(tf.mul(row, int(size)), inside), isThere: isHere };
      })
    );
  }
  return rows;
}

function and(a: Tensor | null, b: Tensor): Tensor {
  return a ? tf.logicalAnd(a, b) : b;
}
