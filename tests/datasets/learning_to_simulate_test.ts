import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { toBytes } from "../../datasets/array.ts";
import { DataNotFoundError } from "../../datasets/errors.ts";
import { DataFormatError } from "../../datasets/formats/data_format_error.ts";
import {
  encodeSequenceExample,
  type Feature,
  type SequenceExample,
} from "../../datasets/formats/example.ts";
import { openLearningToSimulate, type ParticleTrajectory } from "../../datasets/mod.ts";
import { parseLearningToSimulateMetadata } from "../../datasets/learning_to_simulate_metadata.ts";
import { sampleUrl } from "../../datasets/samples/mod.ts";
import { writeTfRecords } from "../../datasets/tf_records.ts";
import expected from "../golden/datasets/expected.json" with { type: "json" };
import { withFolder } from "../support/folder.ts";
import { collect, digest } from "./support.ts";

async function digests(trajectory: ParticleTrajectory): Promise<object> {
  const { key, particleType, position, stepContext } = trajectory;
  return {
    key,
    particleType: await digest(particleType),
    position: await digest(position),
    stepContext: await digest(stepContext!),
  };
}

const METADATA = { sequence_length: 2, dim: 2, context_mean: [0] };
const POSITIONS = new Float32Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

function frames(data: Float32Array, count: number): Feature[] {
  const size = data.length / count;
  return Array.from({ length: count }, (_, t) => [toBytes(data.slice(t * size, (t + 1) * size))]);
}

/** Two particles in three frames, to be spoiled. */
function goodRecord(): SequenceExample {
  return {
    context: new Map<string, Feature>([
      ["key", new BigInt64Array([4n])],
      ["particle_type", [toBytes(new BigInt64Array([5n, 3n]))]],
    ]),
    featureLists: new Map([
      ["position", frames(POSITIONS, 3)],
      ["step_context", frames(new Float32Array([7, 8, 9]), 3)],
    ]),
  };
}

async function writeSet(folder: string, records: SequenceExample[], metadata: object = METADATA) {
  await Deno.writeTextFile(`${folder}/metadata.json`, JSON.stringify(metadata));
  await writeTfRecords(`${folder}/train.tfrecord`, records.map(encodeSequenceExample));
}

async function read(records: SequenceExample[], metadata?: object): Promise<ParticleTrajectory[]> {
  let found: ParticleTrajectory[] = [];
  await withFolder(async (folder) => {
    await writeSet(folder, records, metadata);
    found = await collect(await openLearningToSimulate(folder, "train"));
  });
  return found;
}

const GOOD: ParticleTrajectory = {
  key: 4,
  particleType: { shape: [2], data: new Int32Array([5, 3]) },
  position: { shape: [3, 2, 2], data: POSITIONS },
  stepContext: { shape: [3, 1], data: new Float32Array([7, 8, 9]) },
};

Deno.test("openLearningToSimulate() gives the arrays that DeepMind's reader gives", async () => {
  for (const split of ["train", "valid"] as const) {
    const data = await openLearningToSimulate(sampleUrl("n_body_springs"), split);
    const found = await Promise.all((await collect(data)).map(digests));
    assertEquals(found, expected.n_body_springs[split]);
  }
});

Deno.test("openLearningToSimulate() gives arrays under the names of the contract", async () => {
  assertEquals(await read([goodRecord()]), [GOOD]);
});

Deno.test("openLearningToSimulate() gives no stepContext where there is no context_mean", async () => {
  const { stepContext: _, ...without } = GOOD;
  assertEquals(await read([goodRecord()], { sequence_length: 2, dim: 2, unknown: null }), [
    without,
  ]);
});

Deno.test("openLearningToSimulate() takes all frames in one value, and no key as 0", async () => {
  const record = goodRecord();
  record.context.delete("key");
  record.featureLists.set("position", [[toBytes(POSITIONS)]]);
  assertEquals(await read([record]), [{ ...GOOD, key: 0 }]);
});

Deno.test("describe() prints a card of the data set", async () => {
  const data = await openLearningToSimulate(sampleUrl("n_body_springs"), "train");
  assertEquals(
    data.describe(),
    `\
n_body_springs: Learning to Simulate, split train of train, valid
101 frames a trajectory, dt 0.02 s, 2 dimensions, connectivity radius 0.5, bounds 0 to 1, 0 to 1
  particleType  int32    [any]
  position      float32  [101, any, 2]
  stepContext   float32  [101, 2]`,
  );
});

Deno.test("openLearningToSimulate() fails at once where metadata or split do not exist", () =>
  withFolder(async (folder) => {
    const open = (split: string) => () => openLearningToSimulate(folder, split);
    await assertRejects(open("train"), DataNotFoundError, `${folder}/metadata.json, found none`);
    await writeSet(folder, []);
    await assertRejects(open("test"), DataNotFoundError, "found the splits train (");
    assertEquals(await collect(await open("train")()), []);
  }));

Deno.test("a bad record is an error with file, record, byte, field, expected and actual", async () => {
  const cases: [(record: SequenceExample) => void, string][] = [
    [({ context }) => context.delete("particle_type"), 'field "particle_type" is missing'],
    [({ featureLists }) => featureLists.delete("position"), 'field "position" is missing'],
    [({ featureLists }) => featureLists.delete("step_context"), 'field "step_context" is missing'],
    [
      ({ context }) => context.set("key", new Float32Array([1])),
      'field "key": expected one integer',
    ],
    [
      ({ context }) => context.set("particle_type", [new Uint8Array(12)]),
      'field "particle_type": expected bytes values of one size, a multiple of 8 for int64, got 12 bytes',
    ],
    [
      ({ context }) => context.set("particle_type", [toBytes(new Int32Array([5, 3]))]),
      'field "particle_type": expected small int64 values, got 12884901893 for particle 0',
    ],
    [
      ({ context }) => context.set("particle_type", new BigInt64Array([5n, 3n])),
      'field "particle_type": expected raw bytes, got numbers',
    ],
    [
      ({ featureLists }) => featureLists.set("position", frames(POSITIONS.subarray(0, 8), 2)),
      'field "position": expected 48 bytes for float32 of shape [3, 2, 2] (sequence_length + 1 frames), ' +
      "got 32 bytes",
    ],
    [
      ({ featureLists }) => featureLists.get("position")![1] = [new Uint8Array(12)],
      'field "position": expected bytes values of one size, a multiple of 4 for float32, got 16 and 12',
    ],
  ];
  for (const [spoil, text] of cases) {
    const bad = goodRecord();
    spoil(bad);
    const error = await assertRejects(() => read([goodRecord(), bad]), DataFormatError, text);
    assertStringIncludes(error.message, "Cannot read record 1 at byte ");
    assertStringIncludes(error.message, "/train.tfrecord as a Learning to Simulate trajectory: ");
    assertEquals(error.record, 1);
  }
});

Deno.test("parseLearningToSimulateMetadata() refuses wrong entries with expected and actual", () => {
  const good = { ...METADATA, bounds: [[0, 1], [0, 1]], dt: 0.1, vel_mean: [0, 0], extra: "kept" };
  const parse = (metadata: unknown) => () =>
    parseLearningToSimulateMetadata(JSON.stringify(metadata), "set/metadata.json");
  assertEquals(parse(good)() as unknown, good);
  const cases: [unknown, string][] = [
    [[], "expected an object, got []"],
    [{ dim: 2 }, 'expected "sequence_length", an integer of at least 1, got nothing'],
    [{ ...good, dim: 0 }, 'expected "dim", an integer of at least 1, got 0'],
    [{ ...good, dt: "x" }, 'expected "dt", a number, got x'],
    [
      { ...good, default_connectivity_radius: [1] },
      '"default_connectivity_radius", a number, got [1]',
    ],
    [{ ...good, bounds: [[0, 1]] }, 'expected "bounds", 2 pairs of numbers, got [[0,1]]'],
    [{ ...good, bounds: [[0, 1], [0]] }, 'expected "bounds", 2 pairs'],
    [{ ...good, vel_mean: [0] }, 'expected "vel_mean", a number for each of 2 dimensions, got [0]'],
    [{ ...good, acc_std: [0, null] }, 'expected "acc_std"'],
    [{ ...good, context_mean: "none" }, 'expected "context_mean", a list of numbers, got none'],
    [{ ...good, context_std: [1, 2] }, 'expected "context_std", 1 numbers as context_mean'],
    [{ ...good, context_mean: undefined, context_std: [1] }, 'expected "context_mean"'],
  ];
  for (const [metadata, text] of cases) {
    const error = assertThrows(parse(metadata), DataFormatError, text);
    assertStringIncludes(
      error.message,
      "Cannot read set/metadata.json as Learning to Simulate metadata",
    );
  }
  const cut = () => parseLearningToSimulateMetadata("{", "set/metadata.json");
  assertThrows(cut, DataFormatError, "expected JSON, got ");
});
