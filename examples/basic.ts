/**
 * The mechanics of the library, without learning anything: make graphs, join and part them, pad
 * them to a static size, and send them through a graph network, eagerly and compiled.
 *
 *     deno run -A examples/basic.ts
 *
 * @module
 */
import {
  batch,
  getNodePaddingMask,
  graphNetwork,
  type GraphsTuple,
  graphsTuple,
  init,
  jit,
  padWithGraphs,
  segmentSum,
  type Tree,
  unbatch,
  unpadWithGraphs,
} from "@meshwork/meshwork";
import * as tf from "@tensorflow/tfjs";

/** Where a title and a graph go; a graph shows itself with the shapes of its features. */
type Log = (title: string, value: unknown) => void;

/** Makes graphs and sends them through a network, and prints each of them. */
export function main(log: Log = console.log): void {
  // One graph: 3 nodes with 4 features each, 2 edges with 5, and 6 features of the graph itself.
  // Edges go from senders to receivers: 0 → 2 and 1 → 2.
  const single = graphsTuple({
    nodes: tf.ones([3, 4]),
    edges: tf.ones([2, 5]),
    globals: tf.ones([1, 6]),
    senders: [0, 1],
    receivers: [2, 2],
    nNode: [3],
    nEdge: [2],
  });
  log("A graph:", single);

  // Features can be nests: any objects and arrays of tensors with one row for each node.
  const nested = graphsTuple({
    ...single,
    nodes: { position: tf.ones([3, 2]), kind: new Int32Array([7, 8, 9]) },
    edges: [tf.ones([2, 5]), tf.ones([2])],
  });
  log("A graph with nested features:", nested);

  // Two graphs in one: the first 3 nodes and 2 edges are the first graph's, the last ones the
  // other's.
  const two = graphsTuple({
    nodes: tf.ones([4, 4]),
    edges: tf.ones([3, 5]),
    globals: tf.ones([2, 6]),
    senders: [0, 1, 3],
    receivers: [2, 2, 3],
    nNode: [3, 1],
    nEdge: [2, 1],
  });
  log("Two graphs, as one:", two);

  // Graphs that exist already are joined by batch, which shifts their indices, and parted by
  // unbatch.
  const three = batch([single, two]);
  log("Three graphs, batched:", three);
  log("The last of them:", unbatch(three)[2]);

  // XLA compiles a program for each shape. Padded to one size, graphs of many sizes share a
  // program: the first added graph holds the padding nodes and edges, those after it are empty.
  const padded = padWithGraphs(single, 10, 5, 4);
  log("Padded to 10 nodes, 5 edges and 4 graphs:", padded);
  log("Which nodes are real:", Array.from(getNodePaddingMask(padded).dataSync(), Boolean));
  log("Without the padding again:", unpadWithGraphs(padded));

  propagate({ single, nested, two, three, padded }, log);
}

/** Sends graphs through a graph network. */
function propagate(graphs: Record<string, GraphsTuple>, log: Log): void {
  // The network in its most general form. Each update function sees all edges, nodes or graphs at
  // once and is mostly a neural network; these give back what they get. All of it can be left out:
  // what has no update function is kept, and segmentSum is the default aggregation.
  const network = graphNetwork({
    updateEdgeFn: (edges: Tree, _sender: Tree, _receiver: Tree, _globals: Tree) => edges,
    updateNodeFn: (nodes: Tree, _sent: Tree, _received: Tree, _globals: Tree) => nodes,
    updateGlobalFn: (_nodes: Tree, _edges: Tree, globals: Tree) => globals,
    aggregateEdgesForNodesFn: segmentSum,
    aggregateNodesForGlobalsFn: segmentSum,
    aggregateEdgesForGlobalsFn: segmentSum,
    attentionLogitFn: null,
    attentionReduceFn: null,
  });
  log("The network's result for the first graph:", network(graphs.single!));
  log("for nested features:", network(graphs.nested!));
  log("for the batch:", network(graphs.three!));

  // With jit the network is one program, compiled for the padded size at the first call.
  const compiled = jit(network);
  log("compiled, for the padded graph:", compiled(graphs.padded!));
  log(
    "and the same program for the others, padded:",
    compiled(padWithGraphs(graphs.two!, 10, 5, 4)),
  );
}

if (import.meta.main) {
  console.log((await init()).text);
  main();
}
