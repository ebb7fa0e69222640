import { assertAlmostEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { clothModel, clothTrajectory, flowModel, flowTrajectory, random } from "../../../mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import { cloth, flow, frameOf, network, paramsOf } from "./simulator_golden.ts";

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
