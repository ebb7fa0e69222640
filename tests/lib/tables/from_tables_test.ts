import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { table } from "arquero";
import { batch, type GraphsTuple, graphsTuple } from "../../../lib/graph/mod.ts";
import { fromTables, toEdgeTable, toNodeTable } from "../../../lib/tables/mod.ts";
import { type Tree, treeLeaves, treePaths } from "../../../lib/tree/mod.ts";
import { assertRefused, each, JUNK } from "../../support/bad_input.ts";
import { forEachEngine } from "../../support/engines.ts";

const graph = (): GraphsTuple =>
  graphsTuple({
    nodes: { position: [[1, 2], [3, 4]], kind: tf.tensor1d([5, 6], "int32") },
    edges: {
      length: [0.5, 2],
      d: { x: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], flag: [true, false] },
    },
    senders: [0, 1],
    receivers: [1, 1],
    nNode: [2],
    nEdge: [2],
  });

/** Paths, dtypes, shapes and values of all leaves. */
const leavesOf = (tree: Tree): unknown =>
  treeLeaves(tree).map((leaf, i) => [treePaths(tree)[i], leaf.dtype, leaf.shape, leaf.arraySync()]);

forEachEngine("fromTables() takes back what the tables were made of", () => {
  for (const original of [batch([graph(), graph()]), graphsTuple({ nNode: [1, 2] })]) {
    const found = fromTables(toNodeTable(original), toEdgeTable(original));
    for (const field of ["nodes", "edges"] as const) {
      assertEquals(leavesOf(found[field] as Tree), leavesOf(original[field] as Tree));
    }
    for (const field of ["senders", "receivers", "nNode", "nEdge"] as const) {
      assertEquals(found[field].arraySync(), original[field].arraySync());
    }
  }
});

Deno.test("fromTables() takes single tensors and taken names back too", () => {
  const edges = { sender: [5], weight: [6] };
  const ends = { senders: [0], receivers: [0], nNode: [1], nEdge: [1] };
  const taken = graphsTuple({ nodes: [[1, 2, 3]], edges, ...ends });
  const found = fromTables(toNodeTable(taken), toEdgeTable(taken));
  assertEquals((found.nodes as tf.Tensor).arraySync(), [[1, 2, 3]]);
  assertEquals(leavesOf(found.edges as Tree), leavesOf(taken.edges as Tree));
});

Deno.test("fromTables() makes a graph of tables that never were one", () => {
  const nodes = table({ mass: [1, 2, 3] });
  const found = fromTables(nodes, table({ sender: [2], receiver: [0] }));
  assertEquals([found.nNode.arraySync(), found.nEdge.arraySync()], [[3], [1]]);
  assertEquals([found.senders.arraySync(), found.edges], [[2], null]);
  assertEquals(fromTables(nodes).nEdge.arraySync(), [0]);
});

Deno.test("fromTables() refuses what makes no graph", () => {
  const nodes = table({ node: [7, 8], graph: [0, 1] });
  const edge = (columns: Record<string, unknown[]>) => table(columns);
  const cases: [string, () => unknown][] = [
    [
      "edges have a sender and a receiver: there are the columns from",
      () => fromTables(nodes, edge({ from: [1] })),
    ],
    [
      'sender 0 of row 0 is none (edges.semijoin(nodes, ["sender", "node"]))',
      () => fromTables(nodes, edge({ sender: [0], receiver: [7] })),
    ],
    [
      "row 0 joins graph 0 to 1, after graph 0",
      () => fromTables(nodes, edge({ sender: [7], receiver: [8] })),
    ],
    [
      'row 1 joins graph 0 to 0, after graph 1 (edges.orderby("graph"))',
      () => fromTables(nodes, edge({ sender: [8, 7], receiver: [8, 7] })),
    ],
    ['row 1 is of graph 0 (nodes.orderby("graph"))', () => fromTables(table({ graph: [1, 0] }))],
    ["each node has a number of its own", () => fromTables(table({ node: [3, 3] }))],
    ["node is a column of whole numbers: row 1 has", () => fromTables(table({ node: [3, 0.5] }))],
    [
      'name of row 0 is string a (leave the column out: select(not("name")))',
      () => fromTables(table({ name: ["a"] })),
    ],
    ["mass of row 1 is null", () => fromTables(table({ mass: [1, null] }))],
    [
      "a column for each of its numbers: got x[0], x[2]",
      () => fromTables(table({ "x[0]": [1], "x[2]": [1] })),
    ],
  ];
  for (const [text, run] of cases) assertThrows(run, Error, text);
  const bad = { ...JUNK, null: null, "{}": {} };
  assertRefused([
    ...each("fromTables() nodes", bad, (value) => fromTables(value)),
    ...each("fromTables() edges", JUNK, (value) => fromTables(nodes, value)),
  ]);
});
