import { assertAlmostEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  clothModel,
  clothTrajectory,
  flowModel,
  flowTrajectory,
  particleBatches,
  particleModel,
  particleWorld,
  random,
} from "../../../mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import { cloth, flow, frameOf, network, paramsOf, particleStep } from "./simulator_golden.ts";

forEachEngine("a step of a flow is that of the formulas: loss, and the next velocity", () => {
  const trajectory = flowTrajectory(flow.record);
  const model = flowModel({ network, noise: { scale: 0 } });
  const batch = { ...trajectory, frames: tf.tensor1d([0], "int32") };
  const sample = model.sample(batch, random.key(0));
  const normalizers = model.accumulate(model.init(random.key(0)).normalizers, sample);
  const weights = { params: paramsOf<never>(flow.params), normalizers };
  assertAlmostEquals(model.loss(weights, sample).dataSync()[0]! / flow.loss, 1, 1e-4);
  const velocity = frameOf(trajectory.velocity, 0);
  const next = model.predict(weights, trajectory, velocity, tf.scalar(0, "int32"));
  assertAllClose(next, flow.next, { rtol: 1e-4, atol: 1e-4 });
});

forEachEngine("a step of a cloth is that of the formulas: loss, and the next position", () => {
  const { mesh, worldPosition } = clothTrajectory(cloth.record);
  const model = clothModel({ network, noise: { scale: 0 } });
  const batch = { mesh, worldPosition, frames: tf.tensor1d([1], "int32") };
  const sample = model.sample(batch, random.key(0));
  const normalizers = model.accumulate(model.init(random.key(0)).normalizers, sample);
  const weights = { params: paramsOf<never>(cloth.params), normalizers };
  assertAlmostEquals(model.loss(weights, sample).dataSync()[0]! / cloth.loss, 1, 1e-4);
  const frames = { previous: frameOf(worldPosition, 0), current: frameOf(worldPosition, 1) };
  const { current } = model.predict(weights, mesh, frames);
  assertAllClose(current, cloth.next, { rtol: 1e-4, atol: 1e-4 });
});

forEachEngine("a step of GNS is that of the formulas: loss, and the next positions", () => {
  const { metadata, noise, particleType, context, positions, target } = particleStep;
  const world = particleWorld(metadata);
  const count = particleType.length;
  // A window as a data set gives it; the batch finds who sees whom.
  const batch = particleBatches(world, { noise: 0 })([{
    particleType: { shape: [count], data: particleType },
    positions: { shape: [count, 6, 2], data: positions.flat(2) },
    target: { shape: [count, 2], data: target.flat() },
    stepContext: { shape: [3], data: context },
  }], random.key(0));
  const model = particleModel(world, { network, noise });
  const weights = { params: paramsOf<never>(particleStep.params), normalizers: null };
  assertAlmostEquals(model.loss(weights, batch).dataSync()[0]! / particleStep.loss, 1, 1e-4);
  assertAllClose(model.predict(weights, batch), particleStep.next, { rtol: 0, atol: 1e-6 });
});
