/** Parameters and inputs for tests of layers. @module */
import * as tf from "@tensorflow/tfjs";
import * as random from "../../../lib/random/mod.ts";
import type { Layer } from "../../../lib/nn/mod.ts";
import { type Tensor, type Tree, treeLeaves, treeMap } from "../../../lib/tree/mod.ts";
import { assertLeavesBehind } from "../../support/assert_leaves_behind.ts";

/** The key that tests draw parameters from. */
export const key = (): Tensor => random.key(3);

/** Normal numbers. */
export const input = (...shape: number[]): Tensor => random.normal(random.key(11), shape);

/** Parameters that are no zeros and ones, so that each of them matters. */
export function perturb<P>(params: P): P {
  let seed = 20;
  const noise = (x: Tensor): Tensor => tf.mul(random.normal(random.key(seed++), x.shape), 0.3);
  return treeMap((x) => tf.add(x, noise(x)), params);
}

/** Fails unless a layer of 3 inputs makes its parameters and its result, and no tensor more. */
export function assertNoLeak<P>(layer: Layer<P>): void {
  const [seed, x] = [key(), input(2, 3)];
  const { length } = treeLeaves(layer.init(seed, 3) as Tree);
  const params = assertLeavesBehind(length, () => layer.init(seed, 3));
  assertLeavesBehind(0, () => tf.dispose(treeLeaves(layer.apply(params, x))));
}
