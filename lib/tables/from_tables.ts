/** Tables back to graphs. @module */
import * as tf from "@tensorflow/tfjs";
import type { ColumnTable } from "arquero";
import { isColumnTable } from "../plot/internal.ts";
import { type GraphsTuple, graphsTuple } from "../graph/mod.ts";
import { describe, type Tensor, type Tree } from "../tree/mod.ts";
import { valuesOfColumn } from "./columns.ts";

const ACTION = "make a graph of tables";
/** Columns that are no features. */
const PLACES = ["graph", "node", "sender", "receiver"];

/**
 * Makes graphs of a table of nodes and one of edges: the way back from `toNodeTable` and
 * `toEdgeTable`, after rows were filtered and columns added.
 *
 * A column `length` is a feature of that name, `d.x` one in a nest, and `x[0]`, `x[1]` are the
 * numbers of one vector. Where a column is called `nodes` or `edges` it is all there is. Whole
 * numbers of an Int32Array are int32, booleans bool, all else is float32.
 *
 * @param nodes A row a node, with its `node`, by which edges know it, and its `graph`, in order;
 * without these columns its place, and one graph.
 * @param edges A row an edge, with `sender` and `receiver`, edges of one graph together; none
 * without it.
 * @returns Graphs with as many nodes and edges as the tables have rows.
 * @throws {TypeError} If something is no table, a column is missing, or a value is no number.
 * @throws {RangeError} If graphs are out of order, or an edge names a node that is not there.
 *
 * @example The graph without its slow nodes
 * ```ts
 * import { graphsTuple, type Tensor } from "@meshwork/meshwork";
 * import { fromTables, toEdgeTable, toNodeTable } from "@meshwork/meshwork/tables";
 * import { assertEquals } from "@std/assert";
 *
 * const nodes = { speed: [5, 0, 7] };
 * const graph = graphsTuple({ nodes, senders: [0, 2], receivers: [1, 0], nNode: [3], nEdge: [2] });
 * const fast = toNodeTable(graph).filter((row: { speed: number }) => row.speed > 1);
 * const among = toEdgeTable(graph).semijoin(fast, ["sender", "node"])
 *   .semijoin(fast, ["receiver", "node"]);
 * const kept = fromTables(fast, among);
 * assertEquals([kept.senders.arraySync(), kept.receivers.arraySync()], [[1], [0]]);
 * assertEquals((kept.nodes as { speed: Tensor }).speed.arraySync(), [5, 7]);
 * ```
 */
export function fromTables(nodes: ColumnTable, edges?: ColumnTable | null): GraphsTuple {
  for (const [name, each] of [["nodes", nodes], ["edges", edges]]) {
    if (isColumnTable(each) || (name === "edges" && !each)) continue;
    throw new TypeError(`Cannot ${ACTION} as ${name} is a table of arquero: got ${describe(each)}`);
  }
  const count = nodes.numRows();
  const ids = numbersOf(nodes, "node") ?? Int32Array.from({ length: count }, (_, row) => row);
  const graphs = numbersOf(nodes, "graph") ?? new Int32Array(count);
  const nNode = countGraphs(graphs, "nodes");
  const placeOf = new Map(Array.from(ids, (id, row) => [id, row]));
  if (placeOf.size < count) {
    throw new RangeError(`Cannot ${ACTION} as each node has a number of its own: some share one`);
  }
  const [senders, receivers] = ["sender", "receiver"].map((end) => endsOf(edges, end, placeOf));
  const nEdge = new Int32Array(nNode.length);
  let last = 0;
  senders!.forEach((sender, edge) => {
    const graph = graphs[sender]!;
    if (graph < last || graphs[receivers![edge]!] !== graph) {
      throw new RangeError(
        `Cannot ${ACTION} as edges stay in their graph, and those of one graph are together: row ` +
          `${edge} joins graph ${graph} to ${graphs[receivers![edge]!]}, after graph ${last} ` +
          `(edges.orderby("graph"))`,
      );
    }
    last = graph;
    nEdge[graph]!++;
  });
  return graphsTuple({
    nodes: featuresOf(nodes, "nodes"),
    edges: edges ? featuresOf(edges, "edges") : null,
    senders: senders!,
    receivers: receivers!,
    nNode,
    nEdge,
  });
}

/** A column of whole numbers, or null where there is none. */
function numbersOf(of: ColumnTable, name: string): Int32Array | null {
  if (!of.columnNames().includes(name)) return null;
  const values = valuesOfColumn(of, name);
  const bad = Array.from(values).findIndex((value) => !Number.isInteger(value));
  if (bad < 0) return Int32Array.from(values as ArrayLike<number>);
  throw new TypeError(
    `Cannot ${ACTION} as ${name} is a column of whole numbers: row ${bad} has ` +
      describe(values[bad]),
  );
}

/** How many nodes each graph has. */
function countGraphs(graphs: Int32Array, what: string): Int32Array {
  const bad = graphs.findIndex((graph, row) => graph < (graphs[row - 1] ?? 0));
  if (bad >= 0) {
    throw new RangeError(
      `Cannot ${ACTION} as ${what} are in the order of their graphs, from 0: row ${bad} is of ` +
        `graph ${graphs[bad]} (${what}.orderby("graph"))`,
    );
  }
  const counts = new Int32Array((graphs.at(-1) ?? -1) + 1);
  graphs.forEach((graph) => counts[graph]!++);
  return counts;
}

/** The places of the nodes that edges name. */
function endsOf(
  edges: ColumnTable | null | undefined,
  end: string,
  placeOf: ReadonlyMap<number, number>,
): Int32Array {
  if (!edges) return new Int32Array(0);
  const ids = numbersOf(edges, end);
  if (ids === null) {
    throw new TypeError(
      `Cannot ${ACTION} as edges have a sender and a receiver: there are the columns ` +
        edges.columnNames().join(", "),
    );
  }
  return ids.map((id, row) => {
    const place = placeOf.get(id);
    if (place !== undefined) return place;
    throw new RangeError(
      `Cannot ${ACTION} as edges join nodes of the table: ${end} ${id} of row ${row} is none ` +
        `(edges.semijoin(nodes, ["${end}", "node"]))`,
    );
  });
}

/** The features as a nest, null if there are none. */
function featuresOf(of: ColumnTable, field: "nodes" | "edges"): Tree {
  const names = of.columnNames().filter((name) => !PLACES.includes(name));
  // Numbers of one vector have one name but for what is in brackets.
  const groups = Map.groupBy(names, (name) => name.replace(/(\[\d+\])+$/, ""));
  const nest: Record<string, Tree> = {};
  for (const [name, columns] of groups) {
    const feature = tensorOf(of, columns);
    if (name === field) return feature;
    const path = name.startsWith(`${field}.`) ? name.slice(field.length + 1) : name;
    const keys = path.split(".");
    const inner = keys.slice(0, -1).reduce<Record<string, Tree>>(
      (at, key) => (at[key] ??= {}) as Record<string, Tree>,
      nest,
    );
    inner[keys.at(-1)!] = feature;
  }
  return names.length === 0 ? null : nest;
}

/** A column as a tensor `[rows]`, or those of a vector's or matrix's numbers as one. */
function tensorOf(of: ColumnTable, names: readonly string[]): Tensor {
  const columns = names.map((name) => checkNumbers(valuesOfColumn(of, name), name));
  const rows = of.numRows();
  const all = columns.flatMap((column) => Array.from(column));
  const dtype = columns.every((column) => column instanceof Int32Array)
    ? "int32"
    : rows > 0 && all.every((value) => typeof value === "boolean")
    ? "bool"
    : "float32";
  const indices = names.map((name) => [...name.matchAll(/\[(\d+)\]/g)].map(([, i]) => Number(i)));
  if (indices[0]!.length === 0) return tf.tensor1d(all.map(Number), dtype);
  const shape = indices[0]!.map((_, axis) => 1 + Math.max(...indices.map((each) => each[axis]!)));
  if (shape.reduce((a, b) => a * b) !== names.length) {
    throw new TypeError(
      `Cannot ${ACTION} as a vector has a column for each of its numbers: got ${names.join(", ")}`,
    );
  }
  return tf.tidy(() =>
    tf.reshape(tf.transpose(tf.tensor2d(all.map(Number), [names.length, rows], dtype)), [
      rows,
      ...shape,
    ])
  );
}

function checkNumbers(values: ArrayLike<unknown>, name: string): ArrayLike<number | boolean> {
  const bad = Array.from(values).findIndex((value) =>
    typeof value !== "number" && typeof value !== "boolean"
  );
  if (bad < 0) return values as ArrayLike<number | boolean>;
  throw new TypeError(
    `Cannot ${ACTION} as features are numbers or booleans: ${name} of row ${bad} is ` +
      `${describe(values[bad])} (leave the column out: select(not("${name}")))`,
  );
}
