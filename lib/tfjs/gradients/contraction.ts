/** Gradients of products of tensors. @module */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../../tree/mod.ts";
import type { InputGradients } from "../internals.ts";
import { sumTo, supplyGradient } from "./supply.ts";

// tfjs does not sum over batch dimensions that were broadcast.
supplyGradient("BatchMatMul", {
  inputs: ["a", "b"],
  pullBack: (dy, { saved: [a, b], attrs: { transposeA, transposeB } }) => ({
    a: () =>
      sumTo(
        transposeA ? tf.matMul(b!, dy, transposeB, true) : tf.matMul(dy, b!, false, !transposeB),
        a!.shape,
      ),
    b: () =>
      sumTo(
        transposeB ? tf.matMul(dy, a!, true, transposeA) : tf.matMul(a!, dy, !transposeA, false),
        b!.shape,
      ),
  }),
});

/** The gradient of the operand with indices `own`, from `dy` and the other operand, if any. */
function pullBackEinsum(
  dy: Tensor,
  output: string,
  own: string,
  shape: readonly number[],
  other: readonly [string, Tensor] | null,
): Tensor {
  const known = [...own].filter((index) => output.includes(index) || other?.[0].includes(index));
  const contracted = other
    ? tf.einsum(`${output},${other[0]}->${known.join("")}`, dy, other[1])
    : tf.einsum(`${output}->${known.join("")}`, dy);
  // An index of this operand alone was summed: each of its places gets the same gradient.
  const sizes = [...own].map((index, i) => known.includes(index) ? shape[i]! : 1);
  return tf.mul(tf.reshape(contracted, sizes), tf.ones([...shape]));
}

supplyGradient("Einsum", {
  inputs: "all",
  pullBack: (dy, { saved, attrs }) => {
    const [operands, output] = (attrs.equation as string).replace(/\s/g, "").split("->");
    const indices = operands!.split(",");
    const gradients: Record<string, () => Tensor> = {};
    saved.forEach((tensor, i) => {
      const other = saved.length === 2 ? [indices[1 - i]!, saved[1 - i]!] as const : null;
      gradients[i] = () => pullBackEinsum(dy, output!, indices[i]!, tensor.shape, other);
    });
    return gradients as InputGradients;
  },
});
