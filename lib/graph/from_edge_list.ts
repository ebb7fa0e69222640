/** Graphs of lists of edges. @module */
import { tidy } from "../tfjs/mod.ts";
import { segmentGather } from "../segment/mod.ts";
import {
  checkReadable,
  type TensorLike,
  type TensorLikeTree,
  type TensorTreeOf,
  toInt32Tensor,
  toTensorTree,
} from "../tensor/mod.ts";
import { describe, treeLeaves, treeMap, treePaths } from "../tree/mod.ts";
import { type GraphsTuple, graphsTuple, type GraphsTupleFields } from "./graphs_tuple.ts";

/** Features and sizes of the graphs that {@linkcode fromEdgeList} makes. */
export interface FromEdgeListOptions<
  N extends TensorLikeTree = TensorLikeTree,
  E extends TensorLikeTree = TensorLikeTree,
  G extends TensorLikeTree = TensorLikeTree,
> extends Pick<GraphsTupleFields<N, E, G>, "nodes" | "edges" | "globals"> {
  /** A tree of features with a row per pair; null by default. */
  readonly edges?: E;
  /**
   * The number of nodes, or a list with that of each graph. By default there is one graph, with as
   * many nodes as features have rows, or one more than the largest index.
   */
  readonly nNode?: TensorLike | null | undefined;
  /** Whether an edge goes one way only; true by default. */
  readonly directed?: boolean | null | undefined;
}

const ACTION = "make a graph of an edge list";

/** The pairs as numbers on the host. */
function readPairs(edges: TensorLike): Int32Array {
  const pairs = toInt32Tensor(edges, "edges");
  checkReadable(pairs, ACTION, "edges", "make the graph before jit, and pass it in");
  if (pairs.size > 0 && (pairs.rank !== 2 || pairs.shape[1] !== 2)) {
    throw new TypeError(
      `Cannot ${ACTION} as each edge is a pair [sender, receiver]: edges is ${describe(pairs)}`,
    );
  }
  return pairs.dataSync<"int32">();
}

/** The number of nodes of each graph. */
function readSizes({ nodes, nNode }: FromEdgeListOptions, pairs: Int32Array): Int32Array {
  if (nNode != null) {
    const sizes = toInt32Tensor(nNode, "nNode");
    checkReadable(sizes, ACTION, "nNode", "make the graph before jit, and pass it in");
    return sizes.dataSync<"int32">();
  }
  const rows = treeLeaves(toTensorTree(nodes ?? null, "nodes"))[0]?.shape[0];
  return Int32Array.of(rows ?? pairs.reduce((most, index) => Math.max(most, index + 1), 0));
}

/** How many edges each graph has; those of one graph must follow those of the graph before. */
function countEdges(senders: Int32Array, receivers: Int32Array, nNode: Int32Array): Int32Array {
  const nEdge = new Int32Array(nNode.length);
  let [graph, first, end] = [0, 0, nNode[0] ?? 0];
  senders.forEach((sender, edge) => {
    while (sender >= end && graph < nNode.length - 1) [first, end] = [end, end + nNode[++graph]!];
    const isHere = (node: number): boolean => node >= first && node < end;
    if (!isHere(sender) || !isHere(receivers[edge]!)) {
      throw new RangeError(
        `Cannot ${ACTION} as edges must come graph by graph, between nodes of one graph: there is ` +
          `an edge [${sender}, ${receivers[edge]}], nNode is [${nNode.join(", ")}]`,
      );
    }
    nEdge[graph]!++;
  });
  return nEdge;
}

/** The place in the list of each edge, and whether it goes the other way, in the result's order. */
function directions(pairs: Int32Array, directed: boolean): { place: number; back: boolean }[] {
  return Array.from({ length: pairs.length / 2 }, (_, place) => {
    const there = { place, back: false };
    const isLoop = pairs[2 * place] === pairs[2 * place + 1];
    return directed || isLoop ? [there] : [there, { place, back: true }];
  }).flat();
}

/** Features with a row for each pair, checked before rows are repeated. */
function checkRows(edges: TensorLikeTree, pairs: number): ReturnType<typeof toTensorTree> {
  const tree = toTensorTree(edges, "edges");
  const paths = treePaths({ edges: tree });
  treeLeaves(tree).forEach((leaf, i) => {
    if (leaf.rank > 0 && leaf.shape[0] === pairs) return;
    throw new TypeError(
      `Cannot ${ACTION} as features must have a row for each of ${pairs} pairs: ` +
        `options.${paths[i]} is ${describe(leaf)}`,
    );
  });
  return tree;
}

/**
 * The graph of a list of edges `[sender, receiver]`.
 *
 * With `directed: false` each edge is followed by its reverse, with the same features; a loop has
 * none. Works on the host, so not inside `jit`. Gradients flow through the features.
 *
 * @param edges Pairs of node indices, `[E, 2]`; in several graphs nodes are numbered on, and the
 * edges of one graph follow those of the graph before.
 * @param options Features, numbers of nodes, and whether edges are directed.
 * @returns The graph; indices and counts are int32.
 * @throws {TypeError} If edges are no pairs, or features have another number of rows.
 * @throws {RangeError} If there is no such node, or edges do not come graph by graph.
 * @throws {TracerError} Inside `jit`.
 *
 * @example A path of three nodes, both ways
 * ```ts
 * import { fromEdgeList } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const path = fromEdgeList([[0, 1], [1, 2]], { edges: [[0.5], [2]], directed: false });
 * assertEquals(path.senders.arraySync(), [0, 1, 1, 2]);
 * assertEquals(path.receivers.arraySync(), [1, 0, 2, 1]);
 * assertEquals(path.edges.arraySync(), [[0.5], [0.5], [2], [2]]);
 * assertEquals(path.nNode.arraySync(), [3]);
 * ```
 */
export function fromEdgeList<
  N extends TensorLikeTree = null,
  E extends TensorLikeTree = null,
  G extends TensorLikeTree = null,
>(
  edges: TensorLike,
  options?: FromEdgeListOptions<N, E, G> | null,
): GraphsTuple<TensorTreeOf<N>, TensorTreeOf<E>, TensorTreeOf<G>> {
  return tidy(() => {
    const pairs = readPairs(edges);
    const nNode = readSizes(options ?? {}, pairs);
    const order = directions(pairs, options?.directed ?? true);
    const ends = (first: 0 | 1): Int32Array =>
      Int32Array.from(order, ({ place, back }) => pairs[2 * place + (back ? 1 - first : first)]!);
    const [senders, receivers] = [ends(0), ends(1)];
    const features = checkRows(options?.edges ?? null, pairs.length / 2);
    const places = Int32Array.from(order, ({ place }) => place);
    return graphsTuple({
      nodes: options?.nodes ?? null,
      edges: treeMap((x) => segmentGather(x, places), features),
      globals: options?.globals ?? null,
      senders,
      receivers,
      nNode,
      nEdge: countEdges(senders, receivers, nNode),
    }) as unknown as GraphsTuple<TensorTreeOf<N>, TensorTreeOf<E>, TensorTreeOf<G>>;
  });
}
