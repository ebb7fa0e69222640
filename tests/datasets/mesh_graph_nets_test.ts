import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DataNotFoundError } from "../../datasets/errors.ts";
import { toBytes } from "../../datasets/array.ts";
import { DataFormatError } from "../../datasets/formats/data_format_error.ts";
import { encodeExample, type Feature } from "../../datasets/formats/example.ts";
import { encodeTfRecord } from "../../datasets/formats/tfrecord.ts";
import { type MeshTrajectory, openMeshGraphNets } from "../../datasets/mesh_graph_nets.ts";
import { cylinderFlowMini, sampleUrl } from "../../datasets/samples/mod.ts";
import { writeTfRecords } from "../../datasets/tf_records.ts";
import expected from "../golden/datasets/expected.json" with { type: "json" };
import { withFolder } from "../support/folder.ts";
import { collect, digest, goldenUrl, withServer } from "./support.ts";

/** A trajectory in the form of the golden files. */
async function digests(trajectory: MeshTrajectory): Promise<object> {
  const fields = Object.entries(trajectory).map(async ([name, value]) => [
    name,
    Array.isArray(value) ? await Promise.all(value.map(digest)) : await digest(value),
  ]);
  return Object.fromEntries(await Promise.all(fields));
}

const META = {
  simulator: "test",
  dt: 0.5,
  collision_radius: null,
  features: {
    cells: { type: "static", shape: [1, -1, 3], dtype: "int32" },
    velocity: { type: "dynamic", shape: [2, -1, 2], dtype: "float32" },
    world: { type: "dynamic_varlen", shape: [-1, 1], dtype: "float32" },
  },
  field_names: ["cells", "velocity", "world", "length_world"],
  trajectory_length: 2,
};

/** The fields of a good record, to be spoiled. */
function goodRecord(): Map<string, Feature> {
  return new Map<string, Feature>([
    ["cells", [toBytes(new Int32Array([0, 1, 2]))]],
    ["velocity", [toBytes(new Float32Array(12))]],
    ["world", [toBytes(new Float32Array([1, 2, 3, 4, 5]))]],
    ["length_world", [toBytes(new Int32Array([2, 3]))]],
  ]);
}

async function writeSet(folder: string, records: Map<string, Feature>[]): Promise<void> {
  await Deno.writeTextFile(`${folder}/meta.json`, JSON.stringify(META));
  await writeTfRecords(`${folder}/train.tfrecord`, records.map(encodeExample));
}

/** What reading says of a set whose second record is this one. */
async function readingError(record: Map<string, Feature>): Promise<DataFormatError> {
  let error: DataFormatError | undefined;
  await withFolder(async (folder) => {
    await writeSet(folder, [goodRecord(), record]);
    const data = await openMeshGraphNets(folder, "train");
    error = await assertRejects(() => collect(data), DataFormatError);
    assertStringIncludes(
      error.message,
      `of ${folder}/train.tfrecord as a MeshGraphNets trajectory`,
    );
  });
  const first = encodeTfRecord(encodeExample(goodRecord())).length;
  assertEquals([error!.record, error!.byteOffset], [1, first]);
  assertStringIncludes(error!.message, `Cannot read record 1 at byte ${first} of`);
  return error!;
}

Deno.test("openMeshGraphNets() gives the arrays that DeepMind's reader gives", async () => {
  for (const split of ["train", "valid"] as const) {
    const data = await openMeshGraphNets(sampleUrl("cylinder_flow_mini"), split);
    const found = await Promise.all((await collect(data)).map(digests));
    assertEquals(found, expected.cylinder_flow_mini[split]);
  }
});

Deno.test("openMeshGraphNets() gives dynamic_varlen fields as DeepMind's reader cuts them", async () => {
  const data = await openMeshGraphNets(goldenUrl("varlen"), "train");
  const trajectories = await collect(data);
  assertEquals(await Promise.all(trajectories.map(digests)), expected.varlen);
  assertEquals(Object.keys(trajectories[0]!), ["node_type", "velocity", "mesh_pos", "cells"]);
});

Deno.test("a data set can be iterated again, side by side and in part", async () => {
  const data = await openMeshGraphNets(goldenUrl("varlen"), "train");
  const [first, second] = await Promise.all([collect(data), collect(data)]);
  assertEquals(first, second);
  for await (const each of data) {
    assertEquals(each, first[0]);
    break;
  }
  assertEquals(await collect(data), first);
});

Deno.test("records are free of each other and of their file's bytes", async () => {
  const data = await openMeshGraphNets(goldenUrl("varlen"), "train");
  const { cells, velocity } = (await collect(data))[0]!;
  if (!Array.isArray(cells) || !velocity || Array.isArray(velocity)) throw new Error("wrong form");
  assertEquals(cells[0]!.data.buffer.byteLength, cells[0]!.data.byteLength);
  assertEquals(velocity.data.buffer.byteLength, velocity.data.byteLength);
});

Deno.test("describe() prints a card of the data set", async () => {
  const { train } = await cylinderFlowMini();
  assertEquals(
    train.describe(),
    `\
cylinder_flow_mini: MeshGraphNets, split train of train, valid
100 frames a trajectory, dt 0.01 s, simulator scikit-fem IPCS P2/P1
  cells      static          int32    [1, any, 3]
  mesh_pos   static          float32  [1, any, 2]
  node_type  static          int32    [1, any, 1]
  velocity   dynamic         float32  [100, any, 2]
  pressure   dynamic         float32  [100, any, 1]`,
  );
});

Deno.test("an empty split is a set of no trajectories", () =>
  withFolder(async (folder) => {
    await writeSet(folder, []);
    const data = await openMeshGraphNets(folder, "train");
    assertEquals(await collect(data), []);
    assertEquals(data.splits, ["train"]);
    assertEquals(data.metadata.features.cells, {
      type: "static",
      shape: [1, -1, 3],
      dtype: "int32",
    });
  }));

Deno.test("openMeshGraphNets() takes a folder with and without a slash, a URL and a file address", () =>
  withFolder(async (folder) => {
    await writeSet(folder, [goodRecord()]);
    const places = [folder, `${folder}/`, `file://${folder}`, new URL(`file://${folder}/`)];
    for (const place of places) {
      const data = await openMeshGraphNets(place, "train");
      assertEquals((await collect(data)).length, 1);
      assertEquals(data.name, folder.split("/").at(-1));
    }
  }));

Deno.test("openMeshGraphNets() fails at once where the split does not exist, and lists the others", async () => {
  const folder = sampleUrl("cylinder_flow_mini");
  const error = await assertRejects(() => openMeshGraphNets(folder, "test"), DataNotFoundError);
  assertStringIncludes(error.message, `Cannot open split "test" of ${folder.pathname}`);
  assertStringIncludes(error.message, "found the splits train, valid");
});

Deno.test("openMeshGraphNets() fails at once where there is no meta.json or no folder", () =>
  withFolder(async (folder) => {
    for (const place of [folder, `${folder}/none`]) {
      const open = () => openMeshGraphNets(place, "train");
      await assertRejects(
        open,
        DataNotFoundError,
        `expected the file ${place}/meta.json, found none`,
      );
    }
  }));

Deno.test("a record without a field is an error with the field's name", async () => {
  const record = goodRecord();
  record.delete("velocity");
  assertStringIncludes(
    (await readingError(record)).message,
    `field "velocity" is missing: expected the fields of meta.json, got cells, world, length_world ` +
      `(take it out of meta.json, or write the record with it)`,
  );
});

Deno.test("a field whose bytes do not fit its shape is an error with both", async () => {
  const record = goodRecord();
  record.set("velocity", [new Uint8Array(44)]);
  assertStringIncludes(
    (await readingError(record)).message,
    `field "velocity": expected a multiple of 16 bytes for float32 of shape [2, -1, 2], got 44 bytes`,
  );
});

Deno.test("a field of floats, of no value or of uneven values is an error", async () => {
  const cases: [Feature, string][] = [
    [new Float32Array(12), "expected raw bytes, got floats"],
    [new BigInt64Array(12), "expected raw bytes, got integers"],
    [[], "expected raw bytes, got no value"],
    [[new Uint8Array(32), new Uint8Array(16)], "values of one size, got 32 and 16 bytes"],
  ];
  for (const [feature, text] of cases) {
    const record = goodRecord().set("velocity", feature);
    const { message } = await readingError(record);
    assertStringIncludes(message, `field "velocity": expected`);
    assertStringIncludes(message, text);
  }
});

Deno.test("lengths that do not add up, are negative or missing are errors", async () => {
  const cases: [number[], string][] = [
    [[2, 2], `expected lengths that sum to the 5 rows of "world", got a sum of 4`],
    [[6, -1], "got a length of -1"],
  ];
  for (const [lengths, text] of cases) {
    const record = goodRecord().set("length_world", [toBytes(new Int32Array(lengths))]);
    assertStringIncludes((await readingError(record)).message, text);
  }
  const record = goodRecord();
  record.delete("length_world");
  assertStringIncludes((await readingError(record)).message, `field "length_world" is missing`);
});

Deno.test("a record that is no Example is an error with file, record and byte", () =>
  withFolder(async (folder) => {
    await writeSet(folder, []);
    await writeTfRecords(`${folder}/train.tfrecord`, [Uint8Array.from([10, 200, 1])]);
    const data = await openMeshGraphNets(folder, "train");
    const error = await assertRejects(() => collect(data), DataFormatError);
    assertStringIncludes(
      error.message,
      `Cannot read record 0 of ${folder}/train.tfrecord as tf.train`,
    );
    assertEquals([error.record, error.byteOffset], [0, 15]);
  }));

Deno.test("a damaged or truncated file fails at its record, after the good ones", () =>
  withFolder(async (folder) => {
    await writeSet(folder, [goodRecord(), goodRecord()]);
    const path = `${folder}/train.tfrecord`;
    const bytes = await Deno.readFile(path);
    const flipped = bytes.slice();
    flipped[bytes.length - 20]! ^= 4;
    for (const [bad, text] of [[flipped, "checksum"], [bytes.slice(0, -1), "truncated"]] as const) {
      await Deno.writeFile(path, bad);
      const found: MeshTrajectory[] = [];
      const read = async () => {
        for await (const each of await openMeshGraphNets(folder, "train")) found.push(each);
      };
      const error = await assertRejects(read, DataFormatError, text);
      assertStringIncludes(
        error.message,
        `${path} as TFRecord: in record 1 at byte ${bytes.length / 2}`,
      );
      assertEquals(found.length, 1);
    }
  }));

Deno.test("openMeshGraphNets() reads from a web server as from the disk", async () => {
  const folder = sampleUrl("cylinder_flow_mini");
  const local = await collect(await openMeshGraphNets(folder, "valid"));
  await withServer(
    (request) => {
      const { pathname, search } = new URL(request.url);
      const file = pathname.replace("/sets/flow/", "");
      if (search !== "?token=1" || file === "test.tfrecord") {
        return new Response("nothing here", { status: 404 });
      }
      return fetch(`${folder}/${file}`).then(({ body }) => new Response(body));
    },
    async (address) => {
      const url = `${address}/sets/flow/?token=1`;
      const data = await openMeshGraphNets(url, "valid");
      assertEquals(data.splits, ["train", "valid"]);
      assertEquals(await collect(data), local);
      for await (const _ of await openMeshGraphNets(new URL(url), "train")) break;
      await assertRejects(() => openMeshGraphNets(url, "test"), DataNotFoundError, "train, valid");
      const elsewhere = `${address}/sets/none`;
      await assertRejects(
        () => openMeshGraphNets(elsewhere, "train"),
        DataNotFoundError,
        "meta.json",
      );
    },
  );
});
