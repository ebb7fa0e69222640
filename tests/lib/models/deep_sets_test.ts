import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { type GraphsTuple, graphsTuple } from "../../../lib/graph/mod.ts";
import { deepSets } from "../../../lib/models/mod.ts";
import { segmentMean } from "../../../lib/segment/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";

const graph = () =>
  graphsTuple({ nodes: [[1], [2], [4]], globals: [[10], [20], [30]], nNode: [2, 0, 1] });

forEachEngine("deepSets() maps nodes with their globals and sums each set", () => {
  const { nodes, globals } = deepSets({
    updateNodeFn: (nodes: Tensor, globals: Tensor) => tf.mul(nodes, globals),
    updateGlobalFn: (sums: Tensor) => tf.add(sums, 1),
  })(graph());
  assertAllClose([nodes, globals], [[[10], [20], [120]], [[31], [1], [121]]]);
});

forEachEngine("deepSets() takes another aggregation", () => {
  const { globals } = deepSets({
    updateNodeFn: (nodes) => nodes,
    updateGlobalFn: (means) => means,
    aggregateNodesForGlobalsFn: segmentMean,
  })(graph());
  assertAllClose(globals, [[1.5], [0], [4]]);
});

Deno.test("deepSets() keeps edges, and sums nothing over them", async () => {
  const network = deepSets({ updateNodeFn: (nodes) => nodes, updateGlobalFn: (sums) => sums });
  const edges = { edges: [[5], [6]], senders: [0, 1], receivers: [1, 0], nEdge: [2] };
  const connected = graphsTuple({ nodes: [[1], [2]], nNode: [2], ...edges });
  const kernels = async (g: GraphsTuple) =>
    (await tf.profile(() => network(g).globals as tf.Tensor)).kernels.length;
  assertEquals(await kernels(connected), await kernels({ ...connected, edges: null }));
  assertEquals(network(connected).edges, connected.edges);
});
