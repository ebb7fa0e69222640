import * as tf from "@tensorflow/tfjs";
import { assertThrows } from "@std/assert";
import { type GraphsTuple, graphsTuple } from "../../../lib/graph/mod.ts";
import { gat } from "../../../lib/models/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine } from "../../support/engines.ts";

const graph = (): GraphsTuple =>
  graphsTuple({
    nodes: [[-1], [-3], [5]],
    edges: [[1], [3], [1]],
    senders: [0, 1, 2],
    receivers: [2, 2, 0],
    nNode: [3],
    nEdge: [3],
  });

forEachEngine("gat() sums the senders' queries, weighed by a softmax at each receiver", () => {
  const { nodes } = gat({
    attentionQueryFn: (nodes: Tensor) => tf.mul(nodes, 2),
    attentionLogitFn: (_sender, _receiver, edges: Tensor) => tf.log(edges),
    nodeUpdateFn: (nodes) => nodes,
  })(graph());
  assertAllClose(nodes, [[10], [0], [-2 / 4 - 6 * 3 / 4]]);
});

forEachEngine("gat() joins heads after a leaky ReLU of slope 0.01 by default", () => {
  const { nodes } = gat({
    attentionQueryFn: (nodes: Tensor) => tf.stack([nodes, tf.neg(nodes)], 1),
    attentionLogitFn: (sender: Tensor) => tf.zeros([sender.shape[0]!, 2, 1]),
  })(graph());
  assertAllClose(nodes, [[5, -0.05], [0, 0], [-0.02, 2]]);
});

forEachEngine("gat() takes nests of queries", () => {
  const { nodes } = gat({
    attentionQueryFn: (nodes) => ({ a: nodes, b: [nodes] }),
    attentionLogitFn: (sender: { a: Tensor; b: Tensor[] }) => ({
      a: tf.zerosLike(sender.a),
      b: [tf.zerosLike(sender.a)],
    }),
    nodeUpdateFn: (nodes) => nodes,
  })(graph());
  assertAllClose(nodes, { a: [[5], [0], [-2]], b: [[[5], [0], [-2]]] });
});

forEachEngine("gat() agrees with finite differences up to the second derivative", () => {
  const base = graph();
  checkGradients(
    (nodes: Tensor) =>
      gat({
        attentionQueryFn: (nodes: Tensor) => tf.sin(nodes),
        attentionLogitFn: (sender: Tensor, receiver: Tensor) => tf.mul(sender, receiver),
        nodeUpdateFn: (nodes: Tensor) => tf.tanh(nodes),
      })({ ...base, nodes }).nodes,
    [tf.tensor([[0.3], [-0.8], [1.1]])],
    { order: 2 },
  );
});

Deno.test("gat() says that it needs nodes", () => {
  const layer = gat({ attentionQueryFn: (nodes) => nodes, attentionLogitFn: (sender) => sender });
  assertThrows(() => layer({ ...graph(), nodes: null }), TypeError, "nodes is null");
});
