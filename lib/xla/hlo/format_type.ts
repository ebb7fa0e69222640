/** How types are written in MLIR. @module */
import type { HloNode } from "./node.ts";
import type { ElementType } from "./op.ts";

/** The type of a value: `tensor<3x2xf32>`. */
export function formatType(shape: readonly number[], type: ElementType | "f64"): string {
  return `tensor<${shape.map((size) => `${size}x`).join("")}${type}>`;
}

/** The type of a node's value. */
export function typeOf(node: HloNode): string {
  return formatType(node.shape, node.type);
}
