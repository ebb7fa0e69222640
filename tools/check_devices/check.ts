/** What a check is, how it is run, and how close values must be. @module */
import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { init, jit, type Tensor, type Tree, treeLeaves } from "@meshwork/meshwork";

/** One line of the report. */
export interface Check {
  readonly name: string;
  /** Throws if it fails; returns what to say. */
  run(): Promise<string> | string;
}

/** Allowed differences from the cpu backend of TensorFlow.js: `|a - b| / (1 + |b|)`. */
export interface Tolerance {
  /** Of what is computed number by number. */
  readonly elementwise: number;
  /** Of what goes through products of matrices or convolutions. */
  readonly products: number;
}

/**
 * By platform. GPUs multiply in TF32 by default (11 bits), TPUs in bfloat16 (8 bits), and their
 * exponentials and logarithms are not those of a CPU to the last bits.
 */
const TOLERANCES: Readonly<Record<string, Tolerance>> = {
  cpu: { elementwise: 2e-6, products: 1e-5 },
  cuda: { elementwise: 1e-5, products: 5e-3 },
  tpu: { elementwise: 2e-4, products: 5e-2 },
};

/** The tolerance for a platform; that of a TPU where it is not known. */
export function toleranceFor(platform: string): Tolerance {
  return TOLERANCES[platform] ?? TOLERANCES.tpu!;
}

/** A tensor read. */
interface Read {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: ArrayLike<number>;
}

/** Computes a tree on the current engine, and reads its leaves. */
async function read(compute: () => Tree | readonly Tensor[]): Promise<Read[]> {
  tf.engine().startScope();
  try {
    const leaves = treeLeaves(compute() as Tree);
    return await Promise.all(leaves.map(async (leaf) => ({
      shape: leaf.shape,
      dtype: leaf.dtype,
      values: await leaf.data(),
    })));
  } finally {
    tf.engine().endScope();
  }
}

/** The largest `|a - b| / (1 + |b|)`; NaN equals NaN, and an infinity only itself. */
function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [Number(actual[i]), Number(expected[i])];
    if (Object.is(a, b) || a === b) continue;
    const own = Math.abs(a - b) / (1 + Math.abs(b));
    most = Math.max(most, Number.isFinite(own) ? own : Infinity);
  }
  return most;
}

/** A function of trees, and what makes its arguments on whatever engine runs. */
export interface Computation {
  readonly args: () => Tree[];
  readonly f: (...args: Tree[]) => Tree;
}

/** Compares a function, compiled for the device, with itself on tfjs's cpu backend. */
export async function compare({ args, f }: Computation, allowed: number): Promise<number> {
  await init({ engine: "cpu" });
  const expected = await read(() => f(...args()));
  await init({ engine: "xla" });
  const actual = await read(() => jit(f)(...args()));
  const types = (reads: readonly Read[]) => reads.map(({ shape, dtype }) => ({ shape, dtype }));
  assertEquals(types(actual), types(expected));
  const error = Math.max(
    0,
    ...actual.map(({ values }, i) => difference(values, expected[i]!.values)),
  );
  if (error <= allowed) return error;
  throw new Error(
    `Cannot pass as the values differ by ${error.toExponential(1)}, allowed ${
      allowed.toExponential(0)
    }`,
  );
}

/** How a comparison went, in words. */
export function saidOf(error: number, allowed: number): string {
  return error === 0
    ? "equal"
    : `differs by ${error.toExponential(1)}, allowed ${allowed.toExponential(0)}`;
}

/** Runs checks, a line each, and counts them. */
export async function runChecks(
  title: string,
  checks: readonly Check[],
  log: (line: string) => void,
): Promise<{ passed: number; failed: number }> {
  log(`\n${title}`);
  const width = Math.max(...checks.map(({ name }) => name.length));
  let failed = 0;
  for (const { name, run } of checks) {
    try {
      log(`  ok      ${name.padEnd(width)}  ${await run()}`);
    } catch (error) {
      failed++;
      const [first] = (error as Error).message.split("\n");
      log(`  FAILED  ${name.padEnd(width)}  ${first}`);
    }
  }
  return { passed: checks.length - failed, failed };
}
