import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { shardReader, type ShardReaderOptions } from "../../../mod.ts";
import { skipUnless } from "../../support/skip.ts";

const folder = await Deno.makeTempDir();
let files = 0;

async function save(...parts: (Uint8Array | ArrayBufferView)[]): Promise<string> {
  const path = `${folder}/${files++}`;
  const bytes = parts.flatMap(({ buffer, byteOffset, byteLength }) => [
    ...new Uint8Array(buffer, byteOffset, byteLength),
  ]);
  await Deno.writeFile(path, Uint8Array.from(bytes));
  return path;
}

/** A header as NumPy writes it: version 1, padded to 64 bytes. */
function header(dict: string, version = 1): Uint8Array {
  const prefix = version === 1 ? 10 : 12;
  const text = dict.padEnd(Math.ceil((prefix + dict.length + 1) / 64) * 64 - prefix - 1) + "\n";
  const bytes = new Uint8Array(prefix + text.length);
  bytes.set([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(new TextEncoder().encode(text), prefix);
  return bytes;
}

const npy = (type: string, shape: string, values: ArrayBufferView, version = 1): Promise<string> =>
  save(
    header(`{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }`, version),
    values,
  );

const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

Deno.test("shards are runs of rows, whichever process reads them", async () => {
  const path = await npy("<f4", "6, 2", Float32Array.from(count(12)));
  const reader = await shardReader(path);
  assertEquals([reader.rows, reader.rowShape, reader.dtype], [6, [2], "float32"]);
  const whole = await reader.read({ shards: 1 });
  assertEquals([whole.shape, [...whole.dataSync()]], [[1, 6, 2], count(12)]);
  const second = await reader.read({ shards: 3, first: 1, count: 2 });
  assertEquals(second.arraySync(), [[[4, 5], [6, 7]], [[8, 9], [10, 11]]]);
});

Deno.test("all types and versions are read", async () => {
  for (const version of [1, 2, 3]) {
    const int32 = await shardReader(await npy("<i4", "4,", Int32Array.of(1, -2, 3, 4), version));
    assertEquals((await int32.read({ shards: 2, first: 1 })).arraySync(), [[3, 4]]);
  }
  const int64 = await shardReader(await npy("<i8", "4,", BigInt64Array.of(1n, -2n, 3n, 4n)));
  const ids = await int64.read({ shards: 2 });
  assertEquals([ids.dtype, ids.arraySync()], ["int32", [[1, -2]]]);
  const float64 = await shardReader(await npy("<f8", "4,", Float64Array.of(0.5, 1, 2, 3)));
  assertEquals((await float64.read({ shards: 4 })).arraySync(), [[0.5]]);
  const raw = await save(Float64Array.from(count(12)));
  const rows = await shardReader(raw, { dtype: "float64", rowShape: [3] });
  assertEquals((await rows.read({ shards: 2, first: 1 })).arraySync(), [[[6, 7, 8], [9, 10, 11]]]);
});

Deno.test("64-bit numbers are rounded piece by piece", async () => {
  const values = BigInt64Array.from({ length: 200_001 }, (_, i) => BigInt(i));
  await Deno.writeFile(`${folder}/long`, new Uint8Array(values.buffer));
  const reader = await shardReader(`${folder}/long`, { dtype: "int64" });
  const read = (await reader.read({ shards: 2, first: 1, fill: -1 })).dataSync();
  assertEquals([read.length, read[0], read.at(-2), read.at(-1)], [100_001, 100_001, 200_000, -1]);
});

Deno.test("rows left over need a number that fills the last shards", async () => {
  const reader = await shardReader(await npy("<i4", "5,", Int32Array.from(count(5))));
  await assertRejects(
    () => reader.read({ shards: 4 }),
    RangeError,
    "each shard has the same number of rows: there are 5 rows for 4 shards (give fill: -1 for " +
      "senders and receivers, 0 for features)",
  );
  // Shards of 2 rows: the last one has none of its own.
  const all = await reader.read({ shards: 4, count: 4, fill: -1 });
  assertEquals(all.arraySync(), [[0, 1], [2, 3], [4, -1], [-1, -1]]);
  const last = await reader.read({ shards: 4, first: 3, fill: -1 });
  assertEquals(last.arraySync(), [[-1, -1]]);
});

Deno.test("shards that there are not are refused", async () => {
  const reader = await shardReader(await npy("<i4", "4,", Int32Array.from(count(4))));
  const cases: [Parameters<typeof reader.read>[0], string][] = [
    [{ shards: 5, fill: 0 }, "each shard has a row or more: there are 4 rows for 5 shards"],
    [{ shards: 0 }, "there must be a whole number of them: shards is 0"],
    [{ shards: 1.5 }, "shards is 1.5"],
    [{ shards: undefined as never }, "shards is undefined"],
    [{ shards: 2, first: 2 }, "there are 2, from 0: first is 2, count is 1"],
    [{ shards: 2, first: -1 }, "first is -1"],
    [{ shards: 2, count: 0 }, "count is 0"],
    [{ shards: 2, count: 3 }, "count is 3"],
    [{ shards: 3, fill: 0.5 }, "fill must be a number of int32: it is 0.5"],
  ];
  for (const [which, message] of cases) {
    await assertRejects(() => reader.read(which), RangeError, message);
  }
});

Deno.test("files that are damaged are refused with the byte", async () => {
  const good = await Deno.readFile(await npy("<i4", "4, 2", Int32Array.from(count(8))));
  const dict = (text: string): Uint8Array => header(text);
  const fields = (f: Record<string, string>): Uint8Array =>
    dict(`{${Object.entries(f).map(([k, v]) => `'${k}': ${v}, `).join("")}}`);
  const valid = { descr: "'<i4'", fortran_order: "False", shape: "(2, 2)" };
  type Bad = [Uint8Array, ShardReaderOptions, new (message: string) => Error, string];
  const cases: Bad[] = [
    [
      good.subarray(0, good.length - 6),
      {},
      SyntaxError,
      "is cut short: its header says <i4 [4, 2], up to byte 160, and the file ends at byte 154 " +
      "(copy it again)",
    ],
    [
      good.subarray(0, 60),
      {},
      SyntaxError,
      "its header ends at byte 128, and the file ends at byte 60",
    ],
    [good.subarray(0, 8), {}, SyntaxError, "the length of the header at byte 8"],
    [Uint8Array.of(...good, 0), {}, SyntaxError, "up to byte 160, and the file has 161"],
    [new Uint8Array(0), {}, SyntaxError, "does not start as NumPy's files do: its bytes are []"],
    [new Uint8Array(64), {}, SyntaxError, "its bytes are [0, 0, 0, 0, 0, 0] (give {dtype"],
    [good.with(6, 9), {}, SyntaxError, "at byte 6, got 9"],
    [good.with(9, 255), {}, SyntaxError, "10000 bytes at byte 8, got 65398"],
    [fields({ ...valid, shape: "4" }), {}, SyntaxError, "of numbers at byte 10"],
    [fields({ ...valid, shape: "()" }), {}, SyntaxError, "its shape is ()"],
    [fields({ ...valid, shape: "(99999999999, 3)" }), {}, SyntaxError, "is cut short"],
    [fields({ ...valid, shape: "(1, 1)" }), {}, SyntaxError, "is cut short"],
    [fields({ ...valid, descr: "'>i4'" }), {}, TypeError, "its header says >i4 (save it with"],
    [fields({ ...valid, descr: "'|O'" }), {}, TypeError, "its header says |O"],
    [
      fields({ ...valid, fortran_order: "True" }),
      {},
      TypeError,
      "a row's numbers must lie together",
    ],
    [
      new Uint8Array(21),
      { dtype: "float32", rowShape: [2] },
      SyntaxError,
      "a row has 8 bytes (float32 [2]): row 2 starts at byte 16, and the file ends at byte 21",
    ],
    [good, { dtype: "int16" as never }, TypeError, "dtype must be one of float32, float64, int32"],
    [good, { rowShape: [2] }, TypeError, "rowShape is for files of numbers alone"],
    [good, { dtype: "int32", rowShape: [0] }, TypeError, "an array of sizes, 1 or more: it is [0]"],
  ];
  for (const [bytes, options, type, message] of cases) {
    await assertRejects(async () => await shardReader(await save(bytes), options), type, message);
  }
  await assertRejects(
    () => shardReader(`${folder}/none`),
    Deno.errors.NotFound,
    "Cannot read shards of",
  );
});

Deno.test("a file that becomes shorter, and numbers too large, are refused", async () => {
  const path = await npy("<i4", "4,", Int32Array.from(count(4)));
  const reader = await shardReader(path);
  await Deno.truncate(path, 140);
  assertEquals((await reader.read({ shards: 2 })).arraySync(), [[0, 1]]);
  await assertRejects(
    () => reader.read({ shards: 2, first: 1 }),
    SyntaxError,
    "is cut short: 8 bytes were to be read at 136, and the file ends at byte 140",
  );
  const large = await shardReader(await npy("<i8", "3,", BigInt64Array.of(0n, 1n, 2n ** 31n)));
  await assertRejects(
    () => large.read({ shards: 1 }),
    RangeError,
    "its numbers must be 32-bit ones: number 2 is 2147483648",
  );
});

/**
 * Reads one of 16 shards in a process of its own, and prints by how much its memory grew at most.
 */
const MEASURE = `
  import { shardReader } from "@meshwork/meshwork";
  const peak = () => Number(/VmHWM:\\s*(\\d+) kB/.exec(Deno.readTextFileSync("/proc/self/status"))[1]);
  const reader = await shardReader(Deno.args[0], { dtype: "float32" });
  const before = peak();
  const shard = await reader.read({ shards: 16, first: 7 });
  if (shard.dataSync()[0] !== 7) throw new Error("it is another shard");
  console.log(peak() - before);`;

Deno.test({
  name: "a process that reads a shard holds no more than that",
  ...skipUnless(Deno.build.os === "linux", "memory is read from /proc, which Linux has"),
  fn: async () => {
    const path = `${folder}/large`;
    const shard = new Float32Array(4 * 2 ** 20);
    using file = await Deno.open(path, { write: true, create: true });
    for (let i = 0; i < 16; i++) {
      const bytes = new Uint8Array(shard.fill(i).buffer);
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    }
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", MEASURE, path],
      cwd: new URL("../../..", import.meta.url),
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    const [grown, whole] = [Number(new TextDecoder().decode(stdout)), 16 * 16 * 1024];
    assertLess(grown, whole / 4); // kB: the shard has a 16th
    await Deno.remove(path);
  },
});
