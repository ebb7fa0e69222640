import { assertEquals, assertThrows } from "@std/assert";
import {
  decodeSafetensors,
  encodeSafetensors,
  type StoredTensor,
} from "../../../lib/train/safetensors.ts";

const tensors = new Map<string, StoredTensor>([
  ["flag", { dtype: "bool", shape: [2], data: Uint8Array.of(1, 0) }],
  ["w", { dtype: "float32", shape: [1, 2], data: Float32Array.of(1.5, -2) }],
  ["n", { dtype: "int32", shape: [], data: Int32Array.of(-3) }],
]);

/** A file with a header of one's own making. */
function fileOf(header: unknown, dataLength: number): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const file = new Uint8Array(8 + json.length + dataLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  return file;
}

function assertRefused(file: Uint8Array, text: string): void {
  assertThrows(() => decodeSafetensors(file, "a.safetensors"), SyntaxError, text);
}

const entry = (begin: number, end: number, shape = [(end - begin) / 4], dtype = "F32") => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

Deno.test("encodeSafetensors() gives what decodeSafetensors() takes, values aligned", () => {
  const file = encodeSafetensors({ tensors, metadata: { note: "x" } });
  const decoded = decodeSafetensors(file, "a.safetensors");
  assertEquals(decoded.metadata, { note: "x" });
  assertEquals([...decoded.tensors.keys()], ["w", "n", "flag"]);
  for (const [name, { dtype, shape, data }] of tensors) {
    const back = decoded.tensors.get(name)!;
    assertEquals([back.dtype, back.shape, back.data], [dtype, shape, data]);
  }
  const headerLength = new DataView(file.buffer).getUint32(0, true);
  assertEquals(headerLength % 8, 0);
});

Deno.test("encodeSafetensors() and decodeSafetensors() take no tensors at all", () => {
  const file = encodeSafetensors({ tensors: new Map(), metadata: {} });
  assertEquals(decodeSafetensors(file, "a.safetensors").tensors.size, 0);
});

Deno.test("decodeSafetensors() takes names that objects have already", () => {
  const names = ["__proto__", "constructor", "0"];
  const value = tensors.get("n")!;
  const file = encodeSafetensors({ tensors: new Map(names.map((n) => [n, value])), metadata: {} });
  const decoded = decodeSafetensors(file, "a.safetensors");
  assertEquals([...decoded.tensors.keys()].sort(), [...names].sort());
});

Deno.test("decodeSafetensors() refuses a file cut short at any byte", () => {
  const file = encodeSafetensors({ tensors, metadata: { note: "x" } });
  for (let length = 0; length < file.length; length++) {
    assertRefused(file.subarray(0, length), "Cannot read a.safetensors as ");
  }
  assertRefused(
    file.subarray(0, 5),
    "Cannot read a.safetensors as a file has at least 8 bytes: it has 5 (it was cut short: use " +
      "an earlier checkpoint, or copy it again)",
  );
  assertRefused(file.subarray(0, 20), "the file has 20 bytes (it was cut short");
  assertRefused(
    file.subarray(0, file.length - 1),
    "as its tensors take 14 bytes: 13 follow the header (it was cut short",
  );
});

Deno.test("decodeSafetensors() refuses bytes after the last tensor", () => {
  const file = encodeSafetensors({ tensors, metadata: {} });
  const longer = new Uint8Array([...file, 0]);
  assertRefused(longer, "its tensors take 14 bytes: 15 follow the header (it is damaged");
});

Deno.test("decodeSafetensors() refuses other kinds of files", () => {
  assertRefused(
    new TextEncoder().encode("<!DOCTYPE html><html></html>"),
    "a header has at most 100000000 bytes: its first 8 bytes say 5789751444030890300 " +
      "(it is damaged, or no safetensors file)",
  );
  assertRefused(fileOf("[1]", 0), "its header is a JSON object");
  assertRefused(fileOf("null", 0), "its header is a JSON object");
  assertRefused(fileOf('{"a": ', 0), "its header is JSON: ");
  const notUtf8 = fileOf('{"aa": 1}', 0);
  notUtf8[10] = 0xff;
  assertRefused(notUtf8, "its header is JSON: ");
});

Deno.test("decodeSafetensors() refuses entries that are no tensors", () => {
  for (
    const bad of [
      null,
      3,
      "x",
      [],
      { ...entry(0, 4), dtype: 1 },
      { ...entry(0, 4), shape: [-1] },
      { ...entry(0, 4), shape: [0.5] },
      { ...entry(0, 4), shape: 1 },
      { ...entry(0, 4), data_offsets: [0] },
      { ...entry(0, 4), data_offsets: [0, "4"] },
    ]
  ) {
    const text = `a tensor has dtype, shape and data_offsets: "w" in its header has ` +
      JSON.stringify(bad);
    assertRefused(fileOf({ w: bad }, 4), text);
  }
  assertRefused(fileOf({ __metadata__: { step: 3 } }, 0), "__metadata__ in its header holds str");
});

Deno.test("decodeSafetensors() refuses offsets that do not fit shapes", () => {
  assertRefused(
    fileOf({ w: entry(0, 8, [3]) }, 8),
    '"w" is F32 [3], which takes 12 bytes: its offsets 0 to 8 are 8 apart (it is damaged',
  );
  assertRefused(fileOf({ w: entry(8, 0, [2]) }, 8), "its offsets 8 to 0 are -8 apart");
  assertRefused(fileOf({ w: entry(0, 8, [2 ** 40, 2 ** 40]) }, 8), "are 8 apart");
});

Deno.test("decodeSafetensors() refuses tensors that overlap or leave gaps", () => {
  assertRefused(
    fileOf({ a: entry(0, 8), b: entry(4, 12) }, 12),
    'tensors follow each other: "b" at byte 4 of the data overlaps "a", which ends at 8',
  );
  assertRefused(
    fileOf({ a: entry(0, 8), b: entry(12, 16) }, 16),
    'tensors follow each other: "b" at byte 12 of the data leaves a gap after "a", which ends at 8',
  );
  assertRefused(fileOf({ a: entry(4, 8) }, 8), "leaves a gap after the header, which ends at 0");
});

Deno.test("decodeSafetensors() names dtypes that tensors here cannot have", () => {
  assertThrows(
    () => decodeSafetensors(fileOf({ w: entry(0, 8, [1], "F64") }, 8), "a.safetensors"),
    TypeError,
    'Cannot read a.safetensors as tensors are float32, int32 or bool (F32, I32, BOOL): "w" is F64 ' +
      "(convert it before saving, or save it again if the file is damaged)",
  );
  const inherited = fileOf({ w: entry(0, 8, [1], "toString") }, 8);
  assertThrows(() => decodeSafetensors(inherited, "a"), TypeError, '"w" is toString');
});
