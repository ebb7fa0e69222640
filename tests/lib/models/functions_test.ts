/** What the types know of a model's result; a wrong one fails to compile. */
import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import {
  getFullyConnectedGraph,
  graphMapFeatures,
  graphNetwork,
  graphsTuple,
  type Tensor,
  withZeroOutPaddingOutputs,
} from "../../../mod.ts";

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
