/**
 * Models of graphs whose edges are split over devices: each device works on its own edges and on
 * all nodes, and what edges send to nodes is summed over devices.
 *
 * They are the models of `lib/models` with reductions over edges that go through all devices. So
 * all options are the same, and so are the values.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import type { GraphsTuple } from "../graph/mod.ts";
import { type EdgeReductions, gatOver, graphConvolutionOver } from "../models/internal.ts";
import {
  type AggregateFn,
  type AttentionNormalizeFn,
  type GATOptions,
  type GraphConvolutionOptions,
  type GraphFn,
  graphNetwork,
  type GraphNetworkOptions,
  type Updated,
} from "../models/mod.ts";
import {
  segmentMax,
  segmentMaxOrConstant,
  segmentMean,
  segmentMin,
  segmentMinOrConstant,
  segmentNormalize,
  segmentSoftmax,
  segmentSum,
  segmentVariance,
} from "../segment/mod.ts";
import { axisIndex } from "../transform/mod.ts";
import { describe, type Tensor, type Tree } from "../tree/mod.ts";
import type { ShardedEdgesGraphsTuple } from "./sharded_edges_graphs_tuple.ts";
import {
  type ShardedOptions,
  shardedSegmentMax,
  shardedSegmentMean,
  shardedSegmentMin,
  shardedSegmentSoftmax,
  shardedSegmentSum,
} from "./sharded_segments.ts";

/** A function of what one device has of a graph to the same with new features. */
export type ShardedModel<N extends Tree = never, E extends Tree = never, G extends Tree = never> = <
  T extends ShardedEdgesGraphsTuple,
>(sharded: T) => ShardedEdgesGraphsTuple<
  Updated<N, T["nodes"]>,
  Updated<E, T["deviceEdges"]>,
  Updated<G, T["globals"]>
>;

type ShardedReduction = (
  data: Tensor,
  segmentIds: Tensor,
  numSegments: number,
  options: ShardedOptions,
) => Tensor;

/** The reductions of this library, and what each is over all devices. */
const OVER_DEVICES = new Map<unknown, ShardedReduction>([
  [segmentSum, shardedSegmentSum],
  [segmentMean, shardedSegmentMean],
  [segmentMax, shardedSegmentMax],
  [segmentMin, shardedSegmentMin],
  [segmentSoftmax, shardedSegmentSoftmax],
]);

/** Those that are not built over devices. */
const ON_ONE_DEVICE = new Map<unknown, string>(
  Object.entries({
    segmentVariance,
    segmentNormalize,
    segmentMaxOrConstant,
    segmentMinOrConstant,
  }).map(([name, fn]) => [fn, name]),
);

/** A reduction over all devices; one of the user's own sees to that itself. */
function overDevices<F extends AggregateFn>(fn: F, options: ShardedOptions): AggregateFn {
  const sharded = OVER_DEVICES.get(fn);
  if (sharded) return (x, ids, count) => sharded(x, ids, count, options);
  if (!ON_ONE_DEVICE.has(fn)) return fn;
  throw new TypeError(
    `Cannot use ${ON_ONE_DEVICE.get(fn)} over devices as it would see the edges of one alone ` +
      `(write it with shardedSegmentSum, shardedSegmentMean, shardedSegmentMax and psum)`,
  );
}

function checkAxis(sharded: ShardedOptions): void {
  const names: unknown = sharded?.axisName;
  if (typeof names === "string" || Array.isArray(names) && names.length > 0) return;
  throw new TypeError(
    `Cannot build a sharded model as it needs the axis along which edges are split: axisName is ` +
      `${describe(names ?? null)} (give the name that pmap has: {axisName: "edges"})`,
  );
}

/**
 * What one device has, as a graph: all nodes and globals, and its own edges. To be called inside
 * `pmap`, where the axis of devices is gone.
 *
 * @param sharded A device's part of a sharded graph: N nodes, S edges, G graphs.
 * @returns A graph of N nodes and S edges.
 * @throws {TypeError} If deviceNEdge and deviceGraphIdx do not fit each other.
 *
 * @example
 * ```ts
 * import {
 *   deviceGraphsTuple,
 *   graphsTuple,
 *   graphsTupleToBroadcastedShardedGraphsTuple,
 *   pmap,
 * } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = graphsTuple({ senders: [0, 1], receivers: [1, 0], nNode: [2], nEdge: [2] });
 * const sharded = graphsTupleToBroadcastedShardedGraphsTuple(graph, 1);
 * const own = pmap((part: typeof sharded) => deviceGraphsTuple(part))(sharded);
 * assertEquals(own.senders.arraySync(), [[0, 1]]);
 * ```
 */
export function deviceGraphsTuple<N extends Tree, E extends Tree, G extends Tree>(
  sharded: ShardedEdgesGraphsTuple<N, E, G>,
): GraphsTuple<N, E, G> {
  return tidy(() => {
    const { nodes, deviceEdges, deviceSenders, deviceReceivers, globals, nNode } = sharded;
    // A device's edges are a run of all edges, so that its graphs are in order.
    const nEdge = segmentSum(sharded.deviceNEdge, sharded.deviceGraphIdx, nNode.shape[0]!);
    return {
      ...{ nodes, globals, nNode, nEdge, edges: deviceEdges },
      ...{ senders: deviceSenders, receivers: deviceReceivers },
    };
  });
}

/** Applies a model of a device's graph. */
function onDevice(model: GraphFn): (sharded: ShardedEdgesGraphsTuple) => ShardedEdgesGraphsTuple {
  return (sharded) =>
    tidy(() => {
      const { nodes, edges, globals } = model(deviceGraphsTuple(sharded));
      return { ...sharded, nodes, deviceEdges: edges, globals };
    });
}

/**
 * {@linkcode graphNetwork} on graphs whose edges are split over devices, attention included.
 * Jraph's `ShardedEdgesGraphNetwork`, which lacks `attentionNormalizeFn` and whose attention works
 * on one device alone.
 *
 * Works inside `pmap`, on what {@linkcode graphsTupleToBroadcastedShardedGraphsTuple} makes. Update
 * functions see a device's edges, `[S, ...]`, and all nodes, `[N, ...]`. `segmentSum`,
 * `segmentMean`, `segmentMax`, `segmentMin` and `segmentSoftmax` in the options are done over all
 * devices; a function of your own that aggregates or normalises edges has to do so itself, with
 * `psum` and its kin. Every device computes the same nodes and globals, so `pmean` of the
 * parameters' gradients is the gradient.
 *
 * @param options The options of `graphNetwork`.
 * @param sharded `axisName`: the axis of `pmap` along which edges are split.
 * @returns A function of a device's part of a graph to one of the same structure.
 * @throws {TypeError} If an option is no function; when called, if there is no such axis around it.
 *
 * @example Each node receives the sum of its edges, from however many devices
 * ```ts
 * import {
 *   graphsTuple,
 *   graphsTupleToBroadcastedShardedGraphsTuple,
 *   pmap,
 *   shardedEdgesGraphNetwork,
 *   type Tensor,
 * } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = graphsTuple({
 *   nodes: [0, 0],
 *   edges: [1, 2],
 *   senders: [0, 1],
 *   receivers: [1, 1],
 *   nNode: [2],
 *   nEdge: [2],
 * });
 * const network = shardedEdgesGraphNetwork({
 *   updateNodeFn: (_nodes: Tensor, _sent: Tensor, received: Tensor) => received,
 * }, { axisName: "edges" });
 * const sharded = graphsTupleToBroadcastedShardedGraphsTuple(graph, 1); // one device here
 * const { nodes } = pmap((part: typeof sharded) => network(part), { axisName: "edges" })(sharded);
 * assertEquals(nodes.arraySync(), [[0, 3]]);
 * ```
 */
export function shardedEdgesGraphNetwork<
  N extends Tree = never,
  E extends Tree = never,
  G extends Tree = never,
  A extends Tree = never,
>(
  options: GraphNetworkOptions<N, E, G, A>,
  sharded: ShardedOptions,
): ShardedModel<N, Updated<A, E>, G> {
  checkAxis(sharded);
  const { aggregateEdgesForNodesFn, aggregateEdgesForGlobalsFn, attentionNormalizeFn } = options ??
    {};
  const model = graphNetwork({
    ...options,
    aggregateEdgesForNodesFn: overDevices(aggregateEdgesForNodesFn ?? segmentSum, sharded),
    aggregateEdgesForGlobalsFn: overDevices(aggregateEdgesForGlobalsFn ?? segmentSum, sharded),
    attentionNormalizeFn: overDevices(attentionNormalizeFn ?? segmentSoftmax, sharded),
  } as GraphNetworkOptions);
  return onDevice(model as GraphFn) as ShardedModel<N, Updated<A, E>, G>;
}

/** Reductions over the edges of all devices; loops are added on the first one. */
function allDevices(options: ShardedOptions): EdgeReductions {
  return {
    sum: overDevices(segmentSum, options),
    softmax: overDevices(segmentSoftmax, options) as AttentionNormalizeFn,
    loops: (numNodes) =>
      tf.where(
        tf.equal(axisIndex(options.axisName), tf.scalar(0, "int32")),
        tf.range(0, numNodes, 1, "int32"),
        tf.fill([numNodes], -1, "int32"),
      ),
  };
}

/**
 * {@linkcode graphConvolution} on graphs whose edges are split over devices; see
 * {@linkcode shardedEdgesGraphNetwork}.
 *
 * @param options The options of `graphConvolution`.
 * @param sharded `axisName`: the axis of `pmap` along which edges are split.
 * @returns A function of a device's part of a graph to one with other nodes.
 * @throws {TypeError} If an option is no function; when called, if there is no such axis around it.
 *
 * @example
 * ```ts
 * import {
 *   graphsTuple,
 *   graphsTupleToBroadcastedShardedGraphsTuple,
 *   pmap,
 *   shardedGraphConvolution,
 *   type Tensor,
 * } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = shardedGraphConvolution({
 *   updateNodeFn: (nodes: Tensor) => nodes,
 *   addSelfEdges: true,
 *   symmetricNormalization: false,
 * }, { axisName: "edges" });
 * const graph = graphsTuple({ nodes: [1, 2], senders: [0], receivers: [1], nNode: [2], nEdge: [1] });
 * const sharded = graphsTupleToBroadcastedShardedGraphsTuple(graph, 1);
 * const { nodes } = pmap((part: typeof sharded) => layer(part), { axisName: "edges" })(sharded);
 * assertEquals(nodes.arraySync(), [[1, 3]]);
 * ```
 */
export function shardedGraphConvolution<N extends Tree>(
  options: GraphConvolutionOptions<N>,
  sharded: ShardedOptions,
): ShardedModel<N> {
  checkAxis(sharded);
  const { aggregateNodesFn } = options ?? {};
  const aggregate = aggregateNodesFn && overDevices(aggregateNodesFn, sharded);
  const given = aggregate ? { ...options, aggregateNodesFn: aggregate } : options;
  const model = graphConvolutionOver(given as GraphConvolutionOptions, allDevices(sharded));
  return onDevice(model) as ShardedModel<N>;
}

/**
 * {@linkcode gat} on graphs whose edges are split over devices; see
 * {@linkcode shardedEdgesGraphNetwork}.
 *
 * @param options The options of `gat`.
 * @param sharded `axisName`: the axis of `pmap` along which edges are split.
 * @returns A function of a device's part of a graph to one with other nodes.
 * @throws {TypeError} If an option is no function; when called, if there is no such axis around it.
 *
 * @example One head whose logits are all equal averages
 * ```ts
 * import {
 *   graphsTuple,
 *   graphsTupleToBroadcastedShardedGraphsTuple,
 *   pmap,
 *   shardedGAT,
 *   type Tensor,
 * } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const layer = shardedGAT({
 *   attentionQueryFn: (nodes: Tensor) => nodes,
 *   attentionLogitFn: (sender: Tensor) => tf.zerosLike(sender),
 * }, { axisName: "edges" });
 * const graph = graphsTuple({
 *   nodes: [[2], [4], [0]],
 *   senders: [0, 1],
 *   receivers: [2, 2],
 *   nNode: [3],
 *   nEdge: [2],
 * });
 * const sharded = graphsTupleToBroadcastedShardedGraphsTuple(graph, 1);
 * const { nodes } = pmap((part: typeof sharded) => layer(part), { axisName: "edges" })(sharded);
 * assertEquals(nodes.arraySync(), [[[0], [0], [3]]]);
 * ```
 */
export function shardedGAT<Q extends Tree, N extends Tree = never>(
  options: GATOptions<Q, N>,
  sharded: ShardedOptions,
): ShardedModel<Updated<N, Q>> {
  checkAxis(sharded);
  const model = gatOver(options as unknown as GATOptions, allDevices(sharded));
  return onDevice(model) as ShardedModel<Updated<N, Q>>;
}
