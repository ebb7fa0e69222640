/** Every native kernel gives what tfjs's cpu backend gives: evaluated on the host, and compiled. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "@std/assert";
import { init, jit } from "../../../mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { hasXla, xlaTest } from "../../support/engines.ts";
import { COLLECTIVE } from "../../../lib/xla/kernels/collective.ts";
import { KERNELS } from "../../../lib/xla/mod.ts";
import { b, f, type Op, run } from "./kernel_case.ts";
import { CASES } from "./kernel_cases.ts";

/** Shapes, dtypes and values of a case, on the current engine. */
function results(
  inputs: () => tf.Tensor[],
  op: Op,
): { shape: number[]; dtype: string; data: number[] }[] {
  return tf.tidy(() =>
    [op(...inputs())].flat().map((t) => ({
      shape: t.shape,
      dtype: t.dtype,
      data: Array.from(t.dataSync()),
    }))
  ) as unknown as { shape: number[]; dtype: string; data: number[] }[];
}

function assertSame(
  actual: ReturnType<typeof results>,
  expected: ReturnType<typeof results>,
): void {
  assertEquals(actual.map((r) => [r.shape, r.dtype]), expected.map((r) => [r.shape, r.dtype]));
  actual.forEach((r, k) => assertAllClose(r.data, expected[k]!.data, { rtol: 2e-6, atol: 2e-6 }));
}

Deno.test({
  name: "every native kernel has a case",
  ignore: !hasXla,
  fn() {
    // What replicas do together has no meaning for one: see collectives_test.ts.
    const alone = Object.keys(KERNELS).filter((name) => !(name in COLLECTIVE));
    assertEquals(alone.filter((name) => !(name in CASES)), []);
    for (const name of Object.keys(CASES)) assert(name in KERNELS, name);
  },
});

xlaTest("every case runs the kernel that it is named after", async () => {
  for (const [name, cases] of Object.entries(CASES)) {
    for (const [inputs, op] of cases) {
      const args = inputs();
      const { kernelNames } = await tf.profile(() => op(...args) as tf.Tensor);
      assert(kernelNames.includes(name), `${name}: ${kernelNames}`);
    }
  }
});

for (const [name, cases] of Object.entries(CASES)) {
  Deno.test({
    name: `${name} on xla gives what the cpu backend gives, evaluated and compiled`,
    ignore: !hasXla,
    async fn() {
      for (const [inputs, op] of cases) {
        await init({ engine: "cpu" });
        const expected = results(inputs, op);
        await init({ engine: "xla" });
        assertSame(results(inputs, op), expected);
        const compiled: Op = (...args) => jit((...xs: tf.Tensor[]) => [op(...xs)].flat())(...args);
        assertSame(results(inputs, compiled), expected);
      }
    },
  });
}

Deno.test({
  name: "Select on xla chooses whole rows by a condition of rank 1",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const [t, e] = [tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5, 6], [7, 8]])];
    const chosen = run("Select", { condition: b([1, 0]), t, e }) as tf.Tensor;
    assertEquals(Array.from(chosen.dataSync()), [1, 2, 7, 8]);
  },
});

/** Elementwise functions; a matrix product of {@linkcode inputs} is in the domain of all. */
const ELEMENTWISE = ("abs neg relu square tanh exp expm1 log1p sin cos tan asin acos atan sinh " +
  "cosh asinh atanh erf sigmoid softplus elu selu floor sign reciprocal leakyRelu").split(" ");

Deno.test({
  name: "what follows a matrix product in a program takes its result, and changes no other",
  ignore: !hasXla,
  async fn() {
    const inputs = (): tf.Tensor[] => [f([8, 16], 1), tf.mul(f([16, 32], 2), 0.02)];
    const product = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => tf.matMul(x, y);
    for (const name of ELEMENTWISE) {
      const op = (x: tf.Tensor): tf.Tensor => tf[name as "abs"](x);
      await init({ engine: "cpu" });
      const expected = results(inputs, (x, y) => op(product(x!, y!)));
      await init({ engine: "xla" });
      const compiled = results(
        inputs,
        (...xy) => jit((...xy: tf.Tensor[]) => op(product(xy[0]!, xy[1]!)))(...xy),
      );
      compiled.forEach(({ data }, k) =>
        assertAllClose(data, expected[k]!.data, { rtol: 1e-4, atol: 1e-4 })
      );
    }
  },
});
