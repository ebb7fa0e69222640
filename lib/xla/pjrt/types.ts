/** Element types: their names in StableHLO, their codes in PJRT, their bytes. @module */
import { BUFFER_TYPE } from "./_generated/pjrt_abi.ts";

/** The type of a buffer's elements, as StableHLO writes it. */
export type BufferElement = "f32" | "i32" | "i1" | "i64" | "u32" | "f64" | "u8";

/** PJRT's code for each element type. */
export const TYPE_CODE: Readonly<Record<BufferElement, number>> = {
  f32: BUFFER_TYPE.F32,
  i32: BUFFER_TYPE.S32,
  i1: BUFFER_TYPE.PRED,
  i64: BUFFER_TYPE.S64,
  u32: BUFFER_TYPE.U32,
  f64: BUFFER_TYPE.F64,
  u8: BUFFER_TYPE.U8,
};

/** Bytes per element (a bool is one byte). */
export const TYPE_BYTES: Readonly<Record<BufferElement, number>> = {
  f32: 4,
  i32: 4,
  i1: 1,
  i64: 8,
  u32: 4,
  f64: 8,
  u8: 1,
};

const TYPE_OF_CODE = new Map(
  Object.entries(TYPE_CODE).map(([type, code]) => [code, type as BufferElement]),
);

/** The element type with a PJRT code, or null for one that this library does not use. */
export function bufferElementOf(code: number): BufferElement | null {
  return TYPE_OF_CODE.get(code) ?? null;
}

/** Element type and shape of a value. */
export interface BufferType {
  readonly type: BufferElement;
  readonly shape: readonly number[];
}

/** Bytes of a dense value. */
export function byteLengthOf({ type, shape }: BufferType): number {
  return shape.reduce((size, dimension) => size * dimension, TYPE_BYTES[type]);
}
