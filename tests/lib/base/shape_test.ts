import { assertEquals } from "@std/assert";
import { formatShape, sameShape, sizeOf, stridesOf } from "../../../lib/base/mod.ts";

Deno.test("sizeOf() is the number of elements: 1 for a scalar, 0 with an empty axis", () => {
  assertEquals([[], [3, 2], [3, 0, 2]].map(sizeOf), [1, 6, 0]);
});

Deno.test("sameShape() compares sizes and their number", () => {
  assertEquals(sameShape([3, 2], [3, 2]), true);
  assertEquals(sameShape([3, 2], [2, 3]), false);
  assertEquals(sameShape([3], [3, 1]), false);
  assertEquals(sameShape([1, 2], [12]), false);
});

Deno.test("stridesOf() is row-major", () => {
  assertEquals([[], [5], [4, 3, 2]].map(stridesOf), [[], [1], [6, 2, 1]]);
});

Deno.test("formatShape() prints sizes, and names for sizes that are free", () => {
  assertEquals([[], [3, 2], ["N", 3]].map(formatShape), ["[]", "[3, 2]", "[N, 3]"]);
});
