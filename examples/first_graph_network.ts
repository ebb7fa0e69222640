/**
 * A graph network on graphs that fit on a page: messages along edges, what arrives at each node,
 * and a summary of each graph.
 *
 *     deno run -A examples/first_graph_network.ts
 *
 * @module
 */
import {
  batch,
  graphNetwork,
  graphsTuple,
  init,
  segmentMax,
  type Tensor,
  unbatch,
} from "@meshwork/meshwork";
import * as tf from "@tensorflow/tfjs";

await init();

// Three springs pull on the mass in the middle, number 0. A spring's feature is its stiffness, a
// mass's its position on a line.
const star = graphsTuple({
  nodes: [[0], [1], [2], [-4]],
  edges: [[10], [10], [10]],
  senders: [1, 2, 3],
  receivers: [0, 0, 0],
  globals: [[0]],
  nNode: [4],
  nEdge: [3],
});

// Update functions see all edges [E, 1], or all nodes [N, 1], at once.
const network = graphNetwork({
  // The pull of each spring: its stiffness times how far it is stretched.
  updateEdgeFn: (edges: Tensor, sender: Tensor, receiver: Tensor) =>
    tf.mul(edges, tf.sub(sender, receiver)),
  // The pull on each mass: what arrives has been summed over its springs.
  updateNodeFn: (_nodes: Tensor, _sent: Tensor, received: Tensor) => received,
  // The strongest spring of the graph: a maximum where the default would be a sum.
  aggregateEdgesForGlobalsFn: (edges, graphIds, numGraphs) =>
    segmentMax(tf.abs(edges), graphIds, numGraphs),
  updateGlobalFn: (_nodes: Tensor, edges: Tensor) => edges,
});

const pulled = network(star);
console.log("pull on each mass:", show(pulled.nodes));
console.log("strongest pull of a spring:", show(pulled.globals));

// Graphs of other sizes join in one batch, and the same network does them all at once.
const pair = graphsTuple({
  nodes: [[0], [5]],
  edges: [[2]],
  senders: [1],
  receivers: [0],
  globals: [[0]],
  nNode: [2],
  nEdge: [1],
});
const both = network(batch([star, pair]));
console.log("strongest pull in each of two graphs:", show(both.globals));
console.log("the second by itself again:", show(unbatch(both)[1]!.nodes));

function show(features: Tensor): string {
  return JSON.stringify(features.arraySync());
}
