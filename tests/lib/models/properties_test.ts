/** What every model keeps, on random graphs: order, batches and padding do not matter. */
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import {
  batch,
  type GraphsTuple,
  padWithGraphs,
  unbatch,
  zeroOutPadding,
} from "../../../lib/graph/mod.ts";
import { init } from "../../../lib/init/mod.ts";
import { gat, graphNetwork } from "../../../lib/models/mod.ts";
import { grad, jit } from "../../../lib/transform/mod.ts";
import { type Tensor, type Tree, treeLeaves, treeMap } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine } from "../../support/engines.ts";
import { randomGraphs, shuffleWithin, toGraphsTuple } from "../../support/random_graphs.ts";
import { steps } from "../../support/tier.ts";
import { MODELS } from "./leafwise_models.ts";

const CLOSE = { rtol: 1e-5, atol: 1e-5 };
const ENDS = [NaN, Infinity, -Infinity] as const;

type Features = Pick<GraphsTuple, "nodes" | "edges" | "globals">;

/** Runs a property on tfjs's cpu backend, the same cases each time. */
async function holds(property: (graph: GraphsTuple, seed: number) => void): Promise<void> {
  await init({ engine: "cpu" });
  fc.assert(
    fc.property(randomGraphs, (drawn) => {
      tf.tidy(() => property(toGraphsTuple(drawn), drawn.seed));
    }),
    { numRuns: steps(25, 500), seed: 11 },
  );
}

const take = (tree: Tree, rows: readonly number[]): Tree =>
  treeMap((x) => tf.gather(x, tf.tensor1d([...rows], "int32")), tree);

const head = (tree: Tree, rows: number): Tree => treeMap((x) => tf.slice(x, 0, rows), tree);

const featuresOf = ({ nodes, edges, globals }: GraphsTuple): Features => ({
  nodes,
  edges,
  globals,
});

/** A number that tells all of some features apart. */
const total = (tree: Tree): Tensor =>
  treeLeaves(tree).reduce<Tensor>((sum, x) => {
    const weights = tf.cos(tf.reshape(tf.range(0, x.size), x.shape));
    return tf.add(sum, tf.sum(tf.mul(x, weights)));
  }, tf.scalar(0));

/** The rows of a padded graph's features that are real. */
const real = (padded: GraphsTuple, { senders, nNode }: GraphsTuple): Features => ({
  nodes: head(padded.nodes, tf.sum(nNode).dataSync()[0]!),
  edges: head(padded.edges, senders.size),
  globals: head(padded.globals, nNode.size),
});

/** Pads a graph, and puts a value into all features of the padding. */
function padWith(graph: GraphsTuple, value: number): GraphsTuple {
  const n = (graph.nodes as Tensor).shape[0]!;
  const padded = padWithGraphs(graph, n + 3, graph.senders.size + 2, graph.nNode.size + 2);
  const spoil = (tree: Tree, rows: number): Tree =>
    treeMap((x) =>
      tf.concat([
        tf.slice(x, 0, rows),
        tf.fill([x.shape[0]! - rows, ...x.shape.slice(1)], value),
      ], 0), tree);
  return {
    ...padded,
    nodes: spoil(padded.nodes, n),
    edges: spoil(padded.edges, graph.senders.size),
    globals: spoil(padded.globals, graph.nNode.size),
  };
}

/** Differentiable everywhere: gat's default update has a kink at 0. */
const SMOOTH = {
  ...MODELS,
  gat: gat({
    attentionQueryFn: (nodes) => nodes,
    attentionLogitFn: (sender) => tf.tanh(sender as Tensor),
    nodeUpdateFn: (nodes) => nodes,
  }),
};

for (const [name, model] of Object.entries(MODELS)) {
  Deno.test(`${name} follows the order of nodes, and of nothing else`, () =>
    holds((graph, seed) => {
      const order = shuffleWithin(graph.nNode.dataSync(), seed);
      const places = new Map(order.map((from, to) => [from, to]));
      const moved = (ids: Tensor): Tensor =>
        tf.tensor1d(Array.from(ids.dataSync(), (id) => places.get(id)!), "int32");
      const shuffled = model({
        ...graph,
        nodes: take(graph.nodes, order),
        senders: moved(graph.senders),
        receivers: moved(graph.receivers),
      });
      const { nodes, edges, globals } = model(graph);
      assertAllClose(featuresOf(shuffled), { nodes: take(nodes, order), edges, globals }, CLOSE);
    }));

  Deno.test(`${name} follows the order of edges, and of nothing else`, () =>
    holds((graph, seed) => {
      const order = shuffleWithin(graph.nEdge.dataSync(), seed);
      const shuffled = model({
        ...graph,
        edges: take(graph.edges, order),
        senders: take(graph.senders, order) as Tensor,
        receivers: take(graph.receivers, order) as Tensor,
      });
      const { nodes, edges, globals } = model(graph);
      assertAllClose(featuresOf(shuffled), { nodes, edges: take(edges, order), globals }, CLOSE);
    }));

  Deno.test(`${name} of a batch is the batch of its results`, () =>
    holds((graph) => {
      const parts = unbatch(graph);
      assertAllClose(batch(parts), graph, CLOSE);
      assertAllClose(
        featuresOf(model(graph)),
        featuresOf(batch(parts.map((part) => model(part)))),
        CLOSE,
      );
    }));

  Deno.test(`nothing in padding reaches a real row of ${name}, in value or gradient`, () =>
    holds((graph, seed) => {
      const padded = padWith(graph, ENDS[seed % 3]!);
      assertAllClose(real(model(padded), graph), featuresOf(model(graph)), CLOSE);
      const of = (whole: GraphsTuple) => (features: Features): Tensor =>
        total(real(model({ ...whole, ...features }), graph) as Tree);
      const expected = grad(of(graph))(featuresOf(graph));
      const actual = grad(of(padded))(featuresOf(padded)) as Features;
      assertAllClose(real({ ...padded, ...actual }, graph), expected, CLOSE);
    }));

  const smooth = SMOOTH[name as keyof typeof SMOOTH]!;
  Deno.test(`the gradient of ${name} is that of finite differences`, () =>
    holds((graph) => {
      if (graph.senders.size === 0) return;
      checkGradients(
        (features: Features) => total(featuresOf(smooth({ ...graph, ...features })) as Tree),
        [featuresOf(graph)],
      );
    }));
}

/** One graph for what is compiled: two graphs, a loop, an edge twice, a node without edges. */
const LITERAL = {
  graphs: [{ n: 3, ends: [[0, 1], [0, 1], [1, 1]] as [number, number][] }, {
    n: 2,
    ends: [[1, 0]] as [number, number][],
  }],
  seed: 3,
};

for (const [name, model] of Object.entries(MODELS)) {
  forEachEngine(`nothing in padding reaches a real row of ${name} inside jit`, () => {
    const graph = toGraphsTuple(LITERAL);
    const both = (whole: GraphsTuple) => {
      const out = (features: Features): Features => real(model({ ...whole, ...features }), graph);
      const by = grad((features: Features) => total(out(features) as Tree))(featuresOf(whole));
      return { out: out(featuresOf(whole)), by: real({ ...whole, ...by as Features }, graph) };
    };
    const expected = both(graph);
    const jitted = jit(both);
    for (const value of ENDS) assertAllClose(jitted(padWith(graph, value)), expected, CLOSE);
  });
}

Deno.test("NaN in padding reaches no parameter's gradient after zeroOutPadding()", () =>
  holds((graph, seed) => {
    const weight = tf.randomUniform([2, 2], -1, 1, "float32", seed + 7);
    const dense = (w: Tensor) => (x: Tree): Tensor =>
      tf.tanh(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D));
    const gradient = (whole: GraphsTuple): Tree =>
      grad((w: Tensor) => {
        const network = graphNetwork({
          updateEdgeFn: (edges: Tree) => dense(w)(edges),
          updateNodeFn: (_nodes, _sent, received) => dense(w)(received),
        });
        return total(real(network(whole), graph) as Tree);
      })(weight);
    assertAllClose(gradient(zeroOutPadding(padWith(graph, NaN))), gradient(graph), CLOSE);
  }));
