/** MeshGraphNets' network over several sets of edges. Copy this file to change it. @module */
import * as tf from "@tensorflow/tfjs";
import { formatShape } from "../base/mod.ts";
import type { AggregateFn } from "../models/mod.ts";
import { type Layer, mlp, type MlpParams } from "../nn/mod.ts";
import { split } from "../random/mod.ts";
import { segmentGather, segmentSum } from "../segment/mod.ts";
import { checkPositiveInteger } from "../tensor/mod.ts";
import { tidy } from "../tfjs/mod.ts";
import type { Tensor } from "../tree/mod.ts";

/** Options of `meshGraphNets`, for one set of edges. */
export interface MeshGraphNetsOptions {
  /** Features that are predicted for each node. */
  readonly outputSize: number;
  /** Features of nodes and edges in between; 128 by default. */
  readonly latentSize?: number;
  /** Hidden layers of each MLP, of the latent size; 2 by default. */
  readonly hiddenLayers?: number;
  /** Message-passing steps, each with its own weights; 15 by default. */
  readonly steps?: number;
  /** How nodes combine the edges that they receive; `segmentSum` by default. */
  readonly aggregateEdgesFn?: AggregateFn;
  /** The function between layers; `tf.relu` by default. */
  readonly activation?: (x: Tensor) => Tensor;
  /**
   * In which order an MLP reads what it is given, which matters to weights from elsewhere:
   * `[sender, receiver, edge]` and `[node, edges]` by default, as in MeshGraphNets, or
   * `[edge, receiver, sender]` and `[edges, node]`, as in GNS.
   */
  readonly order?: "MeshGraphNets" | "GNS";
}

/** Options of {@linkcode multigraphNets}. */
export interface MultigraphNetsOptions<Set extends string> extends MeshGraphNetsOptions {
  /** The names of the sets of edges, in the order in which nodes read what they receive. */
  readonly edgeSets: readonly Set[];
}

/** Edges of one kind. */
export type EdgeSet = {
  /** float32 `[E, F]`. */
  readonly features: Tensor;
  /** int32 `[E]`; N, the number of nodes, where there is no edge. */
  readonly senders: Tensor;
  /** int32 `[E]`; N where there is no edge. */
  readonly receivers: Tensor;
};

/** A graph with several sets of edges, each with features of its own. */
export type Multigraph<Set extends string> = {
  /** float32 `[N, F]`. */
  readonly nodes: Tensor;
  readonly edgeSets: Readonly<Record<Set, EdgeSet>>;
};

/** The parameters of one MLP for nodes and one for each set of edges. */
export type MultigraphBlockParams<Set extends string> = Readonly<Record<"nodes" | Set, MlpParams>>;

/** The parameters of {@linkcode multigraphNets}. */
export type MultigraphNetsParams<Set extends string> = {
  readonly encoder: MultigraphBlockParams<Set>;
  readonly processor: readonly MultigraphBlockParams<Set>[];
  readonly decoder: MlpParams;
};

/** A network for nodes of such graphs, as a pair of pure functions. */
export interface MultigraphNets<Set extends string> {
  /** Parameters for graphs with so many features on nodes and each set of edges. */
  init(key: Tensor, inputSize: Readonly<Record<"nodes" | Set, number>>): MultigraphNetsParams<Set>;
  /** `[N, outputSize]`. */
  apply(params: MultigraphNetsParams<Set>, graph: Multigraph<Set>): Tensor;
}

/**
 * The encode-process-decode network of MeshGraphNets with several sets of edges, such as those of
 * the mesh and those between nodes that touch (Pfaff et al. 2021, "Learning mesh-based simulation
 * with graph networks", arXiv:2010.03409; `core_model.py`).
 *
 *     v = encᵛ(v),  eₖ = encₖ(eₖ)
 *     eₖ' = fₖ([v_s, v_r, eₖ]),  v' = fᵛ([v, Σ e₁', Σ e₂', …]),  v ← v + v',  eₖ ← eₖ + eₖ'
 *     output = dec(v)
 *
 * Nodes sum the new edges before their residual is added. Each MLP but the decoder ends in a layer
 * norm. The concatenations are written plainly: on xla the compiler splits the products over them,
 * so that what belongs to nodes is computed for nodes.
 *
 * @param options Sizes, and the names of the sets.
 * @returns `{init, apply}`.
 * @throws {RangeError} If a size is not a positive integer; `apply`, if a set has not an edge's
 * features for each of its ends.
 *
 * @example A spring, and a contact
 * ```ts
 * import { multigraphNets, random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const edgeSets = ["spring", "contact"] as const;
 * const network = multigraphNets({ edgeSets, outputSize: 2, latentSize: 8, steps: 3 });
 * const params = network.init(random.key(0), { nodes: 4, spring: 1, contact: 3 });
 * const ids = (...of: number[]) => tf.tensor1d(of, "int32");
 * const output = network.apply(params, {
 *   nodes: tf.ones([3, 4]),
 *   edgeSets: {
 *     spring: { features: tf.ones([2, 1]), senders: ids(0, 1), receivers: ids(1, 0) },
 *     contact: { features: tf.ones([1, 3]), senders: ids(2), receivers: ids(0) },
 *   },
 * });
 * assertEquals(output.shape, [3, 2]);
 * ```
 */
export function multigraphNets<Set extends string>(
  options: MultigraphNetsOptions<Set>,
): MultigraphNets<Set> {
  const { outputSize, latentSize = 128, hiddenLayers = 2, steps = 15, activation = tf.relu } =
    options;
  for (const [name, size] of Object.entries({ outputSize, latentSize, hiddenLayers, steps })) {
    checkPositiveInteger(size, "make a mesh graph network", name);
  }
  const { edgeSets } = options;
  const hidden = new Array<number>(hiddenLayers).fill(latentSize);
  const block = mlp({ sizes: [...hidden, latentSize], activation, layerNorm: true });
  const decoder = mlp({ sizes: [...hidden, outputSize], activation });
  const process = messagePassing(options, block);
  const parts: readonly ("nodes" | Set)[] = ["nodes", ...edgeSets];
  const blocks = (keys: readonly Tensor[], sizeOf: (part: "nodes" | Set) => number) =>
    mapNames(parts, (part, i) => block.init(keys[i]!, sizeOf(part)));
  return {
    init: (key, inputSize) =>
      tidy(() => {
        const keys = tf.unstack(split(key, (steps + 1) * parts.length + 1));
        const [forEncoder, [forDecoder]] = [keys.splice(0, parts.length), keys.splice(0, 1)];
        return {
          encoder: blocks(forEncoder, (part) => inputSize[part]),
          processor: Array.from({ length: steps }, () =>
            blocks(
              keys.splice(0, parts.length),
              (part) => latentSize * (part === "nodes" ? parts.length : 3),
            )),
          decoder: decoder.init(forDecoder!, latentSize),
        };
      }),
    apply: (params, graph) =>
      tidy(() => {
        edgeSets.forEach((set) => checkEdgeSet(set, graph.edgeSets[set]));
        let latent: Multigraph<Set> = {
          nodes: block.apply(params.encoder.nodes, graph.nodes),
          edgeSets: mapNames(edgeSets, (set) => ({
            ...graph.edgeSets[set],
            features: block.apply(params.encoder[set], graph.edgeSets[set].features),
          })),
        };
        for (const step of params.processor) latent = process(step, latent);
        return decoder.apply(params.decoder, latent.nodes);
      }),
  };
}

/** A step: new edges of each set, new nodes of their sums, and both added to what was. */
function messagePassing<Set extends string>(
  { edgeSets, order, aggregateEdgesFn = segmentSum }: MultigraphNetsOptions<Set>,
  block: Layer<MlpParams>,
): (params: MultigraphBlockParams<Set>, graph: Multigraph<Set>) => Multigraph<Set> {
  const inOrder = (parts: Tensor[]): Tensor =>
    tf.concat(order === "GNS" ? parts.reverse() : parts, 1);
  return (params, { nodes, edgeSets: sets }) => {
    const messages = mapNames(edgeSets, (set) => {
      const { features, senders, receivers } = sets[set];
      const [sender, receiver] = [senders, receivers].map((ids) => segmentGather(nodes, ids));
      return block.apply(params[set], inOrder([sender!, receiver!, features]));
    });
    const count = nodes.shape[0]!;
    const received = edgeSets.map((set) =>
      aggregateEdgesFn(messages[set], sets[set].receivers, count)
    );
    return {
      nodes: tf.add(nodes, block.apply(params.nodes, inOrder([nodes, ...received]))),
      edgeSets: mapNames(edgeSets, (set) => ({
        ...sets[set],
        features: tf.add(sets[set].features, messages[set]),
      })),
    };
  };
}

function mapNames<Name extends string, T>(
  names: readonly Name[],
  fn: (name: Name, i: number) => T,
): Record<Name, T> {
  return Object.fromEntries(names.map((name, i) => [name, fn(name, i)])) as Record<Name, T>;
}

function checkEdgeSet(name: string, { features, senders, receivers }: EdgeSet): void {
  const [count] = features.shape;
  if ([senders, receivers].every((ids) => ids.rank === 1 && ids.shape[0] === count)) return;
  throw new RangeError(
    `Cannot apply a mesh graph network as each edge has two ends: ${name} has features ` +
      `${formatShape(features.shape)}, senders ${formatShape(senders.shape)}, receivers ` +
      formatShape(receivers.shape),
  );
}
