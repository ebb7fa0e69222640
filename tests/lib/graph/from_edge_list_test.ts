import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { TracerError } from "../../../lib/engine/mod.ts";
import { fromEdgeList } from "../../../lib/graph/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { assertRefused, BAD_COUNTS, each, JUNK } from "../../support/bad_input.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine } from "../../support/engines.ts";
import { pretendTracer } from "../../support/pretend_tracer.ts";

forEachEngine("fromEdgeList() makes one graph of pairs", () => {
  assertAllClose(fromEdgeList([[0, 1], [2, 1], [2, 2]]), {
    nodes: null,
    edges: null,
    senders: tf.tensor([0, 2, 2], [3], "int32"),
    receivers: tf.tensor([1, 1, 2], [3], "int32"),
    globals: null,
    nNode: tf.tensor([3], [1], "int32"),
    nEdge: tf.tensor([3], [1], "int32"),
  });
  assertAllClose(fromEdgeList([[0, 1]], { nodes: [[1], [2], [3]] }).nNode, [3]);
  assertAllClose(fromEdgeList([[0, 1]], { nNode: 5 }).nNode, [5]);
});

forEachEngine("fromEdgeList() follows each edge by its reverse, with its features", () => {
  const graph = fromEdgeList([[0, 1], [1, 1], [2, 0]], {
    edges: { length: [0.5, 0, 2], kind: new Int32Array([7, 8, 9]), flag: [true, false, true] },
    directed: false,
  });
  assertAllClose([graph.senders, graph.receivers], [[0, 1, 1, 2, 0], [1, 0, 1, 0, 2]]);
  assertAllClose(graph.edges, {
    length: tf.tensor([0.5, 0.5, 0, 2, 2]),
    kind: tf.tensor([7, 7, 8, 9, 9], [5], "int32"),
    flag: tf.tensor([true, true, false, true, true]),
  });
});

forEachEngine("fromEdgeList() counts the edges of several graphs", () => {
  const edges = [[0, 1], [4, 3], [3, 4]];
  const several = fromEdgeList(edges, { nNode: [2, 1, 2, 0], globals: [1, 2, 3, 4] });
  assertAllClose([several.nNode, several.nEdge], [[2, 1, 2, 0], [1, 0, 2, 0]]);
  const undirected = fromEdgeList(edges, { nNode: [2, 1, 2, 0], directed: false });
  assertAllClose(undirected.nEdge, [2, 0, 4, 0]);
});

forEachEngine("fromEdgeList() takes no edges", () => {
  assertAllClose(fromEdgeList([]).nNode, [0]);
  assertAllClose(fromEdgeList([], { nNode: [2, 3] }).nEdge, [0, 0]);
  const graph = fromEdgeList(tf.zeros([0, 2], "int32"), { edges: tf.zeros([0, 4]), nNode: 1 });
  assertEquals(graph.edges.shape, [0, 4]);
});

forEachEngine("gradients flow through the features of an edge list", () => {
  checkGradients(
    (x: tf.Tensor) =>
      tf.square(fromEdgeList([[0, 1], [1, 0]], { edges: x, directed: false }).edges),
    [tf.tensor([[0.5], [2]])],
  );
});

Deno.test("fromEdgeList() says what is wrong with a list", async () => {
  assertThrows(
    () => fromEdgeList([[0, 1, 2]]),
    TypeError,
    "Cannot make a graph of an edge list as each edge is a pair [sender, receiver]: edges is int32 [1, 3]",
  );
  assertThrows(
    () => fromEdgeList([[0, 1], [3, 0]], { nNode: [2, 2] }),
    RangeError,
    "between nodes of one graph: there is an edge [3, 0], nNode is [2, 2]",
  );
  assertThrows(
    () => fromEdgeList([[2, 3], [0, 1]], { nNode: [2, 2] }),
    RangeError,
    "graph by graph",
  );
  assertThrows(() => fromEdgeList([[0, 2]], { nNode: 2 }), RangeError, "[0, 2]");
  assertThrows(() => fromEdgeList([[-1, 0]]), RangeError, "[-1, 0]");
  assertThrows(() => fromEdgeList([[0, 1]], { nNode: [] }), RangeError, "nNode is []");
  assertThrows(
    () => fromEdgeList([[0, 1]], { edges: { a: [1, 2] } }),
    TypeError,
    "a row for each of 1 pairs: options.edges.a is float32 [2]",
  );
  assertRefused([
    ...each(
      "fromEdgeList()",
      { ...JUNK, null: null, flat: [0, 1], "1.5": [[0, 1.5]] },
      (bad) => fromEdgeList(bad),
      "edges",
    ),
    ...each(
      "fromEdgeList() nNode",
      { ...BAD_COUNTS, "an array": [1] },
      (nNode) => fromEdgeList([[0, 1]], { nNode }),
      "nNode",
    ),
    ...each("fromEdgeList() edges", JUNK, (edges) => fromEdgeList([[0, 1]], { edges }), "edges"),
    ...each("fromEdgeList() nodes", JUNK, (nodes) => fromEdgeList([[0, 1]], { nodes }), "nodes"),
  ]);
  const tracer = await pretendTracer(tf.zeros([2, 2], "int32"));
  assertThrows(() => fromEdgeList(tracer), TracerError, "(make the graph before jit");
});
