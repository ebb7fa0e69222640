/** One or more graphs in one structure of tensors. @module */
import {
  type TensorLike,
  type TensorLikeTree,
  type TensorTreeOf,
  toInt32Tensor,
  toTensorTree,
} from "../tensor/mod.ts";
import { describe, type Tensor, type Tree } from "../tree/mod.ts";
import { withDisplay } from "./display.ts";
import { validateGraphsTuple } from "./validate.ts";

/**
 * One or more graphs, one after another: N nodes, E edges and G graphs in all.
 *
 * Edge `e` goes from node `senders[e]` to node `receivers[e]`. Graph 0 has the first `nNode[0]` nodes
 * and the first `nEdge[0]` edges, graph 1 the next, and so on. Features are trees of tensors, or null.
 *
 * It is a plain object, and so a tree itself: `treeMap`, `jit` and `grad` take it as it is. (A type
 * alias, because an interface would not be assignable to `Tree`.) The fields are those of Jraph's
 * `GraphsTuple` (Godwin et al. 2020).
 */
export type GraphsTuple<
  N extends Tree = Tree,
  E extends Tree = Tree,
  G extends Tree = Tree,
> = {
  /** Features of nodes: leaves `[N, ...]`. */
  readonly nodes: N;
  /** Features of edges: leaves `[E, ...]`. */
  readonly edges: E;
  /** Index of the node that each edge goes to, int32 `[E]`. */
  readonly receivers: Tensor;
  /** Index of the node that each edge comes from, int32 `[E]`. */
  readonly senders: Tensor;
  /** Features of graphs: leaves `[G, ...]`. */
  readonly globals: G;
  /** The number of nodes of each graph, int32 `[G]`. */
  readonly nNode: Tensor;
  /** The number of edges of each graph, int32 `[G]`. */
  readonly nEdge: Tensor;
};

/** What {@linkcode graphsTuple} makes a graph from. */
export interface GraphsTupleFields<
  N extends TensorLikeTree = TensorLikeTree,
  E extends TensorLikeTree = TensorLikeTree,
  G extends TensorLikeTree = TensorLikeTree,
> {
  /** A tree of `[N, ...]`; null by default. */
  readonly nodes?: N;
  /** A tree of `[E, ...]`; null by default. */
  readonly edges?: E;
  /** Whole numbers `[E]`; none by default. */
  readonly receivers?: TensorLike | null | undefined;
  /** Whole numbers `[E]`; none by default. */
  readonly senders?: TensorLike | null | undefined;
  /** A tree of `[G, ...]`; null by default. */
  readonly globals?: G;
  /** Whole numbers `[G]`. */
  readonly nNode: TensorLike;
  /** Whole numbers `[G]`; no edges by default. */
  readonly nEdge?: TensorLike | null | undefined;
}

const FIELDS = ["nodes", "edges", "receivers", "senders", "globals", "nNode", "nEdge"];

/** A field with a wrong name would be lost without a word. */
function checkFields(fields: GraphsTupleFields): void {
  if (typeof fields !== "object" || fields === null) {
    throw new TypeError(
      `Cannot make a GraphsTuple as its fields come in an object: got ${describe(fields)}`,
    );
  }
  const unknown = Object.keys(fields).find((name) => !FIELDS.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(
    `Cannot make a GraphsTuple as its fields are ${FIELDS.join(", ")}: got ${unknown} ` +
      `(features of your own go into nodes, edges or globals, as a nest)`,
  );
}

/**
 * Makes a {@linkcode GraphsTuple} of tensors, typed arrays, nested arrays or `{shape, data}` records,
 * and checks it: indices in range, `nNode` and `nEdge` sum to the numbers of nodes and edges, leading
 * sizes agree. Inside `jit`, where values are not known yet, only dtypes and shapes are checked.
 *
 * @param fields The fields; indices and counts become int32, other numbers float32 unless they come
 * in a typed array of integers.
 * @returns The graph, which shows itself in a notebook and on the console.
 * @throws {TypeError} If a dtype, shape or leading size is wrong; the field is named.
 * @throws {RangeError} If an index or a count is wrong; the place is named.
 *
 * @example Two graphs: an edge each way between two nodes, and a lone node
 * ```ts
 * import { graphsTuple } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = graphsTuple({
 *   nodes: [[1], [2], [3]],
 *   edges: { length: new Float32Array([0.5, 0.5]) },
 *   senders: [0, 1],
 *   receivers: [1, 0],
 *   nNode: [2, 1],
 *   nEdge: [2, 0],
 * });
 * assertEquals(graph.senders.dtype, "int32");
 * assertEquals(graph.globals, null);
 * ```
 *
 * @example Fields of one's own: whatever belongs to a graph goes into globals, by name
 * ```ts
 * import { batch, graphsTuple, padWithGraphs } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const crystal = graphsTuple({
 *   nodes: [[1], [2]],
 *   globals: { temperature: [300], y: [[0.5, -0.5]] },
 *   nNode: [2],
 * });
 * const { globals } = padWithGraphs(batch([crystal, crystal]), 6, 0, 3);
 * assertEquals(globals.temperature.arraySync(), [300, 300, 0]);
 * assertEquals(globals.y.shape, [3, 2]);
 * ```
 */
export function graphsTuple<
  N extends TensorLikeTree = null,
  E extends TensorLikeTree = null,
  G extends TensorLikeTree = null,
>(
  fields: GraphsTupleFields<N, E, G>,
): GraphsTuple<TensorTreeOf<N>, TensorTreeOf<E>, TensorTreeOf<G>> {
  checkFields(fields);
  if (fields.nNode == null) {
    throw new TypeError(
      "Cannot make a GraphsTuple as the number of nodes of each graph must be given: " +
        "nNode is missing (pass nNode: [N] for one graph)",
    );
  }
  const nNode = toInt32Tensor(fields.nNode, "nNode");
  const graph = withDisplay({
    nodes: toTensorTree(fields.nodes ?? null, "nodes"),
    edges: toTensorTree(fields.edges ?? null, "edges"),
    receivers: toInt32Tensor(fields.receivers ?? new Int32Array(), "receivers"),
    senders: toInt32Tensor(fields.senders ?? new Int32Array(), "senders"),
    globals: toTensorTree(fields.globals ?? null, "globals"),
    nNode,
    nEdge: toInt32Tensor(fields.nEdge ?? new Int32Array(nNode.size), "nEdge"),
  });
  validateGraphsTuple(graph, "make a GraphsTuple");
  return graph as GraphsTuple<TensorTreeOf<N>, TensorTreeOf<E>, TensorTreeOf<G>>;
}
