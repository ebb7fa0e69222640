import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { TracerError } from "../../../lib/engine/mod.ts";
import { getFullyConnectedGraph, sparseMatrixToGraphsTuple } from "../../../lib/graph/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import { pretendTracer } from "../../support/pretend_tracer.ts";

forEachEngine("getFullyConnectedGraph() runs receivers slowly and senders fast", () => {
  const nodes = tf.tensor([[1], [2], [3], [4], [5], [6]]);
  const graph = getFullyConnectedGraph(3, 2, nodes, { u: [1, 2] });
  assertAllClose(graph.senders, [0, 1, 2, 0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5, 3, 4, 5]);
  assertAllClose(graph.receivers, [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5]);
  assertAllClose(graph.nNode, tf.tensor([3, 3], [2], "int32"));
  assertAllClose(graph.nEdge, tf.tensor([9, 9], [2], "int32"));
  assertAllClose({ ...graph }.globals, { u: [1, 2] });
  assertEquals([graph.nodes === nodes, graph.edges], [true, null]);
});

forEachEngine("getFullyConnectedGraph() without self edges rotates the senders", () => {
  const graph = getFullyConnectedGraph(3, 2, null, null, false);
  assertAllClose(graph.senders, [1, 2, 2, 0, 0, 1, 4, 5, 5, 3, 3, 4]);
  assertAllClose(graph.receivers, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
  assertAllClose(graph.nEdge, [6, 6]);
});

forEachEngine("getFullyConnectedGraph() takes no nodes, one node and no graphs", () => {
  assertAllClose(getFullyConnectedGraph(0, 2).nEdge, [0, 0]);
  assertAllClose(getFullyConnectedGraph(0, 2, null, null, false).nEdge, [0, 0]);
  assertAllClose(getFullyConnectedGraph(1, 1, null, null, false).nEdge, [0]);
  assertEquals(getFullyConnectedGraph(3, 0).nNode.shape, [0]);
});

Deno.test("getFullyConnectedGraph() refuses features of another size", () => {
  assertThrows(() => getFullyConnectedGraph(2, 2, [1, 2, 3]), RangeError, "sums to 4, there are 3");
  assertThrows(() => getFullyConnectedGraph(2, 2, null, [1]), TypeError, "globals is float32 [1]");
  assertThrows(() => getFullyConnectedGraph(-1, 2), RangeError, "got -1");
  assertThrows(() => getFullyConnectedGraph(1, 0.5), RangeError, "got 0.5");
});

forEachEngine("sparseMatrixToGraphsTuple() makes k edges of a value k, in place", () => {
  const graph = sparseMatrixToGraphsTuple([0, 1, 2], [1, 2, 0], [2, 0, 1], [3]);
  assertAllClose(graph.senders, tf.tensor([0, 0, 2], [3], "int32"));
  assertAllClose(graph.receivers, tf.tensor([1, 1, 0], [3], "int32"));
  assertAllClose(graph.nEdge, tf.tensor([3], [1], "int32"));
  assertAllClose(graph.nNode, tf.tensor([3], [1], "int32"));
  assertEquals([graph.nodes, graph.edges, graph.globals], [null, null, null]);
});

forEachEngine("sparseMatrixToGraphsTuple() takes a matrix without entries", () => {
  const graph = sparseMatrixToGraphsTuple([], [], [], 4);
  assertAllClose([graph.senders, graph.nNode, graph.nEdge], [[], [4], [0]]);
});

Deno.test("sparseMatrixToGraphsTuple() says what is wrong with a matrix", async () => {
  assertThrows(
    () => sparseMatrixToGraphsTuple([0], [1], [1, 2], [2]),
    TypeError,
    "there are 1 senders, 1 receivers, 2 values",
  );
  assertThrows(() => sparseMatrixToGraphsTuple([0], [1], [-1], [2]), RangeError, "values[0] is -1");
  assertThrows(() => sparseMatrixToGraphsTuple([0], [1], [0.5], [2]), RangeError, "value 0 is 0.5");
  assertThrows(
    () => sparseMatrixToGraphsTuple([0], [2], [1], [2]),
    RangeError,
    "receivers[0] is 2",
  );
  const tracer = await pretendTracer(tf.tensor([1], [1], "int32"));
  assertThrows(
    () => sparseMatrixToGraphsTuple([0], [1], tracer, [2]),
    TracerError,
    "before jit, and pass it in",
  );
});
