/** Fused kernels: a product, then a bias, then an activation. @module */
import { hlo, type HloNode } from "../hlo/mod.ts";
import { elu, leakyRelu, prelu, relu, relu6 } from "./activation.ts";

/** The attributes that tfjs's fused kernels share. */
export interface FusedAttrs {
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

/** `activation(x + bias)`; the bias and prelu's slopes are broadcast. */
export function biasAndActivation(
  x: HloNode,
  bias: HloNode | undefined,
  slopes: HloNode | undefined,
  { activation = "linear", leakyreluAlpha = 0.2 }: FusedAttrs,
): HloNode {
  const y = bias ? hlo.add(x, bias) : x;
  switch (activation) {
    case "linear":
      return y;
    case "relu":
      return relu(y);
    case "relu6":
      return relu6(y);
    case "elu":
      return elu(y);
    case "sigmoid":
      return hlo.unary("logistic", y);
    case "leakyrelu":
      return leakyRelu(y, leakyreluAlpha);
    case "prelu":
      return prelu(y, slopes!);
    default:
      throw new TypeError(
        `Cannot fuse an activation as it must be known: ${activation} (apply it yourself)`,
      );
  }
}
