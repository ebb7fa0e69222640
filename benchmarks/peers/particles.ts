/** GNS on 1,000 particles: features, network and loss of a training step. @module */
import * as tf from "@tensorflow/tfjs";
import {
  particleModel,
  type ParticleParams,
  particleWorld,
  radiusGraph,
  random,
  type Tensor,
  treeMap,
} from "@meshwork/meshwork";
import type { Workload } from "./workloads.ts";

const COUNT = 1_000;

/** A unit square where a particle sees about a dozen others; peers have these numbers too. */
const world = particleWorld({
  dim: 2,
  bounds: [[0, 1], [0, 1]],
  default_connectivity_radius: 0.06,
  vel_mean: [0, 0],
  vel_std: [0.01, 0.01],
  acc_mean: [0, 0],
  acc_std: [0.014, 0.014],
});
const model = particleModel(world, { noise: 0 });

/** Positions of `frames` frames, a random walk, `[N, frames, 2]`. */
function randomWalk(frames: number): Tensor {
  const start = random.uniform(random.key(1), [COUNT, 1, 2], { minval: 0.1, maxval: 0.9 });
  const steps = tf.mul(random.normal(random.key(2), [COUNT, frames - 1, 2]), 0.01);
  return tf.concat([start, tf.add(start, tf.cumsum(steps, 1))], 1);
}

/**
 * Weights whose biases are not 0: with 0 the edge of a particle to itself stands on the kink of
 * relu, where the last bit of a feature decides about a gradient.
 */
function weights(): ParticleParams {
  const { params } = model.init(random.key(0));
  return treeMap(
    (x) => x.rank === 1 ? tf.add(x, tf.mul(random.normal(random.key(3), x.shape), 0.1)) : x,
    params,
  );
}

/** The workload; its batches come with edges and noise, as those of `particleBatches` do. */
export const particlesWorkload: Workload = {
  title: "GNS: 1,000 particles, about 14,000 edges, width 128, 10 steps",
  modes: ["forward", "train"],
  problem() {
    const walk = randomWalk(7);
    const positions = tf.slice(walk, [0, 0, 0], [COUNT, 6, 2]);
    const frame = (i: number): Tensor =>
      tf.reshape(tf.slice(walk, [0, i, 0], [COUNT, 1, 2]), [COUNT, 2]);
    const latest = { shape: [COUNT, 2], data: frame(5).dataSync<"float32">() };
    const near = radiusGraph(latest, world.radius, { selfEdges: true });
    return {
      params: weights(),
      data: {
        positions,
        target: frame(6),
        particleType: tf.cast(tf.zeros([COUNT]), "int32"),
        senders: tf.tensor1d(near.senders),
        receivers: tf.tensor1d(near.receivers),
      },
    };
  },
  loss: (params, data) => {
    const { positions, particleType, senders, receivers, target } = data;
    const batch = {
      ...{ positions: positions!, particleType: particleType!, context: null },
      ...{ senders, receivers, target },
    };
    return model.loss({ params: params as ParticleParams, normalizers: null }, batch);
  },
};
