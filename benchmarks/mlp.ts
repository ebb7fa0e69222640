/** What is benchmarked of plain TensorFlow.js: training an MLP by Adam, and on what. */
import { type Limits, local, race } from "./race.ts";
import type { Result } from "./report.ts";

/** Rows of a batch. */
export const BATCH = 64;
/** Batches, which take turns. */
export const BATCHES = 8;
/** Columns of the input. */
export const FEATURES = 32;
/** Units of each of the two hidden layers. */
export const HIDDEN = 128;

const TITLES: Readonly<Record<string, string>> = {
  xla: "xla, eager",
  "xla-jit": "xla, jit",
  wasm: "wasm",
  cpu: "cpu",
};

/** The names of the contenders. */
export const MLP_NAMES: readonly string[] = Object.keys(TITLES);

/** Measures the training step on some contenders. */
export function measureMlp(names: readonly string[], limits: Limits): Promise<Result[]> {
  const script = local("mlp_contender.ts");
  return race(
    names.map((name) => ({
      name,
      title: TITLES[name]!,
      command: () => Promise.resolve([Deno.execPath(), "run", "-A", script, name]),
    })),
    limits,
  );
}
