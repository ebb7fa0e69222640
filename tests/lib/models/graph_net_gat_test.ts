import * as tf from "@tensorflow/tfjs";
import { assertThrows } from "@std/assert";
import { graphsTuple } from "../../../lib/graph/mod.ts";
import { graphNetGAT, type GraphNetGATOptions } from "../../../lib/models/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";

const OPTIONS: GraphNetGATOptions = {
  updateEdgeFn: (_edges, sender) => sender,
  updateNodeFn: (_nodes, _sent, received) => received,
  attentionLogitFn: (edges: Tensor) => tf.log(edges),
  attentionReduceFn: (edges: Tensor, weights: Tensor) => tf.mul(edges, weights),
};

forEachEngine("graphNetGAT() weighs edges by a softmax over those that a node receives", () => {
  const { nodes, edges } = graphNetGAT(OPTIONS)(graphsTuple({
    nodes: [[1], [3], [5]],
    senders: [0, 1, 2],
    receivers: [2, 2, 0],
    nNode: [3],
    nEdge: [3],
  }));
  // Softmax of logarithms: weights 1/4 and 3/4 into node 2, 1 into node 0.
  assertAllClose([edges, nodes], [[[0.25], [2.25], [5]], [[5], [0], [2.5]]]);
});

Deno.test("graphNetGAT() refuses to be built without attention", () => {
  for (const name of ["attentionLogitFn", "attentionReduceFn"] as const) {
    const options = { ...OPTIONS, [name]: null } as unknown as GraphNetGATOptions;
    assertThrows(() => graphNetGAT(options), TypeError, `${name} must be a function: got null`);
  }
});
