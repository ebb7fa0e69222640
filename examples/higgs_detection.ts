/**
 * Was there a Higgs boson? A relation network looks at all pairs of photons in a detector: two from
 * a decay have the boson's mass together, 125 GeV.
 *
 *     deno run -A examples/higgs_detection.ts
 *
 * The network is that of Santoro et al. 2017, "A simple neural network module for relational
 * reasoning" (arXiv:1706.01427). Layers of sums hardly find a pair's mass, a root of products: the
 * edges see it beside the momenta, as Fourier features, which make a peak as narrow as this one
 * easy.
 *
 * @module
 */
import {
  adam,
  fit,
  type GraphsTuple,
  graphsTuple,
  init,
  jit,
  losses,
  mlp,
  padWithGraphs,
  random,
  relationNetwork,
  type Tensor,
  trainStep,
  treeDispose,
} from "@meshwork/meshwork";
import { higgsPhotons } from "@meshwork/meshwork/datasets";
import * as tf from "@tensorflow/tfjs";

/** How to train, and what happens with each line of the log. */
export interface Options {
  readonly steps?: number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

const BATCH = 32;
/** Momenta are measured by this, in GeV. */
const SCALE = 100;

/** Events as graphs of all pairs of their photons, padded to one size. */
function draw(photons: readonly [number, number], seed: number): [GraphsTuple, Tensor] {
  const { momenta, nPhotons, isHiggs } = higgsPhotons({ count: BATCH, photons, seed });
  const senders: number[] = [], receivers: number[] = [];
  let first = 0;
  for (const n of nPhotons) {
    for (let a = 0; a < n; a++) {
      for (let b = a + 1; b < n; b++) senders.push(first + a), receivers.push(first + b);
    }
    first += n;
  }
  const graph = graphsTuple({
    nodes: tf.div(tf.tensor2d(momenta, [first, 4]), SCALE),
    senders,
    receivers,
    nNode: nPhotons,
    nEdge: nPhotons.map((n) => n * (n - 1) / 2),
  });
  const most = photons[1];
  const padded = padWithGraphs(
    graph,
    BATCH * most + 1,
    BATCH * most * (most - 1) / 2,
    BATCH + 1,
  );
  return [padded, tf.tensor1d(isHiggs, "int32")];
}

/** Batches without end, each disposed when the next one is asked for. */
function* batches(seed: number): Generator<ReturnType<typeof draw>> {
  for (;; seed++) {
    const batch = draw([2, 15], seed);
    yield batch;
    treeDispose(batch);
  }
}

const edge = mlp({ sizes: [64, 32, 8] });
const global = mlp({ sizes: [16, 2] });

function initParams(seed: number) {
  const [edgeKey, globalKey] = tf.unstack(random.split(random.key(seed)));
  return { edge: edge.init(edgeKey!, 24), global: global.init(globalKey!, 8) };
}

type Params = ReturnType<typeof initParams>;

/** The mass of two photons together, `[E, 1]`, as the momenta `(E, px, py, pz)` are measured. */
function massOf(a: Tensor, b: Tensor): Tensor {
  const square = tf.sum(tf.mul(tf.mul(a, b), [2, -2, -2, -2]), -1, true);
  return tf.sqrt(tf.maximum(square, 1e-6));
}

/** Sines and cosines of a value at rising frequencies, `[E, 1]` to `[E, 16]`. */
function waves(x: Tensor): Tensor {
  const phases = tf.mul(x, [1, 2, 3, 4, 6, 8, 12, 16]);
  return tf.concat([tf.sin(phases), tf.cos(phases)], -1);
}

/** Logits of "no" and "yes" for each event, `[BATCH, 2]`. */
function predict(p: Params, graph: GraphsTuple): Tensor {
  const network = relationNetwork({
    updateEdgeFn: (sender: Tensor, receiver: Tensor) =>
      edge.apply(p.edge, tf.concat([sender, receiver, waves(massOf(sender, receiver))], -1)),
    updateGlobalFn: (edges: Tensor) => global.apply(p.global, edges),
  });
  return tf.slice(network(graph).globals as Tensor, [0, 0], [BATCH, 2]);
}

function loss(p: Params, graph: GraphsTuple, isHiggs: Tensor): Tensor {
  return tf.mean(losses.softmaxCrossEntropyWithIntegerLabels(predict(p, graph), isHiggs));
}

const accuracy = jit((p: Params, graph: GraphsTuple, isHiggs: Tensor) =>
  tf.mean(tf.cast(tf.equal(tf.argMax(predict(p, graph), 1), isHiggs), "float32"))
);

/** Trains the network; gives its accuracy on events of few and of many photons. */
export async function train(options: Options = {}): Promise<{ few: number; many: number }> {
  const { steps = 2500, seed = 0, log = console.log } = options;
  const training = trainStep(loss, adam(5e-3));

  /** The mean accuracy over some events that training never sees. */
  async function test(params: Params, photons: readonly [number, number]): Promise<number> {
    let sum = 0;
    for (let k = 1; k <= 8; k++) {
      const [graph, isHiggs] = draw(photons, -k);
      sum += (await accuracy(params, graph, isHiggs).data())[0]!;
      treeDispose([graph, isHiggs]);
    }
    return sum / 8;
  }

  let result = { few: NaN, many: NaN };
  await fit(jit(training.step, { donate: 0 }), training.init(initParams(seed)), {
    steps,
    batches: batches(seed * steps + 1),
    reportEvery: 250,
    report: async (done, _loss, { params }) => {
      result = { few: await test(params, [2, 15]), many: await test(params, [16, 20]) };
      const [few, many] = [result.few, result.many].map((share) => share.toFixed(3));
      log(`step ${done}: accuracy ${few} with 2 to 15 photons, ${many} with 16 to 20`);
    },
  });
  return result;
}

if (import.meta.main) {
  console.log((await init()).text);
  const { few } = await train();
  if (!(few > 0.85)) throw new Error("The network has not learned what a Higgs boson looks like");
}
