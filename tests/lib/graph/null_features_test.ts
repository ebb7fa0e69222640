import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import {
  batch,
  dynamicallyBatch,
  type GraphsTuple,
  graphsTuple,
  padWithGraphs,
  unbatch,
  unpadWithGraphs,
  withZeroOutPaddingOutputs,
  zeroOutPadding,
} from "../../../lib/graph/mod.ts";
import { nullFeatures } from "../../../lib/graph/null_features.ts";
import { jit } from "../../../lib/transform/mod.ts";
import { forEachEngine } from "../../support/engines.ts";

/** A graph whose features are undefined, at the top and in a nest. */
function undefinedGraph(): GraphsTuple {
  const graph = graphsTuple({
    nodes: [1, 2],
    senders: [0],
    receivers: [1],
    nNode: [2],
    nEdge: [1],
  });
  return {
    ...graph,
    nodes: { a: graph.nodes, b: [undefined] },
    edges: undefined,
    globals: undefined,
  };
}

const FUNCTIONS: Record<string, (graph: GraphsTuple) => GraphsTuple> = {
  nullFeatures,
  batch: (graph) => batch([graph, graph]),
  unbatch: (graph) => unbatch(graph)[0]!,
  padWithGraphs: (graph) => padWithGraphs(graph, 4, 2),
  unpadWithGraphs: (graph) => unpadWithGraphs({ ...padWithGraphs(graph, 4, 2), edges: undefined }),
  dynamicallyBatch: (graph) => [...dynamicallyBatch([graph], 4, 2, 2)][0]!,
  zeroOutPadding,
  withZeroOutPaddingOutputs: withZeroOutPaddingOutputs((graph: GraphsTuple) => graph),
  jit: jit((graph: GraphsTuple) => graph),
};

forEachEngine("what comes in as undefined goes out as null", () => {
  for (const [name, fn] of Object.entries(FUNCTIONS)) {
    const { nodes, edges, globals } = fn(undefinedGraph());
    assertEquals([edges, globals], [null, null], name);
    assertEquals((nodes as { b: unknown[] }).b, [null], name);
  }
});

Deno.test("a field that a graph lacks is null in what is made of it", () => {
  const { globals: _, ...graph } = undefinedGraph();
  assertEquals(batch([graph as GraphsTuple, undefinedGraph()]).globals, null);
  assertEquals(nullFeatures(graph as GraphsTuple).globals, null);
});

Deno.test("features that are no tensors are named by their path", () => {
  const nodes = { a: tf.tensor([1, 2]), b: 3 };
  assertThrows(
    () => nullFeatures({ ...undefinedGraph(), nodes: nodes as never }),
    TypeError,
    "nodes.b is number 3",
  );
});
