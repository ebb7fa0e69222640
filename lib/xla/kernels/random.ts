/** Counter-based random bits: Threefry-2x32 with 20 rounds, as JAX has it. @module */
import { hlo, type HloNode } from "../hlo/mod.ts";
import type { KernelTable } from "./kernel.ts";

const ROTATIONS = [[13, 15, 26, 6], [17, 29, 16, 24]] as const;

const i32 = (value: number): HloNode => hlo.constant(value, [], "i32");
const xor = (a: HloNode, b: HloNode): HloNode => hlo.binary("xor", a, b);

function rotateLeft(x: HloNode, by: number): HloNode {
  return hlo.binary(
    "or",
    hlo.binary("shift_left", x, i32(by)),
    hlo.binary("shift_right_logical", x, i32(32 - by)),
  );
}

/** Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3". Int32 addition wraps. */
function threefry2x32(key: HloNode, counts: HloNode): HloNode {
  const word = (x: HloNode, i: number): HloNode => {
    const last = x.shape.length - 1;
    return hlo.reshape(hlo.sliceDim(x, last, i, 1), x.shape.slice(0, last));
  };
  const [k0, k1] = [word(key, 0), word(key, 1)];
  const keys = [k0, k1, xor(xor(k0, k1), i32(0x1BD11BDA))];
  let x0 = hlo.add(word(counts, 0), k0);
  let x1 = hlo.add(word(counts, 1), k1);
  for (let round = 0; round < 5; round++) {
    for (const rotation of ROTATIONS[round % 2]!) {
      x0 = hlo.add(x0, x1);
      x1 = xor(x0, rotateLeft(x1, rotation));
    }
    x0 = hlo.add(x0, keys[(round + 1) % 3]!);
    x1 = hlo.add(hlo.add(x1, keys[(round + 2) % 3]!), i32(round + 1));
  }
  const last = x0.shape.length;
  const column = (x: HloNode): HloNode => hlo.reshape(x, [...x.shape, 1]);
  // The CPU compiler recurses into hashes of hashes, in time exponential in their depth; a barrier
  // keeps it from looking through.
  return hlo.unary("optimization_barrier", hlo.concatenate([column(x0), column(x1)], last));
}

/** The upper 23 bits as the mantissa of a float in [1, 2), less 1. */
function bitsToUnitFloat(bits: HloNode): HloNode {
  const mantissa = hlo.binary("shift_right_logical", bits, i32(9));
  const float = hlo.bitcast(hlo.binary("or", mantissa, i32(0x3F800000)), "f32");
  return hlo.sub(float, hlo.like(float, 1));
}

/** Kernels of `random`. */
export const RANDOM: KernelTable = {
  Threefry2x32: ({ key, counts }) => threefry2x32(key!, counts!),
  FusedMultiplyAdd: ({ x, scale, offset }) => hlo.multiplyAdd(x!, scale!, offset!),
  BitsToUnitFloat: ({ x }) => bitsToUnitFloat(x!),
};
