/** Where combining begins. @module */
import type { Combine, ElementType } from "./op.ts";

/** The element that `combine` leaves every other one as it is. */
export function identityOf(combine: Combine, type: ElementType): number {
  switch (combine) {
    case "add":
    case "or":
    case "replace":
      return 0;
    case "multiply":
    case "and":
      return 1;
    case "maximum":
      return type === "f32" ? -Infinity : type === "i32" ? -(2 ** 31) : 0;
    case "minimum":
      return type === "f32" ? Infinity : type === "i32" ? 2 ** 31 - 1 : 1;
  }
}
