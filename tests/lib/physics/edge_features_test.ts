import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { displacementFeatures } from "../../../lib/physics/edge_features.ts";
import { grad } from "../../../lib/transform/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { forEachEngine } from "../../support/engines.ts";

/** A triangle 3, 4, 5 and an edge from node 2 to itself. */
function example() {
  return {
    position: tf.tensor2d([[0, 0], [3, 0], [3, 4]]),
    ends: {
      senders: tf.tensor1d([1, 2, 2, 2], "int32"),
      receivers: tf.tensor1d([0, 1, 0, 2], "int32"),
    },
  };
}

forEachEngine("displacementFeatures() gives sender minus receiver and the distance", () => {
  const { position, ends } = example();
  const features = displacementFeatures(position, ends).arraySync();
  assertEquals(features, [[3, 0, 3], [0, 4, 4], [3, 4, 5], [0, 0, 0]]);
});

forEachEngine("displacementFeatures() has a finite gradient where an edge has no length", () => {
  const { position, ends } = example();
  const length = (x: Tensor): Tensor => tf.sum(tf.slice(displacementFeatures(x, ends), [0, 2]));
  const away = grad(length)(position).arraySync() as number[][];
  // Unit vectors of the edges, added at senders and subtracted at receivers.
  const expected = [[-1.6, -0.8], [1, -1], [0.6, 1.8]];
  assertEquals(away.map((row) => row.map((x) => Math.round(x * 1e5) / 1e5)), expected);
});

Deno.test("displacementFeatures() refuses positions that are no rows", () => {
  const { ends } = example();
  assertThrows(
    () => displacementFeatures(tf.tensor1d([1, 2]), ends),
    TypeError,
    "Cannot compute the features of edges as positions are rows: expected float32 [N, D], got",
  );
});
