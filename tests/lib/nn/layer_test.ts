import * as tf from "@tensorflow/tfjs";
import { assertThrows } from "@std/assert";
import { layerNorm, linear, mlp } from "../../../lib/nn/mod.ts";
import { forEachEngine } from "../../support/engines.ts";
import { key } from "./perturb.ts";

forEachEngine("layers refuse input that is not float32", () => {
  const layers = { "linear()": linear({ size: 2 }), "layerNorm()": layerNorm() };
  for (const [name, layer] of Object.entries({ ...layers, "mlp()": mlp({ sizes: [2] }) })) {
    // deno-lint-ignore no-explicit-any
    const { apply, init } = layer as any;
    const params = init(key(), 3);
    for (const dtype of ["int32", "bool"] as const) {
      assertThrows(
        () => apply(params, tf.zeros([4, 3], dtype)),
        TypeError,
        `Cannot apply ${name} as its input must be float32 [..., 3]: got ${dtype} [4, 3] ` +
          `(cast it with tf.cast(x, "float32"))`,
      );
    }
    assertThrows(
      () => apply(params, tf.zeros([4, 5])),
      TypeError,
      `Cannot apply ${name} as its parameters are for float32 [..., 3]: got float32 [4, 5] ` +
        `(init() with the inputSize of the data)`,
    );
    assertThrows(() => apply(params, [[1, 2, 3]]), TypeError, "got an array of 1 (pass a tensor)");
    assertThrows(() => apply(params, tf.scalar(1)), TypeError, "got float32 []");
  }
});
