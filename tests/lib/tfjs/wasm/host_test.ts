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
  "signs and logarithms of small numbers": () =>
    tf.concat([tf.sign, tf.log1p].map((f) => f(tf.tensor1d([1e-10, -1e-30, 1e-4])))),
  "sines and cosines near their zeros": () =>
    tf.concat([tf.sin(tf.tensor1d([1e-10, -1e-4])), tf.cos(tf.tensor1d([1.5707963, 4.712389]))]),
  "selu near zero": () => tf.selu(tf.tensor1d([-1e-4, -1e-6, 2])),
  "integers above 2^24": () =>
    tf.concat([tf.neg, tf.abs].map((f) => f(tf.tensor1d([16777217, -16777219], "int32")))),
  "floored quotients of integers": () =>
    tf.floorDiv(
      tf.tensor1d([2147483647, -2147483648, 7], "int32"),
      tf.tensor1d([5, 3, -2], "int32"),
    ),
  "remainders of integers by zero": () =>
    tf.mod(tf.tensor1d([5, -7], "int32"), tf.tensor1d([0, 3], "int32")),
  "powers of integers that overflow": () =>
    tf.pow(tf.tensor1d([2, 3], "int32"), tf.tensor1d([32, 3], "int32")),
  "numbers beyond int32": () => tf.cast(tf.tensor1d([3e9, -Infinity, NaN, -1.9]), "int32"),
  "running counts": () => tf.cumsum(tf.tensor1d([true, false, true], "bool")),
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
