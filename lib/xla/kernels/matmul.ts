/** Matrix products. @module */
import { formatShape } from "../../base/mod.ts";
import { hlo, type HloNode } from "../hlo/mod.ts";
import { biasAndActivation, type FusedAttrs } from "./fused.ts";
import type { KernelTable } from "./kernel.ts";

interface MatMulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** A product over the last two dimensions; leading ones are batches, broadcast by NumPy's rule. */
function matMul(a: HloNode, b: HloNode, { transposeA, transposeB }: MatMulAttrs): HloNode {
  const inner = [a.shape.at(transposeA ? -2 : -1), b.shape.at(transposeB ? -1 : -2)];
  if (Math.min(a.shape.length, b.shape.length) < 2 || inner[0] !== inner[1]) {
    throw new TypeError(
      `Cannot multiply matrices as the rows of one must be as long as the columns of the other: ` +
        `${formatShape(a.shape)}${transposeA ? " transposed" : ""} and ` +
        `${formatShape(b.shape)}${transposeB ? " transposed" : ""}`,
    );
  }
  const batch = hlo.broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const [x, y] = [a, b].map((m) => hlo.broadcastTo(m, [...batch, ...m.shape.slice(-2)]));
  const rank = batch.length + 2;
  return hlo.dot(
    x!,
    y!,
    transposeA ? rank - 2 : rank - 1,
    transposeB ? rank - 1 : rank - 2,
    batch.length,
  );
}

/** Kernels of matrix products. */
export const MATMUL: KernelTable = {
  BatchMatMul: ({ a, b }, attrs: MatMulAttrs) => matMul(a!, b!, attrs),
  _FusedMatMul: ({ a, b, bias, preluActivationWeights }, attrs: MatMulAttrs & FusedAttrs) =>
    biasAndActivation(matMul(a!, b!, attrs), bias, preluActivationWeights, attrs),
};
