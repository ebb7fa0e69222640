import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  DataFormatError,
  DataNotFoundError,
  type Hdf5File,
  openHdf5,
  sampleUrl,
} from "../../datasets/mod.ts";
import expected from "../golden/hdf5/expected.json" with { type: "json" };
import { withFolder } from "../support/folder.ts";
import { digest, textBytes, withServer } from "./support.ts";

const FOLDER = new URL("../golden/hdf5/", import.meta.url);

function urlOf(name: string): URL {
  const isSample = name === "train.h5" || name === "valid.h5";
  return isSample ? sampleUrl("lennard_jones", name) : new URL(name, FOLDER);
}

/** All arrays of a file that h5py found too. */
async function digests(file: Hdf5File, name: keyof typeof expected): Promise<object> {
  const paths = Object.keys(expected[name]).filter((path) => path !== "unwritten");
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await digest(file.read(path))])),
  );
}

for (const name of Object.keys(expected) as (keyof typeof expected)[]) {
  Deno.test(`openHdf5() reads ${name} as h5py does, by path and as bytes`, async () => {
    const { unwritten: _, ...wanted } = expected[name] as Record<string, object>;
    using byPath = await openHdf5(urlOf(name));
    assertEquals(await digests(byPath, name), wanted);
    using fromBytes = await openHdf5(await Deno.readFile(urlOf(name)));
    assertEquals(await digests(fromBytes, name), wanted);
  });
}

Deno.test("openHdf5() reads a file behind a web address", () =>
  withServer(() => fetch(urlOf("valid.h5")), async (address) => {
    using file = await openHdf5(`${address}/valid.h5`);
    assertEquals(file.name, `${address}/valid.h5`);
    assertEquals(file.list("00000"), ["particle_type", "position"]);
  }));

Deno.test("an HDF5 file lists groups, tells shapes and reads rows", async () => {
  using file = await openHdf5(urlOf("old.h5"));
  assertEquals(file.list("packed"), ["checksum", "gzip", "shuffle"]);
  assertEquals(file.shapeOf("packed/gzip"), [40, 3, 2]);
  assertEquals([file.shapeOf("packed"), file.shapeOf("nothing")], [null, null]);
  const whole = file.read("packed/gzip").data;
  const { shape, data } = file.read("packed/gzip", [15, 18]);
  assertEquals(shape, [3, 3, 2]);
  assertEquals(data, whole.slice(15 * 6, 18 * 6));
  assertEquals(file.read("packed/gzip", [40, 40]).shape, [0, 3, 2]);
  assertThrows(
    () => file.read("packed/gzip", [30, 41]),
    RangeError,
    "Cannot read rows 30 to 41 of packed/gzip as it has 40 rows",
  );
});

Deno.test("what is no array of numbers is refused by its name", async () => {
  using file = await openHdf5(urlOf("new.h5"));
  const cases: [string, string][] = [
    ["words", "expected numbers of 8 to 64 bits in words, found others"],
    ["never_written/deep", "expected values in never_written/deep, found that it has none"],
    ["unwritten", "array unwritten of shape [1000, 1000] has 4000000 bytes, more than a file of"],
    ["plain", "expected an array plain, found none"],
    ["nothing/at/all", "expected an array nothing/at/all, found none"],
  ];
  for (const [path, text] of cases) {
    assertThrows(() => file.read(path), DataFormatError, text);
  }
  assertThrows(() => file.list("scalar"), DataFormatError, "expected a group scalar, found none");
});

Deno.test("a file that was closed says so", async () => {
  const file = await openHdf5(urlOf("old.h5"));
  file.close();
  file.close();
  assertThrows(() => file.list(), Error, "the file was closed (open it again)");
});

Deno.test("no file, and a file of another kind, are told apart", () =>
  withFolder(async (folder) => {
    const open = () => openHdf5(`${folder}/a.h5`);
    await assertRejects(open, DataNotFoundError, `Cannot open ${folder}/a.h5 as HDF5`);
    await Deno.writeFile(`${folder}/a.h5`, textBytes("position,particle_type\n"));
    const error = await assertRejects(open, DataFormatError, "the signature of HDF5 at byte 0");
    assertEquals([error.file, error.byteOffset], [`${folder}/a.h5`, 0]);
    await assertRejects(() => openHdf5(new Uint8Array()), DataFormatError, "the given bytes");
  }));

Deno.test("a file that was damaged is read anew when another one is put in its place", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.h5`;
    const good = await Deno.readFile(urlOf("valid.h5"));
    const damaged = good.slice();
    // Behind the superblock: the headers of the root and of its members.
    damaged.fill(255, 800, 2000);
    await Deno.writeFile(path, damaged);
    const read = async () => {
      using file = await openHdf5(path);
      return file.read("00000/position");
    };
    await assertRejects(read, DataFormatError, `Cannot read ${path} as HDF5`);
    await Deno.writeFile(path, good);
    assertEquals((await read()).shape, [405, 3, 3]);
    // The names of its members are others; the bytes are as many.
    await Deno.writeFile(path, damaged);
    await assertRejects(read, DataFormatError, `Cannot read ${path} as HDF5`);
  }));
