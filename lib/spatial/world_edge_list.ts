/** World edges of static shape, so that a rollout of meshes that touch is one program. @module */
import * as tf from "@tensorflow/tfjs";
import { segmentGather } from "../segment/mod.ts";
import { type TensorLike, toTensor } from "../tensor/mod.ts";
import { tidy } from "../tfjs/mod.ts";
import { describe, isTensor, type Tensor } from "../tree/mod.ts";
import { type NeighborList, neighborList, type NeighborListOptions } from "./neighbor_list.ts";
import { roundColumns, selectTrue } from "./select_true.ts";
import { neighborsOf, readIndices, worldEdges } from "./world_edges.ts";

/** What {@linkcode worldEdgeList} looks for. */
export type WorldEdgeListOptions = Omit<NeighborListOptions, "selfEdges">;

/** World edges, a tree of tensors that `jit` and `scan` carry. */
export type WorldEdgeList = {
  /** int32 `[C]`, C the capacity; the number of nodes N in the places that are left over. */
  readonly senders: Tensor;
  /** int32 `[C]`, ascending; N in the places that are left over, which segment sums drop. */
  readonly receivers: Tensor;
  /** int32 `[]`: the number of edges, if no list lacked room. */
  readonly numEdges: Tensor;
  /** bool `[]`: whether a list lacked room, this one or one before it; see `NeighborList`. */
  readonly didOverflow: Tensor;
  /** All pairs that are near, those of the mesh too. */
  readonly near: NeighborList;
  /** int32 `[N, K]`: the nodes that the mesh joins with each, N where there are fewer. */
  readonly joined: Tensor;
};

/** The edges of a mesh. */
export interface JoinedNodes {
  /** int32 `[E]`. */
  readonly senders: TensorLike;
  /** int32 `[E]`. */
  readonly receivers: TensorLike;
}

/** Makes lists and keeps them up to date; see {@linkcode worldEdgeList}. */
export interface WorldEdgeListFns {
  /** The largest distance of nodes that touch, in the unit of the positions. */
  readonly radius: number;
  /**
   * Measures positions on the host, and makes a list with room for them and some more, at least a
   * world edge for each node; or, with `room`, a list in the shapes of another one, so that both
   * can go through one program.
   */
  allocate(positions: TensorLike, mesh: JoinedNodes, room?: WorldEdgeList): WorldEdgeList;
  /** The list for other positions, in the shapes of the one given. Works inside `jit`. */
  update(positions: Tensor, list: WorldEdgeList): WorldEdgeList;
}

/**
 * World edges found inside compiled programs: those of `worldEdges`, in a list as `neighborList`
 * keeps it.
 *
 * Pairs within the radius are found as there; of these, the ones that the mesh joins are left out.
 *
 * @param options The radius, a periodic box, room, skin.
 * @returns `allocate` and `update`.
 * @throws {RangeError} As `neighborList`.
 *
 * @example A strip that closes, in one program
 * ```ts
 * import { init, jit, worldEdgeList } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await init();
 * const mesh = { senders: [1, 2, 3], receivers: [0, 1, 2] };
 * const open = tf.tensor2d([[0, 0], [1, 0], [1, 1], [0, 1]]);
 * const edges = worldEdgeList({ radius: 0.5 });
 * const bent = tf.tensor2d([[0, 0], [1, 0], [1, 1], [0.2, 0.3]]);
 * const { senders, receivers, numEdges } = jit(edges.update)(bent, edges.allocate(open, mesh));
 * assertEquals(numEdges.dataSync()[0], 2);
 * assertEquals([...senders.dataSync()].slice(0, 2), [3, 0]);
 * assertEquals([...receivers.dataSync()].slice(0, 2), [0, 3]);
 * ```
 */
export function worldEdgeList(options: WorldEdgeListOptions): WorldEdgeListFns {
  const neighbors = neighborList(options);
  const { radius, box = null, capacityMultiplier = 1.25, skin = 0 } = options;
  return {
    radius,
    allocate: (positions, mesh, room) =>
      tidy(() => {
        if (room) {
          const fresh = { ...room.near, didOverflow: tf.scalar(false, "bool") };
          const joined = joinedTable(mesh, fresh.positions.shape[0]!, room.joined.shape[1]!);
          const near = neighbors.update(toTensor(positions, "positions", "float32"), fresh);
          return withoutMesh(near, joined, room.senders.shape[0]!);
        }
        const { senders, receivers } = mesh;
        const edges = worldEdges(positions, radius + skin, senders, receivers, { box });
        const near = neighbors.allocate(positions);
        const count = near.positions.shape[0]!;
        const enough = Math.max(count, Math.ceil(edges.senders.length * capacityMultiplier));
        const capacity = Math.min(enough, near.senders.shape[0]!);
        return withoutMesh(near, joinedTable(mesh, count), capacity);
      }),
    update: (positions, list) => {
      if (!isTensor(list?.joined)) {
        throw new TypeError(
          `Cannot update world edges as they must have been allocated: got ${describe(list)} ` +
            `(allocate them with worldEdgeList(options).allocate(positions, mesh))`,
        );
      }
      return tidy(() => {
        const near = neighbors.update(positions, list.near);
        const next = withoutMesh(near, list.joined, list.senders.shape[0]!);
        return { ...next, didOverflow: tf.logicalOr(list.didOverflow, next.didOverflow) };
      });
    },
  };
}

/** The nodes that the mesh joins with each, in rows of one length. */
function joinedTable({ senders, receivers }: JoinedNodes, count: number, room?: number): Tensor {
  const [from, to] = [
    readIndices(senders, "meshSenders", count),
    readIndices(receivers, "meshReceivers", count),
  ];
  const { start, joined } = neighborsOf(from, to, count);
  const rows = Array.from(
    { length: count },
    (_, node) => [...new Set(joined.subarray(start[node]!, start[node + 1]!))],
  );
  const most = rows.reduce((most, row) => Math.max(most, row.length), 0);
  // In steps of eight, so that meshes of about one kind share a program.
  const length = room ?? Math.max(8, Math.ceil(most / 8) * 8);
  if (most > length) {
    throw new RangeError(
      `Cannot make world edges as another list's shapes must suffice: a node is joined with ${most} ` +
        `others, there is room for ${length} (allocate the list of the finer mesh first)`,
    );
  }
  const table = new Int32Array(count * length).fill(count);
  rows.forEach((row, node) => table.set(row, node * length));
  return tf.tensor2d(table, [count, length], "int32");
}

/** The near pairs but for those of the mesh, in `capacity` places. */
function withoutMesh(near: NeighborList, joined: Tensor, capacity: number): WorldEdgeList {
  const [count, places] = [joined.shape[0]!, near.senders.shape[0]!];
  const none = tf.scalar(count, "int32");
  if (capacity === 0) {
    const empty = { senders: tf.clone(near.senders), receivers: tf.clone(near.receivers) };
    return {
      ...empty,
      numEdges: tf.scalar(0, "int32"),
      didOverflow: near.didOverflow,
      near,
      joined,
    };
  }
  const others = segmentGather(joined, near.receivers);
  const isJoined = tf.any(tf.equal(others, tf.expandDims(near.senders, 1)), 1);
  const isWorld = tf.logicalAnd(tf.less(near.receivers, none), tf.logicalNot(isJoined));
  const mask = tf.pad(tf.cast(isWorld, "int32"), [[0, roundColumns(places) - places]]);
  const { rows, columns, total } = selectTrue(
    tf.cast(tf.reshape(mask, [-1, roundColumns(1)]), "bool"),
    capacity,
  );
  const place = tf.add(tf.mul(rows, tf.scalar(roundColumns(1), "int32")), columns);
  const isEdge = tf.less(tf.range(0, capacity, 1, "int32"), total);
  const pick = (ids: Tensor): Tensor =>
    tf.where(isEdge, tf.gather(ids, tf.minimum(place, tf.scalar(places - 1, "int32"))), none);
  return {
    senders: pick(near.senders),
    receivers: pick(near.receivers),
    numEdges: total,
    didOverflow: tf.logicalOr(near.didOverflow, tf.greater(total, tf.scalar(capacity, "int32"))),
    near,
    // One of its own, as whoever disposes a list disposes all of it.
    joined: tf.clone(joined),
  };
}
