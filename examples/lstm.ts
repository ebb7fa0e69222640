/**
 * Graph networks with a memory: features are nests, so each edge can carry an embedding and the
 * state of an LSTM side by side. Here edges learn to recall what they heard ten steps ago.
 *
 *     deno run -A examples/lstm.ts
 *
 * In each step every node shows a random number. At the end a node has to tell the sum of what the
 * nodes with an edge to it showed in the first step: only the memory of its edges can know.
 *
 * @module
 */
import {
  adam,
  fit,
  type GraphsTuple,
  graphsTuple,
  init,
  interactionNetwork,
  jit,
  lstmCell,
  type LstmState,
  mlp,
  random,
  schedules,
  segmentSum,
  type Tensor,
  trainStep,
} from "@meshwork/meshwork";
import * as tf from "@tensorflow/tfjs";

/** How to train, and what happens with each line of the log. */
export interface Options {
  readonly steps?: number;
  readonly seed?: number;
  /** Whether edges keep the state of their LSTM from step to step; true by default. */
  readonly memory?: boolean;
  readonly log?: (line: string) => void;
}

const MESSAGE_PASSING_STEPS = 10;
const [N, E, EMBEDDING, HIDDEN] = [50, 150, 8, 32];

/** An edge's features: what it tells, and what it remembers. */
type Edges = { readonly embedding: Tensor; readonly state: LstmState };
type Graph = GraphsTuple<Tensor, Edges, null>;

const memory = lstmCell({ size: HIDDEN });
const edgeNet = mlp({ sizes: [HIDDEN, EMBEDDING] });
const nodeNet = mlp({ sizes: [HIDDEN, 1] });

/** The interaction network, run once for each row of `shown` `[steps, N, 1]`. */
function run(params: Params, edges: Edges, shown: Tensor, ends: Ends, remember: boolean): Graph {
  const network = interactionNetwork({
    updateEdgeFn: (edges: Edges, sender: Tensor, receiver: Tensor): Edges => {
      const inputs = tf.concat([edges.embedding, sender, receiver], -1);
      const before = remember ? edges.state : null; // null is a memory of nothing
      const [output, state] = memory.apply(params.memory, inputs, before);
      return { embedding: edgeNet.apply(params.edge, output), state };
    },
    // All leaves of the edges arrive, summed: the state of the memories could be used here, too.
    updateNodeFn: (nodes: Tensor, received: Edges) =>
      nodeNet.apply(params.node, tf.concat([nodes, received.embedding], -1)),
  });
  let graph: Graph = graphsTuple({
    ...ends,
    nodes: tf.zeros([N, 1]),
    edges,
    nNode: [N],
    nEdge: [E],
  });
  for (const nodes of tf.unstack(shown)) graph = network({ ...graph, nodes });
  return graph;
}

interface Ends {
  readonly senders: Tensor;
  readonly receivers: Tensor;
}
type Params = ReturnType<typeof initialize>;

function initialize(key: Tensor) {
  const [memoryKey, edgeKey, nodeKey] = tf.unstack(random.split(key, 3));
  return {
    memory: memory.init(memoryKey!, EMBEDDING + 2),
    edge: edgeNet.init(edgeKey!, HIDDEN),
    node: nodeNet.init(nodeKey!, 1 + EMBEDDING),
  };
}

/**
 * Trains the network; gives the last loss, and the share of the variance that it does not explain.
 */
export async function train(options: Options = {}): Promise<{ loss: number; unexplained: number }> {
  const { steps = 600, seed = 0, memory: remember = true, log = console.log } = options;
  const [paramsKey, endsKey, dataKey] = tf.unstack(random.split(random.key(seed), 3));
  const ends = tf.cast(random.uniform(endsKey!, [2, E], { maxval: N }), "int32");
  const [senders, receivers] = tf.unstack(ends) as [Tensor, Tensor];
  const empty: Edges = {
    embedding: tf.zeros([E, EMBEDDING]),
    state: { hidden: tf.zeros([E, HIDDEN]), cell: tf.zeros([E, HIDDEN]) },
  };

  /** The mean squared error on numbers drawn by a key, and the graph at the end. */
  function loss(params: Params, key: Tensor): [Tensor, { graph: Graph; target: Tensor }] {
    const shown = random.uniform(key, [MESSAGE_PASSING_STEPS, N, 1], { minval: -1 });
    const [first] = tf.unstack(shown);
    const target = segmentSum(tf.gather(first!, senders), receivers, N);
    const graph = run(params, empty, shown, { senders, receivers }, remember);
    return [tf.mean(tf.square(tf.sub(graph.nodes, target))), { graph, target }];
  }

  /** A key for each step. */
  function* keys(): Generator<[Tensor]> {
    for (let step = 1;; step++) yield [random.foldIn(dataKey!, step)];
  }
  const training = trainStep(
    (params: Params, key: Tensor) => loss(params, key)[0],
    adam(schedules.cosineDecay(0.01, steps)),
  );
  const { state: { params } } = await fit(
    jit(training.step, { donate: 0 }),
    training.init(initialize(paramsKey!)),
    {
      steps,
      batches: keys(),
      reportEvery: 100,
      report: (step, loss) => log(`step ${step}: loss ${loss.toFixed(4)}`),
    },
  );
  const [value, { graph, target }] = jit(loss)(params, random.foldIn(dataKey!, 0));
  const [error] = await value.data();
  const unexplained = error! / tf.moments(target).variance.dataSync()[0]!;
  log(
    `on numbers it has not seen: loss ${error!.toFixed(4)}, ${(100 * unexplained).toFixed(1)} % ` +
      `of the variance is not explained`,
  );
  log(Deno.inspect(graph));
  return { loss: error!, unexplained };
}

if (import.meta.main) {
  console.log((await init()).text);
  const { unexplained } = await train();
  if (!(unexplained < 0.1)) throw new Error("The edges do not remember");
}
