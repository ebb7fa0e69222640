/** Learned simulators: features, normalisers, integrators, rollouts, metrics. @module */
export * from "./bodies/mod.ts";
export * from "./cloth/mod.ts";
export { displacementFeatures, type DisplacementOptions } from "./edge_features.ts";
export * from "./flow/mod.ts";
export * from "./integrator.ts";
export * from "./learned_simulator.ts";
export * from "./mesh_graph_nets.ts";
export * from "./metrics.ts";
export * from "./multigraph_nets.ts";
export * from "./node_type.ts";
export * from "./noise.ts";
export * from "./normalized_network.ts";
export * from "./normalizer.ts";
export * from "./particle_metrics.ts";
export * from "./particles/mod.ts";
export * from "./plate/mod.ts";
export {
  predictEachFrame,
  rollout,
  type RolloutOptions,
  type StateRolloutOptions,
  type StepFn,
} from "./rollout.ts";
export { scanRollout } from "./scan_rollout.ts";
export * from "./symplectic.ts";
export * from "./verlet.ts";
