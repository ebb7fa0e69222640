import * as tf from "@tensorflow/tfjs";
import { getFullyConnectedGraph } from "../../../lib/graph/mod.ts";
import { relationNetwork } from "../../../lib/models/mod.ts";
import { segmentMax } from "../../../lib/segment/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";

const difference = (sender: Tensor, receiver: Tensor): Tensor => tf.sub(sender, receiver);
const graph = () => getFullyConnectedGraph(2, 2, [[1], [4], [9], [2]], [[0], [0]]);

forEachEngine("relationNetwork() sums relations of pairs, and writes them to edges", () => {
  const { nodes, edges, globals } = relationNetwork({
    updateEdgeFn: (sender: Tensor, receiver: Tensor) => tf.square(difference(sender, receiver)),
    updateGlobalFn: (relations: Tensor) => tf.neg(relations),
  })(graph());
  assertAllClose(edges, [[0], [9], [9], [0], [0], [49], [49], [0]]);
  assertAllClose([nodes, globals], [[[1], [4], [9], [2]], [[-18], [-98]]]);
});

forEachEngine("relationNetwork() takes another aggregation", () => {
  const { globals } = relationNetwork({
    updateEdgeFn: difference,
    updateGlobalFn: (relations) => relations,
    aggregateEdgesForGlobalsFn: segmentMax,
  })(graph());
  assertAllClose(globals, [[3], [7]]);
});
