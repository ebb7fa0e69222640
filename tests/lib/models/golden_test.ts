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
} from "../../../lib/segment/mod.ts";
import { grad, jit } from "../../../lib/transform/mod.ts";
import type { Tensor, Tree } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { type EngineName, forEachEngine } from "../../support/engines.ts";
import { decode, GOLDEN, type ModelCase, probe } from "../../support/jraph_golden.ts";

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
  graphMapFeatures: (p) =>
    graphMapFeatures({
      embedEdgeFn: layer(p.edge!),
      embedNodeFn: layer(p.node!),
      embedGlobalFn: layer(p.global!),
    }),
};

type Features = Pick<GraphsTuple, "nodes" | "edges" | "globals">;

/** Compiling second derivatives takes seconds: one model, which has everything, stands for all. */
const COMPILED_TWICE = "graphNetworkWithAttention";

function check(golden: ModelCase, engine: EngineName): void {
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
  const second = (params: Params, features: Features): Tree =>
    grad((features: Features) => probe(gradients(params, features)))(features);

  const { output, gradients: actual } = jit(first)(params, inputs) as Record<string, Tree>;
  assertAllClose(output, decode(golden.output));
  assertAllClose(actual, decode(golden.gradients), { rtol: 1e-4, atol: 2e-5 });
  if (engine === "xla" && golden.name !== COMPILED_TWICE) return;
  assertAllClose(jit(second)(params, inputs), decode(golden.second), { rtol: 1e-3, atol: 2e-4 });
}

for (const golden of GOLDEN.models) {
  forEachEngine(`${golden.name} and its derivatives are jraph's`, (_t, engine) => {
    check(golden, engine);
  });
}
