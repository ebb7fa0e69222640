/**
 * Who won? Deep sets learn to count votes: they see a set of ballots and name the candidate with
 * the most, for more voters than they were trained on too. Not for use in a real election.
 *
 *     deno run -A examples/e_voting.ts
 *
 * The network is that of Zaheer et al. 2017, "Deep sets" (arXiv:1703.06114).
 *
 * @module
 */
import {
  adam,
  concatenatedArgs,
  deepSets,
  fit,
  type GraphsTuple,
  graphsTuple,
  init,
  jit,
  linear,
  losses,
  mlp,
  padWithGraphs,
  random,
  segmentMean,
  type Tensor,
  trainStep,
  treeDispose,
} from "@meshwork/meshwork";
import { elections } from "@meshwork/meshwork/datasets";
import * as tf from "@tensorflow/tfjs";

/** How to train, and what happens with each line of the log. */
export interface Options {
  readonly steps?: number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

const CANDIDATES = 20;
const BATCH = 64;

/** Elections as sets of one-hot votes, padded to one size; the last graph is padding. */
function draw(voters: readonly [number, number], seed: number): [GraphsTuple, Tensor] {
  const { votes, nVoters, winners } = elections({ count: BATCH, voters, seed });
  const graph = graphsTuple({
    nodes: tf.oneHot(tf.tensor1d(votes, "int32"), CANDIDATES, 1, 0, "float32"),
    globals: tf.zeros([BATCH, CANDIDATES]),
    senders: [],
    receivers: [],
    nNode: nVoters,
    nEdge: new Int32Array(BATCH),
  });
  return [padWithGraphs(graph, BATCH * voters[1] + 1, 0, BATCH + 1), tf.tensor1d(winners, "int32")];
}

/** Batches without end, each disposed when the next one is asked for. */
function* batches(seed: number): Generator<ReturnType<typeof draw>> {
  for (;; seed++) {
    const batch = draw([2, 15], seed);
    yield batch;
    treeDispose(batch);
  }
}

const net = mlp({ sizes: [64, 32] });
const output = linear({ size: CANDIDATES });

function initParams(seed: number) {
  const keys = tf.unstack(random.split(random.key(seed), 3));
  return {
    node: net.init(keys[0]!, 2 * CANDIDATES),
    global: net.init(keys[1]!, 32),
    output: output.init(keys[2]!, 32),
  };
}

type Params = ReturnType<typeof initParams>;

/** Logits of each election's winner, `[BATCH, CANDIDATES]`. */
function predict(p: Params, graph: GraphsTuple): Tensor {
  const network = deepSets({
    updateNodeFn: concatenatedArgs((x) => net.apply(p.node, x)),
    updateGlobalFn: concatenatedArgs((x) => net.apply(p.global, x)),
    aggregateNodesForGlobalsFn: segmentMean,
  });
  const { globals } = network(graph);
  return tf.slice(output.apply(p.output, globals as Tensor), [0, 0], [BATCH, CANDIDATES]);
}

function loss(p: Params, graph: GraphsTuple, winners: Tensor): Tensor {
  return tf.mean(losses.softmaxCrossEntropyWithIntegerLabels(predict(p, graph), winners));
}

const accuracy = jit((p: Params, graph: GraphsTuple, winners: Tensor) =>
  tf.mean(tf.cast(tf.equal(tf.argMax(predict(p, graph), 1), winners), "float32"))
);

/** Trains the network; gives the share of winners that it names among few and among many voters. */
export async function train(options: Options = {}): Promise<{ few: number; many: number }> {
  const { steps = 2000, seed = 0, log = console.log } = options;
  const training = trainStep(loss, adam(2e-3));

  /** The mean accuracy over some elections that training never sees. */
  async function test(params: Params, voters: readonly [number, number]): Promise<number> {
    let sum = 0;
    for (let k = 1; k <= 8; k++) {
      const [graph, winners] = draw(voters, -k);
      sum += (await accuracy(params, graph, winners).data())[0]!;
      treeDispose([graph, winners]);
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
      log(`step ${done}: accuracy ${few} with 2 to 15 voters, ${many} with 16 to 20`);
    },
  });
  return result;
}

if (import.meta.main) {
  console.log((await init()).text);
  const { few } = await train();
  if (!(few > 0.8)) throw new Error("The network has not learned to count votes");
}
