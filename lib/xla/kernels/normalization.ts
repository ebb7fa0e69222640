/** Normalisation of images: by a batch's statistics, and over neighbouring channels. @module */
import { hlo, type HloNode } from "../hlo/mod.ts";
import type { Kernel, KernelTable } from "./kernel.ts";

/** `(x - mean) * scale / sqrt(variance + epsilon) + offset`, statistics broadcast to `x`. */
const batchNorm: Kernel<{ varianceEpsilon: number }> = (
  { x, mean, variance, scale, offset },
  { varianceEpsilon },
) => {
  const deviation = hlo.unary("rsqrt", hlo.add(variance!, hlo.like(variance!, varianceEpsilon)));
  const factor = scale ? hlo.mul(scale, deviation) : deviation;
  const centred = hlo.mul(hlo.sub(x!, mean!), factor);
  return offset ? hlo.add(centred, offset) : centred;
};

interface ResponseAttrs {
  readonly depthRadius: number;
  readonly bias: number;
  readonly alpha: number;
  readonly beta: number;
}

/** The sum over the channels within a radius of each. */
function overNeighbours(x: HloNode, radius: number): HloNode {
  const only = (n: number, rest: number): number[] => [rest, rest, rest, n];
  return hlo.reduceWindow(x, "add", {
    size: only(2 * radius + 1, 1),
    stride: only(1, 1),
    low: only(radius, 0),
    high: only(radius, 0),
  });
}

/** `bias + alpha * (the sum of the neighbours' squares)`. */
function normOf(x: HloNode, { depthRadius, bias, alpha }: ResponseAttrs): HloNode {
  const squares = overNeighbours(hlo.mul(x, x), depthRadius);
  return hlo.add(hlo.mul(squares, hlo.like(x, alpha)), hlo.like(x, bias));
}

const power = (x: HloNode, exponent: number): HloNode =>
  hlo.binary("power", x, hlo.like(x, exponent));

const localResponse: Kernel<ResponseAttrs> = ({ x }, attrs) =>
  hlo.mul(x!, power(normOf(x!, attrs), -attrs.beta));

const localResponseGrad: Kernel<ResponseAttrs> = ({ x, y, dy }, attrs) => {
  const norm = normOf(x!, attrs);
  const own = hlo.mul(dy!, power(norm, -attrs.beta));
  const others = overNeighbours(hlo.div(hlo.mul(y!, dy!), norm), attrs.depthRadius);
  const factor = hlo.mul(x!, hlo.like(x!, 2 * attrs.alpha * attrs.beta));
  return hlo.sub(own, hlo.mul(factor, others));
};

/** Kernels of normalisation. */
export const NORMALIZATION: KernelTable = {
  FusedBatchNorm: batchNorm,
  LRN: localResponse,
  LRNGrad: localResponseGrad,
};
