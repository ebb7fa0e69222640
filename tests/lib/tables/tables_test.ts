import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { TracerError } from "../../../lib/engine/mod.ts";
import { batch, type GraphsTuple, graphsTuple } from "../../../lib/graph/mod.ts";
import { toEdgeTable, toNodeTable } from "../../../lib/tables/mod.ts";
import { assertRefused, each, JUNK } from "../../support/bad_input.ts";
import { forEachEngine } from "../../support/engines.ts";
import { pretendTracer } from "../../support/pretend_tracer.ts";

const graph = (): GraphsTuple =>
  graphsTuple({
    nodes: [[1], [2]],
    edges: { length: [0.5, 2], d: { x: [[1, 2], [3, 4]], flag: [true, false] } },
    senders: [0, 1],
    receivers: [1, 1],
    nNode: [2],
    nEdge: [2],
  });

forEachEngine("toEdgeTable() has a row per edge, and columns by path", () => {
  assertEquals(toEdgeTable(batch([graph(), graph()])).objects().slice(1, 3), [
    { graph: 0, sender: 1, receiver: 1, "d.flag": false, "d.x[0]": 3, "d.x[1]": 4, length: 2 },
    { graph: 1, sender: 2, receiver: 3, "d.flag": true, "d.x[0]": 1, "d.x[1]": 2, length: 0.5 },
  ]);
});

forEachEngine("toNodeTable() has a row per node, features or not", () => {
  assertEquals(toNodeTable(batch([graph(), graph()])).array("nodes"), [1, 2, 1, 2]);
  const bare = toNodeTable(graphsTuple({ nNode: [1, 0, 2] }));
  assertEquals(bare.objects(), [{ graph: 0, node: 0 }, { graph: 2, node: 1 }, {
    graph: 2,
    node: 2,
  }]);
});

Deno.test("the tables join by node", () => {
  const joined = toEdgeTable(graph()).join(toNodeTable(graph()), ["sender", "node"]);
  assertEquals(joined.array("nodes"), [1, 2]);
});

Deno.test("matrices become a column per number, or one column of arrays", () => {
  const nodes = { m: tf.range(0, 12).reshape([2, 2, 3]), s: tf.tensor([[7], [8]]) };
  const matrix = graphsTuple({ nodes, nNode: [2] });
  assertEquals(toNodeTable(matrix).columnNames(), [
    ...["graph", "node", "m[0][0]", "m[0][1]", "m[0][2]", "m[1][0]", "m[1][1]", "m[1][2]", "s"],
  ]);
  assertEquals(toNodeTable(matrix, { vectors: "arrays" }).objects()[1], {
    ...{ graph: 0, node: 1, m: [[6, 7, 8], [9, 10, 11]], s: 8 },
  });
  const wide = toNodeTable(graphsTuple({ nodes: [[1, 2]], nNode: [1] }));
  assertEquals(wide.columnNames(), ["graph", "node", "nodes[0]", "nodes[1]"]);
});

Deno.test("a feature whose name is taken is named by its field", () => {
  const edges = { sender: [5], weight: [6] };
  const taken = graphsTuple({ edges, senders: [0], receivers: [0], nNode: [1], nEdge: [1] });
  assertEquals(toEdgeTable(taken).objects(), [
    { graph: 0, sender: 0, receiver: 0, "edges.sender": 5, weight: 6 },
  ]);
});

Deno.test("tables of nothing have no rows", () => {
  const nothing = graphsTuple({ nodes: tf.zeros([0, 2]), nNode: [] });
  assertEquals([toNodeTable(nothing).numRows(), toEdgeTable(nothing).numRows()], [0, 0]);
  assertEquals(toNodeTable(nothing).columnNames(), ["graph", "node", "nodes[0]", "nodes[1]"]);
});

Deno.test("tables refuse what is no graph, and tracers", async () => {
  const bad = { ...JUNK, null: null, "{}": {} };
  assertRefused([
    ...each("toEdgeTable()", bad, (graph) => toEdgeTable(graph)),
    ...each("toNodeTable()", bad, (graph) => toNodeTable(graph)),
    ...each(
      "toNodeTable() vectors",
      JUNK,
      (vectors) => toNodeTable(graph(), { vectors }),
      "vectors",
    ),
    ["wrong indices", () => toEdgeTable({ ...graph(), nNode: graph().receivers }), "nNode"],
  ]);
  const nodes = await pretendTracer(tf.zeros([2, 1]));
  assertThrows(
    () => toNodeTable({ ...graph(), nodes }),
    TracerError,
    "nodes is a tracer, float32 [2, 1] (make the table of what jit returns)",
  );
});
