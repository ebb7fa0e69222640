/** Optimisers, schedules, losses, checkpoints and the training loop. @module */
export * from "./adam.ts";
export * from "./checkpoint.ts";
export * from "./clip.ts";
export * from "./ema.ts";
export * from "./interrupt.ts";
export * from "./loop.ts";
export * as losses from "./losses.ts";
export { addDecayedWeights, scaleByLearningRate } from "./scale.ts";
export * as schedules from "./schedules.ts";
export type { Schedule } from "./schedules.ts";
export * from "./sgd.ts";
export * from "./train_step.ts";
export { applyUpdates, chain, type GradientTransformation } from "./transformation.ts";
