/**
 * Gradients of what replicas tell each other.
 *
 * The loss of a parallel function is the sum of its replicas' losses: the cotangent of what one
 * replica has is the sum of what all make of it. So the gradient of a sum over replicas is again
 * one, as in JAX's `pmap`.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../../tree/mod.ts";
import { runKernel } from "../internals.ts";
import { indicator, supplyGradient } from "./supply.ts";

supplyGradient("AllReduceSum", {
  pullBack: (dy, { attrs }) => ({ x: () => runKernel("AllReduceSum", { x: dy }, attrs) }),
});

// Replicas that attain the extremum share its gradient equally.
supplyGradient("AllReduceExtremum", {
  inputs: ["x"],
  outputs: [true],
  pullBack: (dy, { saved: [x, y], attrs: { groups } }) => ({
    x: () => {
      const sum = (x: Tensor): Tensor => runKernel("AllReduceSum", { x }, { groups });
      const attained = indicator(tf.equal(x!, y!));
      return tf.mul(attained, tf.div(sum(dy), sum(attained)));
    },
  }),
});
