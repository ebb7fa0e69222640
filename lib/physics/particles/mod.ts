/** Particles: from a data set's windows to a simulator. @module */
export * from "./batch.ts";
export {
  type ParticleFeatureOptions,
  type ParticleFeatures,
  particleFeatures,
  type ParticleView,
} from "./features.ts";
export * from "./model.ts";
export * from "./noise.ts";
export * from "./simulator.ts";
export {
  type Moments,
  type ParticleMetadata,
  type ParticleStatistic,
  type ParticleWorld,
  particleWorld,
} from "./world.ts";
