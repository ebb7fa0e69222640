import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { TracerError } from "../../../lib/engine/mod.ts";
import {
  batch,
  dynamicallyBatch,
  fromAdjacency,
  fromEdgeList,
  getFullyConnectedGraph,
  getNumberOfPaddingWithGraphsEdges,
  getNumberOfPaddingWithGraphsGraphs,
  getNumberOfPaddingWithGraphsNodes,
  type GraphsTuple,
  graphsTuple,
  padWithGraphs,
  sparseMatrixToGraphsTuple,
  unbatch,
  unpadWithGraphs,
} from "../../../lib/graph/mod.ts";
import { partitionSoftmax, segmentMax, segmentSum } from "../../../lib/segment/mod.ts";
import { jit } from "../../../lib/transform/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine, hasXla, useEngine } from "../../support/engines.ts";
import { skipUnless } from "../../support/skip.ts";

const graph = (): GraphsTuple =>
  graphsTuple({ nodes: [1, 2], senders: [0], receivers: [1], nNode: [2], nEdge: [1] });

const HOST_FUNCTIONS: Record<string, (graph: GraphsTuple) => unknown> = {
  batch: (graph) => batch([graph, graph]),
  unbatch,
  padWithGraphs: (graph) => padWithGraphs(graph, 4, 4),
  unpadWithGraphs,
  getNumberOfPaddingWithGraphsGraphs,
  getNumberOfPaddingWithGraphsNodes,
  getNumberOfPaddingWithGraphsEdges,
  dynamicallyBatch: (graph) => [...dynamicallyBatch([graph], 4, 4, 2)],
  getFullyConnectedGraph: () => getFullyConnectedGraph(2, 1),
  "sparseMatrixToGraphsTuple of arrays": () => sparseMatrixToGraphsTuple([0], [1], [1], [2]),
  "fromEdgeList of an array": () => fromEdgeList([[0, 1]]),
  "fromAdjacency of an array": () => fromAdjacency([[0, 1], [1, 0]]),
  sparseMatrixToGraphsTuple: ({ senders, receivers, nEdge, nNode }) =>
    sparseMatrixToGraphsTuple(senders, receivers, nEdge, nNode),
  "segmentSum without numSegments": ({ edges, senders }) => segmentSum(edges as Tensor, senders),
  "segmentMax of arrays without numSegments": () => segmentMax([1, 2], [0, 1]),
  "partitionSoftmax without its sum": ({ nodes, nNode }) =>
    partitionSoftmax(nodes as Tensor, nNode),
};

for (const [name, fn] of Object.entries(HOST_FUNCTIONS)) {
  Deno.test({
    name: `${name} throws a TracerError inside jit that names the way round`,
    ...skipUnless(hasXla, "needs the xla engine: its plugin is missing (deno task setup)"),
    fn: async () => {
      await useEngine("xla");
      const input = { ...graph(), edges: tf.tensor([5]) };
      // Values that are known would be frozen into the program, so they are refused as well.
      for (const call of [() => jit(fn)(input), () => jit(() => fn(input))()]) {
        const error = assertThrows(call, TracerError, "Cannot ");
        assertMatch(error.message, /\((pass|use|batch|unbatch|return|pad|make) .*\)$/);
      }
    },
  });
}

forEachEngine("graphsTuple() makes graphs inside jit, of tracers and arrays", () => {
  const double = (nodes: Tensor, senders: Tensor): GraphsTuple =>
    graphsTuple({ nodes: tf.mul(nodes, 2), senders, receivers: [1], nNode: [2], nEdge: [1] });
  const made = jit(double)(tf.tensor([1, 2]), tf.tensor([0], [1], "int32"));
  assertAllClose(made, { ...graph(), nodes: [2, 4] });
  assertThrows(
    () => jit(double)(tf.tensor([1, 2, 3]), tf.tensor([0], [1], "int32")),
    RangeError,
    "[2] sums to 2, there are 3 nodes",
  );
});

forEachEngine("a GraphsTuple passes through jit with its display", () => {
  const same = jit((graph: GraphsTuple) => ({ ...graph, nodes: tf.neg(graph.nodes as Tensor) }));
  const result = same(graph());
  assertAllClose(result.nodes, [-1, -2]);
  assertEquals(Deno.inspect(result).split("\n")[0], "GraphsTuple: 1 graph, 2 nodes, 1 edge");
});
