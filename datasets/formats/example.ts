/**
 * `tf.train.Example` and `tf.train.SequenceExample`: the messages that TFRecord files hold.
 *
 * Written from TensorFlow's `example.proto` and `feature.proto`. As any protobuf parser, the
 * readers take lists packed or not, map entries and fields in any order, the last of two entries
 * with one key, and pass over unknown fields.
 *
 * @module
 */
import type { Place } from "./data_format_error.ts";
import { ProtobufReader, ProtobufWriter, WireType } from "./protobuf.ts";

/**
 * The values of one feature: a list of bytes, of floats or of 64-bit integers. A feature that has
 * no list is an empty list of bytes.
 */
export type Feature = Uint8Array[] | Float32Array | BigInt64Array;

/** A `tf.train.Example`: feature name to values. */
export type Example = Map<string, Feature>;

/** A `tf.train.SequenceExample`. */
export interface SequenceExample {
  /** What holds for the whole sequence: feature name to values. */
  readonly context: Map<string, Feature>;
  /** What has values for each step: feature name to one feature a step. */
  readonly featureLists: Map<string, Feature[]>;
}

/** A list in the making, as the wire gives it; its parts are joined at the end. */
interface FeatureParts {
  kind: number;
  lists: ProtobufReader[];
}

/** The numbers of `Feature`'s fields. */
const BYTES_LIST = 1;
const FLOAT_LIST = 2;
const INT64_LIST = 3;

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a serialised `tf.train.Example`.
 *
 * @param bytes The message. Values of bytes features are views of it.
 * @param place Where the bytes lie, for errors.
 * @returns Feature name to values.
 * @throws {DataFormatError} If the bytes are no such message; the message names the byte.
 *
 * @example
 * ```ts
 * import { decodeExample, encodeExample } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = encodeExample(new Map([["mass", new Float32Array([1, 2.5])]]));
 * assertEquals(decodeExample(bytes).get("mass"), new Float32Array([1, 2.5]));
 * ```
 */
export function decodeExample(bytes: Uint8Array, place: Place = {}): Example {
  const message = new ProtobufReader(bytes, { ...place, message: "tf.train.Example" });
  const features: Example = new Map();
  while (message.nextField()) {
    if (message.is(1, WireType.LENGTH)) readFeatures(message.message(), features);
    else message.skip();
  }
  return features;
}

/**
 * Reads a serialised `tf.train.SequenceExample`.
 *
 * @param bytes The message. Values of bytes features are views of it.
 * @param place Where the bytes lie, for errors.
 * @returns The context and the feature lists.
 * @throws {DataFormatError} If the bytes are no such message; the message names the byte.
 *
 * @example
 * ```ts
 * import { decodeSequenceExample, encodeSequenceExample } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const steps = [new Float32Array([1]), new Float32Array([2, 3])];
 * const bytes = encodeSequenceExample({
 *   context: new Map([["key", new BigInt64Array([-7n])]]),
 *   featureLists: new Map([["position", steps]]),
 * });
 * assertEquals(decodeSequenceExample(bytes).featureLists.get("position"), steps);
 * ```
 */
export function decodeSequenceExample(bytes: Uint8Array, place: Place = {}): SequenceExample {
  const message = new ProtobufReader(bytes, { ...place, message: "tf.train.SequenceExample" });
  const context: Example = new Map();
  const featureLists = new Map<string, Feature[]>();
  while (message.nextField()) {
    if (message.is(1, WireType.LENGTH)) readFeatures(message.message(), context);
    else if (message.is(2, WireType.LENGTH)) {
      readMap(message.message(), featureLists, (lists) => lists.flatMap(readFeatureList));
    } else message.skip();
  }
  return { context, featureLists };
}

function readFeatures(message: ProtobufReader, into: Example): void {
  readMap(message, into, readFeature);
}

/** Reads `map<string, V>` at field 1; a value that comes in several parts is given as those. */
function readMap<V>(
  message: ProtobufReader,
  into: Map<string, V>,
  readValue: (parts: ProtobufReader[]) => V,
): void {
  while (message.nextField()) {
    if (!message.is(1, WireType.LENGTH)) {
      message.skip();
      continue;
    }
    const entry = message.message();
    const parts: ProtobufReader[] = [];
    let key = "";
    while (entry.nextField()) {
      if (entry.is(1, WireType.LENGTH)) key = readText(entry.message());
      else if (entry.is(2, WireType.LENGTH)) parts.push(entry.message());
      else entry.skip();
    }
    into.set(key, readValue(parts));
  }
}

function readText(message: ProtobufReader): string {
  try {
    return UTF8.decode(message.rest());
  } catch {
    return message.fail("a name in UTF-8", "other bytes");
  }
}

function readFeatureList(message: ProtobufReader): Feature[] {
  const features: Feature[] = [];
  while (message.nextField()) {
    if (message.is(1, WireType.LENGTH)) features.push(readFeature([message.message()]));
    else message.skip();
  }
  return features;
}

function readFeature(messages: ProtobufReader[]): Feature {
  // A oneof: the list that comes last counts, with all its parts.
  const found: FeatureParts = { kind: BYTES_LIST, lists: [] };
  for (const message of messages) {
    while (message.nextField()) {
      if (message.wireType !== WireType.LENGTH || message.field > INT64_LIST) {
        message.skip();
        continue;
      }
      if (message.field !== found.kind) {
        found.kind = message.field;
        found.lists = [];
      }
      found.lists.push(message.message());
    }
  }
  if (found.kind === FLOAT_LIST) return readFloats(found.lists);
  return found.kind === INT64_LIST ? readInt64s(found.lists) : readBytes(found.lists);
}

function readBytes(lists: ProtobufReader[]): Uint8Array[] {
  const values: Uint8Array[] = [];
  for (const list of lists) {
    while (list.nextField()) {
      if (list.is(1, WireType.LENGTH)) values.push(list.message().rest());
      else list.skip();
    }
  }
  return values;
}

/** Hands out the runs of values of a list, packed runs and single values alike. */
function forEachRun(
  lists: ProtobufReader[],
  single: number,
  visit: (run: ProtobufReader) => void,
): void {
  for (const { bytes, context, position, end } of lists) {
    const list = new ProtobufReader(bytes, context, position, end);
    while (list.nextField()) {
      if (list.is(1, WireType.LENGTH)) visit(list.message());
      else if (list.is(1, single)) {
        const start = list.position;
        list.skip();
        visit(new ProtobufReader(bytes, context, start, list.position));
      } else list.skip();
    }
  }
}

function readFloats(lists: ProtobufReader[]): Float32Array {
  let size = 0;
  forEachRun(lists, WireType.FIXED32, (run) => {
    const length = run.end - run.position;
    if (length % 4 !== 0) run.fail("floats of 4 bytes", `a list of ${length} bytes`);
    size += length;
  });
  // Float32Array reads in the byte order of the machine, which is little-endian wherever this runs.
  const bytes = new Uint8Array(size);
  let filled = 0;
  forEachRun(lists, WireType.FIXED32, (run) => {
    bytes.set(run.rest(), filled);
    filled += run.end - run.position;
  });
  return new Float32Array(bytes.buffer);
}

function readInt64s(lists: ProtobufReader[]): BigInt64Array {
  let count = 0;
  forEachRun(lists, WireType.VARINT, (run) => {
    for (const byte of run.rest()) if (byte < 128) count++;
  });
  const values = new BigInt64Array(count);
  const halves = new Int32Array(values.buffer);
  let i = 0;
  forEachRun(lists, WireType.VARINT, (run) => {
    while (run.position < run.end) {
      halves[i++] = run.varint();
      halves[i++] = run.high;
    }
  });
  return values;
}

/**
 * Serialises a `tf.train.Example`; entries keep the order of the map.
 *
 * @param features Feature name to values.
 * @returns The message.
 *
 * @example
 * ```ts
 * import { encodeExample } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(encodeExample(new Map()), new Uint8Array([10, 0]));
 * ```
 */
export function encodeExample(features: ReadonlyMap<string, Feature>): Uint8Array<ArrayBuffer> {
  return new ProtobufWriter().bytes(1, encodeMap(features, encodeFeature)).finish();
}

/**
 * Serialises a `tf.train.SequenceExample`; entries keep the order of the maps.
 *
 * @param example The context and the feature lists.
 * @returns The message.
 *
 * @example
 * ```ts
 * import { encodeSequenceExample } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const empty = encodeSequenceExample({ context: new Map(), featureLists: new Map() });
 * assertEquals(empty, new Uint8Array([10, 0, 18, 0]));
 * ```
 */
export function encodeSequenceExample(
  { context, featureLists }: {
    readonly context: ReadonlyMap<string, Feature>;
    readonly featureLists: ReadonlyMap<string, readonly Feature[]>;
  },
): Uint8Array<ArrayBuffer> {
  return new ProtobufWriter()
    .bytes(1, encodeMap(context, encodeFeature))
    .bytes(2, encodeMap(featureLists, encodeFeatureList))
    .finish();
}

function encodeMap<V>(map: ReadonlyMap<string, V>, encodeValue: (value: V) => Uint8Array) {
  const message = new ProtobufWriter();
  const utf8 = new TextEncoder();
  for (const [key, value] of map) {
    const entry = new ProtobufWriter().bytes(1, utf8.encode(key)).bytes(2, encodeValue(value));
    message.bytes(1, entry.finish());
  }
  return message.finish();
}

function encodeFeatureList(features: readonly Feature[]): Uint8Array {
  const message = new ProtobufWriter();
  for (const feature of features) message.bytes(1, encodeFeature(feature));
  return message.finish();
}

function encodeFeature(feature: Feature): Uint8Array {
  const list = new ProtobufWriter();
  if (feature instanceof Float32Array) {
    const { buffer, byteOffset, byteLength } = feature;
    list.bytes(1, new Uint8Array(buffer, byteOffset, byteLength));
    return new ProtobufWriter().bytes(FLOAT_LIST, list.finish()).finish();
  }
  if (feature instanceof BigInt64Array) {
    return new ProtobufWriter().bytes(INT64_LIST, list.int64s(1, feature).finish()).finish();
  }
  for (const value of feature) list.bytes(1, value);
  return new ProtobufWriter().bytes(BYTES_LIST, list.finish()).finish();
}
