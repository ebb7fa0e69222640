import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { batchPadded } from "../../../lib/graph/host_batch.ts";
import {
  batch,
  dynamicallyBatch,
  type GraphsTuple,
  graphsTuple,
  padWithGraphs,
} from "../../../lib/graph/mod.ts";
import { grad } from "../../../lib/transform/mod.ts";
import { type Tensor, treeLeaves, treePaths } from "../../../lib/tree/mod.ts";
import { forEachEngine } from "../../support/engines.ts";

/** A ring of `n` nodes with features of all dtypes, in a nest. */
const ring = (n: number): GraphsTuple =>
  graphsTuple({
    nodes: {
      place: tf.reshape(tf.range(0, 2 * n), [n, 2]),
      parts: [tf.range(n, 2 * n, 1, "int32"), null],
    },
    edges: tf.cast(tf.tensor1d(Array.from({ length: n }, (_, i) => i % 2)), "bool"),
    globals: tf.fill([1, 3], n),
    senders: Array.from({ length: n }, (_, i) => i),
    receivers: Array.from({ length: n }, (_, i) => (i + 1) % n),
    nNode: [n],
    nEdge: [n],
  });

/** Paths, dtypes, shapes and values of a graph. */
const show = (graph: GraphsTuple) =>
  treeLeaves(graph).map((x, i) => [treePaths(graph)[i], x.dtype, x.shape, x.arraySync()]);

forEachEngine("batchPadded() is a batch, padded, in every field", () => {
  const two = batch([ring(2), ring(1)]);
  for (const graphs of [[ring(3)], [ring(3), ring(1), ring(4)], [two, ring(2)]]) {
    const expected = padWithGraphs(batch(graphs), 12, 11, 6);
    assertEquals(show(batchPadded(graphs, [12, 11, 6])), show(expected));
  }
});

forEachEngine("batchPadded() without features, and without edges", () => {
  const bare = graphsTuple({ nodes: null, nNode: [2], senders: [], receivers: [], nEdge: [0] });
  const expected = padWithGraphs(batch([bare, bare]), 5, 2, 4);
  assertEquals(show(batchPadded([bare, bare], [5, 2, 4])), show(expected));
});

Deno.test("gradients flow through dynamic batches", () => {
  const loss = (x: Tensor): Tensor => {
    const graph = { ...ring(2), nodes: x } as GraphsTuple;
    const [padded] = dynamicallyBatch([graph, graph], 6, 5, 3);
    return tf.sum(tf.square(padded!.nodes as Tensor));
  };
  assertEquals(grad(loss)(tf.tensor1d([1, 2])).arraySync(), [4, 8]);
});

Deno.test("batchPadded() refuses graphs that do not go together", () => {
  const flat = { ...ring(2), nodes: tf.zeros([2, 1]) } as GraphsTuple;
  const wide = { ...ring(2), nodes: tf.zeros([2, 3]) } as GraphsTuple;
  assertThrows(
    () => batchPadded([flat, wide], [9, 9, 9]),
    TypeError,
    "Cannot batch graphs as their rows must have one shape and dtype: nodes is float32 [2, 1] in " +
      "graph 0, float32 [2, 3] in graph 1",
  );
  assertThrows(() => batchPadded([flat, ring(2)], [9, 9, 9]), TypeError, "graph 1");
});
