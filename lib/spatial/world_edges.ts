/** Edges between nodes that meet in space but are not joined in the mesh. @module */
import { checkReadable, type TensorLike, toInt32Tensor } from "../tensor/mod.ts";
import { describe, isTensor } from "../tree/mod.ts";
import { joinWithin, type NeighborEdges, type NeighborOptions } from "./radius_graph.ts";
import { readPoints } from "./points.ts";

const ACTION = "make world edges";

/** A list of node indices, checked. */
export function readIndices(value: TensorLike, name: string, count: number): Int32Array {
  const tensor = toInt32Tensor(value, name);
  checkReadable(tensor, ACTION, name, "make them before jit");
  if (tensor.rank !== 1) {
    throw new TypeError(
      `Cannot ${ACTION} as ${name} must be int32 of rank 1: got ${describe(tensor)}`,
    );
  }
  const indices = tensor.dataSync<"int32">().slice();
  if (!isTensor(value)) tensor.dispose();
  const wrong = indices.findIndex((index) => index < 0 || index >= count);
  if (wrong < 0) return indices;
  throw new RangeError(
    `Cannot ${ACTION} as mesh edges join nodes that have a position: ${name}[${wrong}] is ` +
      `${indices[wrong]}, there are ${count} positions`,
  );
}

/** Nodes and what they are joined with, either way round: compressed rows. */
export function neighborsOf(
  senders: Int32Array,
  receivers: Int32Array,
  count: number,
): { start: Int32Array; joined: Int32Array } {
  const start = new Int32Array(count + 1);
  for (const ends of [senders, receivers]) ends.forEach((node) => start[node + 1]!++);
  for (let node = 0; node < count; node++) start[node + 1]! += start[node]!;
  const next = start.slice(0, count);
  const joined = new Int32Array(start[count]!);
  senders.forEach((sender, edge) => {
    const receiver = receivers[edge]!;
    joined[next[sender]!++] = receiver;
    joined[next[receiver]!++] = sender;
  });
  return { start, joined };
}

/**
 * Joins nodes that are near in world space and no neighbours in the mesh, both ways: how parts of a
 * mesh, or several meshes, feel that they touch.
 *
 * As in MeshGraphNets (Pfaff et al., Learning Mesh-Based Simulation with Graph Networks, 2021),
 * whose radius is about the smallest length of a mesh edge. A pair that the mesh joins in one
 * direction is left out in both. A pair at exactly the radius is joined, where the paper says "<".
 * Edges are ordered by receiver, then by sender. Works on the host.
 *
 * @param worldPositions float32 `[N, 1..3]`: where the nodes are now.
 * @param radius The largest distance of nodes that touch, in the unit of the positions.
 * @param meshSenders int32 `[E]`.
 * @param meshReceivers int32 `[E]`.
 * @param options A periodic box, several graphs, whose mesh edges name nodes of all.
 * @returns Senders and receivers, int32, and the number of edges of each graph, int32 `[G]`.
 * @throws {TypeError} If positions are no points, or the mesh's edges no two lists of one length.
 * @throws {RangeError} As `radiusGraph`, or if a mesh edge names no node.
 * @throws {TracerError} Inside `jit`.
 *
 * @example A strip that is bent until its ends touch
 * ```ts
 * import { worldEdges } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const bent = [[0, 0], [1, 0], [1, 1], [0.2, 0.3]];
 * const { senders, receivers } = worldEdges(bent, 0.5, [0, 1, 2], [1, 2, 3]);
 * assertEquals([...senders], [3, 0]);
 * assertEquals([...receivers], [0, 3]);
 * ```
 */
export function worldEdges(
  worldPositions: TensorLike,
  radius: number,
  meshSenders: TensorLike,
  meshReceivers: TensorLike,
  { box = null, nNode = null }: Omit<NeighborOptions, "selfEdges"> = {},
): NeighborEdges {
  const points = readPoints(worldPositions, ACTION, "worldPositions");
  const { count } = points;
  const [from, to] = [
    readIndices(meshSenders, "meshSenders", count),
    readIndices(meshReceivers, "meshReceivers", count),
  ];
  if (from.length !== to.length) {
    throw new TypeError(
      `Cannot ${ACTION} as each mesh edge has two ends: meshSenders has ${from.length}, ` +
        `meshReceivers ${to.length}`,
    );
  }
  const near = joinWithin(points, radius, { box, nNode }, ACTION);
  const { start, joined } = neighborsOf(from, to, count);
  // Which receiver a node was last seen to be joined with, plus one.
  const mark = new Int32Array(count);
  const nEdge = near.nEdge.slice();
  let [kept, edge] = [0, 0];
  near.nEdge.forEach((size, graph) => {
    for (const end = edge + size; edge < end; edge++) {
      const [sender, receiver] = [near.senders[edge]!, near.receivers[edge]!];
      if (edge === 0 || receiver !== near.receivers[edge - 1]) {
        for (let k = start[receiver]!; k < start[receiver + 1]!; k++) {
          mark[joined[k]!] = receiver + 1;
        }
      }
      if (mark[sender] === receiver + 1) nEdge[graph]!--;
      else {
        near.senders[kept] = sender;
        near.receivers[kept++] = receiver;
      }
    }
  });
  const cut = (ends: Int32Array): Int32Array => ends.slice(0, kept);
  return { senders: cut(near.senders), receivers: cut(near.receivers), nEdge };
}
