/** What the types know of a model's result; a wrong one fails to compile. */
import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import {
  gat,
  getFullyConnectedGraph,
  graphConvolution,
  graphMapFeatures,
  graphNetwork,
  graphsTuple,
  relationNetwork,
  segmentMaxOrConstant,
  type Tensor,
  withZeroOutPaddingOutputs,
} from "../../../mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";

Deno.test("a model's result has the types that its update functions return, and keeps the others", () => {
  const graph = graphsTuple({
    nodes: { position: [[1], [2]], kind: new Int32Array([3, 4]) },
    edges: [[5]],
    senders: [0],
    receivers: [1],
    nNode: [2],
    nEdge: [1],
  });
  const network = graphNetwork({
    updateNodeFn: (_nodes: typeof graph.nodes, _sent: Tensor, received: Tensor) => received,
  });
  const nodes: Tensor = network(graph).nodes;
  const edges: Tensor = network(graph).edges;
  const globals: null = network(graph).globals;
  assertEquals([nodes.arraySync(), edges.arraySync(), globals], [[[0], [5]], [[5]], null]);
  const kind: Tensor = graph.nodes.kind;
  assertEquals([kind.dtype, graph.nodes.position.dtype], ["int32", "float32"]);
});

Deno.test("types pass through wrapped models and converters", () => {
  const map = graphMapFeatures({ embedNodeFn: (nodes: Tensor) => ({ square: tf.square(nodes) }) });
  const graph = getFullyConnectedGraph(2, 2, [1, 2, 3, 4]);
  const square: Tensor = withZeroOutPaddingOutputs(map)(graph).nodes.square;
  assertEquals(square.arraySync(), [1, 4, 0, 0]);
  const edges: null = graph.edges;
  assertEquals(edges, null);
});

Deno.test("options may be undefined as well as null: both stand for what Jraph does without", () => {
  const graph = getFullyConnectedGraph(2, 1, [[1], [2]]);
  for (const nothing of [undefined, null]) {
    const network = graphNetwork({
      updateEdgeFn: nothing,
      updateNodeFn: (nodes: Tensor) => tf.neg(nodes),
      updateGlobalFn: nothing,
      aggregateEdgesForNodesFn: nothing,
      attentionLogitFn: nothing,
      attentionReduceFn: nothing,
    });
    assertEquals(network(graph).nodes.arraySync(), [[-1], [-2]]);
    const relations = relationNetwork({
      updateEdgeFn: (sender: Tensor) => sender,
      updateGlobalFn: (edges: Tensor) => edges,
      aggregateEdgesForGlobalsFn: nothing,
    });
    assertEquals(relations(graph).globals.arraySync(), [[6]]);
    const attention = gat({
      attentionQueryFn: (nodes: Tensor) => nodes,
      attentionLogitFn: (sender: Tensor) => tf.zerosLike(sender),
      nodeUpdateFn: nothing,
    });
    assertEquals(attention(graph).nodes.arraySync(), [[1.5], [1.5]]);
    const convolution = graphConvolution({
      updateNodeFn: (nodes: Tensor) => nodes,
      aggregateNodesFn: nothing,
      addSelfEdges: nothing,
      symmetricNormalization: nothing,
    });
    assertAllClose(convolution(graph).nodes, [[1.5], [1.5]]);
    const map = graphMapFeatures({ embedEdgeFn: nothing, embedNodeFn: nothing });
    assertEquals(map(graph).nodes.arraySync(), [[1], [2]]);
    const most = segmentMaxOrConstant([3], [1], nothing, {
      constant: nothing,
      indicesAreSorted: nothing,
      uniqueIndices: nothing,
    });
    assertEquals(most.arraySync(), [0, 3]);
  }
});
