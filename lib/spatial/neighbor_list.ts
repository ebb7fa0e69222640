/** A list of neighbours of static shape, so that a rollout of particles is one program. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy, withoutGradient } from "../tfjs/mod.ts";
import { checkOnHost, type TensorLike, toTensor } from "../tensor/mod.ts";
import { cond } from "../transform/mod.ts";
import { describe, formatShape, isTensor, type Tensor } from "../tree/mod.ts";
import { CELL_MARGIN, MOST_CELLS, type Search, searchNeighbors } from "./neighbor_search.ts";
import {
  type Box,
  checkFits,
  checkLength,
  checkPointShape,
  type Points,
  readBox,
  readPoints,
  wrapInto,
} from "./points.ts";
import { joinWithin } from "./radius_graph.ts";
import { roundColumns } from "./select_true.ts";

/** What {@linkcode neighborList} looks for. */
export interface NeighborListOptions {
  /** The largest distance of neighbours, in the unit of the positions. */
  readonly radius: number;
  /** As in `radiusGraph`: the lengths of a periodic box; nothing is periodic by default. */
  readonly box?: Box | null;
  /** Whether each point is its own neighbour too; false by default. */
  readonly selfEdges?: boolean;
  /** How much more room there is than the first positions need; 1.25 by default. */
  readonly capacityMultiplier?: number;
  /**
   * The lower and the upper end of each axis that points will spread between, so that cells are
   * enough for that; those of the first positions by default.
   */
  readonly bounds?: readonly (readonly [number, number])[] | null;
  /**
   * If positive, pairs within `radius + skin` are listed, and the list is made anew only when a
   * point has moved by more than half the skin; 0 by default: it is made anew each time.
   */
  readonly skin?: number;
}

/** Neighbours, a tree of tensors that `jit` and `scan` carry. */
export interface NeighborList {
  /** int32 `[C]`, C the capacity; the number of points N in the places that are left over. */
  readonly senders: Tensor;
  /** int32 `[C]`, ascending; N in the places that are left over, which segment sums drop. */
  readonly receivers: Tensor;
  /** float32 `[N, dim]`: the positions that the list was made of; a constant to gradients. */
  readonly positions: Tensor;
  /** int32 `[]`: the number of edges, also if that is more than the capacity. */
  readonly numEdges: Tensor;
  /**
   * bool `[]`: whether a list lacked room, this one or one before it, or positions were not finite;
   * then edges may be missing, and the list is to be allocated anew.
   */
  readonly didOverflow: Tensor;
  /**
   * int32 `[0, x, y, z, W]`: nothing; its shape keeps the cells along each axis and the room in
   * them.
   */
  readonly grid: Tensor;
}

/** Makes lists and keeps them up to date; see {@linkcode neighborList}. */
export interface NeighborListFns {
  /** Measures positions on the host, and makes a list with room for them and some more. */
  allocate(positions: TensorLike): NeighborList;
  /** The list for other positions, in the shapes of the one given. Works inside `jit`. */
  update(positions: Tensor, list: NeighborList): NeighborList;
}

/**
 * A grid is searched where a point has this many times fewer candidates in it than there are
 * points.
 */
const GRID_GAIN = 2;

/**
 * Neighbours within a radius, found inside compiled programs.
 *
 * A program's shapes are fixed while the number of neighbours is not. So `allocate` measures the
 * first positions on the host and leaves some room, and `update` fills the room it is given: inside
 * `jit` and `scan` too, as often as particles move. If the room does not suffice, `didOverflow` is
 * true from then on. Read it at the end; if it is true, allocate from the last good positions, and
 * go on from there. (The scheme of JAX, M.D., `jax_md.partition`: Schoenholz and Cubuk, 2020.)
 *
 * Edges are ordered by receiver. They are those of `radiusGraph`, but that distances are compared
 * in float32: a pair at the radius itself may be on the other side of it. Points may leave the
 * region that `allocate` saw. Where there are few points all pairs are compared, else those in
 * neighbouring cells.
 *
 * @param options The radius, a periodic box, room, skin.
 * @returns `allocate` and `update`.
 * @throws {RangeError} If a length is not positive, the multiplier is less than 1, the box is not
 * wider than two radii, or the ends of an axis are not in order.
 *
 * @example A rollout in one program: what is too near is pushed apart
 * ```ts
 * import { init, jit, neighborList, scan, segmentGather, segmentSum, type Tensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await init();
 * const neighbors = neighborList({ radius: 0.3 });
 * const start = tf.tensor2d([[0.1, 0.5], [0.2, 0.5], [0.7, 0.5]]);
 * const rollout = jit((x: Tensor, list: ReturnType<typeof neighbors.allocate>) =>
 *   scan(([x, list]) => {
 *     const next = neighbors.update(x, list);
 *     // Places that are left over name no point: gathered as zeros, and dropped by sums.
 *     const of = (ids: Tensor) => segmentGather(x, ids);
 *     const apart = tf.sub(of(next.receivers), of(next.senders));
 *     const push = segmentSum(tf.mul(apart, 0.5), next.receivers, 3);
 *     return [[tf.add(x, push), next] as const, null];
 *   }, [x, list] as const, 10)[0]
 * );
 * const [end, list] = rollout(start, neighbors.allocate(start));
 * assertEquals(list.didOverflow.dataSync()[0], 0);
 * assertEquals(list.numEdges.dataSync()[0], 0);
 * assertEquals((end.arraySync() as number[][])[2], [Math.fround(0.7), 0.5]);
 * ```
 */
export function neighborList(options: NeighborListOptions): NeighborListFns {
  const { radius, box, selfEdges = false, capacityMultiplier = 1.25, skin = 0, bounds } = options;
  checkLength(radius, "make a neighbour list", "radius");
  if (!(typeof skin === "number" && skin >= 0 && skin < Infinity)) {
    throw new RangeError(
      `Cannot make a neighbour list as skin must be 0 or a positive length: got ${describe(skin)}`,
    );
  }
  const isFactor = typeof capacityMultiplier === "number" && capacityMultiplier >= 1;
  if (!isFactor || capacityMultiplier === Infinity) {
    throw new RangeError(
      `Cannot make a neighbour list as capacityMultiplier must be 1 or more: got ` +
        describe(capacityMultiplier),
    );
  }
  bounds?.forEach(checkEnds);
  const settings = { radius: radius + skin, selfEdges, box, skin, capacityMultiplier, bounds };
  return {
    allocate: (positions) => allocate(positions, settings),
    update: (positions, list) => update(positions, list, settings),
  };
}

interface Settings extends Pick<Search, "radius" | "selfEdges"> {
  readonly box: Box | null | undefined;
  readonly skin: number;
  readonly capacityMultiplier: number;
  readonly bounds: NeighborListOptions["bounds"];
}

function checkEnds([low, high]: readonly [number, number], axis: number): void {
  if (Number.isFinite(low) && Number.isFinite(high) && low <= high) return;
  throw new RangeError(
    `Cannot make a neighbour list as bounds are the lower and the upper end of each axis: axis ` +
      `${axis} has ${low} and ${high}`,
  );
}

const ALLOCATE = "allocate a neighbour list";

function allocate(positions: TensorLike, settings: Settings): NeighborList {
  checkOnHost(ALLOCATE, "allocate before jit, and pass the list in");
  const { capacityMultiplier, selfEdges } = settings;
  const points = readPoints(positions, ALLOCATE);
  const box = readBox(settings.box, points.dim, ALLOCATE);
  checkFits(settings.radius, box, ALLOCATE);
  wrapInto(points, box);
  const { count } = points;
  // A little more than the radius: float32 may find pairs within it that double precision does not.
  const radius = Math.min(settings.radius * (1 + 1e-6), ...box.map((length) => length / 2.000001));
  const edges = joinWithin(points, radius, { box, selfEdges }, ALLOCATE).senders.length;
  const room = Math.max(count, Math.ceil(edges * capacityMultiplier));
  const capacity = Math.min(room, count * (selfEdges ? count : count - 1));
  return tidy(() => {
    const tensor = toTensor(positions, "positions", "float32");
    const { grid, window } = layGrid(points, box, settings);
    const empty = {
      senders: tf.fill([capacity], count, "int32"),
      receivers: tf.fill([capacity], count, "int32"),
      numEdges: tf.scalar(0, "int32"),
      didOverflow: tf.scalar(false, "bool"),
      grid: tf.zeros([0, ...grid, window], "int32"),
      positions: tf.reshape(tf.cast(tensor, "float32"), [count, points.dim]),
    };
    return count > 0 ? rebuild(empty.positions, empty, settings) : empty;
  });
}

/** The cells along each axis, and the room for three of them in a row. */
function layGrid(
  points: Points,
  box: readonly number[],
  { radius, bounds, capacityMultiplier }: Settings,
): Pick<Search, "grid" | "window"> {
  const { count, dim, data } = points;
  const extents = box.map((length, axis) => {
    if (length < Infinity) return { low: 0, length };
    let [low, high] = [Infinity, -Infinity];
    for (let i = axis; i < data.length; i += dim) {
      low = Math.min(low, data[i]!);
      high = Math.max(high, data[i]!);
    }
    return { low, length: Math.max(0, high - low) };
  });
  const cells = extents.map(({ length }, axis) => {
    const [low, high] = box[axis]! < Infinity ? [0, 0] : bounds?.[axis] ?? [0, 0];
    const most = Math.max(length, high - low);
    return Math.max(1, Math.min(MOST_CELLS, Math.floor(most / (radius * CELL_MARGIN))));
  });
  // No more cells than some for each point.
  const most = Math.max(1, 4 * count);
  const shrink = Math.min(1, (most / cells.reduce((a, b) => a * b, 1)) ** (1 / dim));
  const grid = [0, 1, 2].map((axis) => Math.max(1, Math.floor((cells[axis] ?? 1) * shrink)));
  const fullest = findFullest(points, extents, grid, radius);
  const window = roundColumns(Math.min(count, Math.ceil(fullest * capacityMultiplier)));
  const all = { grid: [1, 1, 1] as const, window: roundColumns(count) };
  const rows = 3 ** (dim - 1);
  return rows * window * GRID_GAIN < count
    ? { grid: grid as unknown as Search["grid"], window }
    : all;
}

/** The most points in three cells in a row. */
function findFullest(
  { count, dim, data }: Points,
  extents: readonly { low: number; length: number }[],
  grid: readonly number[],
  radius: number,
): number {
  const [columns] = grid as [number];
  const counts = new Int32Array(grid.reduce((a, b) => a * b, 1));
  for (let i = 0; i < count; i++) {
    let cell = 0;
    for (let axis = dim - 1; axis >= 0; axis--) {
      const { low, length } = extents[axis]!;
      const size = Math.max(length / grid[axis]!, radius * CELL_MARGIN);
      const at = Math.floor((data[i * dim + axis]! - low) / size);
      cell = cell * grid[axis]! + Math.min(grid[axis]! - 1, at);
    }
    counts[cell]!++;
  }
  let fullest = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    const row = cell - cell % columns;
    // Round the ring, whether it is one or not: room for a little more.
    const at = (step: number): number => counts[row + (cell - row + step) % columns]!;
    let sum = at(0);
    for (let step = 1; step < Math.min(3, columns); step++) sum += at(step);
    fullest = Math.max(fullest, sum);
  }
  return fullest;
}

const UPDATE = "update a neighbour list";

function update(positions: Tensor, list: NeighborList, settings: Settings): NeighborList {
  if (!isTensor(positions) || positions.dtype !== "float32") {
    throw new TypeError(
      `Cannot ${UPDATE} as positions must be a float32 tensor: got ${describe(positions)}`,
    );
  }
  if (!isTensor(list?.positions) || !isTensor(list.grid) || list.grid.rank !== 5) {
    throw new TypeError(
      `Cannot ${UPDATE} as it must have been allocated: got ${describe(list)} (allocate it with ` +
        `neighborList(options).allocate(positions))`,
    );
  }
  checkPointShape(positions.shape, UPDATE, "positions");
  if (String(positions.shape) !== String(list.positions.shape)) {
    throw new TypeError(
      `Cannot ${UPDATE} as it is of as many points: positions is ` +
        `${formatShape(positions.shape)}, the list was allocated for ` +
        `${formatShape(list.positions.shape)} (allocate another one)`,
    );
  }
  if (positions.shape[0] === 0) return { ...list };
  return tidy(() => {
    const fixed = withoutGradient(() => tf.clone(positions));
    if (settings.skin === 0) return rebuild(fixed, list, settings);
    const box = readBox(settings.box, fixed.shape[1]!, UPDATE);
    return cond(
      hasStayed(fixed, list.positions, box, settings.skin),
      () => ({ ...list }),
      () => rebuild(fixed, list, settings),
    );
  });
}

/** Whether no point has moved by more than half the skin. */
function hasStayed(now: Tensor, before: Tensor, box: readonly number[], skin: number): Tensor {
  const squares = tf.unstack(tf.sub(now, before), 1).map((d, axis) => {
    const length = box[axis]!;
    if (length === Infinity) return tf.square(d);
    return tf.square(tf.sub(d, tf.mul(tf.round(tf.div(d, length)), length)));
  });
  const sum = squares.reduce((a, b) => tf.add(a, b));
  // True only for numbers: what is not finite has moved.
  return tf.all(tf.lessEqual(sum, (skin / 2) ** 2));
}

function rebuild(positions: Tensor, list: NeighborList, settings: Settings): NeighborList {
  const [, ...sizes] = list.grid.shape as [number, number, number, number, number];
  const found = searchNeighbors(positions, {
    radius: settings.radius,
    selfEdges: settings.selfEdges,
    box: readBox(settings.box, positions.shape[1]!, UPDATE),
    grid: sizes.slice(0, 3) as unknown as Search["grid"],
    window: sizes[3]!,
    capacity: list.senders.shape[0]!,
  });
  return {
    ...found,
    positions: tf.clone(positions),
    didOverflow: tf.logicalOr(list.didOverflow, found.didOverflow),
    grid: tf.clone(list.grid),
  };
}
