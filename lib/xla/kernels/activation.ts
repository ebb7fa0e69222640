/** Activation functions and softmax. @module */
import { hlo, type HloNode } from "../hlo/mod.ts";
import { type KernelTable, toDimension } from "./kernel.ts";

const SELU_ALPHA = 1.7580993408473768;
const SELU_SCALE = 1.0507009873554805;

const zero = (x: HloNode): HloNode => hlo.like(x, 0);

export function relu(x: HloNode): HloNode {
  return hlo.binary("maximum", x, zero(x));
}

export function leakyRelu(x: HloNode, alpha: number): HloNode {
  return hlo.select(hlo.compare("GT", x, zero(x)), x, hlo.mul(x, hlo.like(x, alpha)));
}

/** `x >= 0 ? x : slopes * x`; the slopes are broadcast. */
export function prelu(x: HloNode, slopes: HloNode): HloNode {
  return hlo.select(hlo.compare("GE", x, zero(x)), x, hlo.mul(x, slopes));
}

export function relu6(x: HloNode): HloNode {
  return hlo.binary("minimum", relu(x), hlo.like(x, 6));
}

/** `scale * (x > 0 ? x : alpha * (exp(x) - 1))`. */
export function elu(x: HloNode, alpha = 1, scale = 1): HloNode {
  const negative = hlo.mul(hlo.unary("exponential_minus_one", x), hlo.like(x, alpha));
  const y = hlo.select(hlo.compare("GT", x, zero(x)), x, negative);
  return scale === 1 ? y : hlo.mul(y, hlo.like(x, scale));
}

/** `log(1 + exp(x))` without overflow: `max(x, 0) + log1p(exp(-|x|))`. */
function softplus(x: HloNode): HloNode {
  const small = hlo.unary("exponential", hlo.unary("negate", hlo.unary("abs", x)));
  return hlo.add(relu(x), hlo.unary("log_plus_one", small));
}

/** Along one dimension, `x - max(x)`, and its dimension kept as 1 for what follows. */
function shifted(x: HloNode, dim: number): { shift: HloNode; spread: (sum: HloNode) => HloNode } {
  const kept = x.shape.map((size, i) => i === dim ? 1 : size);
  const spread = (reduced: HloNode): HloNode =>
    hlo.broadcastTo(hlo.reshape(reduced, kept), x.shape);
  return { shift: hlo.sub(x, spread(hlo.reduce(x, "maximum", [dim]))), spread };
}

function softmax(x: HloNode, axis: number): HloNode {
  const dim = toDimension(axis, x.shape.length);
  const { shift, spread } = shifted(x, dim);
  const exp = hlo.unary("exponential", shift);
  return hlo.div(exp, spread(hlo.reduce(exp, "add", [dim])));
}

/** Kernels of activation functions. */
export const ACTIVATION: KernelTable = {
  Relu: ({ x }) => relu(x!),
  Relu6: ({ x }) => relu6(x!),
  LeakyRelu: ({ x }, { alpha }) => leakyRelu(hlo.convert(x!, "f32"), alpha),
  Prelu: ({ x, alpha }) => prelu(hlo.convert(x!, "f32"), alpha!),
  Elu: ({ x }) => elu(x!),
  EluGrad: ({ dy, y }) =>
    hlo.select(
      hlo.compare("GE", y!, zero(y!)),
      dy!,
      hlo.mul(dy!, hlo.add(y!, hlo.like(y!, 1))),
    ),
  Selu: ({ x }) => elu(x!, SELU_ALPHA / SELU_SCALE, SELU_SCALE),
  Softplus: ({ x }) => softplus(x!),
  Step: ({ x }, { alpha }) => {
    const step = hlo.select(hlo.compare("GT", x!, zero(x!)), hlo.like(x!, 1), hlo.like(x!, alpha));
    return hlo.select(hlo.compare("NE", x!, x!), x!, step);
  },
  Softmax: ({ logits }, { dim }) => softmax(logits!, dim),
};
