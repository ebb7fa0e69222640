/** The options that go to the plugin encoded: create options and compile options. @module */
import { NAMED_VALUE_TYPE, STRUCTS } from "./_generated/pjrt_abi.ts";
import { addressOf, Struct } from "./struct.ts";

/** An array of `PJRT_NamedValue`, and the names that it points at. */
export interface NamedValues {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly count: number;
  readonly names: readonly Uint8Array[];
}

/** Encodes integer options for `PJRT_Client_Create`. */
export function encodeNamedValues(values: Readonly<Record<string, number>>): NamedValues {
  const entries = Object.entries(values);
  const stride = STRUCTS.PJRT_NamedValue.size;
  const bytes = new Uint8Array(stride * entries.length);
  const names = entries.map(([name]) => new TextEncoder().encode(name));
  entries.forEach(([, value], i) => {
    const item = new Struct("PJRT_NamedValue", {
      name: addressOf(names[i]!),
      name_size: names[i]!.length,
      type: NAMED_VALUE_TYPE.kInt64,
      int64_value: value,
      value_size: 1,
    });
    bytes.set(item.bytes, i * stride);
  });
  return { bytes, count: entries.length, names };
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 0x7f; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  return [...bytes, value];
}

function tag(field: number, wireType: number): number[] {
  return varint((field << 3) | wireType);
}

/**
 * Encodes XLA's protobuf `CompileOptionsProto`:
 * `executable_build_options { num_replicas, num_partitions: 1 }`.
 */
export function encodeCompileOptions(options: { replicas: number }): Uint8Array<ArrayBuffer> {
  const build = [...tag(4, VARINT), ...varint(options.replicas), ...tag(5, VARINT), ...varint(1)];
  return new Uint8Array([...tag(3, LENGTH_DELIMITED), ...varint(build.length), ...build]);
}
