/**
 * Random programs give on xla, eager and compiled, what they give on tfjs's cpu backend.
 *
 * A failure is shrunk by fast-check and printed as a program that can be run.
 */
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { init, jit } from "../../../../mod.ts";
import { hasXla } from "../../../support/engines.ts";
import { skipUnless } from "../../../support/skip.ts";
import { steps } from "../../../support/tier.ts";
import { type Draws, type Input, plan, type Program, tensorOf } from "./program.ts";

const RELATIVE = 1e-5;

/** A closure is a compiled function of no arguments, that uses values computed outside of it. */
const WAYS = ["eager", "jit", "closure"] as const;

const size = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 4 }), weight: 12 },
  { arbitrary: fc.constant(0), weight: 1 },
);

const input: fc.Arbitrary<Input> = fc.record({
  shape: fc.array(size, { maxLength: 4 }),
  dtype: fc.constantFrom("float32", "float32", "int32", "bool"),
  data: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 24 }),
});

const draws: fc.Arbitrary<Draws> = fc.record({
  inputs: fc.array(input, { minLength: 1, maxLength: 4 }),
  steps: fc.array(fc.array(fc.nat(255), { minLength: 3, maxLength: 12 }), {
    minLength: 1,
    maxLength: 12,
  }),
});

/** Says where results differ from the cpu's; null where they do not. */
function difference(program: Program, results: readonly tf.Tensor[]): string | null {
  const tolerance = RELATIVE * program.scale;
  for (const [i, { dtype, shape, values }] of program.expected.entries()) {
    const actual = results[i]!;
    const signature = `${actual.dtype} [${actual.shape}]`;
    if (signature !== `${dtype} [${shape}]`) {
      return `result ${i} is ${signature}, on cpu ${dtype} [${shape}]`;
    }
    const data = actual.dataSync();
    for (let k = 0; k < values.length; k++) {
      const [a, e] = [data[k]!, values[k]!];
      if (a === e || Number.isNaN(a) && Number.isNaN(e) || Math.abs(a - e) <= tolerance) continue;
      return `result ${i}, element ${k} is ${a}, on cpu ${e}`;
    }
  }
  return null;
}

/** The same values, made by operations that passes look for; every second time computed at once. */
function computed(x: tf.Tensor, i: number): tf.Tensor {
  if (x.rank === 0) return x;
  const makers = [
    () => tf.gather(x, tf.range(0, x.shape[0]!, 1, "int32")),
    () => tf.concat([x], 0),
    () => tf.transpose(tf.transpose(x)),
  ];
  const made = makers[i % makers.length]!();
  if (i % 2) made.dataSync();
  return made;
}

/** Runs a program on xla in one way. */
function runOnXla(program: Program, way: typeof WAYS[number]): string | null {
  return tf.tidy(() => {
    const inputs = program.inputs.map(tensorOf);
    const run = {
      eager: () => program.run(inputs),
      jit: () => jit((...args: tf.Tensor[]) => program.run(args))(...inputs),
      closure: () => {
        const outside = inputs.map(computed);
        return jit(() => program.run(outside))();
      },
    };
    try {
      return difference(program, run[way]()) as never;
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}` as never;
    }
  });
}

Deno.test({
  name: "random programs give on xla, eager and compiled, what they give on cpu",
  ...skipUnless(hasXla, "the xla engine is not installed (deno task setup)"),
  async fn() {
    await init({ engine: "xla" });
    const property = fc.asyncProperty(draws, async (drawn) => {
      await init({ engine: "cpu" });
      const program = tf.tidy(() => plan(drawn) as never) as Program;
      await init({ engine: "xla" });
      for (const way of WAYS) {
        const wrong = runOnXla(program, way);
        if (wrong) throw new Error(`${way}: ${wrong}\n${program.text}`);
      }
      // Finalisers, which free programs of functions that are forgotten, run between tasks only.
      await new Promise((resolve) => setTimeout(resolve));
    });
    await fc.assert(property, { numRuns: steps(500, 10_000), seed: 5, endOnFailure: false });
  },
});
