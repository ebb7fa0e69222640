import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type FeatureGraph, meshGraphNets } from "../../../lib/physics/mesh_graph_nets.ts";
import { key, normal, split } from "../../../lib/random/mod.ts";
import { type Tensor, treeLeaves, treeMap } from "../../../lib/tree/mod.ts";
import { forEachEngine } from "../../support/engines.ts";

const numbers = (x: Tensor): number[] => Array.from(x.dataSync());
const options = { outputSize: 2, latentSize: 6, hiddenLayers: 1, steps: 3 };

/** Five nodes of 3 features, seven edges of 2. */
function graphOf(seed: number): FeatureGraph {
  const [a, b] = tf.unstack(split(key(seed)));
  return {
    nodes: normal(a!, [5, 3]),
    edges: normal(b!, [7, 2]),
    senders: tf.tensor1d([0, 1, 1, 2, 3, 4, 4], "int32"),
    receivers: tf.tensor1d([1, 0, 2, 1, 4, 3, 0], "int32"),
    globals: null,
    nNode: tf.tensor1d([5], "int32"),
    nEdge: tf.tensor1d([7], "int32"),
  };
}

forEachEngine("meshGraphNets() has own parameters for each step, two MLPs each", () => {
  const params = meshGraphNets(options).init(key(0), { nodes: 3, edges: 2 });
  assertEquals(params.processor.length, 3);
  const first = params.processor.map(({ edges }) => edges.layers[0]!.w);
  assertEquals(first.map((w) => w.shape), [[18, 6], [18, 6], [18, 6]]);
  assert(numbers(first[0]!)[0] !== numbers(first[1]!)[0]);
  assertEquals(params.processor[0]!.nodes.layers.map(({ w }) => w.shape), [[12, 6], [6, 6]]);
  assertEquals(params.encoder.nodes.layers[0]!.w.shape, [3, 6]);
  assertEquals(params.encoder.edges.layers[0]!.w.shape, [2, 6]);
  assertEquals(params.decoder.layers.map(({ w }) => w.shape), [[6, 6], [6, 2]]);
  // Layer norm after every MLP, none on the decoder.
  assert(params.encoder.nodes.layerNorm && params.processor[2]!.edges.layerNorm);
  assertEquals(params.decoder.layerNorm, null);
});

forEachEngine(
  "meshGraphNets() gives permuted nodes permuted results, in any order of edges",
  () => {
    const network = meshGraphNets(options);
    const params = network.init(key(1), { nodes: 3, edges: 2 });
    const graph = graphOf(2);
    const [order, edgeOrder] = [[3, 0, 4, 1, 2], [6, 2, 0, 5, 1, 4, 3]];
    const pick = (x: Tensor, ids: number[]): Tensor => tf.gather(x, tf.tensor1d(ids, "int32"));
    const rename = (ids: Tensor): Tensor =>
      tf.tensor1d(numbers(pick(ids, edgeOrder)).map((id) => order.indexOf(id)), "int32");
    const permuted: FeatureGraph = {
      ...graph,
      nodes: pick(graph.nodes, order),
      edges: pick(graph.edges, edgeOrder),
      senders: rename(graph.senders),
      receivers: rename(graph.receivers),
    };
    const expected = numbers(pick(network.apply(params, graph), order));
    const actual = numbers(network.apply(params, permuted));
    assertEquals(actual.length, 10);
    actual.forEach((x, i) => assertAlmostEquals(x, expected[i]!, 1e-5));
  },
);

forEachEngine("meshGraphNets() reaches as far as it has steps, along the edges only", () => {
  // A chain 0 > 1 > 2 > 3 > 4: after three steps node 3 knows of node 0, node 4 does not.
  const chain: FeatureGraph = {
    ...graphOf(3),
    edges: tf.ones([4, 2]),
    senders: tf.tensor1d([0, 1, 2, 3], "int32"),
    receivers: tf.tensor1d([1, 2, 3, 4], "int32"),
    nEdge: tf.tensor1d([4], "int32"),
  };
  const network = meshGraphNets({ ...options, latentSize: 16 });
  const params = network.init(key(4), { nodes: 3, edges: 2 });
  const bump = tf.tensor2d([3, ...new Array<number>(14).fill(0)], [5, 3]);
  const before = numbers(network.apply(params, chain));
  const after = numbers(network.apply(params, { ...chain, nodes: tf.add(chain.nodes, bump) }));
  const changed = [0, 1, 2, 3, 4].map((i) => Math.abs(before[2 * i]! - after[2 * i]!) > 1e-5);
  assertEquals(changed, [true, true, true, true, false]);
});

forEachEngine("meshGraphNets() is MeshGraphNets step by step, with residuals after the sum", () => {
  // Every MLP written out on the host: ReLU, layer norm but for the decoder.
  const network = meshGraphNets({ ...options, steps: 2 });
  const params = network.init(key(5), { nodes: 3, edges: 2 });
  const graph = graphOf(6);
  type Rows = number[][];
  type Mlp = typeof params.decoder;
  const apply = ({ layers, layerNorm }: Mlp, rows: Rows): Rows =>
    rows.map((row) => {
      let y = row;
      layers.forEach(({ w, b }, i) => {
        const [weights, bias] = [w.arraySync() as Rows, b!.arraySync() as number[]];
        y = bias.map((c, j) => y.reduce((sum, x, k) => sum + x * weights[k]![j]!, c));
        if (i < layers.length - 1) y = y.map((x) => Math.max(x, 0));
      });
      if (!layerNorm) return y;
      const mean = y.reduce((a, x) => a + x, 0) / y.length;
      const variance = y.reduce((a, x) => a + (x - mean) ** 2, 0) / y.length;
      return y.map((x) => (x - mean) / Math.sqrt(variance + 1e-5));
    });
  const plus = (a: Rows, b: Rows): Rows => a.map((row, i) => row.map((x, j) => x + b[i]![j]!));
  const [senders, receivers] = [numbers(graph.senders), numbers(graph.receivers)];
  let nodes = apply(params.encoder.nodes, graph.nodes.arraySync() as Rows);
  let edges = apply(params.encoder.edges, graph.edges.arraySync() as Rows);
  for (const step of params.processor) {
    const inputs = edges.map((e, k) => [...nodes[senders[k]!]!, ...nodes[receivers[k]!]!, ...e]);
    const newEdges = apply(step.edges, inputs);
    const sums = nodes.map((v) => v.map(() => 0));
    newEdges.forEach((e, k) => e.forEach((x, j) => sums[receivers[k]!]![j]! += x));
    nodes = plus(nodes, apply(step.nodes, nodes.map((v, i) => [...v, ...sums[i]!])));
    edges = plus(edges, newEdges);
  }
  const expected = apply(params.decoder, nodes).flat();
  const actual = numbers(network.apply(params, graph));
  actual.forEach((x, i) => assertAlmostEquals(x, expected[i]!, 1e-4));
});

forEachEngine("meshGraphNets() leaves no tensor behind but its results", () => {
  const network = meshGraphNets(options);
  const graph = graphOf(0);
  const seed = key(0);
  const before = tf.memory().numTensors;
  const params = network.init(seed, { nodes: 3, edges: 2 });
  assertEquals(tf.memory().numTensors, before + treeLeaves(params).length);
  network.apply(params, graph);
  assertEquals(tf.memory().numTensors, before + treeLeaves(params).length + 1);
  treeMap((leaf) => leaf.dispose(), params);
});

Deno.test("meshGraphNets() refuses sizes that are no positive integers", () => {
  assertThrows(
    () => meshGraphNets({ outputSize: 2, steps: 0 }),
    RangeError,
    "Cannot make a mesh graph network as steps must be a positive integer: got number 0",
  );
  assertThrows(
    () => meshGraphNets({ outputSize: 1.5 }),
    RangeError,
    "outputSize must be a positive integer: got number 1.5",
  );
});
