import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { getFullyConnectedGraph } from "../../../lib/graph/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";

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
