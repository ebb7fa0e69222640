import * as tf from "@tensorflow/tfjs";
import { assertThrows } from "@std/assert";
import { TracerError } from "../../../lib/engine/mod.ts";
import {
  partitionIds,
  partitionRepeat,
  partitionSoftmax,
  segmentSoftmax,
  segmentSum,
} from "../../../lib/segment/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { pretendTracer } from "../../support/pretend_tracer.ts";

await tf.setBackend("cpu");
const tracer = await pretendTracer(tf.tensor([1, 2], [2], "int32"));

Deno.test("segment functions without numSegments refuse a tracer and name the way round", () => {
  for (const fn of [segmentSum, segmentSoftmax]) {
    assertThrows(
      () => fn([1, 2], tracer),
      TracerError,
      `Cannot compute ${fn.name}() without numSegments as inside jit values are not known yet: ` +
        "segmentIds is a tracer, int32 [2] (pass numSegments",
    );
  }
  assertAllClose(segmentSum([1, 2], tracer, 3), [0, 1, 2]);
});

Deno.test("partition functions without sumPartitions refuse a tracer and name the way round", () => {
  const calls = {
    partitionIds: () => partitionIds(tracer),
    partitionRepeat: () => partitionRepeat([1, 2], tracer),
    partitionSoftmax: () => partitionSoftmax([1, 2, 3], tracer),
  };
  for (const [name, call] of Object.entries(calls)) {
    assertThrows(
      call,
      TracerError,
      `Cannot compute ${name}() without sumPartitions as inside jit values are not known yet: ` +
        "partitions is a tracer, int32 [2] (pass sumPartitions",
    );
  }
  assertAllClose(partitionSoftmax([1, 2, 2], tracer, 3), [1, 0.5, 0.5]);
});
