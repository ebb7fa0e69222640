import * as tf from "@tensorflow/tfjs";
import { assert, assertThrows } from "@std/assert";
import { type GraphsTuple, graphsTuple } from "../../../lib/graph/mod.ts";
import { graphConvolution } from "../../../lib/models/mod.ts";
import { segmentMax } from "../../../lib/segment/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import type { Tree } from "../../../lib/tree/mod.ts";

const identity = (nodes: Tree): Tree => nodes;
const graph = (): GraphsTuple =>
  graphsTuple({
    nodes: [[8], [2], [4]],
    senders: [0, 0, 0, 0, 1],
    receivers: [1, 1, 1, 2, 1],
    nNode: [3],
    nEdge: [5],
  });

forEachEngine("graphConvolution() divides by the roots of both degrees", () => {
  // Node 0 sends four edges, node 1 one; node 1 receives four, node 2 one, node 0 none.
  const { nodes } = graphConvolution({ updateNodeFn: identity })(graph());
  assertAllClose(nodes, [[0], [(3 * 8 / 2 + 2) / 2], [8 / 2]]);
});

forEachEngine("graphConvolution() adds a loop to each node, and shows none in its result", () => {
  const before = graph();
  const after = graphConvolution({
    updateNodeFn: identity,
    addSelfEdges: true,
    symmetricNormalization: false,
  })(before);
  assertAllClose(after.nodes, [[8], [3 * 8 + 2 + 2], [8 + 4]]);
  assert(after.senders === before.senders && after.nEdge === before.nEdge);
});

forEachEngine("graphConvolution() takes nests, any rank, and another aggregation", () => {
  const nodes = { a: tf.tensor([8, 2, 4]), b: [tf.tensor([8, 2, 4], [3, 1, 1])] };
  const layer = graphConvolution({ updateNodeFn: identity });
  assertAllClose(layer({ ...graph(), nodes }).nodes, {
    a: [0, 7, 4],
    b: [tf.tensor([0, 7, 4], [3, 1, 1])],
  });
  const max = graphConvolution({
    updateNodeFn: identity,
    aggregateNodesFn: segmentMax,
    symmetricNormalization: false,
  });
  assertAllClose(max(graph()).nodes, [[-Infinity], [8], [8]]);
});

forEachEngine(
  "graphConvolution() keeps int32 without normalization, and makes float32 with",
  () => {
    const nodes = tf.tensor([[8], [2], [4]], [3, 1], "int32");
    const plain = graphConvolution({ updateNodeFn: identity, symmetricNormalization: false });
    assertAllClose(
      plain({ ...graph(), nodes }).nodes,
      tf.tensor([[0], [26], [8]], [3, 1], "int32"),
    );
    const normal = graphConvolution({ updateNodeFn: identity });
    assertAllClose(normal({ ...graph(), nodes }).nodes, tf.tensor([[0], [7], [4]]));
  },
);

Deno.test("graphConvolution() says that it needs nodes", () => {
  const layer = graphConvolution({ updateNodeFn: identity });
  assertThrows(() => layer({ ...graph(), nodes: null }), TypeError, "nodes is null");
});
