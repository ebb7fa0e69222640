import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { TracerError } from "../../../lib/engine/mod.ts";
import { fromAdjacency } from "../../../lib/graph/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { assertRefused, each, JUNK } from "../../support/bad_input.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine } from "../../support/engines.ts";
import { pretendTracer } from "../../support/pretend_tracer.ts";

forEachEngine("fromAdjacency() makes an edge of each entry, from its row to its column", () => {
  const graph = fromAdjacency([[0, 2, 0], [0, 0, -1], [0.5, 0, 3]], { nodes: { x: [1, 2, 3] } });
  assertAllClose(graph, {
    nodes: { x: tf.tensor([1, 2, 3]) },
    edges: tf.tensor([[2], [-1], [0.5], [3]]),
    senders: tf.tensor([0, 1, 2, 2], [4], "int32"),
    receivers: tf.tensor([1, 2, 0, 2], [4], "int32"),
    globals: null,
    nNode: tf.tensor([3], [1], "int32"),
    nEdge: tf.tensor([4], [1], "int32"),
  });
});

forEachEngine("fromAdjacency() takes several matrices, and keeps their dtype", () => {
  const graph = fromAdjacency(tf.tensor([0, 1, 0, 0, 0, 0, 1, 1], [2, 2, 2], "int32"), {
    globals: { id: [7, 8] },
  });
  assertAllClose(graph.edges, tf.tensor([[1], [1], [1]], [3, 1], "int32"));
  assertAllClose([graph.senders, graph.receivers], [[0, 3, 3], [1, 2, 3]]);
  assertAllClose([graph.nNode, graph.nEdge, graph.globals.id], [[2, 2], [1, 2], [7, 8]]);
  const flags = fromAdjacency([[true, false], [true, true]], { edges: null });
  assertEquals([flags.edges, flags.senders.size], [null, 3]);
});

forEachEngine("fromAdjacency() takes no nodes, and no edges", () => {
  const nothing = fromAdjacency([]);
  assertAllClose([nothing.nNode, nothing.nEdge], [[0], [0]]);
  assertEquals(nothing.edges.shape, [0, 1]);
  assertAllClose(fromAdjacency([[0, 0], [0, 0]]).nNode, [2]);
  assertEquals(fromAdjacency(tf.zeros([0, 3, 3])).nNode.shape, [0]);
});

forEachEngine("gradients flow to the entries that are edges", () => {
  checkGradients((matrix: tf.Tensor) => tf.square(fromAdjacency(matrix).edges), [
    tf.tensor([[0.5, 2], [-1, 1.5]]),
  ]);
});

Deno.test("fromAdjacency() says what is wrong with a matrix", async () => {
  assertThrows(
    () => fromAdjacency([[0, 1, 2], [1, 0, 2]]),
    TypeError,
    "as it must be square: adjacency is float32 [2, 3] (give [N, N], or [G, n, n]",
  );
  assertThrows(
    () => fromAdjacency([[0, 1], [NaN, 0]]),
    RangeError,
    "entries must be finite: row 1, column 0 is NaN (write 0 for no edge)",
  );
  assertThrows(
    () => fromAdjacency([[0, 1], [1, 0]], { nodes: [1] }),
    RangeError,
    "there are 1 nodes",
  );
  assertThrows(
    () => fromAdjacency([[0, 1], [1, 0]], { edges: [1] }),
    TypeError,
    "edges is float32",
  );
  assertRefused(
    each(
      "fromAdjacency()",
      { ...JUNK, null: null, "a number": 1, list: [1, 2] },
      (bad) => fromAdjacency(bad),
      "adjacency",
    ),
  );
  const tracer = await pretendTracer(tf.zeros([2, 2]));
  assertThrows(() => fromAdjacency(tracer), TracerError, "(make the graph before jit");
});
