/**
 * `Einsum` on the host: tfjs's own is wrong where an index that is summed is in one operand only.
 *
 * @module
 */
import { sizeOf } from "../../base/mod.ts";
import * as tf from "@tensorflow/tfjs";
import { type HostCompute, type HostTensor, registerCpuKernel } from "../cpu_kernel.ts";

const { decodeEinsumEquation, checkEinsumDimSizes } = tf.backend_util;

/** How far apart in a tensor neighbours along each index are: 0 along an index that it has not. */
function stridesOf({ shape }: HostTensor, dims: readonly number[], rank: number): number[] {
  const strides: number[] = Array.from({ length: rank }, () => 0);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[dims[axis]!] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/**
 * Adds the products of all combinations of indices, the last index running fastest.
 *
 * @param sizes Of each index, those of the result first.
 * @param strides Of each operand, and last of the result.
 */
function addProducts(
  operands: readonly HostTensor[],
  sizes: readonly number[],
  strides: readonly (readonly number[])[],
  sums: Float64Array,
): void {
  const position = sizes.map(() => 0);
  const offsets = strides.map(() => 0);
  const last = operands.length;
  for (let left = sizeOf(sizes); left > 0; left--) {
    let product = 1;
    for (let i = 0; i < last; i++) product *= operands[i]!.data[offsets[i]!]!;
    sums[offsets[last]!]! += product;
    for (let d = sizes.length - 1; d >= 0; d--) {
      const wraps = ++position[d]! === sizes[d];
      for (let i = 0; i <= last; i++) offsets[i]! += strides[i]![d]! * (wraps ? 1 - sizes[d]! : 1);
      if (!wraps) break;
      position[d] = 0;
    }
  }
}

/** `Einsum {0, 1 float32 or int32 [...]}`, attrs {equation}: one or two operands, as in tfjs. */
const einsum: HostCompute = (inputs, attrs) => {
  const operands = Object.keys(inputs).map((_, i) => inputs[i]!);
  const equation = attrs.equation as string;
  const { allDims, summedDims, idDims } = decodeEinsumEquation(equation, operands.length);
  checkEinsumDimSizes(allDims.length, idDims, operands as unknown as tf.Tensor[]);
  const sizes = allDims.map((_, dim) => {
    const has = idDims.findIndex((dims) => dims.includes(dim));
    return operands[has]!.shape[idDims[has]!.indexOf(dim)]!;
  });
  const shape = sizes.slice(0, allDims.length - summedDims.length);
  const dtype = operands.some((x) => x.dtype === "float32") ? "float32" : "int32";
  const sums = new Float64Array(sizeOf(shape));
  const result: HostTensor = { data: new Int32Array(0), shape, dtype };
  const strides = [
    ...operands.map((x, i) => stridesOf(x, idDims[i]!, sizes.length)),
    stridesOf(result, shape.map((_, dim) => dim), sizes.length),
  ];
  addProducts(operands, sizes, strides, sums);
  return {
    ...result,
    data: dtype === "float32" ? new Float32Array(sums) : Int32Array.from(sums),
  };
};

registerCpuKernel("Einsum", einsum);
