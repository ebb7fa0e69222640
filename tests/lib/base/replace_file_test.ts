import { assert, assertEquals, assertRejects } from "@std/assert";
import { replaceFile } from "../../../lib/base/mod.ts";
import { decodeSafetensors } from "../../../lib/train/safetensors.ts";
import { withFolder } from "../../support/folder.ts";
import { skipUnless } from "../../support/skip.ts";

const isLinux = Deno.build.os === "linux";

Deno.test("replaceFile() writes a new file and replaces an old one, by path and by URL", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a b#c.bin`;
    await replaceFile(path, Uint8Array.of(1, 2, 3));
    assertEquals(await Deno.readFile(path), Uint8Array.of(1, 2, 3));
    const url = new URL("with%20space.bin", `file://${folder}/`);
    await replaceFile(url, Uint8Array.of(4));
    await replaceFile(url, new Uint8Array());
    assertEquals(await Deno.readFile(`${folder}/with space.bin`), new Uint8Array());
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 2);
  }));

Deno.test("replaceFile() lets saves to one path wait for each other", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.bin`;
    const saves = [1, 2, 3, 4].map((i) => replaceFile(path, new Uint8Array(1 << 18).fill(i)));
    await Promise.all(saves);
    assertEquals(await Deno.readFile(path), new Uint8Array(1 << 18).fill(4));
  }));

Deno.test({
  name: "replaceFile() keeps the former file when the disk is full",
  ...skipUnless(isLinux, "needs Linux: a full disk is played by /dev/full"),
  fn: () =>
    withFolder(async (folder) => {
      const path = `${folder}/a.bin`;
      await replaceFile(path, Uint8Array.of(1));
      // What is written to the file beside goes to a device that is always full.
      await Deno.symlink("/dev/full", `${path}.${Deno.pid}.part`);
      await assertRejects(
        () => replaceFile(path, Uint8Array.of(2)),
        Error,
        `Cannot write ${path} as the disk is full: free some space (what was there before is ` +
          `unchanged)`,
      );
      assertEquals(await Deno.readFile(path), Uint8Array.of(1));
      await replaceFile(path, Uint8Array.of(3));
      assertEquals(await Deno.readFile(path), Uint8Array.of(3));
    }),
});

/** Mounts a disk of 64 KiB; false where one may not. */
function mountSmallDisk(folder: string): boolean {
  const args = ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder];
  try {
    return new Deno.Command("mount", { args, stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

const unmount = (folder: string): void => {
  new Deno.Command("umount", { args: [folder] }).outputSync();
};

const canMount = ((): boolean => {
  if (!isLinux) return false;
  const folder = Deno.makeTempDirSync();
  const mounted = mountSmallDisk(folder);
  if (mounted) unmount(folder);
  Deno.removeSync(folder);
  return mounted;
})();

Deno.test({
  name: "replaceFile() keeps the former file when the disk fills up half-way",
  ...skipUnless(canMount, "needs root: mounts a disk of 64 KiB"),
  fn: () =>
    withFolder(async (folder) => {
      assert(mountSmallDisk(folder));
      try {
        const path = `${folder}/a.bin`;
        await replaceFile(path, new Uint8Array(30_000).fill(1));
        await assertRejects(
          () => replaceFile(path, new Uint8Array(60_000).fill(2)),
          Error,
          "as the disk is full: free some space",
        );
        assertEquals(await Deno.readFile(path), new Uint8Array(30_000).fill(1));
        assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 1);
        await replaceFile(path, new Uint8Array(20_000).fill(3));
      } finally {
        unmount(folder);
      }
    }),
});

Deno.test("replaceFile() makes folders, by path and by URL", () =>
  withFolder(async (folder) => {
    await replaceFile(`${folder}/deep/er/a.bin`, Uint8Array.of(1));
    await replaceFile(new URL("an%20other/b.bin", `file://${folder}/`), Uint8Array.of(2));
    assertEquals(await Deno.readFile(`${folder}/deep/er/a.bin`), Uint8Array.of(1));
    assertEquals(await Deno.readFile(`${folder}/an other/b.bin`), Uint8Array.of(2));
  }));

Deno.test("replaceFile() says what stands in the way, and leaves it", () =>
  withFolder(async (folder) => {
    // A folder in the file's place cannot be replaced by a file, nor a file be taken for a folder.
    await Deno.mkdir(`${folder}/a/kept`, { recursive: true });
    await Deno.writeFile(`${folder}/b`, Uint8Array.of(1));
    for (const path of [`${folder}/a`, `${folder}/b/c`]) {
      await assertRejects(
        () => replaceFile(path, Uint8Array.of(2)),
        Error,
        `Cannot write ${path} as the file system refuses: `,
      );
    }
    const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
    assertEquals(names, ["a", "b"]);
    assertEquals(await Deno.readFile(`${folder}/b`), Uint8Array.of(1));
  }));

Deno.test("replaceFile() takes chunks, and passes on the error of their source", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.bin`;
    async function* chunks(fails: boolean): AsyncGenerator<Uint8Array> {
      yield Uint8Array.of(1);
      await Promise.resolve();
      if (fails) throw new RangeError("no more");
      yield Uint8Array.of(2, 3);
    }
    await replaceFile(path, chunks(false));
    await assertRejects(() => replaceFile(path, chunks(true)), RangeError, "no more");
    assertEquals(await Deno.readFile(path), Uint8Array.of(1, 2, 3));
    await replaceFile(path, [Uint8Array.of(4), Uint8Array.of(5)]);
    assertEquals(await Deno.readFile(path), Uint8Array.of(4, 5));
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 1);
  }));

/** Saves checkpoints, all values equal to the number of the save, until it is killed. */
const WRITER = `
  import { encodeSafetensors } from "${new URL(
  "../../../lib/train/safetensors.ts",
  import.meta.url,
)}";
  import { replaceFile } from "${new URL("../../../lib/base/mod.ts", import.meta.url)}";
  for (let save = 1;; save++) {
    const data = new Float32Array(1 << 19).fill(save);
    const tensors = new Map([["w", { dtype: "float32", shape: [data.length], data }]]);
    await replaceFile(Deno.args[0], encodeSafetensors({ tensors, metadata: {} }));
    console.log(save);
  }
`;

Deno.test("a kill while saving leaves a whole file", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.safetensors`;
    for (const delay of [0, 3, 7, 12]) {
      const args = ["eval", "--no-lock", "--ext=ts", "--no-check", WRITER, path];
      const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped" }).spawn();
      const reader = child.stdout.getReader();
      await reader.read();
      await new Promise((resolve) => setTimeout(resolve, delay));
      child.kill("SIGKILL");
      await reader.cancel();
      await child.status;
      const { tensors } = decodeSafetensors(await Deno.readFile(path), path);
      const { data } = tensors.get("w")!;
      assert(data[0]! >= 1 && data.every((value) => value === data[0]));
    }
  }));
