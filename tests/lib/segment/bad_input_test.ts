import * as tf from "@tensorflow/tfjs";
import { assert, assertGreater } from "@std/assert";
import * as segment from "../../../lib/segment/mod.ts";
import {
  assertRefused,
  BAD_COUNTS,
  BAD_IDS,
  type BadCall,
  each,
  JUNK,
} from "../../support/bad_input.ts";
import { forEachEngine } from "../../support/engines.ts";

const REDUCTIONS = [
  ...["segmentSum", "segmentMean", "segmentVariance", "segmentNormalize", "segmentSoftmax"],
  ...["segmentMax", "segmentMin", "segmentMaxOrConstant", "segmentMinOrConstant"],
] as (keyof typeof segment & `segment${string}`)[];

/** Data that no function can take. */
const badData = (): Record<string, unknown> => {
  const disposed = tf.tensor([1, 2]);
  disposed.dispose();
  return {
    ...JUNK,
    null: null,
    undefined: undefined,
    "a disposed tensor": disposed,
    "a tensor of strings": tf.tensor(["a", "b"]),
    "a complex tensor": tf.complex([1, 2], [3, 4]),
    "a scalar": tf.scalar(1),
    "ragged rows": [[1], [2, 3]],
    "other lengths": [1, 2, 3],
    "a record with a fraction": { shape: [1.5], data: new Float32Array(2) },
    "a record with negative sizes": { shape: [-1, -2], data: new Float32Array(2) },
    "numbers and booleans": [true, 3],
    "an object": { a: [1, 2] },
  };
};

const badIds = (): Record<string, unknown> => ({
  ...BAD_IDS,
  null: null,
  undefined: undefined,
  "a float tensor": tf.tensor([0, 1]),
  "a bool tensor": tf.tensor([true, false]),
  "a tensor of rank 2": tf.zeros([2, 1], "int32"),
});

// deno-lint-ignore no-explicit-any
type Loose = (...args: any[]) => tf.Tensor;

function reductions(): BadCall[] {
  return [
    ...REDUCTIONS.flatMap((name) => {
      const fn = segment[name] as Loose;
      return [
        ...each(`${name}() data`, badData(), (bad) => fn(bad, [0, 1], 2), "data"),
        ...each(`${name}() ids`, badIds(), (bad) => fn([1, 2], bad, 2), "segmentIds"),
        ...each(`${name}() count`, BAD_COUNTS, (bad) => fn([1, 2], [0, 1], bad), "numSegments"),
        [`${name}() of no rows`, () => fn([], []), "segmentIds is empty"] as BadCall,
      ];
    }),
    ...each(
      "segmentNormalize() eps",
      { ...JUNK, NaN: NaN, "-1": -1, true: true },
      (eps) => segment.segmentNormalize([1, 2], [0, 0], 1, { eps }),
      "eps",
    ),
    ...each(
      "segmentMaxOrConstant() constant",
      { ...JUNK, NaN: NaN, Infinity },
      (constant) => segment.segmentMaxOrConstant(new Int32Array(2), [0, 0], 1, { constant }),
      "constant",
    ),
  ];
}

function gatherAndPartitions(): BadCall[] {
  const { undefined: _u, null: _n, ...badPartitions } = badIds();
  return [
    ...each(
      "segmentGather() data",
      { ...badData(), "other lengths": null },
      (bad) => segment.segmentGather(bad, [0, 1]),
      "data",
    ),
    ...each(
      "segmentGather() ids",
      badIds(),
      (bad) => segment.segmentGather([1, 2], bad),
      "segmentIds",
    ),
    ...each(
      "partitionIds()",
      { ...badPartitions, negative: [2, -1] },
      (bad) => segment.partitionIds(bad),
      "partitions",
    ),
    ...each(
      "partitionIds() sum",
      BAD_COUNTS,
      (bad) => segment.partitionIds([1, 1], bad),
      "sumPartitions",
    ),
    ...each(
      "partitionRepeat() data",
      badData(),
      (bad) => segment.partitionRepeat(bad, [1, 1]),
      "data",
    ),
    ...each(
      "partitionRepeat()",
      { ...badPartitions, negative: [2, -1] },
      (bad) => segment.partitionRepeat([1, 2], bad),
      "partitions",
    ),
    ...each(
      "partitionSoftmax()",
      { ...badPartitions, negative: [2, -1] },
      (bad) => segment.partitionSoftmax([1, 2], bad),
      "partitions",
    ),
    ...each(
      "partitionSoftmax() logits",
      badData(),
      (bad) => segment.partitionSoftmax(bad, [1, 1]),
      "data",
    ),
    ...each(
      "partitionSoftmax() sum",
      BAD_COUNTS,
      (bad) => segment.partitionSoftmax([1, 2], [1, 1], bad),
      "sumPartitions",
    ),
  ];
}

forEachEngine("every segment function refuses bad input in its own words, by name", () => {
  const calls = [...reductions(), ...gatherAndPartitions()];
  assertGreater(calls.length, 500);
  assertRefused(calls);
});

forEachEngine("null stands for what is left out", () => {
  for (const name of REDUCTIONS) {
    const result = (segment[name] as Loose)([1, 2], [0, 1], null, null);
    assert([...result.dataSync()].every(Number.isFinite), name);
  }
  segment.segmentNormalize([1, 2], [0, 1], null, { eps: null });
  segment.segmentMinOrConstant([1, 2], [0, 1], null, { constant: null });
});
