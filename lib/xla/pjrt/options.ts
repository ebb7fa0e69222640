/** The options that go to the plugin encoded: create options and compile options. @module */
import type { ClientOptions } from "../../engine/mod.ts";
import { NAMED_VALUE_TYPE, STRUCTS } from "./_generated/pjrt_abi.ts";
import { keepsMemory, KEPT_BLOCK } from "./kept_memory.ts";
import { addressOf, type Field, Struct } from "./struct.ts";

/** Options that are a float even where their value is a whole number. */
const FLOATS: ReadonlySet<string> = new Set(["memory_fraction"]);

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A value: its type, the field that takes it, and the number or the bytes that go there. */
type Encoded = readonly [
  type: keyof typeof NAMED_VALUE_TYPE,
  field: Field<"PJRT_NamedValue">,
  value: number | Uint8Array,
  size: number,
];

function encodeValue(name: string, value: ClientOptions[string]): Encoded {
  if (typeof value === "boolean") return ["kBool", "bool_value", Number(value), 1];
  if (typeof value === "string") {
    const bytes = utf8(value);
    return ["kString", "string_value", bytes, bytes.length];
  }
  if (typeof value === "object") {
    const list = new Uint8Array(BigInt64Array.from(value, BigInt).buffer);
    return ["kInt64List", "int64_array_value", list, value.length];
  }
  if (Number.isInteger(value) && !FLOATS.has(name)) return ["kInt64", "int64_value", value, 1];
  return ["kFloat", "float_value", new Int32Array(Float32Array.of(value).buffer)[0]!, 1];
}

/**
 * Encodes options as an array of `PJRT_NamedValue`, followed by the names and values it points at.
 */
export function encodeNamedValues(values: ClientOptions): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(values).map(([name, value]) => ({
    name: utf8(name),
    encoded: encodeValue(name, value),
  }));
  const stride = STRUCTS.PJRT_NamedValue.size;
  let end = stride * entries.length;
  const placed: [at: number, bytes: Uint8Array][] = [];
  const place = (bytes: Uint8Array): bigint => {
    const at = end;
    placed.push([at, bytes]);
    // What comes next may be a list of 8-byte integers.
    end += 8 * Math.ceil(bytes.length / 8);
    return BigInt(at);
  };
  const offsets = entries.map(({ name, encoded: [, , value] }) => ({
    name: place(name),
    value: typeof value === "number" ? null : place(value),
  }));
  const bytes = new Uint8Array(end);
  const start = addressOf(bytes);
  entries.forEach(({ name, encoded: [type, field, value, size] }, i) => {
    const item = new Struct("PJRT_NamedValue", {
      name: start + offsets[i]!.name,
      name_size: name.length,
      type: NAMED_VALUE_TYPE[type],
      [field]: typeof value === "number" ? value : start + offsets[i]!.value!,
      value_size: size,
    });
    bytes.set(item.bytes, i * stride);
  });
  for (const [at, content] of placed) bytes.set(content, at);
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
const COMPILER_FLAGS: Readonly<
  Record<string, Readonly<Record<string, boolean | number | string>>>
> = {
  cpu: {
    // With it, the max and min of a number and a NaN may be the number.
    xla_cpu_enable_fast_min_max: false,
    // Matrix products, with what is fused into them, by XLA's micro-kernel library: a training step
    // of the demo takes 0.7 of the time.
    xla_cpu_experimental_ynn_fusion_type: "LIBRARY_FUSION_TYPE_DOT",
  },
};

function compilerFlags(platform: string): Readonly<Record<string, boolean | number | string>> {
  const flags = COMPILER_FLAGS[platform] ?? {};
  if (platform !== "cpu" || !keepsMemory()) return flags;
  return { ...flags, xla_multiheap_size_constraint_per_heap: KEPT_BLOCK };
}

/** `OptionOverrideProto`: a string, a bool or an integer. */
function flagValue(value: boolean | number | string): number[] {
  if (typeof value === "string") return message(1, [...utf8(value)]);
  const field = typeof value === "boolean" ? 2 : 3;
  return [...tag(field, VARINT), ...varint(Number(value))];
}

/**
 * Encodes XLA's protobuf `CompileOptionsProto`:
 * `executable_build_options { num_replicas, num_partitions: 1 }, env_option_overrides: flags`.
 */
export function encodeCompileOptions(
  { replicas, platform = "" }: { replicas: number; platform?: string },
): Uint8Array<ArrayBuffer> {
  const build = [...tag(4, VARINT), ...varint(replicas), ...tag(5, VARINT), ...varint(1)];
  const flags = Object.entries(compilerFlags(platform)).flatMap(([name, value]) => {
    return message(7, [...message(1, [...utf8(name)]), ...message(2, flagValue(value))]);
  });
  return new Uint8Array([...message(3, build), ...flags]);
}
