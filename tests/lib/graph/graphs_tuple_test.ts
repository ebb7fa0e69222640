import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  graphsTuple,
  type GraphsTupleFields,
  numEdges,
  numGraphs,
  numNodes,
} from "../../../lib/graph/mod.ts";
import { type Tensor, treeLeaves, treeMap } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import { pretendTracer } from "../../support/pretend_tracer.ts";

const TWO_GRAPHS: GraphsTupleFields = {
  nodes: { position: [[0, 1], [2, 3], [4, 5]], type: new Int32Array([7, 8, 9]) },
  edges: [[0.5], [1.5]],
  senders: [0, 1],
  receivers: [1, 1],
  globals: { shape: [2, 1], data: new Float64Array([6, 7]) },
  nNode: [2, 1],
  nEdge: [2, 0],
};

forEachEngine("graphsTuple() takes nested arrays, typed arrays, records and tensors", () => {
  const graph = graphsTuple({ ...TWO_GRAPHS, edges: tf.tensor([[0.5], [1.5]]) });
  assertAllClose(graph.nodes, {
    position: tf.tensor([[0, 1], [2, 3], [4, 5]]),
    type: tf.tensor([7, 8, 9], [3], "int32"),
  });
  assertAllClose(graph.edges, [[0.5], [1.5]]);
  assertAllClose(graph.globals, tf.tensor([[6], [7]]));
  for (const name of ["senders", "receivers", "nNode", "nEdge"] as const) {
    assertEquals(graph[name].dtype, "int32");
    assertAllClose(graph[name], TWO_GRAPHS[name]);
  }
});

forEachEngine("graphsTuple() makes null of what is left out, and no edges", () => {
  const graph = graphsTuple({ nNode: [2, 1] });
  assertEquals([graph.nodes, graph.edges, graph.globals], [null, null, null]);
  assertEquals([graph.senders.shape, graph.receivers.shape], [[0], [0]]);
  assertAllClose(graph.nEdge, tf.tensor([0, 0], [2], "int32"));
});

forEachEngine("graphsTuple() takes typed arrays of any kind", () => {
  const graph = graphsTuple({
    nodes: [new Float64Array([1, 2]), new Float32Array([3, 4])],
    senders: new BigInt64Array([0n, 1n]),
    receivers: new Uint16Array([1, 0]),
    nNode: new Uint8Array([2]),
    nEdge: new Uint32Array([2]),
    globals: [true],
  });
  assertAllClose(graph.nodes, tf.tensor([[1, 2], [3, 4]]));
  assertAllClose(graph.senders, tf.tensor([0, 1], [2], "int32"));
  assertAllClose(graph.globals, tf.tensor([true]));
});

forEachEngine("graphsTuple() takes a graph without nodes, and no graph at all", () => {
  assertEquals(numNodes(graphsTuple({ nodes: tf.zeros([0, 3]), nNode: [0] })), 0);
  assertEquals(numGraphs(graphsTuple({ nodes: tf.zeros([0, 3]), nNode: [] })), 0);
});

Deno.test("a GraphsTuple is a tree whose display hooks survive treeMap and spread", () => {
  const graph = graphsTuple(TWO_GRAPHS);
  assertEquals(treeLeaves(graph).length, 8);
  const shapes = treeMap((leaf) => leaf.shape, { ...graph, extra: null });
  for (const carrier of [graph, { ...graph }, treeMap((x) => tf.clone(x), graph), shapes]) {
    for (const name of ["Jupyter.display", "Deno.customInspect"]) {
      assertEquals(typeof (carrier as Record<symbol, unknown>)[Symbol.for(name)], "function");
    }
  }
});

Deno.test("a GraphsTuple shows sizes, dtypes and shapes, of the object it is now", () => {
  const graph = { ...graphsTuple(TWO_GRAPHS), edges: null };
  assertEquals(
    Deno.inspect(graph),
    `GraphsTuple: 2 graphs, 3 nodes, 2 edges
  nodes.position  float32 [3, 2]
  nodes.type      int32 [3]
  edges           null
  receivers       int32 [2]
  senders         int32 [2]
  globals         float32 [2, 1]
  nNode           int32 [2]
  nEdge           int32 [2]`,
  );
  type Display = () => Record<string, string>;
  const display = (graph as unknown as Record<symbol, Display>)[Symbol.for("Jupyter.display")]!;
  const shown = display.call({ ...graph, nodes: { "<x>": graph.senders } });
  assertStringIncludes(shown["text/html"]!, "nodes.&lt;x&gt;");
  assertStringIncludes(shown["text/plain"]!, "nodes.<x>  int32 [2]");
});

Deno.test("a GraphsTuple mapped to other things than tensors still shows itself", () => {
  const mapped = treeMap((leaf) => leaf.size, graphsTuple(TWO_GRAPHS));
  assertStringIncludes(Deno.inspect(mapped), "nodes.position  number 6");
});

/** What a graph with one field replaced says. */
function assertRefused(
  fields: Partial<Record<keyof GraphsTupleFields, unknown>>,
  type: typeof TypeError | typeof RangeError,
  text: string,
): void {
  assertThrows(() => graphsTuple({ ...TWO_GRAPHS, ...fields } as GraphsTupleFields), type, text);
}

Deno.test("graphsTuple() refuses indices out of range and names the place", () => {
  assertRefused(
    { senders: [0, 3] },
    RangeError,
    "Cannot make a GraphsTuple as senders must be indices of nodes: senders[1] is 3, " +
      "there are 3 nodes (indices start at 0)",
  );
  assertRefused({ receivers: [-1, 0] }, RangeError, "receivers[0] is -1");
  assertRefused({ nodes: null, receivers: [0, 3] }, RangeError, "receivers[1] is 3");
});

Deno.test("graphsTuple() refuses counts that do not sum up", () => {
  assertRefused(
    { nNode: [2, 2] },
    RangeError,
    "nNode must sum to the number of nodes: [2, 2] sums to 4, there are 3 nodes",
  );
  assertRefused({ nEdge: [1, 0] }, RangeError, "[1, 0] sums to 1, there are 2 edges");
  assertRefused({ nNode: [4, -1] }, RangeError, "counts must be 0 or more: nNode[1] is -1");
});

Deno.test("graphsTuple() refuses leading sizes that differ and names the leaf", () => {
  assertRefused(
    { nodes: { a: [1, 2, 3], b: [{ c: [[1], [2]] }] } },
    TypeError,
    "features must have a row for each of 3 nodes: nodes.b[0].c is float32 [2, 1]",
  );
  assertRefused({ edges: [[1]] }, TypeError, "each of 2 edges: edges is float32 [1, 1]");
  assertRefused({ globals: tf.scalar(1) }, TypeError, "each of 2 globals: globals is float32 []");
  assertRefused({ nodes: [tf.scalar(1)] }, TypeError, "nodes[0] is float32 []");
  assertRefused({ senders: [0] }, TypeError, "senders and receivers must have one length");
  assertRefused({ nEdge: [2] }, TypeError, "nNode and nEdge must have one length");
});

Deno.test("graphsTuple() refuses what cannot be a tensor of the right dtype", () => {
  assertRefused(
    { senders: [0, 0.5] },
    RangeError,
    "senders an int32 tensor as its values must be whole and below 2^31: value 1 is 0.5",
  );
  assertRefused({ senders: new BigInt64Array([0n, 2n ** 40n]) }, RangeError, "value 1 is 1099511");
  assertRefused(
    { senders: tf.tensor([0, 1]) },
    TypeError,
    "Cannot take senders as indices and counts must be int32: got float32 [2] " +
      '(cast it with tf.cast(senders, "int32"))',
  );
  assertRefused(
    { senders: [[0, 1]] },
    TypeError,
    "senders must be int32 of rank 1: got int32 [1, 2]",
  );
  assertRefused(
    { nNode: 3 as never },
    TypeError,
    "Cannot make a GraphsTuple as nNode must be int32 of rank 1: got int32 [] " +
      "(a list of one number a graph, such as [3]; graphsTuple() makes graphs)",
  );
  assertRefused(
    { nodes: { x: [[1], [2, 3], [4]] } },
    TypeError,
    "Cannot make nodes.x a tensor as all rows must have one shape: row 0 is [1], row 1 is [2]",
  );
  assertRefused(
    { nodes: { x: { shape: [2, 2], data: new Float32Array(3) } } },
    TypeError,
    "Cannot make nodes.x a tensor as it must have the size of its shape: [2, 2] has 4 values, got 3",
  );
  assertRefused({ nodes: "abc" }, TypeError, "each leaf must be a tensor");
  assertRefused(
    { nNode: undefined },
    TypeError,
    "nNode is missing (pass nNode: [N] for one graph)",
  );
});

Deno.test("graphsTuple() checks the shapes alone of tracers", async () => {
  const nodes = tf.tensor([[1], [2]]);
  const senders = await pretendTracer(tf.tensor([9], [1], "int32"));
  const nNode = await pretendTracer(tf.tensor([9], [1], "int32"));
  const fields = { nodes, senders, receivers: [1], nNode, nEdge: [1] };
  assert(graphsTuple(fields).senders === senders);
  assertThrows(() => graphsTuple({ ...fields, receivers: [1, 0] }), TypeError, "one length");
  assertThrows(() => graphsTuple({ ...fields, receivers: [2] }), RangeError, "receivers[0] is 2");
});

Deno.test("numNodes(), numEdges() and numGraphs() read shapes", () => {
  const graph = graphsTuple(TWO_GRAPHS);
  assertEquals([numNodes(graph), numEdges(graph), numGraphs(graph)], [3, 2, 2]);
  assertThrows(() => numNodes({ ...graph, nodes: [null] }), TypeError, "nodes is null");
  const uneven = { ...graph, nodes: [tf.zeros([3, 1]), tf.zeros([2])] };
  assertThrows(() => numNodes(uneven), TypeError, "the shapes are [3, 1], [2]");
  assertThrows(() => numNodes({ ...graph, nodes: tf.scalar(1) }), TypeError, "nodes is a scalar");
  assertEquals((graph.nodes as { type: Tensor }).type.dtype, "int32");
});
