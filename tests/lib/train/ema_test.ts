import { assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { chain, ema, moveAverage, sgd } from "../../../lib/train/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import { assertLikeOptax } from "./optax.ts";

forEachEngine("ema() averages as optax.ema and leaks no tensor", () => {
  assertLikeOptax("ema, sgd", chain(ema(0.9), sgd(0.01)));
  assertLikeOptax("biased ema, sgd", chain(ema(0.9, { debias: false }), sgd(0.01)));
});

forEachEngine("ema() of a constant is that constant from the first step on", () => {
  const average = ema(0.999);
  const params = { w: tf.tensor1d([3, -2]) };
  let state = average.init(params);
  for (let step = 0; step < 3; step++) {
    const [mean, next] = average.update(params, state);
    assertAllClose(mean, { w: [3, -2] }, { rtol: 1e-4 });
    state = next;
  }
});

forEachEngine("moveAverage() keeps a share of the average, as a number or as a tensor", () => {
  const [average, values] = [{ w: tf.tensor1d([1, 2]) }, { w: tf.tensor1d([3, -2]) }];
  for (const decay of [0.75, tf.scalar(0.75)]) {
    assertAllClose(moveAverage(average, values, decay), { w: [1.5, 1] });
  }
});

Deno.test("moveAverage() refuses values of another shape", () => {
  assertThrows(
    () => moveAverage({ w: tf.scalar(1) }, { w: tf.tensor1d([1, 2]) }, 0.5),
    TypeError,
    "Cannot move an average as leaves in the same place must have one shape and dtype",
  );
});
