import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { TracerError } from "../../../lib/engine/mod.ts";
import { type GraphsTuple, graphsTuple } from "../../../lib/graph/mod.ts";
import {
  deepSets,
  gat,
  graphConvolution,
  type GraphFn,
  graphMapFeatures,
  graphNetGAT,
  graphNetwork,
  interactionNetwork,
  relationNetwork,
} from "../../../lib/models/mod.ts";
import { jit } from "../../../lib/transform/mod.ts";
import { type Tensor, type Tree, treeLeaves } from "../../../lib/tree/mod.ts";
import { installedEngine } from "../../../lib/xla/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine, hasXla, useEngine } from "../../support/engines.ts";
import { skipUnless } from "../../support/skip.ts";
import { MODELS } from "./leafwise_models.ts";

/** Two graphs and `loops` loops of node 0, with features that depend on `seed` alone. */
function graphOf(loops: number, seed = 0): GraphsTuple {
  const E = 3 + loops;
  const rows = (n: number): Tensor =>
    tf.tensor(Array.from({ length: 2 * n }, (_, i) => Math.sin(i + seed)), [n, 2]);
  return graphsTuple({
    nodes: rows(4),
    edges: rows(E),
    senders: [...new Array(loops).fill(0), 0, 1, 3],
    receivers: [...new Array(loops).fill(0), 1, 0, 2],
    globals: rows(2),
    nNode: [2, 2],
    nEdge: [E - 1, 1],
  });
}

/** What models change; the rest of a graph passes through. */
const features = ({ nodes, edges, globals }: GraphsTuple) => ({ nodes, edges, globals });

for (const [name, model] of Object.entries(MODELS)) {
  forEachEngine(`${name} gives inside jit what it gives eagerly`, () => {
    const jitted = jit(model);
    for (const graph of [graphOf(1), graphOf(1, 5), graphOf(2)]) {
      assertAllClose(features(jitted(graph)), features(model(graph)));
    }
  });

  Deno.test({
    name: `${name} is compiled once a signature`,
    ...skipUnless(hasXla, "needs the xla engine: its plugin is missing (deno task setup)"),
    fn: async () => {
      await useEngine("xla");
      tf.tidy(() => {
        const { stats } = installedEngine()!.runtime;
        const graphs = [graphOf(3), graphOf(3, 5), graphOf(4), graphOf(3, 7), graphOf(4, 1)];
        const jitted = jit(model);
        const before = stats.compiles;
        const compiles = graphs.map((graph) => {
          // A first call compiles no later than when its result is read.
          treeLeaves(jitted(graph) as unknown as Tree).forEach((leaf) => leaf.dataSync());
          return stats.compiles - before;
        });
        assertEquals(compiles, [1, 1, 2, 2, 2]);
      });
    },
  });
}

/** Reads a value on the host, which inside `jit` is not there yet. */
function peek(x: Tensor): Tensor {
  x.dataSync();
  return x;
}

const same = (x: Tensor): Tensor => x;
const weigh = (edges: Tensor, weights: Tensor): Tensor => tf.mul(edges, weights);

/** Each model with a function that reads data. */
const PEEKING: Readonly<Record<string, GraphFn>> = {
  "graphNetwork, in updateEdgeFn": graphNetwork({ updateEdgeFn: peek }),
  "graphNetwork, in updateNodeFn": graphNetwork({ updateNodeFn: peek }),
  "graphNetwork, in updateGlobalFn": graphNetwork({ updateGlobalFn: peek }),
  "graphNetwork, in aggregateEdgesForNodesFn": graphNetwork({
    updateNodeFn: same,
    aggregateEdgesForNodesFn: peek,
  }),
  "graphNetwork, in attentionNormalizeFn": graphNetwork({
    attentionLogitFn: same,
    attentionNormalizeFn: peek,
    attentionReduceFn: weigh,
  }),
  interactionNetwork: interactionNetwork({ updateEdgeFn: peek, updateNodeFn: same }),
  relationNetwork: relationNetwork({ updateEdgeFn: peek, updateGlobalFn: same }),
  deepSets: deepSets({ updateNodeFn: peek, updateGlobalFn: same }),
  graphNetGAT: graphNetGAT({
    updateEdgeFn: same,
    updateNodeFn: same,
    attentionLogitFn: peek,
    attentionReduceFn: weigh,
  }),
  gat: gat({ attentionQueryFn: peek, attentionLogitFn: same }),
  graphConvolution: graphConvolution({ updateNodeFn: peek }),
  graphMapFeatures: graphMapFeatures({ embedNodeFn: peek }),
};

for (const [name, model] of Object.entries(PEEKING)) {
  Deno.test({
    name: `reading data throws a TracerError inside jit: ${name}`,
    ...skipUnless(hasXla, "needs the xla engine: its plugin is missing (deno task setup)"),
    fn: async () => {
      await useEngine("xla");
      tf.tidy(() => {
        const graph = graphOf(1);
        model(graph);
        const error = assertThrows(() => jit(model)(graph), TracerError, "Cannot read a tensor");
        assert(/\(.*jit.*\)/.test(error.message), error.message);
        // The engine is none the worse: the next program runs.
        assertAllClose(jit((x: Tensor) => tf.add(x, 1))(tf.tensor([1, 2])), [2, 3]);
      });
    },
  });
}
