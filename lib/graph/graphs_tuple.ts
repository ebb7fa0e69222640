/** Graphs made of what users have. @module */
import {
  type TensorLike,
  type TensorLikeTree,
  type TensorTreeOf,
  toInt32Tensor,
  toTensorTree,
} from "../tensor/mod.ts";
import { describe } from "../tree/mod.ts";
import { withDisplay } from "./display.ts";
import type { GraphsTuple } from "./graphs_tuple_type.ts";
import { validateGraphsTuple } from "./validate.ts";

export type { GraphsTuple } from "./graphs_tuple_type.ts";

/** The arguments of {@linkcode graphsTuple}, by name. */
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
 * Makes a {@linkcode GraphsTuple} of tensors, typed arrays, nested arrays or `{shape, data}`
 * records, and checks it: indices in range, `nNode` and `nEdge` sum to the numbers of nodes and
 * edges, leading sizes agree. Inside `jit`, where values are not known yet, only dtypes and shapes
 * are checked.
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
