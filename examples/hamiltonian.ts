/**
 * Hamiltonian graph networks: a graph network gives the energy of a system of bodies, its gradient
 * the motion. First with the energy of springs written down, then with one that is learned.
 *
 *     deno run -A examples/hamiltonian.ts
 *
 * A step takes a gradient of the model, and training the gradient of that. After Sanchez-Gonzalez
 * et al. 2019, "Hamiltonian graph networks with ODE integrators" (arXiv:1909.12790).
 *
 * @module
 */
import {
  adam,
  batch,
  fit,
  graphNetwork,
  type GraphsTuple,
  graphsTuple,
  init,
  jit,
  mlp,
  type PhaseState,
  random,
  scan,
  schedules,
  type Tensor,
  trainStep,
  treeMap,
  verlet,
} from "@meshwork/meshwork";
import { simulateBodies } from "@meshwork/meshwork/datasets";
import * as tf from "@tensorflow/tfjs";

/** How to train, and what happens with each line of the log. */
export interface Options {
  readonly steps?: number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

/** Losses at the end; how far energy strays with the learned and with the known Hamiltonian. */
export type Result = Record<"train" | "test" | "drift" | "known", number>;

/** The time between two frames, and how many there are. */
const [DT, FRAMES] = [0.1, 101];

type Body = PhaseState & { readonly mass: Tensor };
type Bodies = GraphsTuple<Body, Tensor, null>;
/** Positions and momenta one frame after another, `[T, N, 2]`. */
type Data = PhaseState & { readonly graph: Bodies };
/** A graph network whose globals are the energy of each system, `[G, 1]`. */
type Hamiltonian = (graph: Bodies) => GraphsTuple<Tensor, Tensor, Tensor>;

const squaredNorm = (x: Tensor): Tensor => tf.sum(tf.square(x), -1, true);
const difference = (a: Body, b: Body): Tensor => tf.sub(a.position, b.position);

/** Energy of springs. Each has an edge either way, and half of its energy on each of them. */
const springs: Hamiltonian = graphNetwork({
  updateEdgeFn: (strength: Tensor, sender: Body, receiver: Body) =>
    tf.mul(tf.mul(0.25, strength), squaredNorm(difference(sender, receiver))),
  updateNodeFn: ({ momentum, mass }: Body) => tf.div(squaredNorm(momentum), tf.mul(2, mass)),
  updateGlobalFn: (kinetic: Tensor, potential: Tensor) => tf.add(kinetic, potential),
});

const net = mlp({ sizes: [64, 64, 1], activation: tf.softplus });
type Params = Record<"edge" | "node", ReturnType<typeof net.init>>;

/** The same with networks in the place of formulas. */
const learned = (params: Params): Hamiltonian =>
  graphNetwork({
    updateEdgeFn: (strength: Tensor, sender: Body, receiver: Body) =>
      net.apply(params.edge, tf.concat([strength, difference(sender, receiver)], 1)),
    updateNodeFn: ({ momentum, mass }: Body) =>
      net.apply(params.node, tf.concat([mass, momentum], 1)),
    updateGlobalFn: (nodes: Tensor, edges: Tensor) => tf.add(nodes, edges),
  });

/** The energies of systems in a state. */
const energies = (hamiltonian: Hamiltonian, graph: Bodies, state: PhaseState): Tensor =>
  hamiltonian({ ...graph, nodes: { ...graph.nodes, ...state } }).globals;

/** A step of the motion that the energy gives. */
const step = (hamiltonian: Hamiltonian, graph: Bodies, state: PhaseState): PhaseState =>
  verlet((state) => tf.sum(energies(hamiltonian, graph, state)), state, DT);

/** Systems with different masses and springs: all as one graph, and all their frames. */
function load(count: number, seed: number): Data {
  const systems = Array.from(
    { length: count },
    (_, i) => simulateBodies({ dt: DT, numFrames: FRAMES, seed: 1000 * seed + i }),
  );
  const join = (field: keyof PhaseState): Tensor =>
    tf.concat(systems.map((system) => tf.tensor3d(system[field].data, [FRAMES, 5, 2])), 1);
  const graphs = systems.map(({ mass, strength, senders, receivers }) => {
    const nodes = { mass, position: tf.zeros([5, 2]), momentum: tf.zeros([5, 2]) };
    return graphsTuple({ nodes, edges: strength, senders, receivers, nNode: [5], nEdge: [20] });
  });
  return { graph: batch(graphs), position: join("position"), momentum: join("momentum") };
}

const frame = ({ position, momentum }: PhaseState, t: Tensor | number): PhaseState =>
  treeMap((x) => tf.gather(x, t), { position, momentum });

/** Mean squared error of a step from frame `t` (int32), per unit of time. */
function loss(model: Hamiltonian, data: Data, t: Tensor): Tensor {
  const { position, momentum } = step(model, data.graph, frame(data, t));
  const truth = frame(data, tf.add(t, tf.scalar(1, "int32")));
  const error = (a: Tensor, b: Tensor): Tensor => tf.mean(tf.square(tf.div(tf.sub(a, b), DT)));
  return tf.add(error(position, truth.position), error(momentum, truth.momentum));
}

/** The change of the true energy in a rollout of 200 steps, as a share of it, on average. */
function drift(model: Hamiltonian, data: Data): number {
  const roll = jit((state: PhaseState) =>
    scan((s: PhaseState) => [step(model, data.graph, s), null], state, 200)
  );
  const before = frame(data, 0);
  const [e, e0] = [roll(before)[0], before].map((s) => energies(springs, data.graph, s));
  return tf.mean(tf.abs(tf.sub(tf.div(e!, e0!), 1))).dataSync()[0]!;
}

/** Trains the network on 50 systems, and tests it on 10 others. */
export async function train(options: Options = {}): Promise<Result> {
  const { steps = 1500, seed = 0, log = console.log } = options;
  const [data, unseen] = [load(50, 2 * seed), load(10, 2 * seed + 1)];
  let result: Result = { train: NaN, test: NaN, drift: NaN, known: drift(springs, unseen) };
  log(`written down, the energy strays by ${(100 * result.known).toFixed(2)} % in 200 steps`);

  const [edgeKey, nodeKey, timeKey] = tf.unstack(random.split(random.key(seed), 3));
  const training = trainStep((params: Params, key: Tensor) => {
    const t = tf.cast(random.uniform(key, [], { maxval: FRAMES - 1 }), "int32");
    return loss(learned(params), data, t);
  }, adam(schedules.cosineDecay(3e-3, steps)));
  function* keys(): Generator<[Tensor]> {
    for (let i = 1;; i++) yield [random.foldIn(timeKey!, i)];
  }
  const test = jit((p: Params) => loss(learned(p), unseen, tf.scalar(50, "int32")));

  const initial = training.init({ edge: net.init(edgeKey!, 3), node: net.init(nodeKey!, 3) });
  const { state: { params } } = await fit(jit(training.step, { donate: 0 }), initial, {
    steps,
    batches: keys(),
    reportEvery: 100,
    report: async (i, train, { params }) => {
      result = { ...result, train, test: (await test(params).data())[0]! };
      log(`step ${i}: loss ${train.toExponential(2)}, test ${result.test.toExponential(2)}`);
    },
  });
  result = { ...result, drift: drift(learned(params), unseen) };
  log(`learned, the energy strays by ${(100 * result.drift).toFixed(2)} % in 200 steps`);
  return result;
}

if (import.meta.main) {
  console.log((await init()).text);
  const result = await train();
  if (!(result.drift < 0.1)) throw new Error("The learned energy does not keep the true one");
}
