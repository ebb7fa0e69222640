import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import {
  batch,
  dynamicallyBatch,
  getFullyConnectedGraph,
  type GraphsTuple,
  graphsTuple,
  padWithGraphs,
  unbatch,
  unpadWithGraphs,
  zeroOutPadding,
} from "../../../lib/graph/mod.ts";
import { jit } from "../../../lib/transform/mod.ts";
import { type Tree, treeLeaves, treeMap } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";

/** Rows of every dtype and rank, in nests of nests with null in them; all values say their row. */
function features(rows: number, first: number): Tree {
  const index = Array.from({ length: rows }, (_, i) => first + i);
  return {
    matrix: tf.tensor(index.flatMap((i) => [i, -i, i, i, 0, i]), [rows, 3, 2]),
    deep: [{ count: tf.tensor(index, [rows], "int32") }, null, {}],
    flag: tf.tensor(index.flatMap((i) => [i % 2 === 0, i % 3 === 0]), [rows, 2], "bool"),
    nothing: tf.zeros([rows, 0]),
  };
}

/** One graph of a ring, its features numbered from `first` on. */
function ring(nodes: number, edges: number, first: number): GraphsTuple {
  return graphsTuple({
    nodes: features(nodes, first),
    edges: features(edges, 10 * first),
    senders: Array.from({ length: edges }, (_, i) => i % nodes),
    receivers: Array.from({ length: edges }, (_, i) => (i + 1) % nodes),
    globals: features(1, 100 * first),
    nNode: [nodes],
    nEdge: [edges],
  });
}

/** No graphs; one without nodes; one without edges; one with both. */
const none = (): GraphsTuple =>
  graphsTuple({ nodes: features(0, 0), edges: features(0, 0), globals: features(0, 0), nNode: [] });
const LIST = (): GraphsTuple[] => [ring(0, 0, 1), ring(2, 0, 3), ring(3, 4, 5)];

const dtypes = (tree: unknown): string[] => treeLeaves(tree as Tree).map(({ dtype }) => dtype);

forEachEngine("batch() and unbatch() carry nests of every dtype and rank", () => {
  const list = LIST();
  const joined = batch([list[0]!, none(), list[1]!, list[2]!]);
  assertEquals(dtypes(joined), dtypes(list[0]));
  assertAllClose(joined.nNode, [0, 2, 3]);
  unbatch(joined).forEach((part, i) => assertAllClose(part, list[i]));
  assertAllClose(batch(unbatch(joined)), joined);
});

forEachEngine("padding keeps nests, dtypes and values, and pads with zeros", () => {
  for (const graph of [...LIST(), batch(LIST()), none()]) {
    const padded = padWithGraphs(graph, 9, 7, 5);
    assertEquals(dtypes(padded), dtypes(graph));
    assertAllClose(unpadWithGraphs(padded), graph);
    assertAllClose(zeroOutPadding(padded), padded);
    assertAllClose(jit(zeroOutPadding)(padded), padded);
    const ones = treeMap((x) => tf.onesLike(x), { ...padded, ...onlyFeatures(padded) });
    const zeroed = zeroOutPadding({ ...padded, ...onlyFeatures(ones) });
    assertEquals(dtypes(zeroed), dtypes(graph));
    const real = treeMap((x) => tf.onesLike(x), onlyFeatures(graph));
    assertAllClose(onlyFeatures(unpadWithGraphs(zeroed)), real);
    assertAllClose(zeroed, padWithGraphs({ ...graph, ...real }, 9, 7, 5));
  }
});

/** The fields that hold features. */
function onlyFeatures({ nodes, edges, globals }: GraphsTuple) {
  return { nodes, edges, globals };
}

forEachEngine("dynamicallyBatch() carries nests, graphs without nodes among them", () => {
  const batches = [...dynamicallyBatch([...LIST(), none()], 6, 5, 4)];
  assertEquals(batches.length, 1);
  assertAllClose(unbatch(unpadWithGraphs(batches[0]!)), LIST());
  assertEquals([...dynamicallyBatch([], 6, 5, 4)], []);
});

forEachEngine("a nest passes through jit as it is", () => {
  const graph = ring(3, 4, 5);
  assertAllClose(jit((g: GraphsTuple) => g)(graph), graph);
  const doubled = jit((g: GraphsTuple) => treeMap((x) => tf.concat([x, x]), g))(graph);
  assertEquals(dtypes(doubled), dtypes(graph));
});

forEachEngine("getFullyConnectedGraph() takes nests", () => {
  const graph = getFullyConnectedGraph(2, 2, features(4, 1), features(2, 7));
  assertAllClose(graph.nodes, features(4, 1));
  assertAllClose(graph.globals, features(2, 7));
});

forEachEngine("fields of one's own in globals stay with their graphs", () => {
  const crystal = (n: number, temperature: number) =>
    graphsTuple({
      nodes: tf.ones([n, 1]),
      globals: {
        temperature: [temperature],
        y: [[temperature, -temperature]],
        id: new Int32Array([n]),
      },
      nNode: [n],
    });
  const [first] = dynamicallyBatch([crystal(2, 300), crystal(1, 10)], 5, 0, 4);
  assertAllClose(first!.globals, {
    temperature: tf.tensor([300, 10, 0, 0]),
    y: tf.tensor([[300, -300], [10, -10], [0, 0], [0, 0]]),
    id: tf.tensor([2, 1, 0, 0], [4], "int32"),
  });
  const parts = unbatch(unpadWithGraphs(first!));
  assertAllClose(parts.map(({ globals }) => globals.temperature), [
    tf.tensor([300]),
    tf.tensor([10]),
  ]);
});
