import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { TracerError } from "../../../lib/engine/mod.ts";
import { batch, type GraphsTuple, graphsTuple, unbatch } from "../../../lib/graph/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine } from "../../support/engines.ts";
import { pretendTracer } from "../../support/pretend_tracer.ts";
import { assertLeavesBehind } from "../../support/assert_leaves_behind.ts";

const triangle = (): GraphsTuple =>
  graphsTuple({
    nodes: { x: [[1], [2], [3]], kind: new Int32Array([4, 5, 6]) },
    edges: [true, false, true],
    senders: [0, 1, 2],
    receivers: [1, 2, 0],
    globals: [[9]],
    nNode: [3],
    nEdge: [3],
  });
/** A graph with one node and no edges, and a graph with nothing. */
const lonely = (): GraphsTuple =>
  graphsTuple({
    nodes: { x: [[7]], kind: new Int32Array([8]) },
    edges: tf.zeros([0], "bool"),
    globals: [[10], [11]],
    nNode: [1, 0],
  });
const nothing = (): GraphsTuple =>
  graphsTuple({
    nodes: { x: tf.zeros([0, 1]), kind: new Int32Array() },
    edges: tf.zeros([0], "bool"),
    globals: tf.zeros([0, 1]),
    nNode: new Int32Array(),
  });

forEachEngine("batch() joins features and shifts indices by the nodes before", () => {
  const joined = batch([lonely(), triangle(), nothing(), triangle()]);
  assertAllClose(joined, {
    nodes: {
      x: tf.tensor([[7], [1], [2], [3], [1], [2], [3]]),
      kind: tf.tensor([8, 4, 5, 6, 4, 5, 6], [7], "int32"),
    },
    edges: tf.tensor([true, false, true, true, false, true]),
    senders: tf.tensor([1, 2, 3, 4, 5, 6], [6], "int32"),
    receivers: tf.tensor([2, 3, 1, 5, 6, 4], [6], "int32"),
    globals: tf.tensor([[10], [11], [9], [9]]),
    nNode: tf.tensor([1, 0, 3, 3], [4], "int32"),
    nEdge: tf.tensor([0, 0, 3, 3], [4], "int32"),
  });
});

forEachEngine("batch() of graphs without graphs is without graphs", () => {
  const joined = batch([nothing(), nothing()]);
  assertAllClose(joined, nothing());
});

forEachEngine("unbatch() gives each graph by itself, empty ones too", () => {
  const parts = unbatch(batch([lonely(), triangle()]));
  assertEquals(parts.length, 3);
  assertAllClose(parts[0], {
    nodes: { x: tf.tensor([[7]]), kind: tf.tensor([8], [1], "int32") },
    edges: tf.zeros([0], "bool"),
    senders: tf.zeros([0], "int32"),
    receivers: tf.zeros([0], "int32"),
    globals: tf.tensor([[10]]),
    nNode: tf.tensor([1], [1], "int32"),
    nEdge: tf.tensor([0], [1], "int32"),
  });
  assertAllClose(parts[1]!.nodes, { x: tf.zeros([0, 1]), kind: tf.zeros([0], "int32") });
  assertAllClose(parts[1]!.nNode, tf.tensor([0], [1], "int32"));
  assertAllClose(parts[2], triangle());
});

forEachEngine("unbatch() of no graphs is an empty list", () => {
  assertEquals(unbatch(nothing()), []);
});

forEachEngine("unbatch() leaves the batch as it is", () => {
  const joined = batch([triangle(), triangle()]);
  const before = tf.clone(joined.senders);
  unbatch(joined).forEach((part) => part.senders.dispose());
  assertAllClose(joined.senders, before);
});

forEachEngine("batch() and unbatch() keep null, and leave nothing else behind", () => {
  const graph = graphsTuple({ nNode: [2], senders: [0], receivers: [1], nEdge: [1] });
  const joined = assertLeavesBehind(4, () => batch([graph, graph]));
  assertEquals([joined.nodes, joined.edges, joined.globals], [null, null, null]);
  const parts = assertLeavesBehind(2 * 4, () => unbatch(joined));
  assertEquals(parts.map(({ nodes }) => nodes), [null, null]);
});

forEachEngine("gradients flow through batch() and unbatch()", () => {
  const graph = triangle();
  checkGradients(
    (x: tf.Tensor) => {
      const joined = batch([{ ...graph, nodes: x }, { ...graph, nodes: tf.square(x) }]);
      return unbatch(joined).map(({ nodes }) => tf.square(nodes as tf.Tensor));
    },
    [tf.tensor([[0.3], [-1], [2]])],
    { order: 2 },
  );
});

Deno.test("batch() keeps the display of its graphs", () => {
  assertStringIncludes(
    Deno.inspect(batch([triangle(), lonely()])),
    "GraphsTuple: 3 graphs, 4 nodes",
  );
});

Deno.test("batch() says which graphs cannot be joined", () => {
  assertThrows(() => batch([]), RangeError, "got an empty list");
  assertThrows(
    () => batch([triangle(), { ...triangle(), edges: null }]),
    TypeError,
    "Cannot batch graphs as all trees must have one structure: expected {edges: *, ",
  );
  assertThrows(
    () => batch([triangle(), { ...triangle(), nodes: { x: tf.zeros([3, 1]) } }]),
    TypeError,
    "graph 1 is {",
  );
  assertThrows(
    () => batch([triangle(), { ...triangle(), globals: tf.zeros([1, 2]) }]),
    TypeError,
    "Cannot batch graphs as their rows must have one shape and dtype: globals is " +
      "float32 [1, 1] in graph 0, float32 [1, 2] in graph 1",
  );
  assertThrows(
    () => batch([triangle(), { ...triangle(), globals: tf.zeros([1, 1], "int32") }]),
    TypeError,
    "int32 [1, 1] in graph 1",
  );
});

Deno.test("unbatch() refuses edges between graphs, whose indices would be lost", () => {
  const joined = batch([triangle(), triangle()]);
  const crossing = { ...joined, senders: tf.tensor([0, 1, 3, 4, 5, 3], [6], "int32") };
  assertThrows(
    () => unbatch(crossing),
    RangeError,
    "Cannot unbatch a graph as edges must stay in their graph: senders[2] is 3, " +
      "graph 0 has the nodes from 0 to 2",
  );
  const wrongSum = { ...joined, nNode: tf.tensor([3, 2], [2], "int32") };
  assertThrows(() => unbatch(wrongSum), RangeError, "[3, 2] sums to 5, there are 6 nodes");
});

Deno.test("batch() and unbatch() refuse tracers and name the way round", async () => {
  const graph = triangle();
  const traced = { ...graph, nNode: await pretendTracer(tf.tensor([3], [1], "int32")) };
  assertThrows(
    () => batch([graph, traced]),
    TracerError,
    "Cannot batch graph 1 as inside jit values are not known yet: nNode is a tracer, int32 [1] " +
      "(batch before jit, and pass the result in)",
  );
  assertThrows(() => unbatch(traced), TracerError, "return the batched graph from jit");
});
