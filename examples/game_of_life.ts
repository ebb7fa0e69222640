/**
 * Conway's game of life, learned: an interaction network sees boards and their next generations,
 * and finds the rule. Then it runs a glider around a board that it has not been trained on.
 *
 *     deno run -A examples/game_of_life.ts
 *
 * @module
 */
import {
  adam,
  concatenatedArgs,
  fit,
  graphsTuple,
  init,
  interactionNetwork,
  jit,
  losses,
  mlp,
  random,
  schedules,
  type Tensor,
  trainStep,
} from "@meshwork/meshwork";
import {
  type LifeBoards,
  lifeBoards,
  type LifeGrid,
  lifeGrid,
  nextGeneration,
} from "@meshwork/meshwork/datasets";
import * as tf from "@tensorflow/tfjs";

/** How to train, and what happens with each line of the log. */
export interface Options {
  readonly steps?: number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

/** Shares of cells and of whole boards that are right, and of 100 generations of a glider. */
export interface Result {
  readonly loss: number;
  readonly cells: number;
  readonly boards: number;
  readonly glider: number;
}

const rule = mlp({ sizes: [32, 32, 1] });
type Params = ReturnType<typeof rule.init>;

/** Log odds that cells `[numCells, boards, 1]` are alive in the next generation. */
function predict(
  params: Params,
  cells: Tensor,
  { senders, receivers, numCells }: LifeGrid,
): Tensor {
  const network = interactionNetwork({
    // Neighbours tell whether they are alive, and the sum of that arrives.
    updateEdgeFn: (_edges: null, sender: Tensor, _receiver: Tensor) => sender,
    updateNodeFn: concatenatedArgs((features) => rule.apply(params, features)),
  });
  const nEdge = [senders.length];
  return network(graphsTuple({ nodes: cells, senders, receivers, nNode: [numCells], nEdge })).nodes;
}

/** Boards of one size share a graph, so they can lie side by side: `[numCells, boards, 1]`. */
const sideBySide = ({ shape, data }: LifeBoards["before"]): Tensor =>
  tf.tidy(() => tf.expandDims(tf.transpose(tf.tensor(data, shape)), -1));

/** Trains on boards of 16 x 16 cells, 32 a step, and tests on others. */
export async function train(options: Options = {}): Promise<Result> {
  const { steps = 1000, seed = 0, log = console.log } = options;
  const size = { rows: 16, columns: 16 };
  const grid = lifeGrid(size.rows, size.columns);
  const data = lifeBoards({ ...size, count: 256, seed });
  const [before, after] = [sideBySide(data.before), sideBySide(data.after)];

  /** The loss on 32 boards from number `first` on. */
  function loss(params: Params, first: Tensor): Tensor {
    const boards = tf.add(first, tf.range(0, 32, 1, "int32"));
    const logits = predict(params, tf.gather(before, boards, 1), grid);
    return tf.mean(losses.sigmoidBinaryCrossEntropy(logits, tf.gather(after, boards, 1)));
  }
  function* firsts(): Generator<[Tensor]> {
    for (let step = 0;; step++) yield [tf.scalar(32 * step % 256, "int32")];
  }

  const training = trainStep(loss, adam(schedules.cosineDecay(0.01, steps)));
  let last = NaN;
  const { state: { params } } = await fit(
    jit(training.step, { donate: 0 }),
    training.init(rule.init(random.key(seed), 2)),
    {
      steps,
      batches: firsts(),
      reportEvery: 100,
      report: (step, loss) => {
        last = loss;
        log(`step ${step}: loss ${loss.toFixed(5)}`);
      },
    },
  );

  const unseen = lifeBoards({ ...size, count: 100, seed: seed + 1 });
  const truth = tf.cast(sideBySide(unseen.after), "bool");
  const isRight = tf.equal(compileStep(grid)(params, sideBySide(unseen.before)), truth);
  const cells = tf.mean(tf.cast(isRight, "float32")).dataSync()[0]!;
  const boards = tf.mean(tf.cast(tf.all(isRight, 0), "float32")).dataSync()[0]!;
  log(`on boards it has not seen: ${percent(cells)} of cells, ${percent(boards)} of boards right`);
  return { loss: last, cells, boards, glider: followGlider(params, log) };
}

/** The next generation by the network, bool. */
const compileStep = (grid: LifeGrid) =>
  jit((params: Params, cells: Tensor) => tf.greater(predict(params, cells, grid), 0));

/** Runs a glider for 100 generations on a board of 20 x 20; gives the share that is right. */
function followGlider(params: Params, log: (line: string) => void): number {
  const grid = lifeGrid(20, 20);
  const step = compileStep(grid);
  let truth = new Float32Array(400);
  for (const cell of [1, 22, 40, 41, 42]) truth[cell] = 1;
  let cells: Tensor = tf.tensor(truth, [400, 1, 1]);
  let right = 0;
  for (let generation = 0; generation < 100; generation++) {
    cells = tf.cast(step(params, cells), "float32");
    truth = nextGeneration(truth, grid);
    right += Number(cells.dataSync().every((cell, i) => cell === truth[i]));
  }
  log(`a glider, ${right} of 100 generations right; the last one:`);
  const text = Array.from(cells.dataSync(), (cell) => cell === 1 ? "■ " : "· ").join("");
  for (let row = 0; row < 20; row++) log(text.slice(40 * row, 40 * row + 39));
  return right / 100;
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

if (import.meta.main) {
  console.log((await init()).text);
  const { boards } = await train();
  if (boards < 0.99) throw new Error("The network has not found the rule");
}
