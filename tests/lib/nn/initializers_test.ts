import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { type Initializer, initializers } from "../../../lib/nn/mod.ts";
import * as random from "../../../lib/random/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import golden from "../../golden/initializers/golden.json" with { type: "json" };

type Named = Exclude<keyof typeof initializers, "zeros" | "ones" | "constant" | "varianceScaling">;

forEachEngine("initializers draw what jax.nn.initializers draw", () => {
  for (const { name, shape, values } of golden) {
    const draw: Initializer = initializers[name as Named]();
    const weights = draw(random.key(7), shape);
    assertEquals(weights.shape, shape);
    assertAllClose(weights, new Float32Array(values), { rtol: 2e-6, atol: 1e-7 });
  }
});

forEachEngine("initializers of constants do not look at the key", () => {
  const key = random.key(0);
  assertAllClose(initializers.zeros(key, [2]), [0, 0]);
  assertAllClose(initializers.ones(key, [2]), [1, 1]);
  assertAllClose(initializers.constant(0.5)(key, [2]), [0.5, 0.5]);
});

forEachEngine("varianceScaling() draws numbers of the variance scale / fan", () => {
  for (const distribution of ["truncatedNormal", "normal", "uniform"] as const) {
    for (const [fan, count] of [["in", 40], ["out", 60], ["average", 50]] as const) {
      const draw = initializers.varianceScaling(2, fan, distribution);
      const variance = tf.mean(tf.square(draw(random.key(1), [40, 60])));
      assertAllClose(variance, 2 / count, { rtol: 0.06 });
    }
  }
});

forEachEngine("varianceScaling() refuses shapes without a fan", () => {
  assertThrows(
    () => initializers.lecunNormal()(random.key(0), [3]),
    RangeError,
    "Cannot draw weights as their scale is by fan-in and fan-out, which take a shape " +
      "[..., fanIn, fanOut]: got [3] (use truncatedNormal(), zeros or ones)",
  );
});
