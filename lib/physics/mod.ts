/** Learned simulators: features, normalisers, integrators, rollouts, metrics. @module */
export { flowGraph } from "./flow_graph.ts";
export * from "./flow_model.ts";
export * from "./flow_sample.ts";
export * from "./flow_simulator.ts";
export type { FlowSymmetryOptions } from "./flow_symmetry.ts";
export * from "./flow_trajectory.ts";
export * from "./integrator.ts";
export * from "./mesh_graph_nets.ts";
export * from "./metrics.ts";
export * from "./node_type.ts";
export * from "./noise.ts";
export * from "./normalizer.ts";
export * from "./rollout.ts";
export * from "./verlet.ts";
