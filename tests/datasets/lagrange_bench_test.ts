import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  DataFormatError,
  DataNotFoundError,
  openLagrangeBench,
  sampleUrl,
} from "../../datasets/mod.ts";
import expected from "../golden/hdf5/expected.json" with { type: "json" };
import { withFolder } from "../support/folder.ts";
import { collect, digest, withServer } from "./support.ts";

const SAMPLE = sampleUrl("lennard_jones");
const METADATA = await (await fetch(sampleUrl("lennard_jones", "metadata.json"))).json();

/** A folder with the sample's valid.h5, or another file, and metadata with some entries changed. */
async function makeFolder(
  folder: string,
  changes: object,
  h5 = sampleUrl("lennard_jones", "valid.h5"),
) {
  await Deno.copyFile(h5, `${folder}/valid.h5`);
  await Deno.writeTextFile(`${folder}/metadata.json`, JSON.stringify({ ...METADATA, ...changes }));
}

Deno.test("openLagrangeBench() gives trajectories in Learning to Simulate's form, again and again", async () => {
  for (const split of ["train", "valid"] as const) {
    const data = await openLagrangeBench(SAMPLE, split);
    const [first, ...others] = await collect(data);
    assertEquals(others, []);
    const { key, particleType, position } = first!;
    assertEquals([key, particleType.shape], [0, [3]]);
    const golden = expected[`${split}.h5`];
    assertEquals(await digest(position), golden["00000/position"]);
    assertEquals(await digest(particleType), golden["00000/particle_type"]);
    assertEquals(await collect(data), [first]);
  }
});

Deno.test("openLagrangeBench() tells the periodic box, the splits and a data card", async () => {
  const data = await openLagrangeBench(SAMPLE, "train");
  assertEquals(data.metadata, METADATA);
  assertEquals([data.name, data.split, data.splits], ["lennard_jones", "train", [
    "train",
    "valid",
  ]]);
  assertEquals(
    data.describe(),
    `lennard_jones: LagrangeBench, split train of train, valid
1214 frames a trajectory to train on, 405 to test, dt 0.005 s, 3 dimensions, connectivity radius 3, ` +
      `bounds 0 to 5 (periodic), 0 to 5 (periodic), 0 to 5 (periodic)
  particleType  int32    [any]
  position      float32  [any, any, 3]`,
  );
});

Deno.test("openLagrangeBench() reads from the web", () =>
  withServer(
    ({ url }) =>
      fetch(new URL(`.${new URL(url).pathname}`, `${SAMPLE}/`))
        .catch(() => new Response(null, { status: 404 })),
    async (address) => {
      const data = await openLagrangeBench(address, "valid");
      assertEquals((await collect(data)).map(({ position }) => position.shape), [[405, 3, 3]]);
    },
  ));

Deno.test("a missing split is named beside those that there are", async () => {
  const error = await assertRejects(() => openLagrangeBench(SAMPLE, "test"), DataNotFoundError);
  assertStringIncludes(error.message, "/test.h5, found the splits train, valid");
  const none = () => openLagrangeBench(sampleUrl("meshes"), "train");
  await assertRejects(none, DataNotFoundError, "holds metadata.json and the .h5 files");
});

Deno.test("metadata that are wrong are refused by their entry", () =>
  withFolder(async (folder) => {
    const cases: [object, string][] = [
      [
        { periodic_boundary_conditions: undefined },
        '"periodic_boundary_conditions", true or false',
      ],
      [
        { periodic_boundary_conditions: [true, false] },
        "for each of 3 dimensions, got [true,false]",
      ],
      [{ bounds: undefined }, '"bounds" of the periodic box, got nothing'],
      [{ bounds: [[0, 1]] }, '"bounds", 3 pairs of numbers'],
      [{ sequence_length_train: -1 }, '"sequence_length_train", an integer of at least 1, got -1'],
      [{ vel_std: [1, 2] }, '"vel_std", a number for each of 3 dimensions'],
    ];
    for (const [changes, text] of cases) {
      await makeFolder(folder, changes);
      const open = () => openLagrangeBench(folder, "valid");
      const error = await assertRejects(open, DataFormatError, text);
      assertStringIncludes(error.message, `${folder}/metadata.json as LagrangeBench metadata`);
    }
  }));

Deno.test("trajectories that do not fit the metadata are refused when they are read", () =>
  withFolder(async (folder) => {
    await makeFolder(folder, {
      dim: 2,
      bounds: undefined,
      periodic_boundary_conditions: [false, false],
    });
    const plain = {
      vel_mean: undefined,
      vel_std: undefined,
      acc_mean: undefined,
      acc_std: undefined,
    };
    await makeFolder(folder, {
      ...plain,
      dim: 2,
      bounds: undefined,
      periodic_boundary_conditions: [false, false],
    });
    const flat = await openLagrangeBench(folder, "valid");
    await assertRejects(
      () => collect(flat),
      DataFormatError,
      "expected positions [T, 3, 2] for 3 particle types in 2 dimensions, got [405, 3, 3]",
    );
    await makeFolder(folder, {}, new URL("../golden/hdf5/old.h5", import.meta.url));
    const other = await openLagrangeBench(folder, "valid");
    await assertRejects(
      () => collect(other),
      DataFormatError,
      "expected a group big_endian, found none",
    );
  }));
