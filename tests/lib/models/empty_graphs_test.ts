import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "@std/assert";
import { type GraphsTuple, graphsTuple } from "../../../lib/graph/mod.ts";
import { segmentMax, segmentMean, segmentMinOrConstant } from "../../../lib/segment/mod.ts";
import { graphNetwork } from "../../../lib/models/mod.ts";
import { grad, jit } from "../../../lib/transform/mod.ts";
import { type Tensor, type Tree, treeLeaves } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import { concatenatedArgs } from "../../../lib/graph/mod.ts";
import { MODELS } from "./leafwise_models.ts";

/** nNode and nEdge of what has nothing somewhere. */
const EMPTY: readonly (readonly [title: string, nNode: number[], nEdge: number[]])[] = [
  ["no graphs", [], []],
  ["a graph without nodes", [0], [0]],
  ["graphs without nodes", [0, 0, 0], [0, 0, 0]],
  ["nodes without edges", [2], [0]],
  ["some graphs without edges, some without nodes", [0, 2, 1, 0], [0, 0, 0, 0]],
  ["one graph of four with an edge", [0, 2, 1, 0], [0, 1, 0, 0]],
];

function emptyGraph(nNode: readonly number[], nEdge: readonly number[]): GraphsTuple {
  const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
  const [N, E, G] = [sum(nNode), sum(nEdge), nNode.length];
  return graphsTuple({
    nodes: { a: tf.ones([N, 2]), b: [tf.ones([N, 3, 1])] },
    edges: tf.ones([E, 2]),
    senders: new Int32Array(E),
    receivers: new Int32Array(E).fill(1),
    globals: tf.ones([G, 2]),
    nNode,
    nEdge,
  });
}

const isFinite = (tree: unknown): boolean =>
  treeLeaves(tree as Tree).every((x) => [...x.dataSync()].every(Number.isFinite));

for (const [name, model] of Object.entries(MODELS)) {
  forEachEngine(`${name} takes what is empty, with gradients, inside jit too`, () => {
    for (const [title, nNode, nEdge] of EMPTY) {
      const graph = emptyGraph(nNode, nEdge);
      const result = model(graph);
      assert(isFinite(result), title);
      assertEquals(treeLeaves(result.nodes).map(({ shape }) => shape[0]), [
        ...treeLeaves(graph.nodes).map(({ shape }) => shape[0]),
      ]);
      assertAllClose(jit(model)(graph), result);
      const loss = (nodes: Tree): Tensor => {
        const floats = treeLeaves(model({ ...graph, nodes }) as Tree)
          .filter((x) => x.dtype === "float32");
        return tf.addN(floats.map((x) => tf.sum(tf.square(x))));
      };
      const gradient = grad(loss)(graph.nodes);
      assert(isFinite(gradient), title);
      assertAllClose(jit(grad(loss))(graph.nodes), gradient);
    }
  });
}

forEachEngine("a full graph network takes what is empty, with every aggregation", () => {
  for (const aggregate of [segmentMean, segmentMinOrConstant]) {
    const network = graphNetwork({
      updateEdgeFn: concatenatedArgs((x) => tf.sum(x, -1, true)),
      updateNodeFn: concatenatedArgs((x) => tf.mean(x, -1, true)),
      updateGlobalFn: concatenatedArgs((x) => x),
      aggregateEdgesForNodesFn: aggregate,
      aggregateEdgesForGlobalsFn: aggregate,
      aggregateNodesForGlobalsFn: aggregate,
    });
    for (const [title, nNode, nEdge] of EMPTY) {
      const graph = emptyGraph(nNode, nEdge);
      const flat = { ...graph, nodes: (graph.nodes as { a: Tensor }).a };
      const result = network(flat);
      assert(isFinite(result), title);
      assertEquals((result.globals as Tensor).shape, [nNode.length, 4]);
      assertAllClose(jit(network)(flat), result);
    }
  }
});

forEachEngine("a node without edges gets the empty value of its aggregation", () => {
  const network = graphNetwork({
    updateNodeFn: (_nodes, _sent, received) => received,
    aggregateEdgesForNodesFn: segmentMax,
  });
  const { nodes } = network(emptyGraph([2], [1]));
  assertAllClose(nodes, [[-Infinity, -Infinity], [1, 1]]);
});

forEachEngine("features of integers and bools keep their dtype through a network", () => {
  const network = graphNetwork({
    updateEdgeFn: (_edges, sender) => sender,
    updateNodeFn: (_nodes, _sent, received) => received,
    updateGlobalFn: (nodes) => nodes,
  });
  const graph = graphsTuple({
    nodes: { id: new Int32Array([7, 2 ** 30]), flag: [[true, false], [false, false]] },
    senders: [0, 0],
    receivers: [1, 1],
    nNode: [2],
    nEdge: [2],
  });
  for (const { nodes, edges, globals } of [network(graph), jit(network)(graph)]) {
    assertAllClose(edges, {
      id: tf.tensor([7, 7], [2], "int32"),
      flag: tf.tensor([[true, false], [true, false]]),
    });
    assertAllClose(nodes, {
      id: tf.tensor([0, 14], [2], "int32"),
      flag: tf.tensor([[false, false], [true, false]]),
    });
    assertAllClose(globals, {
      id: tf.tensor([14], [1], "int32"),
      flag: tf.tensor([[true, false]]),
    });
  }
});
