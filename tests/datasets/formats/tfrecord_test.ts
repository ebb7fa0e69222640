import { assert, assertEquals, assertLess, assertRejects, assertStringIncludes } from "@std/assert";
import { maskedCrc32c } from "../../../datasets/formats/crc32c.ts";
import { DataFormatError } from "../../../datasets/formats/data_format_error.ts";
import { decodeTfRecords, encodeTfRecord } from "../../../datasets/formats/tfrecord.ts";
import { longTest, steps } from "../../support/tier.ts";
import { chunked, collect, concat, randomBytes, seeded } from "../support.ts";

const RECORDS = [5, 0, 17].map((length, i) => randomBytes(length, seeded(i)));
const FILE = concat(...RECORDS.map(encodeTfRecord));
/** Where the records begin, and the file ends. */
const BOUNDARIES = [0, 21, 37, 70];

function read(bytes: Uint8Array, size?: number) {
  return collect(decodeTfRecords([bytes], { file: "a.tfrecord", size }));
}

/** A header whose length is right by its checksum. */
function header(length: bigint): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, length, true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  return bytes;
}

Deno.test("decodeTfRecords() gives back what encodeTfRecord() framed, with places", async () => {
  assertEquals(
    await read(FILE),
    RECORDS.map((data, index) => ({ data, index, byteOffset: BOUNDARIES[index]! })),
  );
});

Deno.test("decodeTfRecords() reads chunks of any size, empty ones too", async () => {
  const expected = await read(FILE);
  for (let size = 1; size <= FILE.length + 1; size++) {
    const chunks = chunked(FILE, size).flatMap((chunk) => [chunk, new Uint8Array(0)]);
    assertEquals(await collect(decodeTfRecords(chunks)), expected);
  }
});

Deno.test("decodeTfRecords() reads a ReadableStream", async () => {
  const stream = ReadableStream.from(chunked(FILE, 7));
  assertEquals(await collect(decodeTfRecords(stream)), await read(FILE));
});

Deno.test("decodeTfRecords() takes an empty file as a set of no records", async () => {
  assertEquals(await collect(decodeTfRecords([], { size: 0 })), []);
  assertEquals(await read(new Uint8Array(0)), []);
});

Deno.test("decodeTfRecords() keeps records whole when the source refills its buffer", async () => {
  function* refilled() {
    const buffer = new Uint8Array(16);
    for (const chunk of chunked(FILE, 16)) {
      buffer.set(chunk);
      yield buffer.subarray(0, chunk.length);
    }
  }
  assertEquals(await collect(decodeTfRecords(refilled())), await read(FILE));
});

Deno.test("decodeTfRecords() detects every flipped bit", async () => {
  for (let bit = 0; bit < FILE.length * 8; bit++) {
    const flipped = FILE.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    const error = await assertRejects(() => read(flipped), DataFormatError, "checksum of its");
    const record = BOUNDARIES.findLastIndex((begin) => begin <= bit >> 3);
    assertEquals(
      [error.file, error.record, error.byteOffset],
      ["a.tfrecord", record, BOUNDARIES[record]],
    );
  }
});

Deno.test("decodeTfRecords() detects every truncation that cuts a record", async () => {
  for (let length = 0; length < FILE.length; length++) {
    const cut = FILE.subarray(0, length);
    const whole = BOUNDARIES.indexOf(length);
    // Between two records a cut shows only by the size of the file.
    if (whole >= 0) assertEquals((await read(cut)).length, whole);
    else await assertRejects(() => read(cut), DataFormatError, "it is truncated");
    const error = await assertRejects(() => read(cut, FILE.length), DataFormatError);
    assertStringIncludes(error.message, "it is truncated");
    assertStringIncludes(error.message, `the file ended at byte ${length} of 70`);
    assertEquals(error.record, BOUNDARIES.findLastIndex((begin) => begin <= length));
  }
});

Deno.test("decodeTfRecords() says file, record, byte and remedy of a damaged record", async () => {
  const flipped = FILE.slice();
  flipped[35]! ^= 1;
  const error = await assertRejects(() => read(flipped), SyntaxError);
  assertEquals(error.name, "DataFormatError");
  assertEquals(
    error.message,
    "Cannot read a.tfrecord as TFRecord: in record 1 at byte 21, the checksum of its data is " +
      "0xa282ead8, but the file says 0xa283ead8 (the file is damaged: download or copy it again)",
  );
});

Deno.test("decodeTfRecords() says file, record, byte and remedy of a truncated record", async () => {
  const error = await assertRejects(() => read(FILE.subarray(0, 60), 60), DataFormatError);
  assertEquals(
    error.message,
    "Cannot read a.tfrecord as TFRecord: in record 2 at byte 37, it is truncated: it says that it " +
      "has 17 bytes of data, but 7 are left (download or copy the whole file again)",
  );
});

Deno.test("decodeTfRecords() does not allocate what an absurd length asks for", async () => {
  const lengths = [2n ** 31n, 2n ** 40n, 2n ** 53n - 1n, 2n ** 63n, 2n ** 64n - 1n];
  const before = Deno.memoryUsage().external;
  for (const length of lengths) {
    const bytes = concat(header(length), new Uint8Array(100));
    await assertRejects(() => read(bytes), DataFormatError, "it is truncated");
    await assertRejects(() => read(bytes, bytes.length), DataFormatError, "but 96 are left");
  }
  assertLess(Deno.memoryUsage().external - before, 100e6);
});

Deno.test("decodeTfRecords() throws one typed error for random bytes", async () => {
  const random = seeded(3);
  for (let i = 0; i < steps(200, 5000); i++) {
    const bytes = randomBytes(1 + random() * 200, random);
    await assertRejects(() => read(bytes), DataFormatError, "Cannot read a.tfrecord as TFRecord");
  }
});

Deno.test("decodeTfRecords() says where a stream that fails was cut", async () => {
  function* failing() {
    yield FILE.subarray(0, 30);
    throw new TypeError("connection reset");
  }
  const records = decodeTfRecords(failing(), { file: "a.tfrecord" });
  const error = await assertRejects(() => collect(records), DataFormatError, "connection reset");
  assertEquals([error.record, error.byteOffset], [1, 21]);
  assert(error.cause instanceof TypeError);
});

Deno.test("decodeTfRecords() reads ahead no more than the record needs, and closes the source", async () => {
  let given = 0;
  let isClosed = false;
  async function* source() {
    try {
      for (;;) {
        given++;
        yield await Promise.resolve(encodeTfRecord(new Uint8Array(100)));
      }
    } finally {
      isClosed = true;
    }
  }
  for await (const { index } of decodeTfRecords(source())) if (index === 9) break;
  assertEquals(given, 10);
  assert(isClosed);
});

Deno.test("decodeTfRecords() fills one buffer again where it may, records of all sizes", async () => {
  const random = seeded(12);
  const records = [5, 900, 3, 0, 2000, 2000, 7].map((length) => randomBytes(length, random));
  const file = records.map((record) => encodeTfRecord(record));
  const buffers = new Set<ArrayBuffer>();
  const found: Uint8Array[] = [];
  for await (const { data } of decodeTfRecords(file, { reusesBuffer: true })) {
    buffers.add(data.buffer);
    found.push(data.slice());
  }
  assertEquals(found, records);
  assertEquals(buffers.size, 3);
});

longTest("decodeTfRecords() streams 2 GB in less than 300 MB", async () => {
  const record = encodeTfRecord(new Uint8Array(2_000_000));
  async function* source() {
    for (let i = 0; i < 1000; i++) yield await Promise.resolve(record);
  }
  const before = Deno.memoryUsage().external;
  let peak = 0;
  for await (const _ of decodeTfRecords(source())) {
    peak = Math.max(peak, Deno.memoryUsage().external - before);
  }
  assertLess(peak, 300e6);
});
