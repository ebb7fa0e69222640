/** Models of update functions that work leaf by leaf. @module */
import * as tf from "@tensorflow/tfjs";
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
import { type Tensor, type Tree, treeMap } from "../../../lib/tree/mod.ts";

const map = (fn: (leaf: Tensor) => Tensor) => (tree: Tree): Tree => treeMap(fn, tree);
const double = map((x) => tf.mul(x, 2));
const tanh = map((x) => tf.tanh(x));
const zeros = map((x) => tf.zerosLike(x));
const weigh = (edges: Tree, weights: Tree): Tree =>
  treeMap((e, w) => tf.mul(e, w!), edges, weights);

/** Models that work leaf by leaf, so that a nest's result is the nest of its leaves' results. */
export const MODELS: Readonly<Record<string, GraphFn>> = {
  graphNetwork: graphNetwork({
    updateEdgeFn: (_edges, sender) => tanh(sender),
    updateNodeFn: (_nodes, _sent, received) => double(received),
    updateGlobalFn: (nodes, edges) => [nodes, edges],
  }),
  "graphNetwork with attention": graphNetwork({
    updateEdgeFn: (_edges, sender) => sender,
    updateNodeFn: (_nodes, sent) => sent,
    attentionLogitFn: (edges) => tanh(edges),
    attentionReduceFn: weigh,
  }),
  interactionNetwork: interactionNetwork({
    updateEdgeFn: (_edges, _sender, receiver) => receiver,
    updateNodeFn: (_nodes, received) => tanh(received),
  }),
  relationNetwork: relationNetwork({
    updateEdgeFn: (sender, receiver) => weigh(sender, receiver),
    updateGlobalFn: (relations) => double(relations),
  }),
  deepSets: deepSets({ updateNodeFn: (nodes) => tanh(nodes), updateGlobalFn: (nodes) => nodes }),
  graphNetGAT: graphNetGAT({
    updateEdgeFn: (_edges, sender) => sender,
    updateNodeFn: (_nodes, _sent, received) => received,
    attentionLogitFn: (edges) => zeros(edges),
    attentionReduceFn: weigh,
  }),
  gat: gat({ attentionQueryFn: (nodes) => nodes, attentionLogitFn: (sender) => tanh(sender) }),
  graphConvolution: graphConvolution({ updateNodeFn: (nodes) => tanh(nodes), addSelfEdges: true }),
  graphMapFeatures: graphMapFeatures({ embedNodeFn: double, embedEdgeFn: double }),
};
