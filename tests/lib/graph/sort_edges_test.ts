import * as tf from "@tensorflow/tfjs";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  batch,
  type GraphsTuple,
  graphsTuple,
  padWithGraphs,
  sortEdges,
  unbatch,
} from "../../../lib/graph/mod.ts";
import { graphConvolution } from "../../../lib/models/mod.ts";
import { jit } from "../../../lib/transform/mod.ts";
import { type Tensor, treeLeaves } from "../../../lib/tree/mod.ts";
import { forEachEngine, hasXla } from "../../support/engines.ts";
import { init } from "../../../mod.ts";

const graph = (): GraphsTuple =>
  graphsTuple({
    nodes: [[1], [2], [3]],
    edges: { weight: [[1], [2], [3], [4], [5]], mark: [true, false, true, false, true] },
    senders: [0, 1, 2, 0, 1],
    receivers: [2, 0, 2, 1, 0],
    nNode: [3],
    nEdge: [5],
  });

const values = (tree: unknown): unknown[] =>
  treeLeaves(tree as GraphsTuple).map((x) => x.arraySync());

forEachEngine("sortEdges() moves features with their edges, equal receivers as they were", () => {
  const { edges, senders, receivers, nodes } = sortEdges(graph());
  assertEquals(receivers.arraySync(), [0, 0, 1, 2, 2]);
  assertEquals(senders.arraySync(), [1, 1, 0, 0, 2]);
  assertEquals(values(edges), [[0, 1, 0, 1, 1], [[2], [5], [4], [1], [3]]]);
  assertEquals(values(nodes), [[[1], [2], [3]]]);
});

forEachEngine("sortEdges() keeps edges in their graphs, and padding behind them", () => {
  const padded = sortEdges(padWithGraphs(batch([graph(), graph()]), 9, 14, 4));
  const parts = unbatch(padded);
  assertEquals(parts.slice(0, 2).map(values), [graph(), graph()].map(sortEdges).map(values));
  assertEquals([...padded.receivers.dataSync()].slice(10), [6, 6, 6, 6]);
});

forEachEngine("a model gives the same for sorted edges", () => {
  const layer = graphConvolution({ updateNodeFn: (x: Tensor) => x });
  const [before, after] = [graph(), sortEdges(graph())].map((g) =>
    (layer(g).nodes as Tensor).dataSync()
  );
  before!.forEach((x, i) => assertAlmostEquals(after![i]!, x, 1e-6));
});

Deno.test("sortEdges() of no edges", () => {
  const none = graphsTuple({ nodes: [1], senders: [], receivers: [], nNode: [1], nEdge: [0] });
  assertEquals(sortEdges(none).receivers.shape, [0]);
});

Deno.test({
  name: "sortEdges() refuses tracers and names the way round [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    assertThrows(
      () =>
        jit((x: Tensor) => sortEdges({ ...graph(), receivers: tf.cast(x, "int32") } as never))(
          tf.zeros([5]),
        ),
      Error,
      "sort before jit, and pass the graph in",
    );
  },
});
