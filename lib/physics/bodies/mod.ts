/** Bodies that act on each other: networks for energy or forces, and a simulator. @module */
export { forceNetwork } from "./force_network.ts";
export { type HamiltonianNetwork, hamiltonianNetwork } from "./hamiltonian_network.ts";
export type { BodiesNetwork, BodiesNetworkOptions, BodiesParams } from "./network.ts";
export * from "./simulator.ts";
export * from "./trajectory.ts";
