import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type FlowModel, flowModel, type FlowWeights } from "../../../../lib/physics/flow/model.ts";
import { type FlowSample, flowSample } from "../../../../lib/physics/flow/sample.ts";
import { flowTrajectory, type MeshSize } from "../../../../lib/physics/flow/trajectory.ts";
import type { MeshGraphNetsParams } from "../../../../lib/physics/mesh_graph_nets.ts";
import { key } from "../../../../lib/random/mod.ts";
import { NodeType, nodeTypeMask } from "../../../../lib/physics/node_type.ts";
import { jit, valueAndGrad } from "../../../../lib/transform/mod.ts";
import { type Tensor, type Tree, treeLeaves } from "../../../../lib/tree/mod.ts";
import { checkGradients } from "../../../support/check_gradients.ts";
import { forEachEngine } from "../../../support/engines.ts";
import { tinyFlow } from "./tiny_flow.ts";

const numbers = (x: Tensor): number[] => Array.from(x.dataSync());

/** A smooth model, so that finite differences meet no kinks. */
function tinyModel(): FlowModel {
  const network = { latentSize: 4, hiddenLayers: 1, steps: 2, activation: tf.tanh };
  return flowModel({ network });
}

/** A sample of two frames without noise. */
function sampleOf(padTo?: MeshSize): FlowSample {
  const trajectory = flowTrajectory(tinyFlow(6), padTo ? { padTo } : {});
  const batch = { ...trajectory, frames: tf.tensor1d([1, 4], "int32") };
  return flowSample(batch, key(0), { noise: { scale: 0 } });
}

/** Weights whose normalisers have seen a sample. */
function weightsFor(model: FlowModel, sample: FlowSample): FlowWeights {
  const { params, normalizers } = model.init(key(1));
  return { params, normalizers: model.accumulate(normalizers, sample) };
}

forEachEngine("flowModel() normalises features of nodes and edges and the target", () => {
  const sample = sampleOf();
  const { normalizers } = weightsFor(tinyModel(), sample);
  assertEquals(numbers(normalizers.nodes.count), [12]);
  assertEquals(numbers(normalizers.edges.count), [36]);
  const mean = numbers(tf.mean(sample.target, 0));
  numbers(normalizers.output.shift).forEach((x, i) => assertAlmostEquals(x, mean[i]!, 1e-6));
  assertEquals([normalizers.nodes, normalizers.edges, normalizers.output].map((n) => n.sum.shape), [
    ...[[11], [3], [2]],
  ]);
});

forEachEngine("flowModel() leaves what follows at a boundary out of loss and gradient", () => {
  const model = tinyModel();
  const sample = sampleOf();
  const { params, normalizers } = weightsFor(model, sample);
  const given = tf.expandDims(
    tf.logicalNot(nodeTypeMask(sample.mesh.nodeType, [NodeType.NORMAL, NodeType.OUTFLOW])),
    1,
  );
  assert(numbers(tf.any(given))[0]);
  const target = tf.where(given, tf.fill(sample.target.shape, NaN), sample.target);
  const losses = [sample, { ...sample, target }].map((s) =>
    valueAndGrad((params: MeshGraphNetsParams) => model.loss({ params, normalizers }, s))(params)
  );
  const [expected, actual] = losses.map((tree) => treeLeaves(tree as Tree).flatMap(numbers));
  assertEquals(actual, expected);
});

forEachEngine(
  "flowModel() takes the loss over NORMAL and OUTFLOW nodes, summed over components",
  () => {
    const model = tinyModel();
    const sample = sampleOf();
    const weights = weightsFor(model, sample);
    const loss = jit(model.loss);
    const before = numbers(loss(weights, sample))[0]!;
    // In units of the normaliser, so that each is a change of 3 in the normalised target.
    const { count, sum, sumSquared } = weights.normalizers.output;
    const mean = tf.div(sum, count);
    const std = tf.sqrt(tf.sub(tf.div(sumSquared, count), tf.square(mean)));
    const moved = (node: number): number => {
      const bump = tf.tensor2d(new Array(24).fill(0).map((_, i) => i === 2 * node ? 3 : 0), [
        12,
        2,
      ]);
      const target = tf.add(sample.target, tf.mul(bump, std));
      return numbers(loss(weights, { ...sample, target }))[0]! - before;
    };
    // Nodes 0 to 2 are inflow and wall, 3 is NORMAL, 4 and 5 OUTFLOW; then the second copy.
    for (const node of [0, 1, 2, 6, 7, 8]) assertAlmostEquals(moved(node), 0, 1e-5);
    for (const node of [3, 4, 5, 9, 10, 11]) assert(Math.abs(moved(node)) > 1e-2, `node ${node}`);
  },
);

forEachEngine("flowModel() of weights that give 0 has the mean square target as loss", () => {
  const model = tinyModel();
  const sample = sampleOf();
  const { params, normalizers } = weightsFor(model, sample);
  const last = params.decoder.layers.length - 1;
  const layers = params.decoder.layers.map((layer, i) =>
    i < last ? layer : { w: tf.zerosLike(layer.w), b: tf.zerosLike(layer.b!) }
  );
  const zero = { ...params, decoder: { ...params.decoder, layers } };
  const target = sample.target.arraySync() as number[][];
  const std = [0, 1].map((d) => {
    const column = target.map((row) => row[d]!);
    const mean = column.reduce((a, x) => a + x, 0) / 12;
    return { mean, std: Math.sqrt(column.reduce((a, x) => a + x * x, 0) / 12 - mean * mean) };
  });
  const expected = [3, 4, 5, 9, 10, 11].reduce(
    (sum, node) =>
      sum + target[node]!.reduce((a, x, d) => a + ((x - std[d]!.mean) / std[d]!.std) ** 2, 0),
    0,
  ) / 6;
  const loss = numbers(model.loss({ params: zero, normalizers }, sample))[0]!;
  assertAlmostEquals(loss, expected, 1e-4);
});

forEachEngine("flowModel() gives the same loss and statistics on a padded mesh", () => {
  const model = tinyModel();
  const [plain, padded] = [sampleOf(), sampleOf({ nodes: 9, edges: 25 })];
  const weights = weightsFor(model, plain);
  const paddedWeights = weightsFor(model, padded);
  for (const part of ["nodes", "edges", "output"] as const) {
    const [a, b] = [weights, paddedWeights].map(({ normalizers }) => normalizers[part]);
    assertEquals(numbers(a!.count), numbers(b!.count));
    const sums = numbers(b!.sumSquared);
    numbers(a!.sumSquared).forEach((x, i) => assertAlmostEquals(x, sums[i]!, 1e-4));
  }
  const loss = numbers(model.loss(weights, plain))[0]!;
  assertAlmostEquals(numbers(model.loss(paddedWeights, padded))[0]!, loss, 1e-4);
});

forEachEngine("flowModel() has the loss's gradient by finite differences", () => {
  const model = tinyModel();
  const sample = sampleOf();
  const { params, normalizers } = weightsFor(model, sample);
  checkGradients(
    (tree) => model.loss({ params: tree as MeshGraphNetsParams, normalizers }, sample),
    [params],
  );
});

forEachEngine(
  "predict() moves NORMAL and OUTFLOW nodes and takes the rest from the next frame",
  () => {
    const model = tinyModel();
    const weights = weightsFor(model, sampleOf());
    const record = tinyFlow(6);
    // Boundaries that change in time: the truth of frame 3 is told from that of others.
    const data = Float32Array.from(
      record.velocity.data,
      (x, i) => i % 12 < 6 ? Math.floor(i / 12) : x,
    );
    const trajectory = flowTrajectory({ ...record, velocity: { ...record.velocity, data } });
    const velocity = tf.fill([6, 2], 0.5);
    const next = numbers(model.predict(weights, trajectory, velocity, tf.scalar(2, "int32")));
    assertEquals(next.slice(0, 6), new Array(6).fill(3));
    assert(
      next.slice(6).every((x) => Number.isFinite(x) && x !== 0.5),
    );
    const beyond = numbers(model.predict(weights, trajectory, velocity, tf.scalar(40, "int32")));
    assertEquals(beyond.slice(0, 6), new Array(6).fill(5));
    beyond.slice(6).forEach((x, i) => assertAlmostEquals(x, next[6 + i]!, 1e-5));
  },
);
