import { assertEquals, assertRejects } from "@std/assert";
import { zip } from "../../datasets/formats/zip.ts";
import { DataFormatError } from "../../datasets/mod.ts";
import { unpack } from "../../datasets/unpack.ts";
import { withFolder } from "../support/folder.ts";
import { randomBytes, seeded, textBytes } from "./support.ts";

const FILES = [
  { name: "set/a.txt", bytes: textBytes("some text ".repeat(90)) },
  { name: "set/deep/b.bin", bytes: randomBytes(3000, seeded(1)) },
  { name: "set/empty", bytes: new Uint8Array() },
];

async function archiveOf(files: Parameters<typeof zip>[0], isDeflated: boolean) {
  return await new Blob(await Array.fromAsync(zip(files, isDeflated))).bytes();
}

Deno.test("unpack() brings all files, without the one folder that holds them", () =>
  withFolder(async (folder) => {
    for (const isDeflated of [false, true]) {
      await Deno.writeFile(`${folder}/a.zip`, await archiveOf(FILES, isDeflated));
      await unpack(`${folder}/a.zip`, `${folder}/${isDeflated}`);
      for (const { name, bytes } of FILES) {
        assertEquals(await Deno.readFile(`${folder}/${isDeflated}/${name.slice(4)}`), bytes);
      }
    }
    const apart = [{ name: "a", bytes: new Uint8Array(1) }, {
      name: "b/c",
      bytes: new Uint8Array(2),
    }];
    await Deno.writeFile(`${folder}/a.zip`, await archiveOf(apart, false));
    await unpack(`${folder}/a.zip`, `${folder}/apart`);
    assertEquals((await Deno.readFile(`${folder}/apart/b/c`)).length, 2);
    const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
    assertEquals(names, ["a.zip", "apart", "false", "true"]);
  }));

Deno.test("unpack() writes nothing outside of its folder", () =>
  withFolder(async (folder) => {
    for (const name of ["../out", "a/../../out", "/out", "a\\..\\out"]) {
      await Deno.writeFile(
        `${folder}/a.zip`,
        await archiveOf([{ name, bytes: new Uint8Array(3) }], false),
      );
      const run = () => unpack(`${folder}/a.zip`, `${folder}/in`);
      await assertRejects(
        run,
        DataFormatError,
        `its file ${name} would lie outside of ${folder}/in`,
      );
    }
  }));
