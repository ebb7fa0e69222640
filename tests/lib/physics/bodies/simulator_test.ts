import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { simulateBodies } from "../../../../datasets/n_body.ts";
import {
  adam,
  type BodiesFrames,
  bodiesFrames,
  type BodiesNetwork,
  bodiesSimulator,
  forceNetwork,
  hamiltonianNetwork,
  init,
  jit,
  type PhaseState,
  random,
  schedules,
} from "../../../../mod.ts";
import { assertAllClose } from "../../../support/assert_all_close.ts";
import { forEachEngine } from "../../../support/engines.ts";
import { longTest } from "../../../support/tier.ts";
import { frameOf } from "../simulator_golden.ts";

const DT = 0.1;
const sizes = { latentSize: 16, hiddenLayers: 1 };
const systems = [1, 2].map((seed) => simulateBodies({ dt: DT, numFrames: 21, numBodies: 3, seed }));
const simulatorOf = (network = hamiltonianNetwork(sizes)) =>
  bodiesSimulator({ network, dt: DT, optimizer: adam(1e-2) });
const start = ({ position, momentum }: PhaseState): PhaseState => ({
  position: frameOf(position, 0),
  momentum: frameOf(momentum, 0),
});

for (const network of [hamiltonianNetwork(sizes), forceNetwork(sizes)]) {
  const name = "energy" in network ? "Hamiltonian" : "plain";
  forEachEngine(`training lowers the loss of a ${name} network of bodies`, () => {
    const simulator = simulatorOf(network as ReturnType<typeof hamiltonianNetwork>);
    const frames = tf.tensor1d([0, 5, 10, 15], "int32");
    const batch = { ...bodiesFrames(systems), frames };
    const step = jit(simulator.trainStep);
    let state = simulator.init(random.key(0));
    const losses: number[] = [];
    for (let i = 0; i < 50; i++) {
      const [next, loss] = step(state, batch, random.key(1));
      losses.push(loss.dataSync()[0]!);
      state = next;
    }
    assert(losses.at(-1)! < losses[0]! / 3, `${losses[0]} became ${losses.at(-1)}`);
  });
}

forEachEngine("a rollout is predictions of predictions", () => {
  const data = bodiesFrames(systems);
  const simulator = simulatorOf();
  const weights = simulator.weights(simulator.init(random.key(2)));
  const roll = jit((state: PhaseState) => simulator.rollout(weights, data.graph, state, 3));
  const { position, momentum } = roll(start(data));
  let state = start(data);
  for (let step = 0; step < 3; step++) {
    state = simulator.predict(weights, data.graph, state);
    assertAllClose(frameOf(position, step), state.position, { atol: 1e-5 });
    assertAllClose(frameOf(momentum, step), state.momentum, { atol: 1e-5 });
  }
});

forEachEngine("systems side by side do not see each other", () => {
  const [one, both] = [bodiesFrames([systems[1]!]), bodiesFrames(systems)];
  const simulator = simulatorOf();
  const weights = simulator.weights(simulator.init(random.key(3)));
  const alone = simulator.predict(weights, one.graph, start(one)).momentum;
  const beside = simulator.predict(weights, both.graph, start(both)).momentum;
  assertAllClose(tf.slice(beside, 3), alone, { atol: 1e-6 });
});

/** The true energy of all systems of springs together. */
function energyOf({ graph }: BodiesFrames, { position, momentum }: PhaseState): number {
  return tf.tidy(() => {
    const kinetic = tf.sum(tf.div(tf.square(momentum), tf.mul(2, graph.mass)));
    const [from, to] = [graph.senders, graph.receivers].map((ids) => tf.gather(position, ids));
    const stretched = tf.sum(tf.square(tf.sub(from!, to!)), 1, true);
    const potential = tf.sum(tf.mul(tf.mul(0.25, graph.edges), stretched));
    return tf.add(kinetic, potential).dataSync()[0]!;
  });
}

longTest(
  "a learned energy is kept for 500 steps, where learned forces lose or win some",
  async () => {
    await init();
    const many = (count: number, seed: number): BodiesFrames =>
      bodiesFrames(Array.from({ length: count }, (_, i) => simulateBodies({ seed: seed + i })));
    const [data, unseen] = [many(50, 0), many(10, 1000)];
    const drift = (network: BodiesNetwork): number => {
      const optimizer = adam(schedules.cosineDecay(3e-3, 1500));
      const simulator = bodiesSimulator({ network, dt: DT, optimizer });
      const step = jit(simulator.trainStep, { donate: 0 });
      let state = simulator.init(random.key(0));
      for (let i = 0; i < 1500; i++) {
        const frames = tf.tensor1d([37 * i % 100], "int32");
        [state] = step(state, { ...data, frames }, random.key(1));
      }
      const weights = simulator.weights(state);
      const roll = jit((state: PhaseState) => simulator.rollout(weights, unseen.graph, state, 500));
      const { position, momentum } = roll(start(unseen));
      const last = { position: frameOf(position, 499), momentum: frameOf(momentum, 499) };
      return Math.abs(energyOf(unseen, last) / energyOf(unseen, start(unseen)) - 1);
    };
    const [kept, strayed] = [drift(hamiltonianNetwork()), drift(forceNetwork())];
    assert(kept < 0.02, `the learned energy strays by ${kept}`);
    assert(strayed > 3 * kept, `forces stray by ${strayed}, the energy by ${kept}`);
  },
);

Deno.test("simulators and frames of bodies say what they need", () => {
  assertThrows(
    () => bodiesSimulator({ network: hamiltonianNetwork(sizes), dt: 0, optimizer: adam(0) }),
    RangeError,
    "Cannot make a simulator of bodies as dt is the time between frames: got number 0",
  );
  const simulator = simulatorOf();
  const data = bodiesFrames(systems);
  const weights = simulator.weights(simulator.init(random.key(0)));
  assertThrows(
    () => simulator.loss(weights, { ...data, frames: tf.scalar(0, "int32") }, random.key(0)),
    TypeError,
    "Cannot take a sample of bodies as frames are a vector of indices: expected int32 [B], got",
  );
  assertThrows(
    () => simulator.rollout(weights, data.graph, start(data), -1),
    RangeError,
    "Cannot roll out bodies as steps must be a positive integer: got number -1",
  );
  assertThrows(() => bodiesFrames([]), RangeError, "there is one system or more: got");
  const [first, second] = systems as [typeof systems[0] & object, typeof systems[0] & object];
  const cases: [object, typeof RangeError | typeof TypeError, string][] = [
    [{ mass: undefined }, TypeError, "mass of system 1 is undefined, expected [N, 1]"],
    [
      { position: { shape: [20, 3, 2], data: new Float32Array(120) } },
      TypeError,
      "position of system 1 is [20, 3, 2], expected [21, 3, 2]",
    ],
    [
      { mass: { shape: [3, 1], data: Float32Array.of(1, NaN, 1) } },
      RangeError,
      "numbers are finite: number 1 of mass of system 1 is NaN",
    ],
    [{ senders: second.senders.with(2, 3) }, RangeError, "3 at 2, there are 3 bodies"],
    [{ receivers: second.receivers.slice(1) }, RangeError, "has 5 ends, expected 6"],
  ];
  for (const [change, type, message] of cases) {
    assertThrows(() => bodiesFrames([first, { ...second, ...change }]), type, message);
  }
  assertEquals(bodiesFrames([first]).graph.mass.shape, [3, 1]);
});
