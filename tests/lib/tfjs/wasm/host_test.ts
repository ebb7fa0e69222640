import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { init } from "../../../../mod.ts";

async function onBoth(compute: () => tf.Tensor): Promise<[unknown, unknown]> {
  const results: unknown[] = [];
  for (const engine of ["cpu", "wasm"]) {
    await init({ engine });
    results.push(tf.tidy(() => compute().dataSync().toString()));
  }
  return [results[0], results[1]];
}

/** What tfjs's wasm backend refuses or gets wrong by itself. */
const CASES: Readonly<Record<string, () => tf.Tensor>> = {
  "strings": () => tf.concat([tf.tile(tf.tensor1d(["a", "b"]), [2]), tf.fill([1], "c" as never)]),
  "string comparison": () => tf.equal(tf.tensor1d(["a", "b"]), tf.tensor1d(["a", "c"])),
  "complex numbers": () => tf.mul(tf.complex([1, 2], [3, 4]), tf.complex([5, 6], [7, 8])),
  "a clone of complex numbers": () => tf.complex([1, 2], [3, 4]).clone().reshape([2, 1]),
  "fourier transforms": () => tf.spectral.irfft(tf.spectral.rfft(tf.tensor1d([1, 2, 3, 4]))),
  "channels first": () =>
    tf.conv2d(tf.ones([1, 2, 3, 3]) as tf.Tensor4D, tf.ones([2, 2, 2, 1]), 1, "valid", "NCHW"),
  "matrix products of integers": () =>
    tf.matMul(tf.tensor2d([[1, 2]], [1, 2], "int32"), tf.tensor2d([[3], [4]], [2, 1], "int32")),
  "a bias of another rank": () =>
    tf.fused.matMul({ a: tf.ones([2, 2]), b: tf.ones([2, 2]), bias: tf.ones([2, 2]) }),
  "tensors without elements": () => tf.add(tf.sum(tf.zeros([0, 3]), 0), tf.ones([3])),
  "rank above 6": () => tf.mul(tf.ones([2, 1, 2, 1, 2, 1, 2]), tf.ones([1, 3, 1, 2, 1, 2, 1])),
  "reversed bools": () => tf.reverse(tf.tensor1d([true, false, false], "bool")),
  "strides over integers": () => tf.stridedSlice(tf.range(0, 5, 1, "int32"), [0], [5], [2]),
  "clipped integers": () => tf.clipByValue(tf.range(0, 5, 1, "int32"), 1, 3),
  "positions of maxima": () =>
    tf.maxPoolWithArgmax(tf.range(0, 9).reshape([1, 3, 3, 1]) as never, 2, 2, "same").indexes!,
  "dilation with padding": () =>
    tf.dilation2d(tf.range(0, 9).reshape([1, 3, 3, 1]) as never, tf.ones([2, 2, 1]), 1, "same"),
  "derivatives of conv3d": () =>
    tf.grad((w: tf.Tensor) =>
      tf.conv3d(tf.range(0, 27).reshape([1, 3, 3, 3, 1]) as never, w as never, 2, "same")
    )(tf.ones([2, 2, 2, 1, 1])),
  "pools of one element": () => tf.maxPool(tf.range(0, 9).reshape([1, 3, 3, 1]) as never, 1, 2, 0),
};

for (const [name, compute] of Object.entries(CASES)) {
  Deno.test(`wasm computes on the host: ${name}`, async () => {
    const [cpu, wasm] = await onBoth(compute);
    assertEquals(wasm, cpu);
  });
}
