import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  computeStats,
  openLearningToSimulate,
  type ParticleTrajectory,
  sampleUrl,
  writeLearningToSimulate,
} from "../../datasets/mod.ts";
import { withFolder } from "../support/folder.ts";
import { collect, randomBytes, seeded } from "./support.ts";

/** Some particles in four frames on a plane, with a step context. */
function trajectory(particles: number, seed: number): ParticleTrajectory {
  const values = (length: number) => new Float32Array(randomBytes(length, seeded(seed)));
  return {
    key: -seed,
    particleType: { shape: [particles], data: new Int32Array(particles).fill(5) },
    position: { shape: [4, particles, 2], data: values(8 * particles) },
    stepContext: { shape: [4, 1], data: values(4) },
  };
}

const TWO = [trajectory(3, 1), trajectory(1, 2)];
const GIVEN = { bounds: [[0, 1], [0, 2]], default_connectivity_radius: 0.1, dt: 0.5 } as const;

Deno.test("writeLearningToSimulate() writes layout and statistics, and is read back unchanged", () =>
  withFolder(async (folder) => {
    assertEquals(await writeLearningToSimulate(folder, "train", TWO, { metadata: GIVEN }), 2);
    const data = await openLearningToSimulate(folder, "train");
    assertEquals(await collect(data), TWO);
    const stats = await computeStats(TWO);
    assertEquals(data.metadata as unknown, { sequence_length: 3, dim: 2, ...stats, ...GIVEN });
  }));

Deno.test("writeLearningToSimulate() copies a data set, metadata and all", () =>
  withFolder(async (folder) => {
    const data = await openLearningToSimulate(sampleUrl("n_body_springs"), "train");
    const { metadata } = data;
    await writeLearningToSimulate(new URL(`file://${folder}`), "train", data, { metadata });
    const copy = await openLearningToSimulate(folder, "train");
    assertEquals(copy.metadata, metadata);
    assertEquals(await collect(copy), await collect(data));
  }));

Deno.test("writeLearningToSimulate() takes statistics from the train split", () =>
  withFolder(async (folder) => {
    await writeLearningToSimulate(folder, "train", TWO, { metadata: GIVEN });
    await writeLearningToSimulate(folder, "valid", [trajectory(2, 3)]);
    const { metadata, splits } = await openLearningToSimulate(folder, "valid");
    assertEquals(splits, ["train", "valid"]);
    const stats = await computeStats(TWO);
    assertEquals(metadata as unknown, { sequence_length: 3, dim: 2, ...stats, ...GIVEN });
    await writeLearningToSimulate(folder, "train", [trajectory(5, 4)]);
    const renewed = (await openLearningToSimulate(folder, "valid")).metadata;
    assertEquals(renewed as unknown, { ...metadata, ...await computeStats([trajectory(5, 4)]) });
  }));

Deno.test("writeLearningToSimulate() refuses what does not fit, and writes nothing", async () => {
  const good = trajectory(3, 1);
  const { stepContext, ...without } = good;
  const cases: [ParticleTrajectory, string][] = [
    [{ ...good, key: 0.5 }, 'field "key": expected an integer, got 0.5'],
    [
      { ...good, particleType: { shape: [3], data: new Uint8Array(3) as unknown as Int32Array } },
      'field "particleType": expected Int32Array of shape [3], got Uint8Array of 3 values and shape [3]',
    ],
    [
      { ...good, position: { ...good.position, shape: [4, 2, 3] } },
      'field "position": expected Float32Array of shape [4, 3, 2], got Float32Array of 24 values and ' +
      "shape [4,2,3]",
    ],
    [
      { ...good, position: { shape: [4, 3, 2], data: new Float32Array(23) } },
      "got Float32Array of 23 values",
    ],
    [
      { ...good, position: { shape: [5, 3, 2], data: new Float32Array(30) } },
      "shape [4, 3, 2], got Float32Array of 30 values and shape [5,3,2]",
    ],
    [without, 'field "stepContext": expected Float32Array of shape [4, 1], got none'],
  ];
  for (const [bad, text] of cases) {
    await withFolder(async (folder) => {
      const write = () => writeLearningToSimulate(folder, "train", [good, bad]);
      const { message } = await assertRejects(write, TypeError, text);
      assertStringIncludes(message, "Cannot write trajectory 1 as Learning to Simulate: ");
      assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
    });
  }
  await withFolder(async (folder) => {
    const write = () => writeLearningToSimulate(folder, "train", [without, good]);
    await assertRejects(write, TypeError, 'field "stepContext": expected none, as before');
  });
  assertEquals(stepContext?.shape, [4, 1]);
});

Deno.test("writeLearningToSimulate() refuses an empty or not finite set, and writes nothing", () =>
  withFolder(async (folder) => {
    const empty = () => writeLearningToSimulate(folder, "train", []);
    await assertRejects(empty, RangeError, "expected at least one trajectory");
    const bad = trajectory(3, 1);
    bad.position.data[5] = NaN;
    await assertRejects(
      () => writeLearningToSimulate(folder, "train", [bad]),
      RangeError,
      "has NaN",
    );
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
    const metadata = { sequence_length: 3, dim: 2 };
    assertEquals(await writeLearningToSimulate(folder, "train", [], { metadata }), 0);
    assertEquals(await collect(await openLearningToSimulate(folder, "train")), []);
  }));
