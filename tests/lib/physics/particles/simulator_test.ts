import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { particleBatches } from "../../../../lib/physics/particles/batch.ts";
import {
  type ParticleFrames,
  particleFrames,
  particleSimulator,
} from "../../../../lib/physics/particles/simulator.ts";
import { particleWorld } from "../../../../lib/physics/particles/world.ts";
import { key } from "../../../../lib/random/mod.ts";
import { adam } from "../../../../lib/train/mod.ts";
import { jit } from "../../../../lib/transform/mod.ts";
import { assertAllClose } from "../../../support/assert_all_close.ts";
import { forEachEngine } from "../../../support/engines.ts";
import { golden } from "./golden.ts";

const { metadata, noise, positions } = golden.particles[0]!;
const world = particleWorld(metadata);
const simulator = particleSimulator(world, {
  noise,
  optimizer: adam(3e-3),
  network: { latentSize: 8, hiddenLayers: 1, steps: 2 },
});

/** The golden particles' window as frames, `[6, 7, 2]`, and two frames more. */
function frames(types: number[]): ParticleFrames {
  const data = [0, 1, 2, 3, 4, 5, 5, 3].flatMap((t) => positions.flatMap((window) => window[t]!));
  return particleFrames({
    particleType: { shape: [7], data: types },
    position: { shape: [8, 7, 2], data },
  });
}

const water = new Array<number>(7).fill(5);
const frame = (x: tf.Tensor, t: number): tf.Tensor => tf.gather(x, tf.scalar(t, "int32"));

forEachEngine("a rollout is predictions of predictions, with neighbours found anew", () => {
  const weights = simulator.weights(simulator.init(key(0)));
  const truth = frames(water);
  const list = simulator.neighbors.allocate(frame(truth.position, 5));
  const roll = jit((truth: ParticleFrames) => simulator.rollout(weights, truth, list, 4));
  const { position, didOverflow } = roll(truth);
  assertEquals(didOverflow.dataSync()[0], 0);
  const makeBatch = particleBatches(world, { noise: 0 });
  let window = tf.tensor3d(positions);
  for (let step = 0; step < 4; step++) {
    const view = makeBatch([{
      particleType: { shape: [7], data: water },
      positions: { shape: [7, 6, 2], data: window.dataSync() },
      target: { shape: [7, 2], data: new Float32Array(14) },
    }], key(0));
    const next = simulator.predict(weights, view);
    assertAllClose(frame(position, step), next, { atol: 1e-5 });
    window = tf.concat([window.slice([0, 1, 0]), next.expandDims(1)], 1) as tf.Tensor3D;
  }
});

forEachEngine(
  "kinematic particles are where the truth has them, the last frame beyond its end",
  () => {
    const weights = simulator.weights(simulator.init(key(1)));
    const truth = frames([5, 3, 5, 5, 5, 5, 3]);
    const list = simulator.neighbors.allocate(frame(truth.position, 5));
    const { position } = simulator.rollout(weights, truth, list, 3);
    const [rolled, all] = [position.arraySync(), truth.position.arraySync()] as number[][][][];
    for (const i of [1, 6]) {
      assertEquals(rolled!.map((step) => step[i]), [all![6]![i], all![7]![i], all![7]![i]]);
    }
    assert(String(rolled![0]![0]) !== String(all![6]![0]));
  },
);

forEachEngine("training lowers the loss of a batch", () => {
  const batch = particleBatches(world, { noise })([{
    particleType: { shape: [7], data: water },
    positions: { shape: [7, 6, 2], data: positions.flat(2) },
    target: { shape: [7, 2], data: golden.particles[0]!.target.flat() },
  }], key(0));
  let state = simulator.init(key(2));
  const before = simulator.loss(simulator.weights(state), batch, key(0)).dataSync()[0]!;
  const step = jit(simulator.trainStep);
  for (let i = 0; i < 40; i++) [state] = step(state, batch, key(0));
  const after = simulator.loss(simulator.weights(state), batch, key(0)).dataSync()[0]!;
  assert(after < before / 2, `${before} became ${after}`);
});

forEachEngine("too little room for neighbours is said, not hidden", () => {
  const weights = simulator.weights(simulator.init(key(3)));
  const truth = frames(water);
  // Allocated where nobody is near: there is room for the particles themselves only.
  const apart = tf.tensor2d(Array.from({ length: 7 }, (_, i) => [i, i]));
  const list = { ...simulator.neighbors.allocate(apart) };
  const { didOverflow } = simulator.rollout(weights, truth, list, 1);
  assertEquals(didOverflow.dataSync()[0], 1);
});

Deno.test("rollouts and frames say what they need", () => {
  const weights = simulator.weights(simulator.init(key(0)));
  const truth = frames(water);
  const list = simulator.neighbors.allocate(frame(truth.position, 5));
  const short = { ...truth, position: tf.slice(truth.position, 0, 5) };
  assertThrows(
    () => simulator.rollout(weights, short, list, 1),
    RangeError,
    "Cannot roll out particles as it starts from six frames: got float32 [5, 7, 2]",
  );
  assertThrows(
    () => simulator.rollout(weights, truth, list, 0),
    RangeError,
    "Cannot roll out particles as steps",
  );
  assertThrows(
    () => particleFrames({ particleType: { shape: [1], data: [5] } } as never),
    TypeError,
    "Cannot put particles on the device as position has rank 3: got undefined",
  );
});
