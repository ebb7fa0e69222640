import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DataNotFoundError } from "../../datasets/errors.ts";
import { readTfRecords, writeTfRecords } from "../../datasets/tf_records.ts";
import { skipUnless } from "../support/skip.ts";
import { withFolder } from "../support/folder.ts";
import { collect, randomBytes, seeded } from "./support.ts";

const RECORDS = [0, 1, 300_000, 2_500_000].map((length, i) => randomBytes(length, seeded(i)));

async function read(path: string | URL): Promise<Uint8Array[]> {
  return (await collect(readTfRecords(path))).map(({ data }) => data);
}

async function names(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

Deno.test("writeTfRecords() writes what readTfRecords() gives back", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.tfrecord`;
    assertEquals(await writeTfRecords(path, RECORDS), 4);
    assertEquals(await read(path), RECORDS);
    assertEquals(await names(folder), ["a.tfrecord"]);
  }));

Deno.test("writeTfRecords() takes an async iterable and a file URL", () =>
  withFolder(async (folder) => {
    const url = new URL(`file://${folder}/with space.tfrecord`);
    assertEquals(await writeTfRecords(url, ReadableStream.from(RECORDS)), 4);
    assertEquals(await read(url), RECORDS);
    assertEquals(await names(folder), ["with space.tfrecord"]);
  }));

Deno.test("writeTfRecords() writes no records as an empty file", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.tfrecord`;
    assertEquals(await writeTfRecords(path, []), 0);
    assertEquals((await Deno.stat(path)).size, 0);
    assertEquals(await read(path), []);
  }));

Deno.test("writeTfRecords() leaves the old file whole when its source fails", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.tfrecord`;
    await writeTfRecords(path, RECORDS);
    function* failing() {
      yield new Uint8Array(1000);
      throw new RangeError("the simulation blew up");
    }
    await assertRejects(() => writeTfRecords(path, failing()), RangeError, "blew up");
    assertEquals(await read(path), RECORDS);
    assertEquals(await names(folder), ["a.tfrecord"]);
  }));

Deno.test({
  name: "writeTfRecords() leaves the old file whole on a full disk, and says so",
  ...skipUnless(Deno.build.os === "linux", "needs /dev/full, which only Linux has"),
  fn: () =>
    withFolder(async (folder) => {
      const path = `${folder}/a.tfrecord`;
      await writeTfRecords(path, RECORDS);
      await Deno.symlink("/dev/full", `${path}.${Deno.pid}.part`);
      const error = await assertRejects(() => writeTfRecords(path, [new Uint8Array(9)]), Error);
      assertStringIncludes(
        error.message,
        `Cannot write ${path} as the disk is full: free some space`,
      );
      assertStringIncludes(error.message, "what was there before is unchanged");
      assertEquals(await read(path), RECORDS);
      assertEquals(await names(folder), ["a.tfrecord"]);
    }),
});

Deno.test("writeTfRecords() makes a folder that does not exist", () =>
  withFolder(async (folder) => {
    const path = `${folder}/none/a.tfrecord`;
    await writeTfRecords(path, RECORDS);
    assertEquals(await read(path), RECORDS);
  }));

Deno.test("writeTfRecords() refuses a web address", async () => {
  const address = "https://example.org/a.tfrecord";
  await assertRejects(
    () => writeTfRecords(address, []),
    TypeError,
    "expected a path or a file: URL",
  );
});

Deno.test("readTfRecords() closes its file when the loop is left early", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.tfrecord`;
    await writeTfRecords(path, RECORDS);
    for await (const { index } of readTfRecords(path)) {
      assertEquals(index, 0);
      break;
    }
  }));

Deno.test("readTfRecords() says which file does not exist", () =>
  withFolder(async (folder) => {
    await assertRejects(
      () => read(`${folder}/b.tfrecord`),
      DataNotFoundError,
      `${folder}/b.tfrecord`,
    );
  }));

Deno.test("readTfRecords() says which scheme it does not know", async () => {
  await assertRejects(() => read("ftp://example.org/a"), TypeError, "got ftp:");
});
