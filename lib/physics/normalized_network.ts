/** A network between normalisers: of the features it reads, and of what it predicts. @module */
import { tidy } from "../tfjs/mod.ts";
import type { Tensor } from "../tree/mod.ts";
import type { SimulatorWeights } from "./learned_simulator.ts";
import { normalizer, type NormalizerOptions, type NormalizerState } from "./normalizer.ts";

/**
 * How many features each part of a graph has, by the part's name, such as `{nodes: 11, edges: 3}`.
 */
export type FeatureSizes<Part extends string> = Readonly<Record<Part, number>>;

/** A network for graphs whose parts are features `[rows, F]`, as a pair of pure functions. */
export interface GraphFunction<Params, Graph, Part extends string> {
  /** Parameters for graphs with so many features. */
  init(key: Tensor, inputSize: FeatureSizes<Part>): Params;
  /** `[N, outputSize]`, of the size of one that is normalised. */
  apply(params: Params, graph: Graph): Tensor;
}

/** Statistics of each part of a graph, and of what is to come out. */
export type PartNormalizers<Part extends string> = Readonly<
  Record<Part | "output", NormalizerState>
>;

/** Which rows of each part, and of the output, count: bool or float32 `[rows]`; all without. */
export type PartMasks<Part extends string> = {
  readonly [Name in Part | "output"]?: Tensor | null;
};

/** Options of {@linkcode normalizedNetwork}. */
export interface NormalizedNetworkOptions<Params, Graph, Part extends string> {
  /** The network between the normalisers. */
  readonly network: GraphFunction<Params, Graph, Part>;
  /** The parts of a graph that are normalised, and how many features they have. */
  readonly sizes: FeatureSizes<Part>;
  /** How many features come out. */
  readonly outputSize: number;
  /** Options of all normalisers. */
  readonly normalizer?: NormalizerOptions;
}

/** A network between normalisers, as pure functions. */
export interface NormalizedNetwork<Params, Graph, Part extends string> {
  /** Random parameters, and normalisers that have seen nothing. */
  init(key: Tensor): SimulatorWeights<Params, PartNormalizers<Part>>;
  /** Normalisers that have seen one more graph and its target `[N, outputSize]`. */
  accumulate(
    seen: PartNormalizers<Part>,
    graph: Graph,
    target: Tensor,
    masks?: PartMasks<Part>,
  ): PartNormalizers<Part>;
  /** The prediction for a graph, in units of the output's deviation: `[N, outputSize]`. */
  apply(weights: SimulatorWeights<Params, PartNormalizers<Part>>, graph: Graph): Tensor;
  /** A target in those units. */
  normalize(seen: PartNormalizers<Part>, target: Tensor): Tensor;
  /** A prediction in the units of the target. */
  inverse(seen: PartNormalizers<Part>, output: Tensor): Tensor;
}

/**
 * Puts a network between online normalisers, as MeshGraphNets does: one for each part of a graph
 * that has features, one for the output.
 *
 * The parts are named, so a graph may have several sets of edges; what is not named in `sizes`
 * reaches the network as it is.
 *
 * @param options The network, and the sizes of what it reads and predicts.
 * @returns Pure functions of parameters and normalisers.
 * @throws {RangeError} If an option of the normalisers is not positive.
 *
 * @example A network that has nothing to learn
 * ```ts
 * import { normalizedNetwork, random, type Tensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * type Points = { readonly nodes: Tensor };
 * const network = { init: () => null, apply: (_params: null, { nodes }: Points) => nodes };
 * const { init, accumulate, apply, inverse } = normalizedNetwork({
 *   network,
 *   sizes: { nodes: 1 },
 *   outputSize: 1,
 * });
 * const { params, normalizers } = init(random.key(0));
 * const graph = { nodes: tf.tensor2d([[1], [3]]) };
 * const seen = accumulate(normalizers, graph, tf.tensor2d([[10], [50]]));
 * const output = apply({ params, normalizers: seen }, graph);
 * assertEquals(output.arraySync(), [[-1], [1]]);
 * assertEquals(inverse(seen, output).arraySync(), [[10], [50]]);
 * ```
 */
export function normalizedNetwork<
  Params,
  Part extends string,
  Graph extends Readonly<Record<Part, Tensor>>,
>(
  options: NormalizedNetworkOptions<Params, Graph, Part>,
): NormalizedNetwork<Params, Graph, Part> {
  const { network, sizes, outputSize } = options;
  const { init, accumulate, normalize, inverse } = normalizer(options.normalizer);
  const parts = Object.keys(sizes) as Part[];
  const each = <T>(fn: (part: Part) => T): Record<Part, T> =>
    Object.fromEntries(parts.map((part) => [part, fn(part)])) as Record<Part, T>;
  return {
    init: (key) => ({
      params: network.init(key, sizes),
      normalizers: { ...each((part) => init(sizes[part])), output: init(outputSize) },
    }),
    accumulate: (seen, graph, target, masks = {}) => ({
      ...each((part) => accumulate(seen[part], graph[part], masks[part] ?? null)),
      output: accumulate(seen.output, target, masks.output ?? null),
    }),
    apply: ({ params, normalizers }, graph) =>
      tidy(() => {
        const features = each((part) => normalize(normalizers[part], graph[part]));
        return network.apply(params, { ...graph, ...features });
      }),
    normalize: (seen, target) => normalize(seen.output, target),
    inverse: (seen, output) => inverse(seen.output, output),
  };
}
