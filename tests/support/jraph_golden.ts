/** What Jraph itself gives; written by tests/golden/jraph/generate.py. @module */
import * as tf from "@tensorflow/tfjs";
import type { GraphsTuple } from "../../lib/graph/mod.ts";
import { type Tensor, type Tree, treeLeaves } from "../../lib/tree/mod.ts";
import { assertAllClose } from "./assert_all_close.ts";
import { GOLDEN_MARK } from "./golden_mark.ts";

interface Encoded {
  readonly shape: number[];
  readonly dtype: "float32" | "int32" | "bool";
  readonly data: readonly (number | string)[];
}

const SPECIAL: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, "-inf": -Infinity };

const isEncoded = (value: object): value is Encoded => "dtype" in value && "data" in value;

/**
 * Makes tensors of the arrays in a case; call it in the test, so that they are disposed with it.
 */
export function decode<T = Tree>(value: unknown): T {
  if (typeof value !== "object" || value === null) return value as T;
  if (isEncoded(value)) {
    const numbers = value.data.map((x) => typeof x === "string" ? SPECIAL[x]! : x);
    return tf.tensor(numbers, value.shape, value.dtype) as T;
  }
  if (Array.isArray(value)) return value.map((item) => decode(item)) as T;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, decode(v)])) as T;
}

/** The loss of the generator: all values, each times the cosine of its place. */
export function probe(tree: unknown): Tensor {
  return tf.addN(
    treeLeaves(tree as Tree).map((leaf) => {
      const cosines = Float32Array.from({ length: leaf.size }, (_, i) => Math.cos(i));
      return tf.sum(tf.mul(leaf, tf.tensor(cosines, leaf.shape)));
    }),
  );
}

/** Values compared with Jraph's so far in this process. */
let compared = 0;

// tools/test.ts adds these lines up.
globalThis.addEventListener("unload", () => {
  if (compared > 0) console.log(`${GOLDEN_MARK}${compared} values compared with jraph`);
});

/** Compares with what Jraph gave, which is encoded, and counts the values. */
export function assertGolden(actual: unknown, expected: unknown, tolerance: number): void {
  const decoded = decode(expected);
  assertAllClose(actual, decoded, { rtol: tolerance, atol: tolerance });
  compared += treeLeaves(decoded as Tree).reduce((sum, { size }) => sum + size, 0);
}

/** How far float32 values may be from Jraph's, relative plus absolute. */
export const VALUE = 1e-5;

/** How far derivatives may be. */
export const DERIVATIVE = 1e-4;

/** A case of a segment function; arrays are encoded. */
export interface SegmentCase {
  readonly fn: string;
  readonly title: string;
  readonly data: unknown;
  readonly ids: unknown;
  readonly num: number | null;
  /** Options by Jraph's names. */
  readonly options: Readonly<Record<string, number | boolean>>;
  readonly value: unknown;
  readonly weights?: unknown;
  readonly gradient?: unknown;
  readonly direction?: unknown;
  readonly second?: unknown;
}

/** A case of a model; arrays are encoded. */
export interface ModelCase {
  readonly name: string;
  readonly graph: unknown;
  readonly params: unknown;
  readonly output: unknown;
  readonly gradients: readonly [params: unknown, features: unknown];
  /** Of the probed gradients, by parameters and features. */
  readonly second: readonly [params: unknown, features: unknown];
}

type Cases = readonly Record<string, unknown>[];

interface Golden {
  readonly segments: readonly SegmentCase[];
  readonly partitions: Cases;
  readonly batches: Cases;
  readonly pads: Cases;
  readonly padRefusals: Cases;
  readonly dynamicBatches: Cases;
  readonly fullyConnected: Cases;
  readonly concatenated: Cases;
  readonly zeroOutputs: Record<string, unknown>;
  readonly sparseMatrices: Cases;
  readonly models: readonly ModelCase[];
  readonly ofIntegers: Cases;
}

const read = (name: string): Record<string, unknown> =>
  JSON.parse(Deno.readTextFileSync(new URL(`../golden/jraph/${name}.json`, import.meta.url)));

/** The golden cases, arrays still encoded. */
export const GOLDEN = {
  ...read("segments"),
  ...read("graphs"),
  ...read("models"),
} as unknown as Golden;

/** A graph of a case. */
export const decodeGraph = (value: unknown): GraphsTuple => decode<GraphsTuple>(value);
