import * as tf from "@tensorflow/tfjs";
import {
  partitionRepeat,
  partitionSoftmax,
  segmentGather,
  segmentMax,
  segmentMin,
  segmentSum,
} from "../../../lib/segment/mod.ts";
import { grad, jit } from "../../../lib/transform/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import { SEGMENT_FUNCTIONS } from "../../support/segment_functions.ts";

const DATA = [[0.3, -1], [1.2, 0.4], [-0.7, 0.9], [5, 5], [1.2, -0.6], [-5, 5], [0.8, NaN]];
const IDS = [2, 0, 2, -1, 0, 9, 5];

const FUNCTIONS: Record<string, (data: Tensor, ids: Tensor) => Tensor> = {
  ...Object.fromEntries(
    Object.entries(SEGMENT_FUNCTIONS).map(([name, fn]) => [
      name,
      (x: Tensor, ids: Tensor) => fn(x, ids, 6),
    ]),
  ),
  segmentGather: (x, ids) => segmentGather(x, ids),
  partitionSoftmax: (x, ids) => partitionSoftmax(x, tf.abs(tf.slice(ids, 0, 4)), 7),
  partitionRepeat: (x, ids) => partitionRepeat(tf.slice(x, 0, 4), tf.abs(tf.slice(ids, 0, 4)), 7),
};

for (const [name, fn] of Object.entries(FUNCTIONS)) {
  forEachEngine(`${name}() is the same inside jit, gradients of two orders too`, () => {
    const [data, ids] = [tf.tensor(DATA), tf.tensor(IDS, [7], "int32")];
    // Infinity of an empty segment, and NaN, are flat behind this; the rest is not.
    const loss = (x: Tensor, ids: Tensor): Tensor => tf.sum(tf.tanh(fn(x, ids)));
    const first = (x: Tensor, ids: Tensor): Tensor => grad(loss)(x, ids) as Tensor;
    const second = (x: Tensor, ids: Tensor): Tensor =>
      grad((x: Tensor) => tf.sum(tf.square(first(x, ids))))(x) as Tensor;
    const finite = tf.tensor(DATA.map((row) => row.map((v) => Number.isNaN(v) ? 0.5 : v)));
    assertAllClose(jit(fn)(data, ids), fn(data, ids));
    assertAllClose(jit(first)(finite, ids), first(finite, ids), { rtol: 1e-4 });
    assertAllClose(jit(second)(finite, ids), second(finite, ids), { rtol: 1e-4, atol: 1e-5 });
  });
}

forEachEngine("segment sums and extrema of int32 and bool are the same inside jit", () => {
  const ids = tf.tensor([0, 2, 0, -1], [4], "int32");
  const data = {
    int32: tf.tensor([16777217, 5, 2, 9], [4], "int32"),
    bool: tf.tensor([true, false, false, true]),
  };
  for (const fn of [segmentSum, segmentMax, segmentMin]) {
    for (const x of Object.values(data)) {
      const expected = fn(x, ids, 3);
      assertAllClose(jit((x: Tensor, ids: Tensor) => fn(x, ids, 3))(x, ids), expected, {
        rtol: 0,
        atol: 0,
      });
    }
  }
});
