/** The options that go to the plugin encoded: create options and compile options. @module */
import { NAMED_VALUE_TYPE, STRUCTS } from "./_generated/pjrt_abi.ts";
import { addressOf, Struct } from "./struct.ts";

/** Encodes integer options as an array of `PJRT_NamedValue`, followed by the names it points at. */
export function encodeNamedValues(
  values: Readonly<Record<string, number>>,
): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(values).map(([name, value]) => ({
    name: new TextEncoder().encode(name),
    value,
  }));
  const stride = STRUCTS.PJRT_NamedValue.size;
  let end = stride * entries.length;
  const bytes = new Uint8Array(entries.reduce((size, { name }) => size + name.length, end));
  const start = addressOf(bytes);
  entries.forEach(({ name, value }, i) => {
    const item = new Struct("PJRT_NamedValue", {
      name: start + BigInt(end),
      name_size: name.length,
      type: NAMED_VALUE_TYPE.kInt64,
      int64_value: value,
      value_size: 1,
    });
    bytes.set(item.bytes, i * stride);
    bytes.set(name, end);
    end += name.length;
  });
  return bytes;
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

function message(field: number, bytes: readonly number[]): number[] {
  return [...tag(field, LENGTH_DELIMITED), ...varint(bytes.length), ...bytes];
}

/** Flags of a platform's compiler; another platform's plugin may not know them. */
const COMPILER_FLAGS: Readonly<Record<string, Readonly<Record<string, boolean | string>>>> = {
  cpu: {
    // With it, the max and min of a number and a NaN may be the number.
    xla_cpu_enable_fast_min_max: false,
    // Matrix products, with what is fused into them, by XLA's micro-kernel library: a training step
    // of the demo takes 0.7 of the time.
    xla_cpu_experimental_ynn_fusion_type: "LIBRARY_FUSION_TYPE_DOT",
  },
};

/**
 * Encodes XLA's protobuf `CompileOptionsProto`:
 * `executable_build_options { num_replicas, num_partitions: 1 }, env_option_overrides: flags`.
 */
export function encodeCompileOptions(
  { replicas, platform = "" }: { replicas: number; platform?: string },
): Uint8Array<ArrayBuffer> {
  const build = [...tag(4, VARINT), ...varint(replicas), ...tag(5, VARINT), ...varint(1)];
  const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];
  const flags = Object.entries(COMPILER_FLAGS[platform] ?? {}).flatMap(([name, value]) => {
    const encoded = typeof value === "string"
      ? message(1, utf8(value))
      : [...tag(2, VARINT), ...varint(value ? 1 : 0)];
    return message(7, [...message(1, utf8(name)), ...message(2, encoded)]);
  });
  return new Uint8Array([...message(3, build), ...flags]);
}
