import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { indexColumn, readArray, realColumn } from "../../../lib/plot/arrays.ts";

Deno.test("readArray() reads lists, typed arrays, records' arrays and tensors alike", async () => {
  await tf.setBackend("cpu");
  const expected = { shape: [2, 2], data: [1, 2, 3, 4] };
  assertEquals(readArray([[1, 2], [3, 4]], "x"), expected);
  assertEquals(readArray(expected, "x"), expected);
  const tensor = tf.tensor2d([[1, 2], [3, 4]]);
  assertEquals(Array.from(readArray(tensor, "x").data), expected.data);
  assertEquals(readArray(new Float32Array([1, 2]), "x").shape, [2]);
  assertEquals(readArray([Float32Array.of(1, 2), [3, 4]] as never, "x"), expected);
  tensor.dispose();
  const wide = { shape: [2], data: new BigInt64Array([5n, 6n]) };
  assertEquals(Array.from(readArray(wide, "x").data), [5, 6]);
});

Deno.test("readArray() drops a leading axis of 1 beyond the rank, and no other", () => {
  assertEquals(readArray({ shape: [1, 2, 1], data: [5, 6] }, "x", 2).shape, [2, 1]);
  assertEquals(readArray({ shape: [2, 1, 1], data: [5, 6] }, "x", 2).shape, [2, 1, 1]);
  assertEquals(readArray({ shape: [1, 2], data: [5, 6] }, "x", 2).shape, [1, 2]);
});

Deno.test("readArray() says what is wrong with an array", () => {
  assertThrows(
    () => readArray([[1, 2], [3]], "a field"),
    TypeError,
    "Cannot draw a field as all rows must have one shape: row 0 is [2], row 1 is [1]",
  );
  assertThrows(
    () => readArray({ shape: [3], data: [1, 2] }, "a field"),
    TypeError,
    "Cannot draw a field as its shape [3] asks for 3 numbers: got 2",
  );
  assertThrows(
    () => readArray(null as unknown as number[], "a field"),
    TypeError,
    "{shape, data} or a tensor: got null",
  );
});

Deno.test("readArray() refuses lists of what is no number, and a record without values", () => {
  assertThrows(
    () => readArray([[1], ["2"]] as never, "a field"),
    TypeError,
    "Cannot draw a field as it must be numbers in lists or a typed array, {shape, data} or a tensor: " +
      "got other lists",
  );
  assertThrows(() => readArray({ shape: [1] } as never, "a field"), TypeError, "got object");
});

Deno.test("columns are readable while short and packed when long", () => {
  assertEquals(realColumn([1 / 3, NaN, Infinity]), [0.333333, null, null]);
  const long = Float32Array.from({ length: 100 }, (_, n) => n / 8);
  const packed = realColumn(long) as { dtype: string; bdata: string };
  assertEquals(packed.dtype, "f4");
  assertEquals(new Float32Array(Uint8Array.fromBase64(packed.bdata).buffer), long);
});

Deno.test("indices are packed in the smallest type that holds them", () => {
  const indices = Int32Array.from({ length: 70_000 }, (_, n) => n % 65_536);
  const small = indexColumn(indices, 65_536) as { dtype: string; bdata: string };
  const large = indexColumn(indices, 65_537) as { dtype: string; bdata: string };
  assertEquals([small.dtype, large.dtype], ["u2", "i4"]);
  const bytes = Uint8Array.fromBase64(small.bdata).buffer;
  assertEquals(Int32Array.from(new Uint16Array(bytes)), indices);
});
