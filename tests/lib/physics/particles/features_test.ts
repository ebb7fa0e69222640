import * as tf from "@tensorflow/tfjs";
import {
  moveParticles,
  normalizedAcceleration,
  particleFeatures,
} from "../../../../lib/physics/particles/features.ts";
import { particleWorld } from "../../../../lib/physics/particles/world.ts";
import { assertAllClose } from "../../../support/assert_all_close.ts";
import { forEachEngine } from "../../../support/engines.ts";
import { golden, viewOf } from "./golden.ts";

forEachEngine("particleFeatures() are those of GNS, in two and three dimensions and a box", () => {
  for (const particles of golden.particles) {
    const world = particleWorld(particles.metadata);
    const { nodes, edges } = particleFeatures(world, particles.noise, viewOf(particles));
    assertAllClose(nodes, particles.nodes, { atol: 2e-4 });
    assertAllClose(edges, particles.edges, { atol: 1e-5 });
  }
});

forEachEngine("places left over among the edges have features of zeros", () => {
  const [particles] = golden.particles;
  const world = particleWorld(particles!.metadata);
  const { edges } = particleFeatures(world, 0, viewOf(particles!, 2));
  assertAllClose(edges, [...particles!.edges, [0, 0, 0], [0, 0, 0]], { atol: 1e-5 });
});

forEachEngine("accelerations and the integrator are those of GNS, and undo each other", () => {
  for (const { metadata, noise, ...particles } of golden.particles) {
    const world = particleWorld(metadata);
    const positions = tf.tensor3d(particles.positions);
    const target = tf.tensor2d(particles.target);
    const acceleration = normalizedAcceleration(world, noise, positions, target);
    assertAllClose(acceleration, particles.acceleration, { atol: 1e-3 });
    const moved = moveParticles(world, noise, positions, tf.tensor2d(particles.predicted));
    assertAllClose(moved, particles.moved, { atol: 1e-6 });
    assertAllClose(moveParticles(world, noise, positions, acceleration), target, { atol: 1e-6 });
  }
});

forEachEngine(
  "a history of accelerations is four of them and the last velocity, normalised",
  () => {
    const world = particleWorld({
      dim: 1,
      default_connectivity_radius: 1,
      ...{ vel_mean: [1], vel_std: [3], acc_mean: [0.5], acc_std: [1e-9] },
    });
    const none = tf.tensor1d([], "int32");
    const view = {
      positions: tf.tensor3d([0, 1, 3, 6, 10, 16], [1, 6, 1]),
      particleType: tf.tensor1d([5], "int32"),
      context: null,
      senders: none,
      receivers: none,
    };
    // Noise of 4 makes the deviation of velocities 5, and that of accelerations 4.
    const { nodes } = particleFeatures(world, 4, view, { history: "accelerations" });
    assertAllClose(nodes, [[0.125, 0.125, 0.125, 0.375, 1]], { atol: 1e-6 });
    const { nodes: velocities } = particleFeatures(world, 4, view, { history: "velocities" });
    assertAllClose(velocities, particleFeatures(world, 4, view).nodes, { atol: 0 });
  },
);
