import * as tf from "@tensorflow/tfjs";
import "../../../../lib/tfjs/kernels/segment.ts";
import { assertEquals } from "@std/assert";
import { assertAllClose } from "../../../support/assert_all_close.ts";
import { checkGradients } from "../../../support/check_gradients.ts";
import { forEachEngine } from "../../../support/engines.ts";

const ids = (...values: number[]): tf.Tensor => tf.tensor(values, [values.length], "int32");

function run(kernel: string, x: tf.Tensor, segmentIds: tf.Tensor, numSegments?: number): tf.Tensor {
  return tf.engine().runKernel(kernel, { x, segmentIds }, { numSegments } as tf.NamedAttrMap);
}

forEachEngine("UnsortedSegmentSum keeps int32 exact above 2^24", () => {
  const x = tf.tensor([16777216, 1, 1, 5], [4], "int32");
  const sum = run("UnsortedSegmentSum", x, ids(1, 1, 1, 0), 3);
  assertAllClose(sum, tf.tensor([5, 16777218, 0], [3], "int32"), { rtol: 0, atol: 0 });
});

forEachEngine("segment kernels keep NaN and Infinity in their own segment and column", () => {
  const x = tf.tensor([[NaN, 1], [2, Infinity], [3, 4]]);
  for (const kernel of ["UnsortedSegmentSum", "UnsortedSegmentMax"]) {
    assertAllClose(run(kernel, x, ids(0, 1, 2), 3), x);
    assertAllClose(run(kernel, x, ids(0, 0, 1), 2), [[NaN, Infinity], [3, 4]]);
  }
  assertAllClose(run("UnsortedSegmentMin", x, ids(0, 0, 1), 2), [[NaN, 1], [3, 4]]);
});

forEachEngine("segment kernels give each dtype's identity for an empty segment", () => {
  const expected = {
    float32: [0, -Infinity, Infinity],
    int32: [0, -2147483648, 2147483647],
    bool: [0, 0, 1],
  };
  const kernels = ["UnsortedSegmentSum", "UnsortedSegmentMax", "UnsortedSegmentMin"];
  for (const dtype of ["float32", "int32", "bool"] as const) {
    kernels.forEach((kernel, k) => {
      const out = run(kernel, tf.zeros([2, 3], dtype), ids(2, -1), 2);
      assertAllClose(out, tf.fill([2, 3], expected[dtype][k]!, dtype));
    });
  }
});

forEachEngine("SegmentGather reads zeros for ids out of range, in each dtype", () => {
  for (const dtype of ["float32", "int32", "bool"] as const) {
    const x = tf.tensor([[1, 0], [1, 1]], [2, 2], dtype);
    const out = run("SegmentGather", x, ids(1, -1, 0, 2));
    assertAllClose(out, tf.tensor([[1, 1], [0, 0], [1, 0], [0, 0]], [4, 2], dtype));
  }
});

forEachEngine("segment kernels take empty inputs", () => {
  assertAllClose(run("UnsortedSegmentSum", tf.zeros([0, 2]), ids(), 2), [[0, 0], [0, 0]]);
  assertEquals(run("UnsortedSegmentSum", tf.zeros([2, 2]), ids(0, 1), 0).shape, [0, 2]);
  assertEquals(run("SegmentGather", tf.zeros([2, 3]), ids()).shape, [0, 3]);
  assertAllClose(run("SegmentGather", tf.zeros([0, 2]), ids(0)), [[0, 0]]);
});

forEachEngine("tf.unsortedSegmentSum() runs this kernel, and differentiates through it", () => {
  const x = tf.tensor([[1, 2], [3, 4], [5, 6]]);
  const segmentIds = ids(1, 0, 1) as tf.Tensor1D;
  assertAllClose(tf.unsortedSegmentSum(x, segmentIds, 2), [[3, 4], [6, 8]]);
  checkGradients(
    (x: tf.Tensor) => tf.square(tf.unsortedSegmentSum(x, segmentIds, 2)),
    [x],
    { order: 3 },
  );
});

forEachEngine("tf.gather()'s gradient runs this kernel", () => {
  const x = tf.tensor([[1, 2], [3, 4]]);
  const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.gather(x, ids(1, 1, 0, 1) as tf.Tensor1D));
  assertAllClose(tf.grad(loss)(x), [[1, 1], [3, 3]]);
});

forEachEngine("UnsortedSegmentMax and Min share a gradient equally among rows that tie", () => {
  const x = tf.tensor([[5, 1], [5, 2], [5, 2], [9, 9], [1, 7]]);
  const segmentIds = ids(0, 0, 0, -1, 1);
  const dy = tf.tensor([[3, 6], [10, 20]]);
  const gradient = (kernel: string, x: tf.Tensor): tf.Tensor =>
    tf.grad((x: tf.Tensor) => run(kernel, x, segmentIds, 2))(x, dy);
  const expected = [[1, 0], [1, 3], [1, 3], [0, 0], [10, 20]];
  assertAllClose(gradient("UnsortedSegmentMax", x), expected);
  assertAllClose(gradient("UnsortedSegmentMin", tf.neg(x)), expected);
});

forEachEngine("UnsortedSegmentMax's gradient stays finite with empty segments and NaN", () => {
  const x = tf.tensor([NaN, 1, 2]);
  const gradient = tf.grad((x: tf.Tensor) => run("UnsortedSegmentMax", x, ids(0, 2, 2), 4));
  assertAllClose(gradient(x, tf.tensor([1, 1, 1, 1])), [0, 0, 1]);
});
