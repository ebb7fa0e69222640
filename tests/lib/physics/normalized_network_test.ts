import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type GraphFunction, normalizedNetwork } from "../../../lib/physics/normalized_network.ts";
import { key } from "../../../lib/random/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { forEachEngine } from "../../support/engines.ts";

const numbers = (x: Tensor): number[] => Array.from(x.dataSync());

/** As a cloth has them: edges of the mesh, and edges between what touches in the world. */
type TwoEdgeSets = {
  readonly nodes: Tensor;
  readonly meshEdges: Tensor;
  readonly worldEdges: Tensor;
  readonly worldSenders: Tensor;
};

/** A network that tells what it was given: the sums of each part, and which senders. */
const telling: GraphFunction<Tensor, TwoEdgeSets, "nodes" | "meshEdges" | "worldEdges"> = {
  init: (_key, sizes) => tf.tensor1d([sizes.nodes, sizes.meshEdges, sizes.worldEdges]),
  apply: (_params, { nodes, meshEdges, worldEdges, worldSenders }) =>
    tf.stack(
      [nodes, meshEdges, worldEdges, tf.cast(worldSenders, "float32")].map((x) => tf.max(x)),
    ),
};

const graph = (): TwoEdgeSets => ({
  nodes: tf.tensor2d([[1], [3], [NaN]]),
  meshEdges: tf.tensor2d([[10, 0], [30, 0]]),
  worldEdges: tf.tensor2d([[7], [7], [7], [9]]),
  worldSenders: tf.tensor1d([0, 1, 2, 5], "int32"),
});

forEachEngine("normalizedNetwork() normalises each part that has a size, and no other", () => {
  const { init, accumulate, apply } = normalizedNetwork({
    network: telling,
    sizes: { nodes: 1, meshEdges: 2, worldEdges: 1 },
    outputSize: 1,
  });
  const { params, normalizers } = init(key(0));
  assertEquals(numbers(params), [1, 2, 1]);
  const masks = { nodes: tf.tensor1d([true, true, false]), output: tf.tensor1d([1, 0, 1]) };
  const seen = accumulate(normalizers, graph(), tf.tensor2d([[2], [NaN], [6]]), masks);
  const counts = [seen.nodes, seen.meshEdges, seen.worldEdges, seen.output];
  assertEquals(counts.map((each) => numbers(each.count)[0]), [2, 2, 4, 2]);
  const unmasked = { ...graph(), nodes: tf.tensor2d([[1], [3], [1]]) };
  const [nodes, meshEdges, worldEdges, worldSender] = numbers(
    apply({ params, normalizers: seen }, unmasked),
  );
  assertAlmostEquals(nodes!, 1, 1e-6);
  assertAlmostEquals(meshEdges!, 1, 1e-6);
  assertAlmostEquals(worldEdges!, 1.5 / Math.sqrt(0.75), 1e-6);
  assertEquals(worldSender, 5);
});

forEachEngine("normalizedNetwork() takes targets into the units of the output and back", () => {
  const { init, accumulate, normalize, inverse } = normalizedNetwork({
    network: telling,
    sizes: { nodes: 1, meshEdges: 2, worldEdges: 1 },
    outputSize: 1,
  });
  const target = tf.tensor2d([[10], [20], [30]]);
  const seen = accumulate(init(key(0)).normalizers, graph(), target);
  const normal = normalize(seen, target);
  const root = Math.sqrt(1.5);
  numbers(normal).forEach((x, i) => assertAlmostEquals(x, [-root, 0, root][i]!, 1e-6));
  numbers(inverse(seen, normal)).forEach((x, i) => assertAlmostEquals(x, [10, 20, 30][i]!, 1e-5));
});
