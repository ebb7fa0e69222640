import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { graphsTuple } from "../../../lib/graph/mod.ts";
import { graphMapFeatures } from "../../../lib/models/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";

const graph = () =>
  graphsTuple({
    nodes: [[1], [2]],
    edges: [[3]],
    senders: [0],
    receivers: [1],
    globals: [[4]],
    nNode: [2],
    nEdge: [1],
  });

forEachEngine("graphMapFeatures() maps each kind of features by itself", () => {
  const mapped = graphMapFeatures({
    embedNodeFn: (x: Tensor) => tf.add(x, 10),
    embedEdgeFn: (x: Tensor) => ({ doubled: tf.mul(x, 2) }),
    embedGlobalFn: (x: Tensor) => tf.neg(x),
  })(graph());
  assertAllClose(mapped, {
    ...graph(),
    nodes: [[11], [12]],
    edges: { doubled: [[6]] },
    globals: [[-4]],
  });
});

Deno.test("graphMapFeatures() gives functions null, and results that are null", () => {
  const seen: unknown[] = [];
  const see = (features: Tensor) => (seen.push(features), undefined);
  const empty = graphsTuple({ nNode: [2] });
  const graph = { ...empty, nodes: undefined, edges: undefined, globals: undefined };
  const { nodes, edges, globals } = graphMapFeatures({
    embedNodeFn: see,
    embedEdgeFn: see,
    embedGlobalFn: see,
  })(graph);
  assertEquals([...seen, nodes, edges, globals], new Array(6).fill(null));
});

forEachEngine("graphMapFeatures() leaves alone what it has no function for", () => {
  assertAllClose(graphMapFeatures({})(graph()), graph());
  assertAllClose(graphMapFeatures({ embedEdgeFn: null })(graph()), graph());
});
