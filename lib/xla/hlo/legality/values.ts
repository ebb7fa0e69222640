/** Rules of legality: operations that stand for a value. @module */
import type { ElementType } from "../op.ts";
import { distinct, firstOf, rule, unless } from "./rule.ts";

/** That a number is one that its type has. */
function isOfType(value: number, type: ElementType): boolean {
  if (type === "f32") return Object.is(Math.fround(value), value);
  return type === "i32" ? (value | 0) === value : value === 0 || value === 1;
}

/** Operations that stand for a value. */
export const VALUES = {
  parameter: rule<"parameter">(0, () => null),
  value: rule<"value">(0, () => "its data"),
  call: rule<"call">("any", () => "to have run before"),
  constant: rule<"constant">(
    0,
    (n) => unless(isOfType(n.attrs.value, n.type), `a number that is ${n.type}`),
  ),
  iota: rule<"iota">(0, (n) =>
    firstOf(
      distinct([n.attrs.dimension], n.shape),
      unless(n.type !== "i1", "numbers"),
    )),
  replica_id: rule<"replica_id">(
    0,
    (n) => unless(n.type === "i32" && n.shape.length === 0, "an int32 scalar as result"),
  ),
};
