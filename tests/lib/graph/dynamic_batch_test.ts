import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { TracerError } from "../../../lib/engine/mod.ts";
import { dynamicallyBatch, type GraphsTuple, graphsTuple } from "../../../lib/graph/mod.ts";
import { forEachEngine } from "../../support/engines.ts";
import { pretendTracer } from "../../support/pretend_tracer.ts";
import { assertLeavesBehind } from "../../support/assert_leaves_behind.ts";

/** A path of `n` nodes and `n - 1` edges. */
const path = (n: number): GraphsTuple =>
  graphsTuple({
    nodes: new Float32Array(n),
    senders: Array.from({ length: n - 1 }, (_, i) => i),
    receivers: Array.from({ length: n - 1 }, (_, i) => i + 1),
    nNode: [n],
    nEdge: [n - 1],
  });
const counts = (graph: GraphsTuple): number[] => Array.from(graph.nNode.dataSync());

forEachEngine("dynamicallyBatch() fills batches greedily, in order", () => {
  const batches = [...dynamicallyBatch([3, 2, 4, 1, 1].map(path), 7, 6, 4)];
  assertEquals(batches.map(counts), [[3, 2, 2, 0], [4, 1, 1, 1]]);
  for (const graph of batches) {
    assertEquals([(graph.nodes as tf.Tensor).shape, graph.senders.shape], [[7], [6]]);
  }
});

forEachEngine("dynamicallyBatch() closes a batch for nodes, edges or graphs", () => {
  const sizes = (nNode: number, nEdge: number, nGraph: number): number[] =>
    [...dynamicallyBatch([2, 2, 2].map(path), nNode, nEdge, nGraph)]
      .map((graph) => counts(graph).filter((n) => n === 2).length);
  assertEquals(sizes(9, 9, 9), [3]);
  assertEquals(sizes(5, 9, 9).length, 2);
  assertEquals(sizes(9, 2, 9).length, 2);
  assertEquals(sizes(9, 9, 3).length, 2);
});

forEachEngine("dynamicallyBatch() of nothing gives nothing", () => {
  assertEquals([...dynamicallyBatch([], 5, 5, 2)], []);
});

forEachEngine("dynamicallyBatch() counts the graphs of an element that is a batch itself", () => {
  const pair = graphsTuple({ nodes: [1, 2], nNode: [1, 1] });
  const batches = [...dynamicallyBatch([pair, pair], 9, 9, 4)];
  assertEquals(batches.map(counts), [[1, 1, 7, 0], [1, 1, 7, 0]]);
});

forEachEngine("dynamicallyBatch() leaves its elements and nothing else", () => {
  const graphs = [2, 2].map(path);
  assertLeavesBehind(0, () => {
    for (const graph of dynamicallyBatch(graphs, 3, 3, 2)) {
      tf.dispose(graph as object as tf.Tensor[]);
    }
  });
});

Deno.test("dynamicallyBatch() of an async iterable is an async generator", async () => {
  async function* stream(): AsyncGenerator<GraphsTuple> {
    for (const n of [3, 2, 4]) {
      await Promise.resolve();
      yield path(n);
    }
  }
  const batches: number[][] = [];
  for await (const graph of dynamicallyBatch(stream(), 7, 6, 4)) batches.push(counts(graph));
  assertEquals(batches, [[3, 2, 2, 0], [4, 3, 0, 0]]);
  await assertRejects(() => dynamicallyBatch(stream(), 7, 6, 1).next(), RangeError, "nGraph is 1");
});

Deno.test("dynamicallyBatch() gives the open batch before it refuses an element too big", () => {
  const batches = dynamicallyBatch([2, 9, 2].map(path), 7, 6, 4);
  assertEquals(counts(batches.next().value!), [2, 5, 0, 0]);
  assertThrows(
    () => batches.next(),
    RangeError,
    "an element has 9 nodes, 8 edges, 1 graphs, there is room for 6, 6 and 3 " +
      "(raise nNode, nEdge or nGraph)",
  );
  assertEquals(batches.next().done, true);
});

Deno.test("dynamicallyBatch() refuses nGraph below 2 at the first step, not at the call", () => {
  const batches = dynamicallyBatch([path(2)], 7, 6, 1);
  assertThrows(() => batches.next(), RangeError, "nGraph is 1 (it must be at least 2)");
});

Deno.test("dynamicallyBatch() refuses tracers and names the way round", async () => {
  const traced = { ...path(2), nNode: await pretendTracer(tf.tensor([2], [1], "int32")) };
  assertThrows(
    () => dynamicallyBatch([traced], 7, 6, 2).next(),
    TracerError,
    "nNode is a tracer, int32 [1] (batch before jit, and pass the batches in)",
  );
});
