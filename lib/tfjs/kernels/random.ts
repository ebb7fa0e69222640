/**
 * Host kernels of the functional random numbers: the Threefry hash, and the few bit-level and
 * numerical operations that tfjs has no kernel for.
 *
 * @module
 */
import { erfInv, fusedMultiplyAdd } from "../../base/mod.ts";
import { type HostCompute, type HostTensor, registerCpuKernel } from "../cpu_kernel.ts";

/** The key schedule's parity constant of Skein's Threefish. */
const PARITY = 0x1bd11bda;
const ROTATIONS = [[13, 15, 26, 6], [17, 29, 16, 24]] as const;

/**
 * `Threefry2x32 {key int32 [2], counts int32 [..., 2]} -> int32 [..., 2]`: 20 rounds.
 *
 * Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
 */
const threefry2x32: HostCompute = ({ key, counts }) => {
  const [k0, k1] = [key!.data[0]!, key!.data[1]!];
  const schedule = [k0, k1, k0 ^ k1 ^ PARITY];
  const input = counts!.data;
  const values = new Int32Array(input.length);
  for (let i = 0; i < input.length; i += 2) {
    let a = (input[i]! + k0) | 0;
    let b = (input[i + 1]! + k1) | 0;
    for (let group = 0; group < 5; group++) {
      const rotations = ROTATIONS[group & 1]!;
      for (let r = 0; r < 4; r++) {
        const by = rotations[r]!;
        a = (a + b) | 0;
        b = a ^ ((b << by) | (b >>> (32 - by)));
      }
      a = (a + schedule[(group + 1) % 3]!) | 0;
      b = (b + schedule[(group + 2) % 3]! + group + 1) | 0;
    }
    values[i] = a;
    values[i + 1] = b;
  }
  return { data: values, shape: counts!.shape, dtype: "int32" };
};

/** `BitwiseXor {a, b int32 of one shape} -> int32`. */
const bitwiseXor: HostCompute = ({ a, b }) => {
  const right = b!.data;
  const values = Int32Array.from(a!.data, (bits, i) => bits ^ right[i]!);
  return { data: values, shape: a!.shape, dtype: "int32" };
};

/** `BitsToUnitFloat {x int32} -> float32` in [0, 1): the upper 23 bits become the mantissa. */
const bitsToUnitFloat: HostCompute = ({ x }) => {
  const mantissa = Int32Array.from(x!.data, (bits) => (bits >>> 9) | 0x3f800000);
  const values = new Float32Array(mantissa.buffer);
  for (let i = 0; i < values.length; i++) values[i]! -= 1;
  return { data: values, shape: x!.shape, dtype: "float32" };
};

/**
 * `StableArgsort {x int32 or float32 [N]} -> int32 [N]`: ascending, equal keys in order, NaN last.
 */
const stableArgsort: HostCompute = ({ x }) => {
  const keys = x!.data;
  const order = (i: number, j: number): number => {
    const [a, b] = [keys[i]!, keys[j]!];
    if (a < b) return -1;
    if (a > b) return 1;
    return (Number(Number.isNaN(a)) - Number(Number.isNaN(b))) || i - j;
  };
  const values = Int32Array.from(keys, (_, i) => i).sort(order);
  return { data: values, shape: x!.shape, dtype: "int32" };
};

/** `FusedMultiplyAdd {x float32, scale float32 [], offset float32 []} -> float32`: rounded once. */
const fusedMultiplyAddKernel: HostCompute = ({ x, scale, offset }) => {
  const [b, c] = [scale!.data[0]!, offset!.data[0]!];
  return mapFloats(x!, (a) => fusedMultiplyAdd(a, b, c));
};

/** `ErfInv {x float32} -> float32`: ±Infinity at ±1, NaN outside [-1, 1]. */
const erfInvKernel: HostCompute = ({ x }) => mapFloats(x!, erfInv);

function mapFloats(x: HostTensor, fn: (value: number) => number): HostTensor {
  return { data: Float32Array.from(x.data, fn), shape: x.shape, dtype: "float32" };
}

registerCpuKernel("Threefry2x32", threefry2x32);
registerCpuKernel("BitwiseXor", bitwiseXor);
registerCpuKernel("BitsToUnitFloat", bitsToUnitFloat);
registerCpuKernel("StableArgsort", stableArgsort);
registerCpuKernel("FusedMultiplyAdd", fusedMultiplyAddKernel);
registerCpuKernel("ErfInv", erfInvKernel);
