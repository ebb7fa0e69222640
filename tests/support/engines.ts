/** Runs a test on each engine there is. @module */
import * as tf from "@tensorflow/tfjs";
import { init } from "../../lib/init/mod.ts";
import { findPlugin } from "../../lib/xla/plugin_path.ts";
import { skipUnless } from "./skip.ts";

/** An engine that the tests know how to start. */
export type EngineName = "cpu" | "wasm" | "xla";

/** Whether the xla engine's plugin is installed here. */
export const hasXla: boolean = (await findPlugin()) !== null;

/** The engines that tests run on here. */
export const ENGINES: readonly EngineName[] = hasXla ? ["cpu", "wasm", "xla"] : ["cpu", "wasm"];

if (!hasXla) console.warn("The tests skip the xla engine: its plugin is missing (deno task setup)");

/** Makes an engine tfjs's current backend. */
export async function useEngine(name: EngineName): Promise<void> {
  await init({ engine: name });
}

/** Runs something, and disposes the tensors that it made. */
export async function inScope(fn: () => void | Promise<void>): Promise<void> {
  tf.engine().startScope();
  try {
    await fn();
  } finally {
    tf.engine().endScope();
  }
}

/** Runs a test on an engine; tensors that it makes are disposed at its end. */
async function runOn(engine: EngineName, fn: () => void | Promise<void>): Promise<void> {
  await useEngine(engine);
  await inScope(fn);
}

/**
 * Registers one test for each engine: `name [cpu]`, `name [wasm]`, `name [xla]`.
 *
 * Tensors made by the test are disposed at its end.
 */
export function forEachEngine(
  name: string,
  fn: (t: Deno.TestContext, engine: EngineName) => void | Promise<void>,
): void {
  for (const engine of ENGINES) {
    Deno.test(`${name} [${engine}]`, (t) => runOn(engine, () => fn(t, engine)));
  }
}

/**
 * Registers a test that needs several devices of the xla engine, virtual ones, as
 * `name [xla, 4 devices]`. A client keeps its number of devices, so all tests of a file that use
 * xla use this number.
 */
export function devicesTest(devices: number, name: string, fn: () => void | Promise<void>): void {
  Deno.test({
    name: `${name} [xla, ${devices} devices]`,
    ...skipUnless(hasXla, "the xla engine is not installed (deno task setup)"),
    fn: async () => {
      await init({ engine: "xla", devices });
      await runOn("xla", fn);
    },
  });
}

/** Registers a test that needs the xla engine: `name [xla]`; skipped where it is not installed. */
export function xlaTest(name: string, fn: () => void | Promise<void>): void {
  Deno.test({
    name: `${name} [xla]`,
    ...skipUnless(hasXla, "the xla engine is not installed (deno task setup)"),
    fn: () => runOn("xla", fn),
  });
}
