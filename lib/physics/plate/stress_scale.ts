/** Stress, made tame: its range is wide, and most of a plate has little of it. @module */
import * as tf from "@tensorflow/tfjs";
import { describe, type Tensor } from "../../tree/mod.ts";

/** What is learned in the place of a stress. */
export type StressScale = "linear" | "sqrt" | "log";

/** To what is learned, and back. */
interface Scale {
  to(stress: Tensor): Tensor;
  from(value: Tensor): Tensor;
}

const SCALES: Readonly<Record<StressScale, Scale>> = {
  linear: { to: (stress) => tf.clone(stress), from: (value) => tf.clone(value) },
  // No stress is negative; what a network says may be.
  sqrt: { to: (stress) => tf.sqrt(tf.relu(stress)), from: (value) => tf.square(tf.relu(value)) },
  log: { to: (stress) => tf.log1p(tf.relu(stress)), from: (value) => tf.expm1(tf.relu(value)) },
};

/** The scale of this name. */
export function stressScale(name: StressScale): Scale {
  if (Object.hasOwn(SCALES, name)) return SCALES[name];
  throw new TypeError(
    `Cannot make a model of a plate as stress is scaled in a known way: expected one of ` +
      `${Object.keys(SCALES).join(", ")}, got ${describe(name)}`,
  );
}
