/** Meshes as graphs. @module */
import { type GraphsTuple, graphsTuple } from "../lib/graph/mod.ts";
import { cellsToEdges } from "../lib/spatial/mod.ts";
import { describe, type Tensor } from "../lib/tree/mod.ts";
import type { Mesh } from "./formats/mesh.ts";

/** Options of {@linkcode meshToGraph}. */
export interface MeshToGraphOptions {
  /** Whether each node also sends an edge to itself, behind all others; false by default. */
  readonly selfEdges?: boolean;
}

/** A mesh as a graph: V nodes, E edges, d dimensions. */
export type MeshGraph = GraphsTuple<
  { position: Tensor },
  { displacement: Tensor; distance: Tensor },
  null
>;

/**
 * A mesh as one graph: points are nodes, the edges of cells are edges, each in both directions
 * once. The order is that of {@linkcode cellsToEdges}, which is MeshGraphNets'.
 *
 * Nodes have `position` `[V, d]`; edges `displacement` `[E, d]`, the position of the sender minus
 * that of the receiver, and its length `distance` `[E, 1]` (MeshGraphNets' mesh features); all
 * float32. The differences are taken before rounding.
 *
 * @param mesh Points and cells, as {@linkcode readMesh} gives them.
 * @param options Self edges.
 * @returns The graph.
 * @throws {TypeError} If it is no mesh, or `points` is not `[V, d]`.
 * @throws {RangeError} If a cell names a point that is not there.
 *
 * @example A square of two triangles
 * ```ts
 * import { meshToGraph } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = meshToGraph({
 *   points: { shape: [4, 2], data: Float32Array.of(0, 0, 1, 0, 1, 1, 0, 1) },
 *   cells: [{ type: "triangle", shape: [2, 3], data: Int32Array.of(0, 1, 2, 0, 2, 3) }],
 * });
 * assertEquals([...graph.senders.dataSync()].slice(0, 5), [1, 2, 2, 3, 3]);
 * assertEquals([...graph.receivers.dataSync()].slice(0, 5), [0, 0, 1, 2, 0]);
 * assertEquals([...graph.edges.displacement.dataSync()].slice(0, 2), [1, 0]);
 * ```
 */
export function meshToGraph(
  mesh: Pick<Mesh, "points" | "cells">,
  { selfEdges = false }: MeshToGraphOptions = {},
): MeshGraph {
  // JavaScript, as in a notebook, may pass what readMesh() promises.
  if (!mesh?.points || !mesh.cells) {
    throw new TypeError(
      `Cannot make a graph of a mesh as it has points and cells: got ${describe(mesh)} ` +
        `(pass what readMesh() gives: await readMesh(path))`,
    );
  }
  const { points: { shape, data }, cells } = mesh;
  const [numNodes = 0, dim = 0] = shape;
  if (shape.length !== 2 || data.length !== numNodes * dim) {
    throw new TypeError(
      `Cannot make a graph of a mesh as its points are [V, d]: got [${shape}] with ${data.length} values`,
    );
  }
  const edges = cellsToEdges(cells, { numNodes });
  const loops = Int32Array.from({ length: selfEdges ? numNodes : 0 }, (_, node) => node);
  const [senders, receivers] = [join(edges.senders, loops), join(edges.receivers, loops)];
  const numEdges = senders.length;
  const displacement = new Float32Array(numEdges * dim);
  const distance = new Float32Array(numEdges);
  for (let edge = 0; edge < numEdges; edge++) {
    let square = 0;
    for (let axis = 0; axis < dim; axis++) {
      const difference = data[senders[edge]! * dim + axis]! - data[receivers[edge]! * dim + axis]!;
      displacement[edge * dim + axis] = difference;
      square += difference * difference;
    }
    distance[edge] = Math.sqrt(square);
  }
  return graphsTuple({
    nodes: { position: { shape: [numNodes, dim], data: Float32Array.from(data) } },
    edges: {
      displacement: { shape: [numEdges, dim], data: displacement },
      distance: { shape: [numEdges, 1], data: distance },
    },
    senders,
    receivers,
    nNode: [numNodes],
    nEdge: [numEdges],
  });
}

function join(first: Int32Array, second: Int32Array): Int32Array {
  const joined = new Int32Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
