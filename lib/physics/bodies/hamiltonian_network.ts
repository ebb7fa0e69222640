/** The Hamiltonian graph network: a learned energy, whose gradient is the motion. @module */
import * as tf from "@tensorflow/tfjs";
import { mlp } from "../../nn/mod.ts";
import { split } from "../../random/mod.ts";
import { tidy } from "../../tfjs/mod.ts";
import type { Tensor } from "../../tree/mod.ts";
import { hamiltonFlow, type PhaseState } from "../symplectic.ts";
import {
  activation,
  type BodiesNetwork,
  type BodiesNetworkOptions,
  type BodiesParams,
  hiddenSizes,
  waysBetween,
} from "./network.ts";
import type { BodiesGraph } from "./trajectory.ts";

/** A network that moves bodies by an energy. */
export interface HamiltonianNetwork extends BodiesNetwork {
  /** The energy of all bodies, float32 `[]`. */
  energy(params: BodiesParams, graph: BodiesGraph, state: PhaseState): Tensor;
}

/**
 * A Hamiltonian graph network (Sanchez-Gonzalez et al. 2019, "Hamiltonian graph networks with ODE
 * integrators", arXiv:1909.12790): one number for each body and each edge, summed, is the energy.
 *
 *     H = Σᵢ nodes([mᵢ, pᵢ]) + Σₑ edges([eₑ, q_s - q_r])
 *
 * What differs from the paper, whose energy reads positions and momenta together: the energy is
 * kinetic plus potential, so that {@linkcode symplecticEuler} and its kin are symplectic, and it
 * reads differences of positions, so that the total momentum stays.
 *
 * @param options Sizes.
 * @returns `{init, energy, flow}`.
 * @throws {RangeError} If a size is not a positive integer.
 *
 * @example Two bodies, and what an untrained network has to say about them
 * ```ts
 * import { hamiltonianNetwork, leapfrog, random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const network = hamiltonianNetwork({ latentSize: 8 });
 * const flow = network.flow(network.init(random.key(0)), {
 *   mass: tf.ones([2, 1]),
 *   edges: tf.ones([2, 1]),
 *   senders: tf.tensor1d([0, 1], "int32"),
 *   receivers: tf.tensor1d([1, 0], "int32"),
 * });
 * const state = { position: tf.tensor2d([[0, 0], [1, 0]]), momentum: tf.zeros([2, 2]) };
 * assertEquals(leapfrog(flow, state, 0.1).position.shape, [2, 2]);
 * ```
 */
export function hamiltonianNetwork(options: BodiesNetworkOptions = {}): HamiltonianNetwork {
  const { dimension = 2, edgeSize = 1 } = options;
  const net = mlp({ sizes: [...hiddenSizes(options), 1], activation });
  const energy = (params: BodiesParams, graph: BodiesGraph, state: PhaseState): Tensor =>
    tidy(() => {
      const bodies = net.apply(params.nodes, tf.concat([graph.mass, state.momentum], 1));
      const pairs = net.apply(
        params.edges,
        tf.concat([graph.edges, waysBetween(state.position, graph)], 1),
      );
      return tf.add(tf.sum(bodies), tf.sum(pairs));
    });
  return {
    energy,
    init: (key) =>
      tidy(() => {
        const [forNodes, forEdges] = tf.unstack(split(key));
        return {
          nodes: net.init(forNodes!, 1 + dimension),
          edges: net.init(forEdges!, edgeSize + dimension),
        };
      }),
    flow: (params, graph) => hamiltonFlow((state) => energy(params, graph, state)),
  };
}
