import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import {
  batch,
  type GraphsTuple,
  graphsTuple,
  padWithGraphs,
  unbatch,
  unpadWithGraphs,
} from "../../../lib/graph/mod.ts";
import { graphMapFeatures, graphNetwork } from "../../../lib/models/mod.ts";
import { segmentMax } from "../../../lib/segment/mod.ts";
import { jit } from "../../../lib/transform/mod.ts";
import type { Tensor, Tree } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine } from "../../support/engines.ts";
import { assertLeavesBehind } from "../../support/assert_leaves_behind.ts";

/** Edges 0 → 1, 2 → 1 in the first graph, none in the second. */
const graph = (): GraphsTuple =>
  graphsTuple({
    nodes: [[1], [2], [4], [8]],
    edges: [[10], [20]],
    senders: [0, 2],
    receivers: [1, 1],
    globals: [[100], [200]],
    nNode: [3, 1],
    nEdge: [2, 0],
  });

const add = (...xs: Tree[]): Tensor => tf.addN(xs as Tensor[]);

forEachEngine("graphNetwork() updates edges, then nodes, then globals", () => {
  const network = graphNetwork({
    updateEdgeFn: (edges, sender, receiver, globals) => add(edges, sender, receiver, globals),
    updateNodeFn: (nodes, sent, received, globals) => add(nodes, sent, received, globals),
    updateGlobalFn: (nodes, edges, globals) => add(nodes, edges, globals),
  });
  // e0 = 10 + 1 + 2 + 100, e1 = 20 + 4 + 2 + 100; node 1 receives both, 0 and 2 send one each.
  const expected = {
    ...graph(),
    edges: [[113], [126]],
    nodes: [[1 + 113 + 100], [2 + 239 + 100], [4 + 126 + 100], [8 + 200]],
    globals: [[214 + 341 + 230 + 239 + 100], [208 + 200]],
  };
  assertAllClose(network(graph()), expected);
  assertAllClose(jit(network)(graph()), expected);
});

forEachEngine("graphNetwork() calls its functions with what jraph does, in jraph's order", () => {
  const calls: Record<string, unknown[]> = {};
  const record = (name: string) => (...args: Tree[]): Tree => {
    calls[name] = args.map((x) => x === null ? null : (x as Tensor).arraySync());
    return args[0]!;
  };
  const { edges, nodes, globals } = graphNetwork({
    updateEdgeFn: record("edge"),
    attentionLogitFn: record("logit"),
    attentionNormalizeFn: (logits, segmentIds, numSegments) => {
      calls["normalize"] = [logits.arraySync(), segmentIds.arraySync(), numSegments];
      return tf.mul(logits, 2);
    },
    attentionReduceFn: (edges, weights) => add(edges, weights),
    updateNodeFn: record("node"),
    updateGlobalFn: record("global"),
    aggregateEdgesForNodesFn: (data, segmentIds, numSegments) =>
      segmentMax(data, segmentIds, numSegments),
  })(graph());
  const none = -Infinity;
  const perEdge = [[[10], [20]], [[1], [4]], [[2], [2]], [[100], [100]]];
  assertEquals(calls, {
    edge: perEdge,
    logit: perEdge,
    normalize: [[[10], [20]], [1, 1], 4],
    node: [
      [[1], [2], [4], [8]],
      [[30], [none], [60], [none]],
      [[none], [60], [none], [none]],
      [[100], [100], [100], [200]],
    ],
    global: [[[7], [8]], [[90], [0]], [[100], [200]]],
  });
  assertAllClose([edges, nodes], [[[30], [60]], [[1], [2], [4], [8]]]);
  assertAllClose(globals, [[7], [8]]);
});

forEachEngine("graphNetwork() without updates gives the graph back", () => {
  assertAllClose(graphNetwork({})(graph()), graph());
  assertAllClose(
    graphNetwork({ updateEdgeFn: null, updateNodeFn: null, updateGlobalFn: null })(graph()),
    graph(),
  );
});

forEachEngine("graphNetwork() gives null for features that are null", () => {
  const seen: Tree[][] = [];
  const network = graphNetwork({
    updateEdgeFn: (...args: Tree[]) => (seen.push(args), null),
    updateNodeFn: (...args: Tree[]) => (seen.push(args), args[0]!),
    updateGlobalFn: (...args: Tree[]) => (seen.push(args), null),
  });
  for (const nothing of [null, undefined]) {
    network({ ...graph(), edges: nothing, globals: nothing });
    const [edge, node, global] = seen.splice(0) as [Tree[], Tree[], Tree[]];
    assertEquals([edge[0], edge[3]], [null, null]);
    assertEquals(node.slice(1), [null, null, null]);
    assertEquals(global.slice(1), [null, null]);
  }
});

forEachEngine("graphNetwork() takes nests everywhere", () => {
  const nested = { ...graph(), nodes: { a: [graph().nodes], b: graph().nodes } };
  const network = graphNetwork({
    updateEdgeFn: (_edges, sender: { a: Tensor[]; b: Tensor }) => ({
      m: add(sender.a[0], sender.b),
    }),
    updateNodeFn: (nodes: { a: Tensor[] }, _sent, received: { m: Tensor }) => ({
      c: add(nodes.a[0], received.m),
    }),
    updateGlobalFn: (nodes: { c: Tensor }) => [nodes.c],
  });
  const { nodes, edges, globals } = network(nested);
  assertAllClose([edges, nodes, globals], [
    { m: [[2], [8]] },
    { c: [[1], [12], [4], [8]] },
    [[[17], [8]]],
  ]);
});

/** A network of everything, smooth, with parameters. */
const smooth = (w: Tensor) =>
  graphNetwork({
    updateEdgeFn: (edges, sender, receiver, globals) =>
      tf.tanh(tf.mul(w, add(edges, sender, receiver, globals))),
    attentionLogitFn: (edges: Tensor, sender: Tensor) => tf.mul(edges, sender),
    attentionReduceFn: (edges: Tensor, weights: Tensor) => tf.mul(edges, weights),
    updateNodeFn: (nodes, sent, received, globals) =>
      tf.sin(add(nodes, tf.mul(sent as Tensor, w), received, globals)),
    updateGlobalFn: (nodes, edges, globals) =>
      tf.tanh(add(nodes, tf.mul(edges as Tensor, 0.3), globals)),
  });

const small = (): GraphsTuple =>
  graphsTuple({
    nodes: [[0.1, 0.7], [-0.4, 0.2], [0.5, -0.3], [0.2, 0.9]],
    edges: [[0.3, -0.2], [0.6, 0.1], [-0.5, 0.4]],
    senders: [0, 2, 3],
    receivers: [1, 1, 3],
    globals: [[0.2, -0.6], [-0.1, 0.3]],
    nNode: [3, 1],
    nEdge: [2, 1],
  });

forEachEngine("graphNetwork() agrees with finite differences up to the third derivative", () => {
  const base = small();
  checkGradients(
    (w: Tensor, nodes: Tree, edges: Tree, globals: Tree) => {
      const out = smooth(w)({ ...base, nodes, edges, globals });
      return [out.nodes, out.edges, out.globals];
    },
    [tf.scalar(0.8), base.nodes, base.edges, base.globals],
    { order: 3 },
  );
});

forEachEngine("graphNetwork() of a batch is the batch of each graph's, padded or not", () => {
  const network = smooth(tf.scalar(0.8));
  const each = unbatch(small()).map(network);
  assertAllClose(network(small()), batch(each));
  assertAllClose(unpadWithGraphs(network(padWithGraphs(small(), 7, 8, 5))), batch(each));
});

forEachEngine("graphNetwork() does not depend on the order of nodes and edges", () => {
  const base = small();
  // Node i of the second graph is node order[i] of the first; edges are reversed.
  const order = [2, 0, 1, 3];
  const place = [1, 2, 0, 3];
  const rename = (indices: Tensor): Tensor =>
    tf.gather(tf.tensor(place, [4], "int32"), tf.reverse(indices, 0));
  const shuffled = {
    ...base,
    nodes: tf.gather(base.nodes as Tensor, order),
    edges: tf.reverse(base.edges as Tensor, 0),
    senders: rename(base.senders),
    receivers: rename(base.receivers),
    nEdge: base.nEdge,
  };
  const globalOf = (graph: GraphsTuple): Tree => smooth(tf.scalar(0.8))(graph).globals;
  // One graph, so that reversed edges stay in it.
  const one = (graph: GraphsTuple): GraphsTuple => ({
    ...graph,
    globals: tf.slice(base.globals as Tensor, 0, 1),
    nNode: tf.tensor([4], [1], "int32"),
    nEdge: tf.tensor([3], [1], "int32"),
  });
  assertAllClose(globalOf(one(shuffled)), globalOf(one(base)));
  const nodes = smooth(tf.scalar(0.8))(one(shuffled)).nodes;
  assertAllClose(nodes, tf.gather(smooth(tf.scalar(0.8))(one(base)).nodes as Tensor, order));
});

forEachEngine("graphNetwork() leaves no tensor behind but its results", () => {
  const base = small();
  const w = tf.scalar(0.8);
  const network = smooth(w);
  network(base);
  assertLeavesBehind(3, () => network(base));
});

Deno.test("graphNetwork() refuses half of an attention when it is built", () => {
  const fn = (edges: Tree): Tree => edges;
  assertThrows(
    () => graphNetwork({ attentionLogitFn: fn }),
    TypeError,
    "Cannot build a graph network as attentionLogitFn needs attentionReduceFn: it is not given",
  );
  assertThrows(
    () => graphNetwork({ attentionReduceFn: fn }),
    TypeError,
    "attentionReduceFn needs attentionLogitFn",
  );
});

Deno.test("graphNetwork() gathers and sums nothing that no function takes", async () => {
  const { kernelNames } = await tf.profile(() => graphNetwork({})(graph()).nodes as tf.Tensor);
  assertEquals(kernelNames, []);
});

Deno.test("graphNetwork() says that it needs nodes", () => {
  assertThrows(
    () => graphNetwork({})({ ...graph(), nodes: null }),
    TypeError,
    "nodes is null (give nodes features, such as tf.ones([N, 1]))",
  );
});

Deno.test("graphNetwork() and graphMapFeatures() refuse a function by a name that they do not have", () => {
  const misspelt = { updateNodesFn: (nodes: Tree): Tree => nodes } as Record<string, unknown>;
  assertThrows(
    () => graphNetwork(misspelt as never),
    TypeError,
    "Cannot build a graph network as it has no function of that name: updateNodesFn (one of " +
      "updateEdgeFn, updateNodeFn, updateGlobalFn, aggregateEdgesForNodesFn, ",
  );
  assertThrows(
    () => graphMapFeatures(misspelt as never),
    TypeError,
    "Cannot build a map of features as it has no function of that name: updateNodesFn (one of " +
      "embedEdgeFn, embedNodeFn, embedGlobalFn)",
  );
});
