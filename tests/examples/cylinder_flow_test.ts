/**
 * The demo: its losses are the same on every engine, and a run that was stopped goes on as if not.
 */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { compileTrainStep, warmUp } from "../../examples/cylinder_flow/training.ts";
import { demoSimulator, WARM_UP } from "../../examples/cylinder_flow/settings.ts";
import { type FlowTrajectory, flowTrajectory, init, random, treeDispose } from "../../mod.ts";
import { cylinderFlowMini } from "../../datasets/mod.ts";
import { ENGINES } from "../support/engines.ts";
import { steps } from "../support/tier.ts";

/** The train trajectory on the current engine. */
async function trainTrajectory(): Promise<FlowTrajectory> {
  const { train } = await cylinderFlowMini();
  for await (const record of train) return flowTrajectory(record);
  throw new Error("the sample is empty");
}

/** The losses of the first steps of the demo's training, on an engine. */
async function firstLosses(engine: string, count: number): Promise<number[]> {
  await init({ engine });
  const trajectory = await trainTrajectory();
  // At the demo's own rate, weights that differ in their last bit give losses that differ by 5e-4
  // after 20 steps, on one engine; this test is about kernels, not about chaos.
  const simulator = demoSimulator(1000, 1e-3);
  const step = compileTrainStep(simulator, trajectory, 0);
  const key = random.key(0);
  let state = warmUp(simulator, trajectory, simulator.init(key), 0, steps(10, WARM_UP));
  const losses: number[] = [];
  for (let i = 0; i < count; i++) {
    const [next, loss] = step(state);
    losses.push((await loss.data())[0]!);
    treeDispose(state);
    loss.dispose();
    state = next;
  }
  treeDispose([state, trajectory, key]);
  return losses;
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
  // What is left are the keys that the compiled steps close over.
  assertEquals(tf.memory().numTensors - tensors, ENGINES.length);
});

/** Runs a script of this checkout in a process of its own. */
async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...args],
    cwd: new URL("../../", import.meta.url),
  }).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("an interrupted run keeps its state, and goes on as if it had not been", async () => {
  // The test runner takes SIGINT for itself, so the run has a process of its own.
  const { stdout, stderr } = await run("tests/examples/interrupted_run.ts");
  assertEquals(JSON.parse(stdout), { stoppedAt: 3, resumedTo: 6, sameState: true }, stderr);
});

Deno.test("the demo trains, prints its table and writes its page", async () => {
  const folder = await Deno.makeTempDir();
  const main = "examples/cylinder_flow/main.ts";
  const { code, stdout, stderr } = await run(main, "--steps", "60", "--out", folder);
  assertEquals(code, 0, stderr);
  for (const line of ["engine", "40,994", "one step, every frame", "rollout, 50 steps"]) {
    assertStringIncludes(stdout, line);
  }
  assertStringIncludes(stderr, "60/60  100%");
  const page = await Deno.readTextFile(`${folder}/cylinder_flow.html`);
  assertStringIncludes(page, "A learned flow simulator");
  assert(page.length > 5_000_000 && page.length < 20_000_000, `${page.length} characters`);
  await Deno.remove(folder, { recursive: true });
});
