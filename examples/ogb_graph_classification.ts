/**
 * Fat or water? A graph network classifies molecules that it reads in the layout of the Open Graph
 * Benchmark, in batches that are filled as far as they fit.
 *
 *     deno run -A examples/ogb_graph_classification.ts
 *
 * The network is that of Battaglia et al. 2018 (arXiv:1806.01261), as in Jraph's example of OGB.
 *
 * @module
 */
import {
  adam,
  concatenatedArgs,
  dynamicallyBatch,
  fit,
  getGraphPaddingMask,
  graphNetwork,
  type GraphsTuple,
  graphsTuple,
  init,
  jit,
  linear,
  losses,
  mlp,
  random,
  type Tensor,
  trainStep,
  treeDispose,
} from "@meshwork/meshwork";
import { type LabelledGraph, openOgbGraphs, sampleUrl } from "@meshwork/meshwork/datasets";
import * as tf from "@tensorflow/tfjs";

/** How to train, and what happens with each line of the log. */
export interface Options {
  readonly epochs?: number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

/** Features are one-hot: 12 elements and up to 6 bonds of an atom, 4 orders of a bond. */
const [ELEMENTS, DEGREES, ORDERS, WIDTH] = [12, 7, 5, 32];

const oneHot = (values: Int32Array, depth: number): Tensor =>
  tf.oneHot(tf.tensor1d(values, "int32"), depth, 1, 0, "float32");

/** A molecule as a graph whose globals hold its label. */
function toGraph({ nodes, edges, senders, receivers, label }: LabelledGraph): GraphsTuple {
  const column = (k: number): Int32Array => nodes.data.filter((_, i) => i % 2 === k);
  return graphsTuple({
    ...{ senders, receivers, nNode: [nodes.shape[0]!], nEdge: [edges.shape[0]!] },
    nodes: tf.concat([oneHot(column(0), ELEMENTS), oneHot(column(1), DEGREES)], 1),
    edges: oneHot(edges.data, ORDERS),
    globals: { label: tf.tensor1d([label]) },
  });
}

const net = mlp({ sizes: [WIDTH, WIDTH], layerNorm: true });
const output = linear({ size: 1 });

function initParams(seed: number) {
  const keys = tf.unstack(random.split(random.key(seed), 4));
  return {
    edge: net.init(keys[0]!, ORDERS + 2 * (ELEMENTS + DEGREES)),
    node: net.init(keys[1]!, ELEMENTS + DEGREES + 2 * WIDTH),
    global: net.init(keys[2]!, 2 * WIDTH),
    output: output.init(keys[3]!, WIDTH),
  };
}

type Params = ReturnType<typeof initParams>;

/** Loss and right answers, summed over the real graphs of a batch, and how many these are. */
function evaluate(p: Params, graph: GraphsTuple) {
  const { label } = graph.globals as { label: Tensor };
  const network = graphNetwork({
    updateEdgeFn: concatenatedArgs((x) => net.apply(p.edge, x)),
    updateNodeFn: concatenatedArgs((x) => net.apply(p.node, x)),
    updateGlobalFn: concatenatedArgs((x) => net.apply(p.global, x)),
  });
  const { globals } = network({ ...graph, globals: null });
  const logits: Tensor = tf.squeeze(output.apply(p.output, globals as Tensor), [1]);
  const mask = tf.cast(getGraphPaddingMask(graph), "float32");
  const real = (values: Tensor): Tensor => tf.sum(tf.mul(values, mask));
  return {
    loss: real(losses.sigmoidBinaryCrossEntropy(logits, label)),
    correct: real(tf.cast(tf.equal(tf.greater(logits, 0), tf.greater(label, 0)), "float32")),
    count: real(mask),
  };
}

const test = jit(evaluate);

/** Loss and accuracy over some batches. */
async function measure(p: Params, batches: readonly GraphsTuple[]) {
  const sums = { loss: 0, correct: 0, count: 0 };
  for (const graph of batches) {
    const of = test(p, graph);
    for (const name of ["loss", "correct", "count"] as const) {
      sums[name] += (await of[name].data())[0]!;
    }
    treeDispose(of);
  }
  return { loss: sums.loss / sums.count, accuracy: sums.correct / sums.count };
}

/** Trains the network; gives loss and accuracy on molecules that it has not seen. */
export async function train(options: Options = {}): Promise<{ loss: number; accuracy: number }> {
  const { epochs = 30, seed = 0, log = console.log } = options;
  const { graphs, splits } = await openOgbGraphs(sampleUrl("molecules_clogp"));
  const batchesOf = (places: readonly number[]): GraphsTuple[] => [
    ...dynamicallyBatch(places.map((i) => toGraph(graphs[i]!)), 512, 1024, 33),
  ];
  const [training, testing] = [splits.train, [...splits.valid, ...splits.test]].map(batchesOf);
  const { init: begin, step } = trainStep((params: Params, graph: GraphsTuple) => {
    const { loss, count } = evaluate(params, graph);
    return tf.div(loss, count);
  }, adam(1e-3));
  function* batches(): Generator<[GraphsTuple]> {
    for (let epoch = 0; epoch < epochs; epoch++) for (const graph of training!) yield [graph];
  }

  let result = { loss: NaN, accuracy: NaN };
  const line = ({ loss, accuracy }: typeof result): string =>
    `loss ${loss.toFixed(3)} accuracy ${accuracy.toFixed(3)}`;
  await fit(jit(step, { donate: 0 }), begin(initParams(seed)), {
    batches: batches(),
    reportEvery: training!.length,
    report: async (done, _loss, { params }) => {
      result = await measure(params, testing!);
      const epoch = (done / training!.length).toFixed(1);
      log(`epoch ${epoch}: train ${line(await measure(params, training!))}, test ${line(result)}`);
    },
  });
  return result;
}

if (import.meta.main) {
  console.log((await init()).text);
  const { accuracy } = await train();
  if (!(accuracy > 0.7)) throw new Error("The network has not learned to classify molecules");
}
