import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { TracerError } from "../../../lib/engine/mod.ts";
import { jit } from "../../../lib/transform/mod.ts";
import { hostKernels, installedEngine, KERNELS, setHostKernels } from "../../../lib/xla/mod.ts";
import { HOST_ONLY } from "../../../lib/xla/host_kernels.ts";
import { useEngine, xlaTest } from "../../support/engines.ts";

/**
 * Any use of these in jit has an input without values; by kernel, a call and what to do instead.
 */
const IN_JIT: Readonly<Record<string, [(x: tf.Tensor) => tf.Tensor, string]>> = {
  Unique: [(x) => tf.unique(x).values, "sort and mark where neighbours differ"],
  NonMaxSuppressionV3: [
    (x) => tf.image.nonMaxSuppression(tf.reshape(x, [1, 4]), tf.tensor1d([1]), 1),
    "tf.topk and a mask",
  ],
  SparseSegmentSum: [
    (x) => tf.sparse.sparseSegmentSum(x, tf.tensor1d([0], "int32"), tf.tensor1d([0], "int32")),
    "use segmentSum or segmentMean over tf.gather",
  ],
  RaggedTensorToTensor: [
    (x) => tf.raggedTensorToTensor([1, 4], x, 0, [tf.tensor1d([0, 4], "int32")], ["ROW_SPLITS"]),
    "pad the rows to one length",
  ],
  Multinomial: [(x) => tf.multinomial(x as tf.Tensor1D, 2, 1), "random.uniform"],
  Complex: [(x) => tf.real(tf.complex(x, x)), "two float32 tensors"],
  FFT: [(x) => tf.spectral.rfft(x), "two float32 tensors"],
  ResizeBilinear: [
    (x) => tf.image.resizeBilinear(tf.reshape(x, [2, 2, 1]) as tf.Tensor3D, [4, 4]),
    "compute it outside jit",
  ],
};

Deno.test("no native kernel is listed as one of the host", () => {
  assertEquals(Object.keys(KERNELS).filter((name) => HOST_ONLY.has(name)), []);
});

for (const [kernel, [call, remedy]] of Object.entries(IN_JIT)) {
  xlaTest(`${kernel} inside jit says why not, and what to do instead`, () => {
    const error = assertThrows(() => jit(call)(tf.tensor1d([0, 0, 1, 1])), TracerError);
    const named = kernel === "FFT" ? "Complex" : kernel;
    assertEquals(error.message.includes(`Cannot compile ${named} as `), true, error.message);
    assertEquals(error.message.includes(remedy), true, error.message);
  });
}

xlaTest("arithmetic of a complex tensor with a tracer is refused as complex", () => {
  const c = tf.complex([1, 2], [3, 4]);
  const f = jit((x: tf.Tensor) => tf.real(tf.mul(c, tf.add(x, 1))));
  assertThrows(() => f(tf.ones([2])), TracerError, "devices have no complex64");
  assertThrows(
    () => jit((x: tf.Tensor) => x)(c),
    TypeError,
    "Cannot compute with a tensor on xla as it has float32, int32 and bool only: dtype is complex64",
  );
});

xlaTest(
  "an async function inside jit names the way round, and rejects nothing unheard",
  async () => {
    const f = jit((x: tf.Tensor) => tf.whereAsync(x) as unknown as tf.Tensor);
    assertThrows(() => f(tf.ones([2])), TypeError, "use tf.where with three arguments");
    await new Promise((resolve) => setTimeout(resolve, 0));
    const c = tf.complex(tf.zeros([0]), tf.zeros([0]));
    assertEquals((await c.data()).length, 0);
    await assertRejects(() => tf.whereAsync(tf.tensor(["a"]) as unknown as tf.Tensor), Error);
  },
);

xlaTest("strings and complex numbers are kept, computed with, and given back", () => {
  const words = tf.tensor2d([["a", "b"], ["c", "d"]]);
  assertEquals(tf.concat([words, words], 1).dataSync<"string">(), [..."ababcdcd"]);
  assertEquals(tf.reshape(words, [4]).clone().dataSync<"string">(), [..."abcd"]);
  const c = tf.complex([1, 2], [3, 4]);
  assertEquals(Array.from(tf.mul(c, c).dataSync()), [-8, 6, -12, 16]);
  assertEquals(Array.from(tf.imag(tf.add(c, 1)).dataSync()), [3, 4]);
  assertEquals(Array.from(tf.cast(c, "float32").dataSync()), [1, 2]);
  assertEquals(
    Array.from(
      tf.spectral.irfft(tf.spectral.rfft(tf.tensor1d([1, 2, 3, 4])))
        .dataSync(),
    ),
    [1, 2, 3, 4],
  );
});

xlaTest("a kernel lent from the host frees what it made there, also when it throws", () => {
  const cpu = tf.findBackend("cpu");
  const before = cpu.numDataIds();
  tf.unique(tf.tensor1d([1, 1, 2]));
  tf.complex([1], [2]);
  const bad = (): unknown => tf.sparse.sparseReshape([[0, 0]], [2, 2], [7, -1]);
  assertThrows(bad, Error, "multiple of 7");
  assertEquals(cpu.numDataIds(), before);
});

xlaTest("setHostKernels(false) leaves only kernels that cannot be native", () => {
  const { runtime } = installedEngine()!;
  setHostKernels(false);
  try {
    assertEquals(runtime.useHost, false);
    assertEquals(hostKernels().filter((name) => !HOST_ONLY.has(name)), []);
    assertEquals(tf.unique(tf.tensor1d([3, 3])).values.arraySync(), [3]);
    const { executions } = runtime.stats;
    assertEquals(tf.add(tf.tensor1d([1, 2]), 1).arraySync(), [2, 3]);
    assertEquals(runtime.stats.executions, executions + 1);
  } finally {
    setHostKernels(true);
  }
  assertEquals(runtime.useHost, true);
});

xlaTest("tfjs may drop the backend and ask for another on the same client", async () => {
  const before = installedEngine()!.runtime;
  tf.removeBackend("xla");
  await useEngine("xla");
  assertEquals(jit((x: tf.Tensor) => tf.add(x, 1))(tf.scalar(1)).arraySync(), 2);
  assertEquals(installedEngine()!.runtime, before);
});
