/** A plain n-body network: learned forces. @module */
import * as tf from "@tensorflow/tfjs";
import { mlp } from "../../nn/mod.ts";
import { split } from "../../random/mod.ts";
import { segmentGather, segmentSum } from "../../segment/mod.ts";
import { tidy } from "../../tfjs/mod.ts";
import {
  activation,
  type BodiesNetwork,
  type BodiesNetworkOptions,
  hiddenSizes,
  waysBetween,
} from "./network.ts";

/**
 * A network for the forces between bodies: an interaction network (Battaglia et al. 2016,
 * arXiv:1612.00222), which the Hamiltonian one is to be compared with. No energy stands behind it.
 *
 *     mₑ = edges([eₑ, m_s, m_r, q_s - q_r]),  Fᵢ = nodes([mᵢ, Σ mₑ]),  vᵢ = pᵢ / mᵢ
 *
 * The force does not look at momenta and the velocity not at positions, so that the steps of
 * {@linkcode symplecticEuler} and its kin are those of a separable system; only they keep no
 * energy, as there is none.
 *
 * @param options Sizes.
 * @returns `{init, flow}`.
 * @throws {RangeError} If a size is not a positive integer.
 *
 * @example
 * ```ts
 * import { forceNetwork, leapfrog, random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const network = forceNetwork({ latentSize: 8 });
 * const flow = network.flow(network.init(random.key(0)), {
 *   mass: tf.fill([2, 1], 2),
 *   edges: tf.ones([2, 1]),
 *   senders: tf.tensor1d([0, 1], "int32"),
 *   receivers: tf.tensor1d([1, 0], "int32"),
 * });
 * const state = { position: tf.tensor2d([[0, 0], [1, 0]]), momentum: tf.ones([2, 2]) };
 * assertEquals(flow.velocity(state).arraySync(), [[0.5, 0.5], [0.5, 0.5]]);
 * assertEquals(leapfrog(flow, state, 0.1).momentum.shape, [2, 2]);
 * ```
 */
export function forceNetwork(options: BodiesNetworkOptions = {}): BodiesNetwork {
  const { latentSize = 64, dimension = 2, edgeSize = 1 } = options;
  const hidden = hiddenSizes(options);
  const message = mlp({ sizes: [...hidden, latentSize], activation });
  const force = mlp({ sizes: [...hidden, dimension], activation });
  return {
    init: (key) =>
      tidy(() => {
        const [forNodes, forEdges] = tf.unstack(split(key));
        return {
          nodes: force.init(forNodes!, 1 + latentSize),
          edges: message.init(forEdges!, edgeSize + 2 + dimension),
        };
      }),
    flow: (params, graph) => ({
      velocity: ({ momentum }) => tf.div(momentum, graph.mass),
      force: ({ position }) =>
        tidy(() => {
          const { mass, edges, senders, receivers } = graph;
          const [sender, receiver] = [senders, receivers].map((ids) => segmentGather(mass, ids));
          const read = [edges, sender!, receiver!, waysBetween(position, graph)];
          const messages = message.apply(params.edges, tf.concat(read, 1));
          const received = segmentSum(messages, receivers, mass.shape[0]!);
          return force.apply(params.nodes, tf.concat([mass, received], 1));
        }),
    }),
  };
}
