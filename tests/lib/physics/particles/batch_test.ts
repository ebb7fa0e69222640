import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { particleBatches, type ParticleSnapshot } from "../../../../lib/physics/particles/batch.ts";
import { particleWorld } from "../../../../lib/physics/particles/world.ts";
import { key } from "../../../../lib/random/mod.ts";
import type { Tensor } from "../../../../lib/tree/mod.ts";
import { forEachEngine } from "../../../support/engines.ts";

const world = particleWorld({
  dim: 1,
  bounds: [[0, 9]],
  default_connectivity_radius: 1,
  ...{ vel_mean: [0], vel_std: [1], acc_mean: [0], acc_std: [1] },
  ...{ context_mean: [1], context_std: [2] },
});

/** Particles that stay where they are. */
const still = (places: number[], types: number[], context: number): ParticleSnapshot => ({
  particleType: { shape: [types.length], data: types },
  positions: {
    shape: [places.length, 6, 1],
    data: places.flatMap((x) => new Array<number>(6).fill(x)),
  },
  target: { shape: [places.length, 1], data: places },
  stepContext: { shape: [1], data: [context] },
});
const two = [still([1, 1.5], [5, 3], 7), still([1, 4, 4.25], [5, 5, 6], 8)];
const list = (x: Tensor): number[] => Array.from(x.dataSync());

forEachEngine("particleBatches() keeps windows apart, and sees each particle itself", () => {
  const batch = particleBatches(world, { noise: 0 })(two, key(0));
  assertEquals(list(batch.senders), [0, 1, 0, 1, 2, 3, 4, 3, 4]);
  assertEquals(list(batch.receivers), [0, 0, 1, 1, 2, 3, 3, 4, 4]);
  assertEquals(list(batch.target), [1, 1.5, 1, 4, 4.25]);
  assertEquals(list(batch.particleType), [5, 3, 5, 5, 6]);
  assertEquals(list(batch.context!), [7, 7, 8, 8, 8]);
});

forEachEngine("padding is kinematic and seen by nothing", () => {
  const padTo = { particles: 7, edges: 12 };
  const batch = particleBatches(world, { noise: 0.01, padTo })(two, key(0));
  assertEquals(list(batch.particleType), [5, 3, 5, 5, 6, 3, 3]);
  assertEquals(list(batch.senders).slice(9), [7, 7, 7]);
  assertEquals(list(batch.receivers).slice(9), [7, 7, 7]);
  assertEquals(list(batch.positions).slice(30), new Array(12).fill(0));
});

forEachEngine("noise moves target and last position alike, and no kinematic particle", () => {
  const { positions, target } = particleBatches(world, { noise: 0.1 })(two, key(3));
  const windows = positions.arraySync() as number[][][];
  const next = list(target);
  [1, 1.5, 1, 4, 4.25].forEach((place, i) => {
    assertAlmostEquals(next[i]!, windows[i]![5]![0]!, 1e-6);
    assertEquals(windows[i]![0]![0], place);
    assertEquals(next[i] === place, i === 1);
  });
});

forEachEngine("gamma says how much of the last velocity's noise the target takes back", () => {
  // What stands still has a velocity of its noise alone; the target answers by an acceleration.
  const answer = (gamma: number): [velocity: number, acceleration: number] => {
    const { positions, target } = particleBatches(world, { noise: 0.1, gamma })(two, key(3));
    const [before, latest] = (positions.arraySync() as number[][][])[0]!.slice(4).flat();
    return [latest! - before!, list(target)[0]! - 2 * latest! + before!];
  };
  for (const gamma of [0, 0.25, 1]) {
    const [velocity, acceleration] = answer(gamma);
    assert(Math.abs(velocity) > 0.01);
    assertAlmostEquals(acceleration, -gamma * velocity, 1e-6);
  }
});

forEachEngine("neighbours are those of the noisy positions", () => {
  const pair = [still([1, 2.001], [5, 5], 0)];
  const counts = new Set<number>();
  for (let seed = 0; seed < 20; seed++) {
    const batch = particleBatches(world, { noise: 0.05 })(pair, key(seed));
    const [a, b] = (batch.positions.arraySync() as number[][][]).map((window) => window[5]![0]!);
    assertEquals(batch.senders.size, Math.abs(a! - b!) <= 1 ? 4 : 2);
    counts.add(batch.senders.size);
  }
  assert(counts.size === 2, "the noise is to bring the pair together in some draws only");
});

Deno.test("particleBatches() says what does not fit", () => {
  assertThrows(
    () => particleBatches(world, { padTo: { particles: 4, edges: 99 } })(two, key(0)),
    RangeError,
    "Cannot make a batch of particles as it must fit: it has 5 particles, padTo has room for 4",
  );
  assertThrows(
    () => particleBatches(world, { padTo: { particles: 5, edges: 8 } })(two, key(0)),
    RangeError,
    "it has 9 edges, padTo has room for 8 (make that larger)",
  );
  assertThrows(
    () => particleBatches(world, { noise: NaN }),
    RangeError,
    "Cannot make batches of particles as noise is a deviation: got number NaN",
  );
  for (const gamma of [-0.1, 1.5, NaN]) {
    assertThrows(
      () => particleBatches(world, { gamma }),
      RangeError,
      `Cannot make batches of particles as gamma is in [0, 1]: got number ${gamma}`,
    );
  }
  const short = { ...two[0]!, positions: { shape: [2, 5, 1], data: new Float32Array(10) } };
  assertThrows(
    () => particleBatches(world)([two[1]!, short], key(0)),
    TypeError,
    "Cannot make a batch of particles as windows have six positions and a next one: expected " +
      "positions [2, 6, 1] in window 1, got [2, 5, 1]",
  );
});
