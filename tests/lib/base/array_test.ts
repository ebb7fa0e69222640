import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  flattenNested,
  isArrayData,
  isNestedArray,
  type NestedArray,
  shapeOfNested,
} from "../../../lib/base/mod.ts";

Deno.test("nested arrays have a shape, and values in row-major order", () => {
  const cases: [NestedArray, number[], number[]][] = [
    [7, [], [7]],
    [true, [], [1]],
    [[], [0], []],
    [[[], []], [2, 0], []],
    [[[1, 2], [3, 4], [5, 6]], [3, 2], [1, 2, 3, 4, 5, 6]],
    [[Float32Array.of(1.5, 2), [3, 4]], [2, 2], [1.5, 2, 3, 4]],
    [BigInt64Array.of(5n, -6n), [2], [5, -6]],
    [[[true], [false]], [2, 1], [1, 0]],
  ];
  for (const [value, shape, values] of cases) {
    assert(isNestedArray(value));
    assertEquals([shapeOfNested(value, "read"), flattenNested(value, "read")], [shape, values]);
  }
});

Deno.test("what is no nested array is told, holes included", () => {
  for (const value of [null, undefined, "1", {}, [1, "2"], [[1], null], new Array(2), 1n]) {
    assert(!isNestedArray(value));
  }
});

Deno.test("ragged rows and mixed values are refused in the caller's words", () => {
  assertThrows(
    () => shapeOfNested([[1, 2], [3]], "draw a field"),
    TypeError,
    "Cannot draw a field as all rows must have one shape: row 0 is [2], row 1 is [1]",
  );
  assertThrows(
    () => flattenNested([1, true], "draw a field"),
    TypeError,
    "Cannot draw a field as its values must be all numbers or all booleans: it has a number and a " +
      "boolean (value 1)",
  );
});

Deno.test("isArrayData() asks for a shape and a list of values", () => {
  assert(
    isArrayData({ shape: [2], data: [1, 2] }) && isArrayData({ shape: [], data: new Int8Array(1) }),
  );
  const none = [null, undefined, 3, [1], {}, { shape: [1] }, { shape: 1, data: [1] }, {
    shape: [1],
    data: new DataView(new ArrayBuffer(1)),
  }];
  for (const value of none) assert(!isArrayData(value));
});
