/** The rules that the fields of a graph keep. @module */
import { isTracer } from "../engine/mod.ts";
import { describe, type Tensor, type Tree, treeLeaves, treePaths } from "../tree/mod.ts";
import type { GraphsTuple } from "./graphs_tuple_type.ts";
import { checkGraph } from "./check_graph.ts";
import { sum } from "./read_field.ts";

/** Index and count fields come in pairs of one length. */
function checkPair(
  graph: GraphsTuple,
  a: "senders" | "nNode",
  b: "receivers" | "nEdge",
  action: string,
) {
  if (graph[a].size === graph[b].size) return;
  throw new TypeError(
    `Cannot ${action} as ${a} and ${b} must have one length: ` +
      `${a} is ${describe(graph[a])}, ${b} is ${describe(graph[b])}`,
  );
}

/** All leaves of features must have one leading size; null where there are no features. */
function leadingSize(
  tree: Tree,
  name: string,
  expected: number | null,
  action: string,
): number | null {
  // Below its name, so that errors of the tree itself say it too.
  const named = { [name]: tree };
  const leaves = treeLeaves(named);
  const paths = treePaths(named);
  let size = expected;
  leaves.forEach((leaf, i) => {
    size ??= leaf.shape[0] ?? null;
    if (leaf.rank > 0 && leaf.shape[0] === size) return;
    throw new TypeError(
      `Cannot ${action} as features must have a row for each of ${size ?? "the"} ${name}: ` +
        `${paths[i]} is ${describe(leaf)}`,
    );
  });
  return size;
}

function checkCounts(
  counts: Tensor,
  name: string,
  total: number | null,
  of: string,
  action: string,
) {
  if (isTracer(counts)) return null;
  const values = counts.dataSync<"int32">();
  const negative = values.findIndex((n) => n < 0);
  if (negative >= 0) {
    throw new RangeError(
      `Cannot ${action} as counts must be 0 or more: ${name}[${negative}] is ${values[negative]}`,
    );
  }
  if (total !== null && sum(values) !== total) {
    throw new RangeError(
      `Cannot ${action} as ${name} must sum to the number of ${of}: ` +
        `[${values.join(", ")}] sums to ${sum(values)}, there are ${total} ${of}`,
    );
  }
  return sum(values);
}

function checkIndices(indices: Tensor, name: string, nodes: number | null, action: string): void {
  if (nodes === null || isTracer(indices)) return;
  const values = indices.dataSync<"int32">();
  const wrong = values.findIndex((i) => i < 0 || i >= nodes);
  if (wrong < 0) return;
  throw new RangeError(
    `Cannot ${action} as ${name} must be indices of nodes: ${name}[${wrong}] is ` +
      `${values[wrong]}, there are ${nodes} nodes (indices start at 0)`,
  );
}

/**
 * Checks a graph; what is a tracer is checked by its shape alone.
 *
 * @param action What was asked for, in the words of the error: `Cannot <action> as …`.
 * @throws {TypeError} If a dtype, shape or leading size is wrong; the field is named.
 * @throws {RangeError} If an index or a count is wrong; the place is named.
 */
export function validateGraphsTuple(graph: GraphsTuple, action: string): void {
  checkGraph(graph, action);
  checkPair(graph, "nNode", "nEdge", action);
  checkPair(graph, "senders", "receivers", action);
  leadingSize(graph.globals, "globals", graph.nNode.size, action);
  leadingSize(graph.edges, "edges", graph.senders.size, action);
  checkCounts(graph.nEdge, "nEdge", graph.senders.size, "edges", action);
  const rows = leadingSize(graph.nodes, "nodes", null, action);
  const nodes = checkCounts(graph.nNode, "nNode", rows, "nodes", action) ?? rows;
  checkIndices(graph.senders, "senders", nodes, action);
  checkIndices(graph.receivers, "receivers", nodes, action);
}
