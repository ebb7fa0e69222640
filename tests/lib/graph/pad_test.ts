import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { TracerError } from "../../../lib/engine/mod.ts";
import {
  getEdgePaddingMask,
  getGraphPaddingMask,
  getNodePaddingMask,
  getNumberOfPaddingWithGraphsEdges,
  getNumberOfPaddingWithGraphsGraphs,
  getNumberOfPaddingWithGraphsNodes,
  type GraphsTuple,
  graphsTuple,
  padWithGraphs,
  unpadWithGraphs,
  withZeroOutPaddingOutputs,
  zeroOutPadding,
} from "../../../lib/graph/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine } from "../../support/engines.ts";
import { pretendTracer } from "../../support/pretend_tracer.ts";

/** Two graphs; the second has no nodes, so that it looks like padding but is not. */
const graph = (): GraphsTuple =>
  graphsTuple({
    nodes: { x: [[1, 2], [3, 4]], on: [true, true] },
    edges: new Int32Array([5]),
    senders: [1],
    receivers: [0],
    globals: [[6], [7]],
    nNode: [2, 0],
    nEdge: [1, 0],
  });
const bool = (...values: number[]): tf.Tensor => tf.tensor(values, [values.length], "bool");

forEachEngine("padWithGraphs() adds one padding graph, then empty ones", () => {
  assertAllClose(padWithGraphs(graph(), 4, 3, 5), {
    nodes: { x: tf.tensor([[1, 2], [3, 4], [0, 0], [0, 0]]), on: bool(1, 1, 0, 0) },
    edges: tf.tensor([5, 0, 0], [3], "int32"),
    senders: tf.tensor([1, 2, 2], [3], "int32"),
    receivers: tf.tensor([0, 2, 2], [3], "int32"),
    globals: tf.tensor([[6], [7], [0], [0], [0]]),
    nNode: tf.tensor([2, 0, 2, 0, 0], [5], "int32"),
    nEdge: tf.tensor([1, 0, 2, 0, 0], [5], "int32"),
  });
});

forEachEngine("unpadWithGraphs() is the way back, without padding edges and graphs too", () => {
  for (const [nNode, nEdge, nGraph] of [[4, 3, 5], [3, 1, 3]]) {
    assertAllClose(unpadWithGraphs(padWithGraphs(graph(), nNode!, nEdge!, nGraph!)), graph());
  }
});

forEachEngine("the numbers of padding are those that padWithGraphs() added", () => {
  const padded = padWithGraphs(graph(), 6, 3, 5);
  assertEquals(getNumberOfPaddingWithGraphsGraphs(padded), 3);
  assertEquals(getNumberOfPaddingWithGraphsNodes(padded), 4);
  assertEquals(getNumberOfPaddingWithGraphsEdges(padded), 2);
  assertEquals(getNumberOfPaddingWithGraphsEdges(padWithGraphs(graph(), 3, 1, 3)), 0);
});

forEachEngine("masks are true for what is real", () => {
  const padded = padWithGraphs(graph(), 4, 3, 5);
  assertAllClose(getNodePaddingMask(padded), bool(1, 1, 0, 0));
  assertAllClose(getEdgePaddingMask(padded), bool(1, 0, 0));
  assertAllClose(getGraphPaddingMask(padded), bool(1, 1, 0, 0, 0));
  const tight = padWithGraphs(graph(), 3, 1, 3);
  assertAllClose(getNodePaddingMask(tight), bool(1, 1, 0));
  assertAllClose(getEdgePaddingMask(tight), bool(1));
  assertAllClose(getGraphPaddingMask(tight), bool(1, 1, 0));
});

Deno.test("masks need no values, so they work on tracers", async () => {
  const padded = padWithGraphs(graph(), 4, 3, 5);
  for (const name of ["nNode", "nEdge", "senders"] as const) await pretendTracer(padded[name]);
  assertAllClose(getNodePaddingMask(padded), bool(1, 1, 0, 0));
  assertAllClose(getEdgePaddingMask(padded), bool(1, 0, 0));
  assertAllClose(zeroOutPadding(padded).globals, [[6], [7], [0], [0], [0]]);
});

forEachEngine("getNodePaddingMask() needs nodes, whose number it cannot know otherwise", () => {
  const padded = padWithGraphs({ ...graph(), nodes: null }, 4, 3, 5);
  assertThrows(() => getNodePaddingMask(padded), TypeError, "nodes is null");
  assertAllClose(getEdgePaddingMask(padded), bool(1, 0, 0));
});

forEachEngine("zeroOutPadding() replaces NaN, Infinity and -0, and keeps dtypes", () => {
  const padded = padWithGraphs(graph(), 4, 3, 3);
  const zeroed = zeroOutPadding({
    ...padded,
    nodes: { x: tf.tensor([[NaN, 2], [3, 4], [NaN, -1], [Infinity, 8]]), on: bool(1, 0, 1, 1) },
    edges: tf.tensor([5, -1, 9], [3], "int32"),
    globals: tf.fill([3, 1, 2], -Infinity),
  });
  assertAllClose(zeroed, {
    ...padded,
    nodes: { x: tf.tensor([[NaN, 2], [3, 4], [0, 0], [0, 0]]), on: bool(1, 0, 0, 0) },
    edges: tf.tensor([5, 0, 0], [3], "int32"),
    globals: tf.tensor([-Infinity, -Infinity, -Infinity, -Infinity, 0, 0], [3, 1, 2]),
  });
  const x = (zeroed.nodes as { x: tf.Tensor }).x.dataSync();
  assertEquals([x[4], x[5]].map((v) => Object.is(v, 0)), [true, true]);
});

forEachEngine("zeroOutPadding() takes features that are null", () => {
  const bare = { ...graph(), nodes: null, edges: null, globals: null };
  const zeroed = zeroOutPadding(padWithGraphs(bare, 4, 3, 5));
  assertEquals([zeroed.nodes, zeroed.edges, zeroed.globals], [null, null, null]);
});

forEachEngine("gradients flow through padding and zeroOutPadding() to what is real", () => {
  const base = graph();
  checkGradients(
    (x: tf.Tensor) => {
      const padded = padWithGraphs({ ...base, nodes: tf.sin(x) }, 5, 2, 3);
      const { nodes } = zeroOutPadding({ ...padded, nodes: tf.cos(padded.nodes) });
      return [nodes, unpadWithGraphs({ ...padded, nodes: tf.square(nodes) }).nodes];
    },
    [tf.tensor([[0.3, -1], [2, 0.4]])],
    { order: 2 },
  );
});

forEachEngine("withZeroOutPaddingOutputs() wraps a network", () => {
  const network = withZeroOutPaddingOutputs((g) => ({ ...g, edges: tf.ones([3]) }));
  assertAllClose(network(padWithGraphs(graph(), 4, 3, 5)).edges, [1, 0, 0]);
});

Deno.test("padWithGraphs() says where room is missing", () => {
  assertThrows(
    () => padWithGraphs(graph(), 2, 3, 5),
    RangeError,
    "Cannot pad a graph as 2 nodes need a padding node after them: nNode is 2 " +
      "(it must be at least 3)",
  );
  assertThrows(() => padWithGraphs(graph(), 4, 0, 5), RangeError, "nEdge is 0");
  assertThrows(() => padWithGraphs(graph(), 4, 3, 2), RangeError, "nGraph is 2");
  assertThrows(() => padWithGraphs(graph(), 4, 3, 1), RangeError, "nGraph is 1 (it must be at");
  assertThrows(() => padWithGraphs(graph(), 4.5, 3, 5), RangeError, "got 4.5");
  assertThrows(() => padWithGraphs(graph(), NaN, 3, 5), RangeError, "got NaN");
});

Deno.test("a graph that was never padded has no padding graph to count", () => {
  const empty = graphsTuple({ nNode: [0, 0] });
  assertThrows(
    () => getNumberOfPaddingWithGraphsGraphs(empty),
    RangeError,
    "a padding graph has nodes: nNode is [0, 0] (pad with padWithGraphs())",
  );
  assertThrows(() => unpadWithGraphs(empty), RangeError, "Cannot unpad a graph");
});

Deno.test("padding refuses tracers and names the way round", async () => {
  const traced = { ...graph(), nNode: await pretendTracer(tf.tensor([2, 0], [2], "int32")) };
  assertThrows(
    () => padWithGraphs(traced, 4, 3, 5),
    TracerError,
    "nNode is a tracer, int32 [2] (pad before jit, and pass the result in)",
  );
  const host = [
    unpadWithGraphs,
    getNumberOfPaddingWithGraphsGraphs,
    getNumberOfPaddingWithGraphsNodes,
    getNumberOfPaddingWithGraphsEdges,
  ];
  for (const fn of host) {
    assertThrows(() => fn(traced), TracerError, "use getNodePaddingMask() and its kin inside jit");
  }
});
