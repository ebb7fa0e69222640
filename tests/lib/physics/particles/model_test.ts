import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  meshGraphNets,
  type MeshGraphNetsParams,
} from "../../../../lib/physics/mesh_graph_nets.ts";
import { particleModel } from "../../../../lib/physics/particles/model.ts";
import { normalizedAcceleration } from "../../../../lib/physics/particles/features.ts";
import { particleWorld } from "../../../../lib/physics/particles/world.ts";
import { key } from "../../../../lib/random/mod.ts";
import type { Tensor } from "../../../../lib/tree/mod.ts";
import { assertAllClose } from "../../../support/assert_all_close.ts";
import { forEachEngine } from "../../../support/engines.ts";
import { golden, type GoldenNetwork, viewOf } from "./golden.ts";

const network = { latentSize: 8, hiddenLayers: 1, steps: 2 };
const [particles] = golden.particles;
const { metadata, noise } = particles!;
const world = particleWorld(metadata);

type Layers = GoldenNetwork["params"]["decoder"];
const layersOf = (layers: Layers) =>
  layers.map(({ w, b }) => ({ w: tf.tensor2d(w), b: tf.tensor1d(b) }));
const block = (layers: Layers) => ({
  layers: layersOf(layers),
  layerNorm: { scale: tf.ones([4]), offset: tf.zeros([4]) },
});

forEachEngine("a network in GNS's order gives what the formulas give", () => {
  const { params: { encoder, step, decoder }, ...graph } = golden.network;
  const params: MeshGraphNetsParams = {
    encoder: { nodes: block(encoder.nodes), edges: block(encoder.edges) },
    processor: [{ nodes: block(step.nodes), edges: block(step.edges) }],
    decoder: { layers: layersOf(decoder), layerNorm: null },
  };
  const options = { outputSize: 2, latentSize: 4, hiddenLayers: 1, steps: 1 };
  const output = meshGraphNets({ ...options, order: "GNS" }).apply(params, {
    nodes: tf.tensor2d(graph.nodes),
    edges: tf.tensor2d(graph.edges),
    senders: tf.tensor1d(graph.senders, "int32"),
    receivers: tf.tensor1d(graph.receivers, "int32"),
    globals: null,
    nNode: tf.tensor1d([graph.nodes.length], "int32"),
    nEdge: tf.tensor1d([graph.edges.length], "int32"),
  });
  assertAllClose(output, graph.output, { atol: 1e-4 });
});

forEachEngine("the network is GNS's: ten steps of 128, features, and 16 numbers for a type", () => {
  const { params } = particleModel(world).init(key(0));
  assertEquals(params.types.shape, [9, 16]);
  assertEquals(params.network.processor.length, 10);
  assertEquals(params.network.encoder.nodes.layers[0]!.w.shape, [30, 128]);
  assertEquals(params.network.encoder.edges.layers[0]!.w.shape, [3, 128]);
});

forEachEngine(
  "the loss is that of predictions, summed over components, without kinematic ones",
  () => {
    const model = particleModel(world, { network, noise });
    const weights = model.init(key(1));
    const types = tf.tensor1d([5, 3, 5, 5, 3, 5, 5], "int32");
    const batch = {
      ...viewOf(particles!),
      particleType: types,
      target: tf.tensor2d(particles!.target),
    };
    const next = model.predict(weights, batch);
    const error = (to: Tensor): number[][] =>
      tf.square(tf.sub(
        normalizedAcceleration(world, noise, batch.positions, to),
        normalizedAcceleration(world, noise, batch.positions, next),
      )).arraySync() as number[][];
    const rows = error(batch.target).map(([x, y]) => x! + y!);
    const expected = [0, 2, 3, 5, 6].reduce((sum, i) => sum + rows[i]! / 5, 0);
    assertAlmostEquals(model.loss(weights, batch).dataSync()[0]! / expected, 1, 1e-3);
  },
);

forEachEngine("edges that are left over change nothing", () => {
  const model = particleModel(world, { network, noise });
  const weights = model.init(key(2));
  const expected = model.predict(weights, viewOf(particles!));
  assertAllClose(model.predict(weights, viewOf(particles!, 5)), expected, { atol: 1e-6 });
});

forEachEngine("a context reaches the nodes, normalised", () => {
  const driven = particleWorld({ ...metadata, context_mean: [1, 1], context_std: [2, 0] });
  const model = particleModel(driven, { network, noise });
  const weights = model.init(key(3));
  assertEquals(weights.params.network.encoder.nodes.layers[0]!.w.shape[0], 32);
  const at = (x: number): Tensor =>
    model.predict(weights, {
      ...viewOf(particles!),
      context: tf.tile(tf.tensor2d([[x, 1]]), [7, 1]),
    });
  const apart = tf.max(tf.abs(tf.sub(at(1), at(9)))).dataSync()[0]!;
  assertEquals(apart > 1e-6, true);
});

forEachEngine("where walls are solid, a particle that would pass one stops at it", () => {
  const box = particleWorld({ ...metadata, bounds: [[0, 1], [0, 1]] });
  const predict = (solidWalls: boolean): number[][] => {
    const model = particleModel(box, { network, noise, solidWalls });
    return model.predict(model.init(key(4)), {
      particleType: tf.tensor1d([5, 5, 5], "int32"),
      // One flies out to the left, one up and to the right, one is far from all walls.
      positions: tf.tensor3d([[0.1, 0.5, -2, 0], [0.9, 0.9, 2, 2], [0.5, 0.5, 0, 0]].map(
        ([x, y, u, v]) => [5, 4, 3, 2, 1, 0].map((back) => [x! - back * u!, y! - back * v!]),
      )),
      context: null,
      senders: tf.tensor1d([0, 1, 2], "int32"),
      receivers: tf.tensor1d([0, 1, 2], "int32"),
    }).arraySync() as number[][];
  };
  const free = predict(false);
  assertEquals([free[0]![0]! < 0, free[1]![0]! > 1, free[1]![1]! > 1], [true, true, true]);
  assertEquals(predict(true), free.map((row) => row.map((x) => Math.min(Math.max(x, 0), 1))));
});

Deno.test("walls cannot be solid where there are none", () => {
  const { bounds: _, ...open } = metadata;
  assertThrows(
    () => particleModel(particleWorld(open), { solidWalls: true }),
    RangeError,
    "Cannot make walls solid as the world needs some: it has no bounds, or is periodic (leave " +
      "solidWalls out)",
  );
});
