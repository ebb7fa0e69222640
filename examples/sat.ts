/**
 * True or false? An interaction network solves problems of clauses like
 * `(a or b) and (not a or c)`: variables and clauses are the nodes, an edge says how a variable
 * stands in a clause.
 *
 *     deno run -A examples/sat.ts
 *
 * The network is that of Battaglia et al. 2016, "Interaction networks" (arXiv:1612.00222).
 *
 * @module
 */
import {
  adam,
  concatenatedArgs,
  fit,
  type GraphsTuple,
  graphsTuple,
  init,
  interactionNetwork,
  jit,
  linear,
  losses,
  mlp,
  padWithGraphs,
  random,
  type Tensor,
  trainStep,
  treeDispose,
} from "@meshwork/meshwork";
import { twoSat } from "@meshwork/meshwork/datasets";
import * as tf from "@tensorflow/tfjs";

/** How to train, and what happens with each line of the log. */
export interface Options {
  readonly steps?: number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

const BATCH = 4;
const WIDTH = 16;
const ROUNDS = 2;

const oneHot = (values: Int32Array): Tensor =>
  tf.oneHot(tf.tensor1d(values, "int32"), 2, 1, 0, "float32");

type Problem = [graph: GraphsTuple, solution: Tensor, mask: Tensor];

/** Problems padded to one size, with the solution and a mask of the variables. */
function draw(variables: readonly [number, number], seed: number): Problem {
  const problems = twoSat({ count: BATCH, variables, seed });
  const clauses = BATCH * variables[1] * (variables[1] - 1) / 2;
  const size = BATCH * variables[1] + clauses + 1;
  const { senders, receivers, nNode, nEdge } = problems;
  const [nodes, edges] = [oneHot(problems.isVariable), oneHot(problems.isPositive)];
  const graph = graphsTuple({ nodes, edges, senders, receivers, nNode, nEdge });
  const padded = (values: Int32Array): Tensor =>
    tf.pad1d(tf.tensor1d(values, "int32"), [0, size - values.length]);
  const mask = tf.cast(padded(problems.isVariable), "float32");
  return [padWithGraphs(graph, size, 2 * clauses, BATCH + 1), padded(problems.solution), mask];
}

/** Problems without end, each disposed when the next one is asked for. */
function* problems(seed: number): Generator<Problem> {
  for (;; seed++) {
    const problem = draw([2, 15], seed);
    yield problem;
    treeDispose(problem);
  }
}

const embed = linear({ size: WIDTH });
const net = mlp({ sizes: [WIDTH, WIDTH], activateFinal: true });
const output = linear({ size: 2 });

function initParams(seed: number) {
  const keys = tf.unstack(random.split(random.key(seed), 3 + 2 * ROUNDS));
  return {
    nodes: embed.init(keys[0]!, 2),
    edges: embed.init(keys[1]!, 2),
    output: output.init(keys[2]!, WIDTH),
    rounds: Array.from({ length: ROUNDS }, (_, i) => ({
      edge: net.init(keys[3 + 2 * i]!, 3 * WIDTH),
      node: net.init(keys[4 + 2 * i]!, 3 * WIDTH),
    })),
  };
}

type Params = ReturnType<typeof initParams>;

/** Logits of false and true for each node, `[N, 2]`. */
function predict(p: Params, graph: GraphsTuple): Tensor {
  const embedded = {
    ...graph,
    nodes: embed.apply(p.nodes, graph.nodes as Tensor),
    edges: embed.apply(p.edges, graph.edges as Tensor),
  };
  const { nodes } = p.rounds.reduce((latent, round) =>
    interactionNetwork({
      updateEdgeFn: concatenatedArgs((x) => net.apply(round.edge, x)),
      updateNodeFn: concatenatedArgs((x) => net.apply(round.node, x)),
      includeSentMessagesInNodeUpdate: true,
    })(latent) as typeof embedded, embedded);
  return output.apply(p.output, nodes);
}

/** Loss and accuracy over the variables of some problems. */
function evaluate(p: Params, graph: GraphsTuple, solution: Tensor, mask: Tensor) {
  const logits = predict(p, graph);
  const ofVariables = (values: Tensor): Tensor =>
    tf.div(tf.sum(tf.mul(values, mask)), tf.sum(mask));
  return {
    loss: ofVariables(losses.softmaxCrossEntropyWithIntegerLabels(logits, solution)),
    accuracy: ofVariables(tf.cast(tf.equal(tf.argMax(logits, 1), solution), "float32")),
  };
}

const test = jit(evaluate);

/** Trains the network; gives the loss and the share of right variables of larger problems. */
export async function train(options: Options = {}): Promise<{ loss: number; accuracy: number }> {
  const { steps = 500, seed = 0, log = console.log } = options;
  const training = trainStep(
    (params: Params, ...problem: Problem) => evaluate(params, ...problem).loss,
    adam(2e-3),
  );
  const larger = draw([16, 20], -1);
  let result = { loss: NaN, accuracy: NaN };
  await fit(jit(training.step, { donate: 0 }), training.init(initParams(seed)), {
    steps,
    batches: problems(seed * steps + 1),
    reportEvery: 100,
    report: async (step, train, { params }) => {
      const of = test(params, ...larger);
      result = { loss: (await of.loss.data())[0]!, accuracy: (await of.accuracy.data())[0]! };
      const [before, loss] = [train, result.loss].map((x) => x.toFixed(4));
      log(
        `step ${step}: loss train ${before} test ${loss}, accuracy ${result.accuracy.toFixed(3)}`,
      );
    },
  });
  return result;
}

if (import.meta.main) {
  console.log((await init()).text);
  const { accuracy } = await train();
  if (!(accuracy > 0.9)) throw new Error("The network has not learned to solve the problems");
}
