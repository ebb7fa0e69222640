import * as tf from "@tensorflow/tfjs";
import { assertThrows } from "@std/assert";
import { adam, chain, clipByGlobalNorm, globalNorm } from "../../../lib/train/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import { assertLikeOptax } from "./optax.ts";

forEachEngine("clipByGlobalNorm() before adam() takes the steps of Optax and leaks none", () => {
  assertLikeOptax("clip, adam", chain(clipByGlobalNorm(1), adam(0.1)));
});

forEachEngine(
  "clipByGlobalNorm() scales all leaves by one factor, and small ones not at all",
  () => {
    const grads = { a: tf.tensor1d([3, 0]), b: tf.scalar(4) };
    assertAllClose(globalNorm(grads), 5);
    assertAllClose(clipByGlobalNorm(2.5).update(grads, null)[0], { a: [1.5, 0], b: 2 });
    assertAllClose(clipByGlobalNorm(6).update(grads, null)[0], { a: [3, 0], b: 4 });
    const zeros = { a: tf.zeros([2]), b: null };
    assertAllClose(clipByGlobalNorm(1).update(zeros, null)[0], { a: [0, 0], b: null });
  },
);

forEachEngine("globalNorm() of a tree without leaves is 0", () => {
  assertAllClose(globalNorm(null), 0);
});

forEachEngine("clipByGlobalNorm() refuses a norm that is not positive", () => {
  for (const norm of [0, -1, NaN]) {
    assertThrows(
      () => clipByGlobalNorm(norm),
      RangeError,
      `Cannot make clipByGlobalNorm() as maxNorm must be positive: got number ${norm}`,
    );
  }
});
