/** TensorFlow.js's dtypes and the graph's element types. @module */
import type { ElementType } from "./hlo/mod.ts";

type DataType = "float32" | "int32" | "bool";

const ELEMENT_TYPES: Readonly<Record<string, ElementType>> = {
  float32: "f32",
  int32: "i32",
  bool: "i1",
};

const DATA_TYPES: Readonly<Record<ElementType, DataType>> = {
  f32: "float32",
  i32: "int32",
  i1: "bool",
};

/**
 * The element type of a dtype.
 *
 * @param action What cannot be done without one, for the message.
 * @throws {TypeError} For string and complex64.
 */
export function elementTypeOf(dtype: string, action: string): ElementType {
  const type = ELEMENT_TYPES[dtype];
  if (type) return type;
  throw new TypeError(
    `Cannot ${action} on xla as it has float32, int32 and bool only: dtype is ${dtype} ` +
      `(keep such tensors on the host)`,
  );
}

/** The dtype of an element type. */
export function dataTypeOf(type: ElementType): DataType {
  return DATA_TYPES[type];
}

/** Whether tensors of a dtype stay on the host. */
export function isHostOnly(dtype: string): boolean {
  return dtype === "string" || dtype === "complex64";
}
