import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { dtypeOf } from "../../datasets/array.ts";
import {
  type DataArray,
  DataFormatError,
  DataNotFoundError,
  encodeSafetensors,
  parseSafetensors,
  readSafetensors,
  writeSafetensors,
} from "../../datasets/mod.ts";
import { withFolder } from "../support/folder.ts";

const FOLDER = new URL("../golden/safetensors/", import.meta.url);
const urlOf = (file: string): URL => new URL(file, FOLDER);

Deno.test("readSafetensors() reads each dtype as Python's library wrote it", async () => {
  const expected: Record<string, number[]> = JSON.parse(
    await Deno.readTextFile(urlOf("dtypes.json")),
  );
  const { tensors, metadata } = await readSafetensors(urlOf("dtypes.safetensors"));
  assertEquals(metadata, { note: "all dtypes" });
  assertEquals(Object.keys(tensors).sort(), Object.keys(expected).sort());
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    assertEquals(Array.from(data, Number), expected[name]);
    const isHalf = name.endsWith("float16");
    assertEquals(dtypeOf(data), isHalf ? "float32" : name === "bool" ? "uint8" : name);
    assertEquals(shape, isHalf ? [data.length] : [2, 3]);
  }
});

Deno.test("encodeSafetensors() writes the bytes that Python's library writes", async () => {
  const bytes = await Deno.readFile(urlOf("integers.safetensors"));
  assertEquals(encodeSafetensors(parseSafetensors(bytes)), bytes);
});

Deno.test("writeSafetensors() is read back, no tensors and odd names too", () =>
  withFolder(async (folder) => {
    const tensors: Record<string, DataArray> = {
      "a/b": { shape: [1, 2], data: Float64Array.of(1, -0) },
      constructor: { shape: [], data: BigInt64Array.of(-(2n ** 63n)) },
      none: { shape: [0, 3], data: new Float32Array() },
      odd: { shape: [3], data: Uint8Array.of(1, 2, 3) },
    };
    const path = `${folder}/a.safetensors`;
    await writeSafetensors(path, { tensors, metadata: { unit: "m" } });
    assertEquals(await readSafetensors(path), { tensors, metadata: { unit: "m" } });
    await writeSafetensors(path, { tensors: {} });
    assertEquals(await readSafetensors(path), { tensors: {}, metadata: {} });
  }));

/** A file of a header of one's own making, and so many bytes of data. */
function fileOf(header: string, dataLength: number): Uint8Array {
  const json = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + json.length + dataLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  return file;
}

Deno.test("parseSafetensors() says what is wrong, at which byte, and the remedy", () => {
  const entry = (dtype: string, shape: string, offsets: string): string =>
    `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;
  const cases: [Uint8Array, string, number][] = [
    [new Uint8Array(5), "a file has at least 8 bytes: it has 5", 5],
    [new Uint8Array(20).fill(255), "a header has at most 100000000 bytes", 0],
    [fileOf("{}", 0).subarray(0, 9), "its header ends at byte 10: the file has 9 bytes", 9],
    [fileOf('{"a": x}', 0), "its header is JSON", 8 + 6],
    [fileOf("[]", 0), "its header is a JSON object", 8],
    [fileOf('{"a":1}', 0), 'a tensor has dtype, shape and data_offsets: "a"', 8 + 5],
    [fileOf(`{"a":${entry("F32", "[2]", "[0,4]")}}`, 4), '"a" is F32 [2], which takes 8', 8 + 5],
    [fileOf(`{"a":${entry("F8_E4M3", "[2]", "[0,2]")}}`, 2), '"a" is F8_E4M3', 8 + 14],
    [fileOf(`{"a":${entry("I8", "[2]", "[1,3]")}}`, 3), "leaves a gap after the header", 8 + 46],
    [fileOf(`{"a":${entry("I8", "[2]", "[0,2]")}}`, 3), "its tensors take 2 bytes: 3 follow", 63],
    [fileOf(`{"a":${entry("I8", "[2]", "[0,2]")}}`, 1), "its tensors take 2 bytes: 1 follow", 62],
  ];
  for (const [bytes, message, at] of cases) {
    const parse = () => parseSafetensors(bytes, { file: "a.safetensors" });
    const error = assertThrows(parse, DataFormatError, message) as DataFormatError;
    assertEquals([error.file, error.byteOffset], ["a.safetensors", at], message);
  }
  assertThrows(
    () => parseSafetensors(new Uint8Array(5)),
    DataFormatError,
    "Cannot read the given bytes as safetensors as a file has at least 8 bytes: it has 5, at byte 5 " +
      "(download or copy it again)",
  );
});

Deno.test("a file that does not exist, and values that do not fit, are refused", async () => {
  const read = () => readSafetensors("no/such.safetensors");
  await assertRejects(read, DataNotFoundError, "Cannot open no/such.safetensors as safetensors");
  const x = { shape: [3], data: new Float32Array(2) };
  assertThrows(() => encodeSafetensors({ tensors: { x } }), RangeError, "got [3] for 2 values");
});
