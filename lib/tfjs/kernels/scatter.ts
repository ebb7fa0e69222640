/**
 * `TensorScatterUpdate` for the cpu backend: tfjs's own writes into the tensor that it is given.
 *
 * @module
 */
import { sizeOf } from "../../base/mod.ts";
import { type HostCompute, registerCpuKernel } from "../cpu_kernel.ts";

/** Slices of a copy of `tensor` replaced by `updates`, at the coordinates of `indices [..., K]`. */
const tensorScatterUpdate: HostCompute = ({ tensor, indices, updates }) => {
  const { shape, dtype } = tensor!;
  const depth = indices!.shape.at(-1)!;
  const width = sizeOf(shape.slice(depth));
  const values = tensor!.data.slice();
  for (let row = 0; row * depth < indices!.data.length; row++) {
    let slice = 0;
    for (let d = 0; d < depth; d++) {
      const index = indices!.data[row * depth + d]!;
      if (index < 0 || index >= shape[d]!) {
        throw new RangeError(
          `Cannot update slices of a tensor as indices must lie inside it: index ${index} of row ` +
            `${row} is outside [0, ${shape[d]})`,
        );
      }
      slice = slice * shape[d]! + index;
    }
    const scalar = updates!.data.length === 1;
    for (let i = 0; i < width; i++) {
      values[slice * width + i] = updates!.data[scalar ? 0 : row * width + i]!;
    }
  }
  return { data: values, shape, dtype };
};

registerCpuKernel("TensorScatterUpdate", tensorScatterUpdate);
