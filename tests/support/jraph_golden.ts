/** What jraph itself gives; written by tests/golden/jraph/generate.py. @module */
import * as tf from "@tensorflow/tfjs";
import type { GraphsTuple } from "../../lib/graph/mod.ts";
import { type Tensor, type Tree, treeLeaves } from "../../lib/tree/mod.ts";

interface Encoded {
  readonly shape: number[];
  readonly dtype: "float32" | "int32" | "bool";
  readonly data: readonly (number | string)[];
}

const SPECIAL: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, "-inf": -Infinity };

const isEncoded = (value: object): value is Encoded => "dtype" in value && "data" in value;

/** Makes tensors of the arrays in a case; call it in the test, so that they are disposed with it. */
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

/** A case of a segment function; arrays are encoded. */
export interface SegmentCase {
  readonly fn: string;
  readonly title: string;
  readonly data: unknown;
  readonly ids: unknown;
  readonly num: number | null;
  readonly options: { readonly constant?: number };
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
  readonly second: unknown;
}

interface Golden {
  readonly segments: readonly SegmentCase[];
  readonly partitions: readonly Record<string, unknown>[];
  readonly batches: readonly Record<string, unknown>[];
  readonly pads: readonly Record<string, unknown>[];
  readonly dynamicBatches: readonly Record<string, unknown>[];
  readonly fullyConnected: readonly Record<string, unknown>[];
  readonly models: readonly ModelCase[];
}

/** The golden cases, arrays still encoded. */
export const GOLDEN: Golden = JSON.parse(
  Deno.readTextFileSync(new URL("../golden/jraph/golden.json", import.meta.url)),
);

/** A graph of a case. */
export const decodeGraph = (value: unknown): GraphsTuple => decode<GraphsTuple>(value);
