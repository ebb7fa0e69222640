import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { graphsTuple } from "../../../lib/graph/mod.ts";
import { interactionNetwork } from "../../../lib/models/mod.ts";
import { segmentMaxOrConstant } from "../../../lib/segment/mod.ts";
import type { Tensor, Tree } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";

const graph = () =>
  graphsTuple({
    nodes: [[1], [2], [4]],
    edges: [[10], [20]],
    senders: [0, 2],
    receivers: [1, 1],
    globals: [[100]],
    nNode: [3],
    nEdge: [2],
  });
const add = (...xs: Tree[]): Tensor => tf.addN(xs as Tensor[]);
const add3 = (a: Tree, b: Tree, c: Tree): Tensor => add(a, b, c);

forEachEngine("interactionNetwork() updates edges and nodes, and leaves globals alone", () => {
  const { nodes, edges, globals } = interactionNetwork({
    updateEdgeFn: add3,
    updateNodeFn: (...args: Tree[]) => (assertEquals(args.length, 2), add(...args)),
  })(graph());
  assertAllClose([edges, nodes, globals], [[[13], [26]], [[1], [41], [4]], [[100]]]);
});

forEachEngine("interactionNetwork() shows nodes what they sent if asked", () => {
  const { nodes } = interactionNetwork({
    updateEdgeFn: add3,
    updateNodeFn: (nodes, sent, received) => add(nodes, sent!, tf.mul(received as Tensor, 100)),
    includeSentMessagesInNodeUpdate: true,
  })(graph());
  assertAllClose(nodes, [[1 + 13], [2 + 3900], [4 + 26]]);
});

forEachEngine("interactionNetwork() takes another aggregation", () => {
  const { nodes } = interactionNetwork({
    updateEdgeFn: (edges) => edges,
    updateNodeFn: (_nodes, received) => received!,
    aggregateEdgesForNodesFn: segmentMaxOrConstant,
  })(graph());
  assertAllClose(nodes, [[0], [20], [0]]);
});

Deno.test("interactionNetwork() sums only the edges that nodes see", async () => {
  const kernels = async (includeSentMessagesInNodeUpdate: boolean) => {
    const network = interactionNetwork({
      updateEdgeFn: (_edges, sender) => sender,
      updateNodeFn: (_nodes, first) => first,
      includeSentMessagesInNodeUpdate,
    });
    return (await tf.profile(() => network(graph()).nodes as tf.Tensor)).kernels.length;
  };
  // A sum over what each node sent.
  assertEquals(await kernels(true) - await kernels(false), 1);
});
