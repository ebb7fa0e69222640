import { assertEquals, assertRejects } from "@std/assert";
import { dtypeOf, type TypedArray } from "../../datasets/array.ts";
import {
  DataFormatError,
  DataNotFoundError,
  meshToGraph,
  parseMat,
  readMat,
  readMesh,
} from "../../datasets/mod.ts";
import expected from "../golden/mat/expected.json" with { type: "json" };
import { withFolder } from "../support/folder.ts";

const FOLDER = new URL("../golden/mat/", import.meta.url);
const urlOf = (file: string): URL => new URL(file, FOLDER);

/** A value in the form of the golden file, in which big integers are texts. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const values = Array.from(value as Iterable<number | bigint> & ArrayBufferView);
    return values.map((each) => typeof each === "bigint" ? `${each}` : each);
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, plain(each)]);
  const dtype = "data" in value ? { dtype: dtypeOf(value.data as TypedArray) } : {};
  return { ...Object.fromEntries(entries), ...dtype };
}

for (const file of ["values.mat", "packed.mat", "swapped.mat"]) {
  Deno.test(`readMat() reads of ${file} what SciPy reads`, async () => {
    const found = await readMat(urlOf(file));
    assertEquals(Object.keys(found).sort(), Object.keys(expected).sort());
    for (const [name, value] of Object.entries(expected)) {
      assertEquals<unknown>(plain(found[name]!), value, name);
    }
  });
}

Deno.test("readMesh() reads meshes by the names of TOSCA, SHREC, patches and the PDE Toolbox", async () => {
  const points = [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0.5];
  const flat = points.filter((_, i) => i % 3 < 2);
  const two = ["triangle", 0, 1, 2, 0, 2, 3];
  const cases: [string, number[], (string | number)[]][] = [
    ["surface.mat", points, two],
    ["shape.mat", points, two],
    ["patch.mat", points, ["quad", 0, 1, 2, 3]],
    ["pde.mat", flat, two],
    ["pde_3d.mat", points, ["tetra", 0, 1, 2, 3]],
  ];
  for (const [file, coordinates, [type, ...corners]] of cases) {
    const mesh = await readMesh(urlOf(file));
    assertEquals([...mesh.points.data], coordinates, file);
    assertEquals(mesh.points.shape, [4, coordinates.length / 4]);
    const [cells, ...others] = mesh.cells;
    assertEquals([cells!.type, [...cells!.data], others], [type, corners, []]);
    assertEquals(
      mesh.cellData.subdomain?.data,
      {
        "pde.mat": Int32Array.of(1, 2),
        "pde_3d.mat": Int32Array.of(1),
      }[file],
    );
    assertEquals(meshToGraph(mesh).senders.size, type === "tetra" ? 12 : type === "quad" ? 8 : 10);
  }
});

Deno.test("readMesh() tells MATLAB's files by their beginning, in both orders of bytes", async () => {
  const bytes = await Deno.readFile(urlOf("shape.mat"));
  assertEquals((await readMesh(bytes)).points.shape, [4, 3]);
});

Deno.test("what is no file of MATLAB, of another version, or no mesh, is refused by the byte", async () => {
  const good = await Deno.readFile(urlOf("shape.mat"));
  const packed = await Deno.readFile(urlOf("surface.mat"));
  const values = await Deno.readFile(urlOf("values.mat"));
  const changed = (bytes: Uint8Array, at: number, ...put: number[]): Uint8Array => {
    const copy = bytes.slice();
    copy.set(put, at);
    return copy;
  };
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(9), "expected version 5 and the order of bytes, IM or MI at byte 9"],
    [new TextEncoder().encode("a,b\n".repeat(100)), "IM or MI at byte 124"],
    [changed(good, 124, 0, 2), "at byte 124, got something else (the file is damaged"],
    [good.subarray(0, 200), "expected a variable within"],
    [changed(good, 128, 13), "expected an array at byte 128, got type 13"],
    [good.subarray(0, 131), "expected a variable at byte 128"],
    [changed(good, 132, 255, 255, 255, 255), "at byte 128, got 4294967295"],
    [packed.subarray(0, 150), "expected a variable within 14 bytes at byte 128"],
    [changed(packed, 140, 255, 255, 255), "in zlib's form, whole at byte 128"],
    [changed(good, 160, 9), "numbers, as its shape says at byte"],
    [values, "expected variables of a mesh, such as X, Y, Z and TRIV, or p and t"],
  ];
  for (const [bytes, message] of cases) {
    const read = () => readMesh(bytes, { format: "mat" });
    await assertRejects(read, DataFormatError, message);
  }
  const missing = () => readMat("no/such.mat");
  await assertRejects(missing, DataNotFoundError, "Cannot open no/such.mat as MATLAB 5");
});

/** An element of a file. */
function element(type: number, ...parts: Uint8Array[]): Uint8Array {
  const body = parts.flatMap((part) => [...part]);
  const bytes = new Uint8Array(8 + Math.ceil(body.length / 8) * 8);
  new DataView(bytes.buffer).setUint32(0, type, true);
  new DataView(bytes.buffer).setUint32(4, body.length, true);
  bytes.set(body, 8);
  return bytes;
}

const words = (...numbers: number[]): Uint8Array =>
  new Uint8Array(Uint32Array.from(numbers).buffer);

/** An array of a class and a shape, and what it holds. */
function matrix(kind: number, shape: number[], ...parts: Uint8Array[]): Uint8Array {
  const head = [element(6, words(kind, 0)), element(5, words(...shape)), element(1, words(120))];
  return element(14, ...head, ...parts);
}

Deno.test("cells nested without end, and counts beyond the file, are refused", async () => {
  const header = new Uint8Array(128);
  header.set([0, 1, 0x49, 0x4d], 124);
  let deep = matrix(6, [1, 1], element(9, new Uint8Array(8)));
  for (let i = 0; i < 200; i++) deep = matrix(1, [1, 1], deep);
  const cases: [Uint8Array, string][] = [
    [deep, "cells and structs nested less deep"],
    [matrix(1, [1e9, 1e4]), "10000000000000 values in 0 bytes"],
    [matrix(6, [1e9, 1e9], element(9)), "a shape of two axes or more at byte 152"],
    [matrix(6, [3], element(9)), "a shape of two axes or more"],
    [matrix(2, [1e6, 1], element(5, words(0)), element(1)), "names of 0 letters each"],
    [matrix(2, [1e6, 1], element(5, words(1)), element(1)), "structs that have fields"],
    [
      matrix(
        5,
        [2, 1],
        element(5, words(9)),
        element(5, words(0, 1)),
        element(9, new Uint8Array(8)),
      ),
      "entries of a sparse matrix of 2 by 1",
    ],
    [matrix(14, [1, 1], element(9, new Uint8Array(Float64Array.of(0.5).buffer))), "whole numbers"],
  ];
  for (const [bytes, message] of cases) {
    const file = new Uint8Array([...header, ...bytes]);
    await assertRejects(() => parseMat(file, { file: "a.mat" }), DataFormatError, message);
  }
});

Deno.test("readMat() takes a path in gzip too, and leaves out what MATLAB alone reads", () =>
  withFolder(async (folder) => {
    const stream = (await fetch(urlOf("shape.mat"))).body!.pipeThrough(
      new CompressionStream("gzip"),
    );
    await Deno.writeFile(`${folder}/a.mat.gz`, stream);
    assertEquals(await readMat(`${folder}/a.mat.gz`), await readMat(urlOf("shape.mat")));
    const header = new Uint8Array(128);
    header.set([0, 1, 0x49, 0x4d], 124);
    const handle = matrix(16, [1, 1], matrix(6, [0, 0], element(9)));
    assertEquals(await parseMat(new Uint8Array([...header, ...handle])), {});
  }));
