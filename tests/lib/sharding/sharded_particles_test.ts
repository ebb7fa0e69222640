import * as tf from "@tensorflow/tfjs";
import {
  type ParticleBatch,
  particleModel,
  type ParticleParams,
  particleWorld,
  pmap,
  pmean,
  random,
  shardedSegmentSum,
  type Tensor,
  treeLeaves,
  treeMap,
  valueAndGrad,
} from "../../../mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { devicesTest } from "../../support/engines.ts";
import { golden, viewOf } from "../physics/particles/golden.ts";

const AXIS = { axisName: "edges" };
const network = { latentSize: 8, hiddenLayers: 1, steps: 2 };

/**
 * Fresh biases are 0, so an edge from a particle to itself stands where a ReLU has its corner, and
 * rounding decides on which side. Here they are not.
 */
const withBiases = (params: ParticleParams): ParticleParams =>
  treeMap(
    (x) => tf.add(x, tf.mul(0.1, random.normal(random.key(x.size), x.shape))),
    params as never,
  ) as ParticleParams;

for (const [i, particles] of [golden.particles[0]!, golden.particles[2]!].entries()) {
  const world = particleWorld(particles.metadata);
  const { noise, senders } = particles;
  const name = `${world.dimension}-D${world.box ? ", periodic" : ""}`;

  devicesTest(4, `GNS with its edges on 1 to 4 devices is GNS: ${name}`, () => {
    const whole = particleModel(world, { network, noise });
    const sharded = particleModel(world, {
      noise,
      network: {
        ...network,
        aggregateEdgesFn: (x, ids, count) => shardedSegmentSum(x, ids, count, AXIS),
      },
    });
    const params = withBiases(whole.init(random.key(i)).params);
    // Twelve is a multiple of each number of devices; what is left over names no particle.
    const view = viewOf(particles, 12 - senders.length % 12);
    const types = tf.tensor1d([5, 3, 6, 5, 0, 5, 7], "int32");
    const batch = { ...view, particleType: types, target: tf.tensor2d(particles.target) };
    const weights = { params, normalizers: null };
    const next = whole.predict(weights, batch);
    const [loss, grads] = valueAndGrad((params: ParticleParams) =>
      whole.loss({ params, normalizers: null }, batch)
    )(params);
    for (const devices of [1, 2, 3, 4]) {
      const copies = <T>(tree: T): T =>
        treeMap((x) => tf.stack(Array<Tensor>(devices).fill(x)), tree as never) as T;
      const split = (ids: Tensor): Tensor => tf.reshape(ids, [devices, -1]);
      const parts: ParticleBatch = {
        ...copies(batch),
        senders: split(batch.senders),
        receivers: split(batch.receivers),
      };
      const result = pmap((params: ParticleParams, part: ParticleBatch) => {
        const [loss, grads] = valueAndGrad((params: ParticleParams) =>
          sharded.loss({ params, normalizers: null }, part)
        )(params);
        const next = sharded.predict({ params, normalizers: null }, part);
        return { next, loss, grads: pmean(grads, "edges") };
      }, AXIS)(copies(params), parts);
      // Of the largest number: a sum in another order is as exact as its largest part.
      const assertEach = (rows: Tensor, expected: Tensor): void => {
        const scale = tf.maximum(tf.max(tf.abs(expected)), 1);
        const whole = tf.div(expected, scale);
        for (const row of tf.unstack(tf.div(rows, scale))) {
          assertAllClose(row, whole, { rtol: 0, atol: 1e-5 });
        }
      };
      assertEach(result.next, next);
      assertEach(result.loss, loss);
      const expected = treeLeaves(grads as never);
      treeLeaves(result.grads as never).forEach((leaf, k) => assertEach(leaf, expected[k]!));
    }
  });
}
