import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  DataFormatError,
  DataNotFoundError,
  encodeNpy,
  parseNpy,
  readNpy,
  readNpz,
  writeNpy,
  writeNpz,
} from "../../datasets/mod.ts";
import expected from "../golden/npy/expected.json" with { type: "json" };
import { withFolder } from "../support/folder.ts";
import { digest, withServer } from "./support.ts";

const FOLDER = new URL("../golden/npy/", import.meta.url);

async function digests(arrays: Awaited<ReturnType<typeof readNpz>>): Promise<object> {
  const entries = Object.entries(arrays).map(async ([name, array]) => [name, await digest(array)]);
  return Object.fromEntries(await Promise.all(entries));
}

Deno.test("readNpz() reads what NumPy writes, stored and deflated, by path, bytes and address", async () => {
  for (const name of ["plain.npz", "packed.npz"]) {
    const url = new URL(name, FOLDER);
    assertEquals(await digests(await readNpz(url)), expected);
    assertEquals(await digests(await readNpz(await Deno.readFile(url))), expected);
    await withServer(() => fetch(url), async (address) => {
      assertEquals(await digests(await readNpz(address)), expected);
    });
  }
});

Deno.test("readNpz() reads an archive with a comment", async () => {
  const { vector } = await readNpz(new URL("commented.npz", FOLDER));
  assertEquals(vector, { shape: [5], data: Int32Array.of(0, 1, 2, 3, 4) });
});

Deno.test("readNpy() reads Fortran's order and the second version", async () => {
  assertEquals(await digest(await readNpy(new URL("fortran.npy", FOLDER))), expected.fortran);
  assertEquals(await digest(await readNpy(new URL("version2.npy", FOLDER))), expected.vector);
});

Deno.test("encodeNpy() writes the bytes that NumPy writes", async () => {
  // The archive is stored, so NumPy's own bytes lie in it as they are.
  const archive = new TextDecoder("latin1").decode(
    await Deno.readFile(new URL("plain.npz", FOLDER)),
  );
  for (const [name, array] of Object.entries(await readNpz(new URL("plain.npz", FOLDER)))) {
    if (["big_endian", "fortran", "type_b1"].includes(name)) continue;
    assert(archive.includes(new TextDecoder("latin1").decode(encodeNpy(array))), name);
  }
});

Deno.test("writeNpz() writes what readNpz() reads", () =>
  withFolder(async (folder) => {
    const arrays = await readNpz(new URL("plain.npz", FOLDER));
    for (const compressed of [false, true]) {
      await writeNpz(`${folder}/a.npz`, arrays, { compressed });
      assertEquals(await readNpz(`${folder}/a.npz`), arrays);
    }
    await writeNpz(`${folder}/a.npz`, {});
    assertEquals(await readNpz(`${folder}/a.npz`), {});
    await writeNpy(`${folder}/a.npy`, arrays.fortran!);
    assertEquals(await readNpy(`${folder}/a.npy`), arrays.fortran);
  }));

Deno.test("what is no array of numbers is refused by its type", async () => {
  const read = () => readNpy(new URL("objects.npy", FOLDER));
  const error = await assertRejects(read, DataFormatError, "one of the types f4, f8, i1");
  assert(error.message.includes("at byte 10, got |O (write it again with numpy.save, as numbers)"));
});

Deno.test("headers that say too much, too little or nonsense are refused by the byte", () => {
  const good = encodeNpy({ shape: [2, 3], data: new Int32Array(6) });
  const changed = (from: string, to: string): Uint8Array => {
    const text = String.fromCharCode(...good).replace(from, to);
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  };
  const cases: [Uint8Array, string][] = [
    [good.subarray(0, -1), "expected 24 bytes for int32 [2, 3] at byte 128, got 23"],
    [new Uint8Array([...good, 0]), "expected 24 bytes for int32 [2, 3] at byte 128, got 25"],
    [good.subarray(0, 100), "expected a header at byte 10, got the end of the file"],
    [good.subarray(0, 5), "expected \\x93NUMPY at byte 0"],
    [good.subarray(0, 9), "expected the length of the header at byte 8"],
    [changed("(2, 3)", "(2,-3)"), "expected 'descr', 'fortran_order' and 'shape' of numbers at"],
    [changed("(2, 3)", "(2, 99999999999)"), "expected 799999999992 bytes for int32"],
    [changed("(2, 3)", `(${"9".repeat(20)},)`), "'shape' of numbers at byte 10"],
    [
      changed("(2, 3)", "(2, 9007199254740991)"),
      "expected a shape that memory can hold at byte 10",
    ],
    [changed("<i4", "<f2"), "at byte 10, got <f2"],
    [changed("\x01", "\x07"), "expected version 1, 2 or 3 at byte 6, got 7"],
  ];
  for (const [bytes, text] of cases) {
    assertThrows(() => parseNpy(bytes, { file: "a.npy" }), DataFormatError, text);
  }
});

Deno.test("a file that does not exist, and values that do not fit, are refused", async () => {
  for (const read of [readNpy, readNpz]) {
    await assertRejects(() => read("no/such.file"), DataNotFoundError, "Cannot open no/such.file");
  }
  const array = { shape: [3], data: new Float32Array(2) };
  assertThrows(() => encodeNpy(array), RangeError, "got [3] for 2 values");
});
