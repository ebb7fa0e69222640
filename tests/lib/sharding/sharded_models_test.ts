import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  adam,
  applyUpdates,
  deviceGraphsTuple,
  gat,
  grad,
  graphConvolution,
  graphNetwork,
  type GraphNetworkOptions,
  type GraphsTuple,
  graphsTuple,
  graphsTupleToBroadcastedShardedGraphsTuple,
  jit,
  linear,
  meshGraphNets,
  mlp,
  padWithGraphs,
  pmap,
  pmean,
  psum,
  random,
  segmentMax,
  segmentMean,
  segmentMin,
  segmentNormalize,
  segmentSoftmax,
  segmentSum,
  shardedEdgesGraphNetwork,
  type ShardedEdgesGraphsTuple,
  shardedGAT,
  shardedGraphConvolution,
  shardedSegmentMean,
  shardedSegmentSoftmax,
  shardedSegmentSum,
  type Tensor,
  type Tree,
  treeLeaves,
  treeMap,
  valueAndGrad,
} from "../../../mod.ts";
import { randomStream } from "../../../datasets/random_stream.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { devicesTest } from "../../support/engines.ts";

const AXIS = { axisName: "edges" };
const DEVICES = [1, 2, 3, 4];

/** Three graphs, one without edges, padded to 24 edges: a multiple of every number of devices. */
function someGraph(): GraphsTuple<Tensor, Tensor, Tensor> {
  const { integer, uniform } = randomStream(7);
  const [nNode, nEdge] = [[5, 3, 4], [13, 0, 8]];
  const rows = (count: number): number[][] =>
    Array.from({ length: count }, () => [uniform(-1, 1), uniform(-1, 1)]);
  const first = [0, 5, 8];
  const ends = (): number[] =>
    nEdge.flatMap((count, g) =>
      Array.from({ length: count }, () => first[g]! + integer(nNode[g]!))
    );
  const graph = graphsTuple({
    nodes: rows(12),
    edges: rows(21),
    globals: rows(3),
    ...{ senders: ends(), receivers: ends(), nNode, nEdge },
  });
  return padWithGraphs(graph, 14, 24, 4) as GraphsTuple<Tensor, Tensor, Tensor>;
}

const stack = (x: Tensor, count: number): Tensor => tf.stack(Array<Tensor>(count).fill(x));
const copies = <T>(tree: T, count: number): T => treeMap((x) => stack(x, count), tree as Tree) as T;

/** Calls a function of one device's part of a graph on so many devices. */
function onDevices<T>(
  devices: number,
  f: (part: ShardedEdgesGraphsTuple<Tensor, Tensor, Tensor>) => T,
): T {
  const sharded = graphsTupleToBroadcastedShardedGraphsTuple(someGraph(), devices);
  return pmap(f, AXIS)(sharded);
}

/** Holds each device's copy of a result against the whole. */
function assertEachIs(rows: Tensor, whole: Tensor): void {
  for (const row of tf.unstack(rows)) assertAllClose(row, whole, { rtol: 1e-5, atol: 1e-5 });
}

/** Holds the edges of all devices, one after another, against the whole. */
function assertJoinedIs(rows: Tensor, whole: Tensor): void {
  assertAllClose(tf.reshape(rows, whole.shape), whole, { rtol: 1e-5, atol: 1e-5 });
}

const concat = (...parts: (Tensor | null)[]): Tensor =>
  tf.concat(parts.filter((part) => part !== null), 1);
const mix = (seed: number) => (...parts: Tensor[]): Tensor => {
  const x = concat(...parts);
  return tf.tanh(tf.matMul(x, random.normal(random.key(seed), [x.shape[1]!, 2])));
};

const UPDATES = { updateEdgeFn: mix(1), updateNodeFn: mix(2), updateGlobalFn: mix(3) };
const ATTENTION = {
  attentionLogitFn: mix(4),
  attentionReduceFn: (edges: Tensor, weights: Tensor) => tf.mul(edges, weights),
};

const NETWORKS: Record<string, GraphNetworkOptions<Tensor, Tensor, Tensor, Tensor>> = {
  "all updates": UPDATES,
  "no updates": {},
  "nodes alone": { updateNodeFn: mix(2) },
  "attention": { ...UPDATES, ...ATTENTION },
  "attention by a sum of its own": {
    ...UPDATES,
    ...ATTENTION,
    attentionNormalizeFn: segmentSoftmax,
  },
  "means": {
    ...UPDATES,
    aggregateEdgesForNodesFn: segmentMean,
    aggregateEdgesForGlobalsFn: segmentMean,
    aggregateNodesForGlobalsFn: segmentMean,
  },
  "maxima of one, minima of the other": {
    updateEdgeFn: UPDATES.updateEdgeFn,
    updateNodeFn: (...parts: Tensor[]) => mix(2)(...parts.map((x) => tf.clipByValue(x, -9, 9))),
    aggregateEdgesForNodesFn: segmentMax,
    aggregateEdgesForGlobalsFn: segmentMin,
  },
};

for (const [name, options] of Object.entries(NETWORKS)) {
  devicesTest(4, `a graph network with ${name} is the same on 1 to 4 devices`, () => {
    const whole = graphNetwork(options)(someGraph());
    const network = shardedEdgesGraphNetwork(options, AXIS);
    for (const devices of DEVICES) {
      const { nodes, deviceEdges, globals } = onDevices(devices, network);
      assertEachIs(nodes, whole.nodes);
      assertJoinedIs(deviceEdges, whole.edges);
      assertEachIs(globals, whole.globals);
    }
  });
}

devicesTest(4, "nests of features are sharded too", () => {
  const nest = (graph: GraphsTuple<Tensor, Tensor, Tensor>) => ({
    ...graph,
    edges: { a: graph.edges, b: [tf.sum(graph.edges, 1)] },
  });
  const options = {
    updateNodeFn: (
      nodes: Tensor,
      _sent: Tree,
      received: { a: Tensor; b: [Tensor] },
    ) => tf.add(tf.add(nodes, received.a), tf.reshape(received.b[0], [-1, 1])),
  };
  const whole = graphNetwork(options)(nest(someGraph()));
  const sharded = graphsTupleToBroadcastedShardedGraphsTuple(nest(someGraph()), 3);
  const network = shardedEdgesGraphNetwork(options, AXIS);
  const parts = pmap((part: typeof sharded) => network(part), AXIS)(sharded);
  assertEachIs(parts.nodes, whole.nodes);
  assertJoinedIs(parts.deviceEdges.b[0]!, whole.edges.b[0]!);
});

devicesTest(4, "a graph convolution is the same on 1 to 4 devices, loops included", () => {
  for (const addSelfEdges of [false, true]) {
    for (const symmetricNormalization of [false, true]) {
      const options = { updateNodeFn: mix(5), addSelfEdges, symmetricNormalization };
      const whole = graphConvolution(options)(someGraph());
      const layer = shardedGraphConvolution(options, AXIS);
      for (const devices of DEVICES) assertEachIs(onDevices(devices, layer).nodes, whole.nodes);
    }
  }
  const options = { updateNodeFn: mix(5), aggregateNodesFn: segmentMean };
  const whole = graphConvolution(options)(someGraph());
  const layer = shardedGraphConvolution(options, AXIS);
  assertEachIs(onDevices(3, layer).nodes, whole.nodes);
});

devicesTest(4, "graph attention is the same on 1 to 4 devices", () => {
  const options = {
    attentionQueryFn: (nodes: Tensor) => tf.reshape(mix(6)(nodes), [-1, 2, 1]),
    attentionLogitFn: (sender: Tensor, receiver: Tensor) => tf.mul(3, tf.mul(sender, receiver)),
  };
  const whole = gat(options)(someGraph());
  const layer = shardedGAT(options, AXIS);
  for (const devices of DEVICES) assertEachIs(onDevices(devices, layer).nodes, whole.nodes);
});

// What every device computes of its own copy of the parameters: the gradient is their mean.
const net = mlp({ sizes: [8, 2] });
const logits = linear({ size: 2 });
type Params = { edge: ReturnType<typeof net.init>; logit: ReturnType<typeof logits.init> };

function networkOf({ edge, logit }: Params): GraphNetworkOptions<Tensor, Tensor, Tensor, Tensor> {
  return {
    updateEdgeFn: (...parts: Tensor[]) => net.apply(edge, concat(...parts)),
    updateNodeFn: UPDATES.updateNodeFn,
    updateGlobalFn: UPDATES.updateGlobalFn,
    attentionLogitFn: (edges: Tensor) => logits.apply(logit, edges),
    attentionReduceFn: ATTENTION.attentionReduceFn,
  };
}

const paramsOf = (seed: number): Params => {
  const [a, b] = tf.unstack(random.split(random.key(seed)));
  return { edge: net.init(a!, 8), logit: logits.init(b!, 2) };
};
const lossOf = (nodes: Tensor, globals: Tensor): Tensor =>
  tf.add(tf.sum(tf.square(nodes)), tf.sum(tf.square(globals)));

devicesTest(4, "the mean of the devices' gradients is the gradient, attention included", () => {
  const params = paramsOf(1);
  const [value, grads] = valueAndGrad((p: Params) => {
    const { nodes, globals } = graphNetwork(networkOf(p))(someGraph());
    return lossOf(nodes, globals);
  })(params);
  for (const devices of DEVICES) {
    const sharded = graphsTupleToBroadcastedShardedGraphsTuple(someGraph(), devices);
    const step = pmap((p: Params, part: typeof sharded) => {
      const loss = (p: Params): Tensor => {
        const { nodes, globals } = shardedEdgesGraphNetwork(networkOf(p), AXIS)(part);
        return lossOf(nodes, globals);
      };
      const [value, grads] = valueAndGrad(loss)(p);
      return { value, grads: pmean(grads, "edges") };
    }, AXIS);
    const result = step(copies(params, devices), sharded);
    assertEachIs(result.value, value);
    const expected = treeLeaves(grads as Tree);
    treeLeaves(result.grads as Tree).forEach((leaf, i) => assertEachIs(leaf, expected[i]!));
  }
});

devicesTest(4, "a training curve is the same on 1, 2 and 4 devices", () => {
  const optimizer = adam(0.02);
  type State = { params: Params; state: ReturnType<typeof optimizer.init> };
  const update = ({ params, state }: State, grads: Params): State => {
    const [updates, next] = optimizer.update(grads, state);
    return { params: applyUpdates(params, updates), state: next };
  };
  const whole = jit((s: State) => {
    const [value, grads] = valueAndGrad((p: Params) => {
      const { nodes, globals } = graphNetwork(networkOf(p))(someGraph_);
      return lossOf(nodes, globals);
    })(s.params);
    return { value, next: update(s, grads) };
  });
  const someGraph_ = someGraph();
  const params = paramsOf(2);
  const start: State = { params, state: optimizer.init(params) };
  const curve: number[] = [];
  let one = start;
  for (let i = 0; i < 15; i++) {
    const { value, next } = whole(one);
    curve.push(value.dataSync()[0]!);
    one = next;
  }
  for (const devices of [1, 2, 4]) {
    const sharded = graphsTupleToBroadcastedShardedGraphsTuple(someGraph(), devices);
    const step = pmap((s: State, part: typeof sharded) => {
      const [value, grads] = valueAndGrad((p: Params) => {
        const { nodes, globals } = shardedEdgesGraphNetwork(networkOf(p), AXIS)(part);
        return lossOf(nodes, globals);
      })(s.params);
      return { value, next: update(s, pmean(grads, "edges")) };
    }, AXIS);
    let many = copies(start, devices);
    const losses = curve.map(() => {
      const { value, next } = step(many, sharded);
      many = next;
      return value.dataSync()[0]!;
    });
    assertAllClose(tf.tensor1d(losses), tf.tensor1d(curve), { rtol: 1e-4, atol: 1e-4 });
  }
});

devicesTest(4, "MeshGraphNets on 1 to 4 devices' edges is MeshGraphNets, gradients too", () => {
  const options = { outputSize: 2, latentSize: 8, hiddenLayers: 1, steps: 2 };
  const network = meshGraphNets(options);
  const params = network.init(random.key(4), { nodes: 2, edges: 2 });
  type NetParams = typeof params;
  const lossOfNet = (p: NetParams, graph: GraphsTuple<Tensor, Tensor, Tensor>, net = network) =>
    valueAndGrad((p: NetParams) => tf.sum(tf.square(net.apply(p, { ...graph, globals: null }))))(p);
  const whole = network.apply(params, { ...someGraph(), globals: null });
  const [value, grads] = lossOfNet(params, someGraph());
  const parallel = meshGraphNets({
    ...options,
    aggregateEdgesFn: (x, ids, count) => shardedSegmentSum(x, ids, count, AXIS),
  });
  for (const devices of DEVICES) {
    const sharded = graphsTupleToBroadcastedShardedGraphsTuple(someGraph(), devices);
    const result = pmap((p: NetParams, part: typeof sharded) => {
      const graph = deviceGraphsTuple(part);
      const [value, grads] = lossOfNet(p, graph, parallel);
      const nodes = parallel.apply(p, { ...graph, globals: null });
      return { nodes, value, grads: pmean(grads, "edges") };
    }, AXIS)(copies(params, devices), sharded);
    assertEachIs(result.nodes, whole);
    assertEachIs(result.value, value);
    const expected = treeLeaves(grads as Tree);
    treeLeaves(result.grads as Tree).forEach((leaf, i) => assertEachIs(leaf, expected[i]!));
  }
});

devicesTest(4, "graphs along one axis and edges along the other", () => {
  const parts = [someGraph(), { ...someGraph(), nodes: tf.neg(someGraph().nodes) }].map((graph) =>
    graphsTupleToBroadcastedShardedGraphsTuple(graph, 2)
  );
  const leaves = parts.map((part) => treeLeaves(part as Tree));
  let at = 0;
  const both = treeMap(() => {
    const pair = tf.stack(leaves.map((of) => of[at]!));
    at++;
    return pair;
  }, parts[0] as Tree) as unknown as typeof parts[0] & object;
  const network = shardedEdgesGraphNetwork(UPDATES, AXIS);
  const mean = pmap((part: typeof both) => pmean(network(part).globals, "data"), {
    axes: { data: 2, edges: 2 },
  })(both);
  const whole = graphNetwork(UPDATES);
  const expected = [someGraph(), { ...someGraph(), nodes: tf.neg(someGraph().nodes) }]
    .map((graph) => whole(graph).globals as Tensor);
  const average = tf.div(tf.add(expected[0]!, expected[1]!), 2);
  for (const row of tf.unstack(mean)) assertEachIs(row, average);
});

devicesTest(4, "an aggregation of one's own has to go through the devices itself", () => {
  const own = (x: Tensor, ids: Tensor, count: number): Tensor =>
    psum(tf.mul(2, segmentSum(x, ids, count)), "edges");
  const options = { updateNodeFn: (_nodes: Tensor, _sent: Tensor, received: Tensor) => received };
  const whole = graphNetwork(options)(someGraph());
  const network = shardedEdgesGraphNetwork({ ...options, aggregateEdgesForNodesFn: own }, AXIS);
  assertEachIs(onDevices(2, network).nodes, tf.mul(2, whole.nodes as Tensor));
});

devicesTest(4, "sharded reductions keep dtypes and empty segments", () => {
  const ids = tf.tensor2d([[0, 0], [2, 5]], [2, 2], "int32");
  const big = 2 ** 24 + 1;
  const sums = pmap((x: Tensor, ids: Tensor) => shardedSegmentSum(x, ids, 3, AXIS), AXIS)(
    tf.tensor2d([[big, 1], [7, 9]], [2, 2], "int32"),
    ids,
  );
  assertEquals([sums.dtype, sums.arraySync()], ["int32", Array(2).fill([big + 1, 0, 7])]);
  const means = pmap((x: Tensor, ids: Tensor) => shardedSegmentMean(x, ids, 3, AXIS), AXIS)(
    tf.tensor2d([[1, 3], [7, 9]]),
    ids,
  );
  assertEquals(means.arraySync(), Array(2).fill([2, 0, 7]));
});

devicesTest(4, "sharded means are exact of integers; NaN of a dropped row reaches nothing", () => {
  const ids = tf.tensor2d([[0, -1], [0, 1]], [2, 2], "int32");
  const big = 2 ** 24;
  const means = pmap((x: Tensor, ids: Tensor) => shardedSegmentMean(x, ids, 2, AXIS), AXIS)(
    tf.tensor2d([[big + 1, 5], [big + 3, 7]], [2, 2], "int32"),
    ids,
  );
  assertEquals(means.arraySync(), Array(2).fill([big + 2, 7]));
  const logits = tf.tensor2d([[1, NaN], [1, 3]]);
  const loss = (x: Tensor, ids: Tensor): Tensor =>
    tf.sum(tf.square(shardedSegmentSoftmax(x, ids, 2, AXIS)));
  const weights = pmap((x: Tensor, ids: Tensor) => shardedSegmentSoftmax(x, ids, 2, AXIS), AXIS);
  assertEquals(weights(logits, ids).arraySync(), [[0.5, 0], [0.5, 1]]);
  assertEquals(pmap(grad(loss), AXIS)(logits, ids).arraySync(), [[0, 0], [0, 0]]);
});

devicesTest(4, "sharded models name what is missing", () => {
  const network = shardedEdgesGraphNetwork(UPDATES, { axisName: "edges" });
  const part = graphsTupleToBroadcastedShardedGraphsTuple(someGraph(), 2);
  assertThrows(
    () => pmap((part_: typeof part) => network(part_), { axisName: "data" })(part),
    TypeError,
    "Cannot psum along the axis edges as it is not one of the axes around the call: there are data",
  );
  assertThrows(
    () => shardedEdgesGraphNetwork({ updateEdgeFn: 3 as never }, AXIS),
    TypeError,
    "updateEdgeFn must be a function",
  );
  assertThrows(
    () => shardedGraphConvolution({} as never, AXIS),
    TypeError,
    "updateNodeFn must be a function",
  );
  assertThrows(
    () => shardedEdgesGraphNetwork({ aggregateEdgesForNodesFn: segmentNormalize }, AXIS),
    TypeError,
    "Cannot use segmentNormalize over devices",
  );
  assertThrows(
    () => shardedEdgesGraphNetwork(UPDATES, {} as never),
    TypeError,
    "Cannot build a sharded model as it needs the axis",
  );
});
