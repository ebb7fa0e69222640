/** The checkpoint that Python reads; run as a program, it writes it. @module */
import * as tf from "@tensorflow/tfjs";
import { saveCheckpoint } from "../../../lib/train/checkpoint.ts";
import type { Tree } from "../../../lib/tree/mod.ts";

/** Where the file lies. */
export const OURS = new URL("./ours.safetensors", import.meta.url);

/** The tree in it. */
export function makeTree(): Tree {
  return {
    layers: [
      { b: null, w: tf.tensor2d([[1.5, -2], [0.25, 1e-8]]) },
      { b: tf.tensor1d([3]), w: tf.zeros([0, 2]) },
    ],
    mask: tf.tensor1d([true, false, true]),
    step: tf.scalar(-7, "int32"),
  };
}

/** The metadata in it. */
export const METADATA = { note: "ünïcode", hyper: { rate: 0.1, sizes: [1, 2] }, done: true };

if (import.meta.main) {
  await tf.setBackend("cpu");
  await saveCheckpoint(OURS, makeTree(), { metadata: METADATA });
}
