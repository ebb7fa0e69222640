import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataFormatError } from "../../../datasets/formats/data_format_error.ts";
import {
  decodeExample,
  decodeSequenceExample,
  encodeExample,
  encodeSequenceExample,
  type Feature,
} from "../../../datasets/formats/example.ts";
import { readTfRecords } from "../../../datasets/tf_records.ts";
import expected from "../../golden/datasets/expected.json" with { type: "json" };
import { steps } from "../../support/tier.ts";
import { collect, concat, goldenUrl, randomBytes, seeded } from "../support.ts";

const hex = (bytes: Uint8Array) => [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");

/** A feature in the form of the golden files. */
function featureJson(feature: Feature): object {
  if (feature instanceof Float32Array) return { float: [...feature] };
  if (feature instanceof BigInt64Array) return { int64: Array.from(feature, String) };
  return { bytes: feature.map(hex) };
}

function featuresJson(features: Map<string, Feature>): object {
  return Object.fromEntries([...features].map(([name, each]) => [name, featureJson(each)]));
}

function sequenceJson(bytes: Uint8Array): object {
  const { context, featureLists } = decodeSequenceExample(bytes);
  const lists = [...featureLists].map(([name, list]) => [name, list.map(featureJson)]);
  return { context: featuresJson(context), featureLists: Object.fromEntries(lists) };
}

async function records(file: string): Promise<Uint8Array[]> {
  return (await collect(readTfRecords(goldenUrl(file)))).map(({ data }) => data);
}

Deno.test("decodeExample() reads what TensorFlow reads", async () => {
  const examples = (await records("examples.tfrecord")).map((bytes) => decodeExample(bytes));
  // Through JSON, for the order and prototype of the keys.
  const found = examples.map(featuresJson);
  assertEquals(found.length, 4);
  assertEquals(found, expected.examples as unknown as object[]);
});

Deno.test("decodeSequenceExample() reads what TensorFlow reads", async () => {
  const found = (await records("sequences.tfrecord")).map(sequenceJson);
  assertEquals(found.length, 2);
  assertEquals(found, expected.sequences as unknown as object[]);
});

Deno.test("encodeExample() and encodeSequenceExample() are read back unchanged", async () => {
  for (const bytes of await records("examples.tfrecord")) {
    const example = decodeExample(bytes);
    assertEquals(decodeExample(encodeExample(example)), example);
  }
  for (const bytes of await records("sequences.tfrecord")) {
    const sequence = decodeSequenceExample(bytes);
    assertEquals(decodeSequenceExample(encodeSequenceExample(sequence)), sequence);
  }
});

Deno.test("encodeExample() writes the bytes that TensorFlow writes", async () => {
  // The last record has two features, in sorted order, as TensorFlow's deterministic writer keeps
  // them.
  const bytes = (await records("examples.tfrecord")).at(-1)!;
  assertEquals(encodeExample(decodeExample(bytes)), new Uint8Array(bytes));
});

Deno.test("encodeExample() keeps the bytes of a view, not those of its buffer", () => {
  const numbers = new Float32Array([1, 2, 3, 4]).subarray(1, 3);
  const integers = new BigInt64Array([1n, 2n, 3n]).subarray(2);
  const bytes = encodeExample(new Map<string, Feature>([["x", numbers], ["i", integers]]));
  assertEquals([...decodeExample(bytes).get("x") as Float32Array], [2, 3]);
  assertEquals([...decodeExample(bytes).get("i") as BigInt64Array], [3n]);
});

Deno.test("decodeExample() does not mistake a cut message for a whole one", async () => {
  // Cut anywhere but at the end of an outermost field, a message overruns.
  const bytes = encodeExample(decodeExample((await records("examples.tfrecord"))[0]!));
  for (let length = 1; length < bytes.length; length++) {
    const cut = bytes.subarray(0, length);
    assertThrows(() => decodeExample(cut), DataFormatError, "as tf.train.Example: expected");
  }
});

Deno.test("decodeExample() says what it expected, where, and the remedy", () => {
  const place = { file: "a.tfrecord", record: 2, byteOffset: 100 };
  const error = assertThrows(
    () => decodeExample(new Uint8Array([10, 9, 1]), place),
    DataFormatError,
  );
  assertEquals(
    error.message,
    "Cannot read record 2 of a.tfrecord as tf.train.Example: expected 9 bytes of field 1 at byte 102, " +
      "got 1 left in its message (it is damaged, or holds other messages)",
  );
  assertEquals([error.file, error.record, error.byteOffset], ["a.tfrecord", 2, 102]);
});

/** A feature `x` that holds these bytes. */
function exampleOf(feature: number[]): Uint8Array {
  const nested = (tag: number, bytes: number[]) => [tag, bytes.length, ...bytes];
  const entry = [...nested(10, [120]), ...nested(18, feature)];
  return Uint8Array.from(nested(10, nested(10, entry)));
}

Deno.test("decodeExample() rejects each kind of malformed message", () => {
  const cases: [string, number[]][] = [
    ["a number of at most 10 bytes", [26, 13, 10, 11, ...new Array(10).fill(255), 1]],
    ["a number to go on", [26, 3, 10, 1, 128]],
    ["floats of 4 bytes", [18, 5, 10, 3, 0, 0, 0]],
    ["4 bytes of field 1", [18, 3, 13, 0, 0]],
    ["8 bytes of field 1", [9, 0, 0]],
    ["a field number", [0, 0]],
    ["a field number", [15, 0]],
    ["more than 2^32", [10, 255, 255, 255, 255, 255, 1]],
    ["a field at", [60]],
    ["the end of group 7", [59, 8, 1]],
    ["groups nested too deep", new Array(120).fill(59)],
  ];
  for (const [text, feature] of cases) {
    assertThrows(() => decodeExample(exampleOf(feature)), DataFormatError, text);
  }
  const name = Uint8Array.from([10, 5, 10, 3, 10, 1, 0xff]);
  assertThrows(() => decodeExample(name), DataFormatError, "a name in UTF-8");
});

Deno.test("decodeExample() passes over known fields in a wrong layout, as protobuf does", () => {
  // Int64List.value as fixed32, then as a varint.
  assertEquals(
    decodeExample(exampleOf([26, 7, 13, 1, 2, 3, 4, 8, 5])).get("x"),
    new BigInt64Array([5n]),
  );
});

Deno.test("decodeExample() and decodeSequenceExample() end on mutated messages", async () => {
  const random = seeded(4);
  const seeds = [...await records("examples.tfrecord"), ...await records("sequences.tfrecord")];
  let rejected = 0;
  for (let i = 0; i < steps(2000, 50_000); i++) {
    const bytes = concat(seeds[i % seeds.length]!, randomBytes(i % 3, random));
    for (let flips = 0; flips < 1 + i % 4; flips++) {
      if (bytes.length > 0) bytes[Math.floor(random() * bytes.length)] = random() * 256;
    }
    for (const decode of [decodeExample, decodeSequenceExample]) {
      try {
        decode(bytes);
      } catch (error) {
        assert(error instanceof DataFormatError, String(error));
        rejected++;
      }
    }
  }
  assert(rejected > 100);
});

Deno.test("readTfRecords() fails with the file's name where there is none", async () => {
  await assertRejects(
    () => records("nothing.tfrecord"),
    Error,
    "nothing.tfrecord as TFRecord: there is no",
  );
});
