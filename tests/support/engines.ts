/** Runs a test on each engine there is. @module */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { lendCpuKernels } from "../../lib/engine/mod.ts";

/** An engine that the tests know how to start. */
export type EngineName = "cpu" | "wasm";

/** The engines that tests run on here. */
export const ENGINES: readonly EngineName[] = ["cpu", "wasm"];

let lent = false;

/** Makes an engine tfjs's current backend. */
export async function useEngine(name: EngineName): Promise<void> {
  if (!await tf.setBackend(name)) throw new Error(`Cannot start the engine ${name}`);
  if (name === "wasm" && !lent) {
    lent = true;
    // Also makes sure that the cpu backend exists to lend.
    await tf.setBackend("cpu");
    await tf.setBackend("wasm");
    lendCpuKernels("wasm");
  }
}

/**
 * Registers one test for each engine: `name [cpu]`, `name [wasm]`, ...
 *
 * Tensors made by the test are disposed at its end.
 */
export function forEachEngine(
  name: string,
  fn: (t: Deno.TestContext) => void | Promise<void>,
): void {
  for (const engine of ENGINES) {
    Deno.test(`${name} [${engine}]`, async (t) => {
      await useEngine(engine);
      tf.engine().startScope();
      try {
        await fn(t);
      } finally {
        tf.engine().endScope();
      }
    });
  }
}
