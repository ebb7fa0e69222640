import * as tf from "@tensorflow/tfjs";
import { concatenatedArgs, type GraphsTuple } from "../../../lib/graph/mod.ts";
import {
  deepSets,
  gat,
  graphConvolution,
  type GraphFn,
  graphMapFeatures,
  graphNetGAT,
  graphNetwork,
  interactionNetwork,
  relationNetwork,
} from "../../../lib/models/mod.ts";
import {
  segmentMaxOrConstant,
  segmentMean,
  segmentMinOrConstant,
  segmentVariance,
} from "../../../lib/segment/mod.ts";
import { grad, jit } from "../../../lib/transform/mod.ts";
import type { Tensor, Tree } from "../../../lib/tree/mod.ts";
import { forEachEngine } from "../../support/engines.ts";
import {
  assertGolden,
  decode,
  DERIVATIVE,
  GOLDEN,
  type ModelCase,
  probe,
  VALUE,
} from "../../support/jraph_golden.ts";

type Params = Record<string, Tensor>;

const matMul = (a: Tensor, b: Tensor): Tensor => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D);

/** tanh of a linear map of all arguments, concatenated. */
const layer = (w: Tensor) => concatenatedArgs((x) => tf.tanh(matMul(x, w)));

const weigh = (edges: Tensor, weights: Tensor): Tensor => tf.mul(edges, weights);

/** The three updates of a graph network. */
const updates = (p: Params) => ({
  updateEdgeFn: layer(p.edge!),
  updateNodeFn: layer(p.node!),
  updateGlobalFn: layer(p.global!),
});

function heads(p: Params): GraphFn {
  return gat({
    attentionQueryFn: (nodes: Tensor) =>
      tf.reshape(matMul(nodes, p.query!), [nodes.shape[0]!, 2, 3]),
    attentionLogitFn: (sender: Tensor, receiver: Tensor, edges: Tensor) => {
      const perHead = tf.tanh(tf.add(sender, receiver));
      const logits = matMul(tf.reshape(perHead, [-1, 3]), p.logit!);
      const [E] = edges.shape;
      const perEdge = tf.reshape(matMul(edges, p.edge!), [E!, 1, 1]);
      return tf.add(tf.reshape(logits, [E!, 2, 1]), perEdge);
    },
  });
}

const MODELS: Record<string, (p: Params) => GraphFn> = {
  graphNetwork: (p) => graphNetwork(updates(p)),
  graphNetworkOfNests: (p) => graphNetwork(updates(p)),
  graphNetworkWithAttention: (p) =>
    graphNetwork({ ...updates(p), attentionLogitFn: layer(p.logit!), attentionReduceFn: weigh }),
  graphNetworkOtherAggregations: (p) =>
    graphNetwork({
      ...updates(p),
      aggregateEdgesForNodesFn: segmentMaxOrConstant,
      aggregateNodesForGlobalsFn: segmentMean,
      aggregateEdgesForGlobalsFn: segmentMinOrConstant,
    }),
  graphNetworkEdgesOnly: (p) => graphNetwork({ updateEdgeFn: layer(p.edge!), updateNodeFn: null }),
  interactionNetwork: (p) =>
    interactionNetwork({ updateEdgeFn: layer(p.edge!), updateNodeFn: layer(p.node!) }),
  interactionNetworkWithSent: (p) =>
    interactionNetwork({
      updateEdgeFn: layer(p.edge!),
      updateNodeFn: layer(p.node!),
      includeSentMessagesInNodeUpdate: true,
    }),
  relationNetwork: (p) =>
    relationNetwork({ updateEdgeFn: layer(p.edge!), updateGlobalFn: layer(p.global!) }),
  deepSets: (p) => deepSets({ updateNodeFn: layer(p.node!), updateGlobalFn: layer(p.global!) }),
  graphNetGAT: (p) =>
    graphNetGAT({ ...updates(p), attentionLogitFn: layer(p.logit!), attentionReduceFn: weigh }),
  gat: heads,
  graphConvolution: (p) => graphConvolution({ updateNodeFn: layer(p.node!) }),
  graphConvolutionWithSelfEdges: (p) =>
    graphConvolution({ updateNodeFn: layer(p.node!), addSelfEdges: true }),
  graphConvolutionPlain: (p) =>
    graphConvolution({
      updateNodeFn: layer(p.node!),
      aggregateNodesFn: segmentMean,
      symmetricNormalization: false,
    }),
  graphNetworkVariances: (p) =>
    graphNetwork({
      ...updates(p),
      aggregateEdgesForNodesFn: segmentVariance,
      aggregateNodesForGlobalsFn: segmentVariance,
      aggregateEdgesForGlobalsFn: segmentVariance,
    }),
  graphNetworkOtherNormalization: (p) =>
    graphNetwork({
      ...updates(p),
      attentionLogitFn: layer(p.logit!),
      attentionNormalizeFn: (logits: Tensor) => tf.square(logits),
      attentionReduceFn: weigh,
    }),
  graphNetworkAttentionOfNests: (p) =>
    graphNetwork({
      updateEdgeFn: (...args) => ({ e: layer(p.edge!)(...args) }),
      updateNodeFn: layer(p.node!),
      attentionLogitFn: (...args) => ({ e: layer(p.logit!)(...args) }),
      attentionReduceFn: (edges: Tree, weights: Tree) => ({
        e: tf.mul((edges as Params).e!, (weights as Params).e!),
      }),
    }),
  graphNetworkAttentionAlone: (p) =>
    graphNetwork({
      updateEdgeFn: null,
      updateNodeFn: null,
      attentionLogitFn: layer(p.logit!),
      attentionReduceFn: weigh,
    }),
  graphNetworkNodesOnly: (p) => graphNetwork({ updateEdgeFn: null, updateNodeFn: layer(p.node!) }),
  graphNetworkGlobalsOnly: (p) =>
    graphNetwork({ updateEdgeFn: null, updateNodeFn: null, updateGlobalFn: layer(p.global!) }),
  interactionNetworkMean: (p) =>
    interactionNetwork({
      updateEdgeFn: layer(p.edge!),
      updateNodeFn: layer(p.node!),
      aggregateEdgesForNodesFn: segmentMean,
    }),
  relationNetworkMax: (p) =>
    relationNetwork({
      updateEdgeFn: layer(p.edge!),
      updateGlobalFn: layer(p.global!),
      aggregateEdgesForGlobalsFn: segmentMaxOrConstant,
    }),
  deepSetsMean: (p) =>
    deepSets({
      updateNodeFn: layer(p.node!),
      updateGlobalFn: layer(p.global!),
      aggregateNodesForGlobalsFn: segmentMean,
    }),
  graphNetGATOtherAggregations: (p) =>
    graphNetGAT({
      ...updates(p),
      attentionLogitFn: layer(p.logit!),
      attentionReduceFn: weigh,
      aggregateEdgesForNodesFn: segmentMean,
      aggregateNodesForGlobalsFn: segmentMaxOrConstant,
      aggregateEdgesForGlobalsFn: segmentMean,
    }),
  gatWithUpdate: (p) =>
    gat({
      attentionQueryFn: (nodes: Tensor) => matMul(nodes, p.query!),
      attentionLogitFn: (sender: Tensor, receiver: Tensor, edges: Tensor) =>
        tf.add(matMul(tf.mul(sender, receiver), p.logit!), matMul(edges, p.edge!)),
      nodeUpdateFn: (nodes: Tensor) => tf.tanh(matMul(nodes, p.update!)),
    }),
  graphConvolutionSelfEdgesPlain: (p) =>
    graphConvolution({
      updateNodeFn: layer(p.node!),
      addSelfEdges: true,
      symmetricNormalization: false,
    }),
  graphMapEdges: (p) => graphMapFeatures({ embedEdgeFn: layer(p.edge!) }),
  graphMapNodes: (p) => graphMapFeatures({ embedNodeFn: layer(p.node!) }),
  graphMapGlobals: (p) => graphMapFeatures({ embedGlobalFn: layer(p.global!) }),
  graphMapFeatures: (p) =>
    graphMapFeatures({
      embedEdgeFn: layer(p.edge!),
      embedNodeFn: layer(p.node!),
      embedGlobalFn: layer(p.global!),
    }),
};

type Features = Pick<GraphsTuple, "nodes" | "edges" | "globals">;

function check(golden: ModelCase): void {
  const graph = decode<GraphsTuple>(golden.graph);
  const params = decode<Params>(golden.params);
  const inputs: Features = { nodes: graph.nodes, edges: graph.edges, globals: graph.globals };
  const apply = (params: Params, features: Features): Features => {
    const { nodes, edges, globals } = MODELS[golden.name]!(params)({ ...graph, ...features });
    return { nodes, edges, globals };
  };
  const loss = (params: Params, features: Features): Tensor => probe(apply(params, features));
  const gradients = grad(loss, { argnums: [0, 1] }) as (p: Params, f: Features) => Tree;
  const first = (params: Params, features: Features): Tree => ({
    output: apply(params, features),
    gradients: gradients(params, features),
  });
  const second = grad(
    (params: Params, features: Features) => probe(gradients(params, features)),
    { argnums: [0, 1] },
  ) as (p: Params, f: Features) => Tree;

  for (const [f, g] of [[first, second], [jit(first), jit(second)]] as const) {
    const { output, gradients } = f(params, inputs) as Record<string, Tree>;
    assertGolden(output, golden.output, VALUE);
    assertGolden(gradients, golden.gradients, DERIVATIVE);
    assertGolden(g(params, inputs), golden.second, DERIVATIVE);
  }
}

for (const golden of GOLDEN.models) {
  forEachEngine(`${golden.name} and its first two derivatives are jraph's`, () => check(golden));
}

forEachEngine("graphConvolution() of int32 nodes is jraph's", () => {
  for (const golden of GOLDEN.ofIntegers) {
    const network = graphConvolution({
      updateNodeFn: (nodes) => nodes,
      addSelfEdges: golden.addSelfEdges as boolean,
      symmetricNormalization: golden.symmetricNormalization as boolean,
    });
    for (const f of [network, jit(network)]) {
      assertGolden(f(decode<GraphsTuple>(golden.graph)).nodes, golden.nodes, VALUE);
    }
  }
});
