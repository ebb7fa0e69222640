/**
 * The shapes of results, where they take some working out: builders infer them, the verifier asks.
 *
 * @module
 */
import type { Attrs } from "./node.ts";
import type { ConvolutionDims, WindowDims } from "./op.ts";

type Shape = readonly number[];

/** The shape of an operand with places added around and between its elements. */
export function paddedShape(shape: Shape, { low, high, interior }: Attrs["pad"]): Shape {
  return shape.map((size, i) => low[i]! + size + Math.max(size - 1, 0) * interior[i]! + high[i]!);
}

/** The batch dimensions, then the left's free and the right's free ones. */
export function dotShape(
  lhs: Shape,
  rhs: Shape,
  { batch, lhsContract, rhsContract }: Attrs["dot_general"],
): Shape {
  const free = (shape: Shape, contract: number): number[] =>
    shape.filter((_, i) => i >= batch && i !== contract);
  return [...lhs.slice(0, batch), ...free(lhs, lhsContract), ...free(rhs, rhsContract)];
}

/** A number for each place of a window. */
export function windowsShape(shape: Shape, { size, stride, low, high }: WindowDims): Shape {
  return shape.map((all, i) => places(low[i]! + all + high[i]!, size[i]!, stride[i]!));
}

/** `[batch, ...spatial, out]`. */
export function convolutionShape(lhs: Shape, rhs: Shape, dims: ConvolutionDims): Shape {
  const dilated = (size: number, by: number): number => size === 0 ? 0 : (size - 1) * by + 1;
  const spatial = dims.stride.map((stride, i) => {
    const size = dims.low[i]! + dilated(lhs[i + 1]!, dims.lhsDilation[i]!) + dims.high[i]!;
    return places(size, dilated(rhs[i]!, dims.rhsDilation[i]!), stride);
  });
  return [lhs[0]!, ...spatial, rhs.at(-1)!];
}

/** Places that a window takes along one dimension. */
function places(size: number, window: number, stride: number): number {
  return size < window ? 0 : Math.floor((size - window) / stride) + 1;
}
