import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  adam,
  bodiesFrames,
  bodiesSimulator,
  forceNetwork,
  hamiltonianNetwork,
  leapfrog,
  type PhaseState,
  random,
  rungeKutta,
  symplecticEuler,
  yoshida,
} from "../../../../mod.ts";
import { assertAllClose } from "../../../support/assert_all_close.ts";
import { forEachEngine } from "../../../support/engines.ts";
import { bodies, bodiesRecord, frameOf, paramsOf } from "../simulator_golden.ts";

const sizes = { latentSize: 6, hiddenLayers: 1 };
const networks = { hamiltonian: hamiltonianNetwork(sizes), forces: forceNetwork(sizes) };
const integrators = { symplecticEuler, leapfrog, yoshida, rungeKutta };
const load = () => bodiesFrames([bodiesRecord()]);
const start = ({ position, momentum }: PhaseState): PhaseState => ({
  position: frameOf(position, 0),
  momentum: frameOf(momentum, 0),
});

forEachEngine("the energy is the sum of what JAX has for bodies and pairs", () => {
  const data = load();
  const params = paramsOf<never>(bodies.params.hamiltonian);
  const energy = networks.hamiltonian.energy(params, data.graph, start(data));
  assertAlmostEquals(energy.dataSync()[0]!, bodies.energy, 1e-4);
});

for (const flow of ["hamiltonian", "forces"] as const) {
  forEachEngine(`steps by each integrator are JAX's: ${flow}`, () => {
    const data = load();
    const params = paramsOf<never>(bodies.params[flow]);
    for (const [name, integrator] of Object.entries(integrators)) {
      const change = networks[flow].flow(params, data.graph);
      const next = integrator(change, start(data), bodies.dt);
      const [position, momentum] = bodies.steps[flow][name]!;
      assertAllClose(next, { position, momentum }, { rtol: 1e-4, atol: 1e-4 });
    }
  });

  forEachEngine(`the loss is JAX's, of several frames their mean: ${flow}`, () => {
    const data = load();
    const weights = { params: paramsOf<never>(bodies.params[flow]), normalizers: null };
    const simulator = bodiesSimulator({
      network: networks[flow],
      dt: bodies.dt,
      optimizer: adam(0),
    });
    for (const frames of [[0], [0, 0, 0]]) {
      const batch = { ...data, frames: tf.tensor1d(frames, "int32") };
      const loss = simulator.loss(weights, batch, random.key(0)).dataSync()[0]!;
      assertAlmostEquals(loss / bodies.losses[flow], 1, 1e-4);
    }
  });
}

forEachEngine("the forces of a Hamiltonian network add up to nothing", () => {
  const data = load();
  const params = paramsOf<never>(bodies.params.hamiltonian);
  const { force } = networks.hamiltonian.flow(params, data.graph);
  assertAllClose(tf.sum(force(start(data)), 0), [0, 0], { atol: 1e-4 });
});

Deno.test("networks of bodies refuse sizes that are none", () => {
  for (const make of [hamiltonianNetwork, forceNetwork]) {
    assertThrows(
      () => make({ latentSize: 0 }),
      RangeError,
      "Cannot make a network of bodies as latentSize must be a positive integer: got number 0",
    );
    assertThrows(() => make({ hiddenLayers: 1.5 }), RangeError, "hiddenLayers must be a positive");
  }
  const params = forceNetwork({ dimension: 3, edgeSize: 2 }).init(random.key(0));
  assertEquals(params.edges.layers[0]!.w.shape, [7, 64]);
  assertEquals(params.nodes.layers.at(-1)!.w.shape, [64, 3]);
});
