import { assert, assertEquals } from "@std/assert";
import type { DataArray } from "../../../datasets/array.ts";
import { meshToGraph, readMesh, sampleUrl } from "../../../datasets/mod.ts";

interface Described {
  readonly shape: number[];
  readonly sha256: string;
}

interface Rows extends Described {
  readonly first: number[];
  readonly last: number[];
}

interface Expected {
  readonly points: Rows;
  readonly cells: readonly (Rows & { readonly type: string })[];
  readonly pointData: Readonly<Record<string, Described>>;
  readonly cellData: Readonly<Record<string, Described>>;
  readonly numEdges: number;
}

const FOLDER = new URL("../../golden/meshes/", import.meta.url);
const EXPECTED: Record<string, Expected> = JSON.parse(
  await Deno.readTextFile(new URL("expected.json", FOLDER)),
);
const SAMPLES = ["ant.ply", "airplane.ply", "circle_in_square.vtk", "insulated-4.1.msh"];

async function sha256(values: Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", values));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function described({ shape, data }: DataArray): Promise<Described> {
  return { shape, sha256: await sha256(Float64Array.from(data, Number)) };
}

function ends({ shape: [rows = 0, width = 0], data }: DataArray) {
  const row = (at: number) => Array.from(data.subarray(at * width, (at + 1) * width), Number);
  return { first: row(0), last: row(rows - 1) };
}

async function allDescribed(arrays: Record<string, DataArray>) {
  const names = Object.keys(arrays).sort();
  const each = names.map(async (name) => [name, await described(arrays[name]!)] as const);
  return Object.fromEntries(await Promise.all(each));
}

for (const [file, expected] of Object.entries(EXPECTED)) {
  Deno.test(`readMesh() reads ${file} as the second implementation does`, async () => {
    const url = SAMPLES.includes(file) ? sampleUrl("meshes", file) : new URL(file, FOLDER);
    const mesh = await readMesh(url);
    const { points, cells, pointData, cellData } = mesh;
    assertEquals(points.shape, expected.points.shape);
    assertEquals(ends(points), { first: expected.points.first, last: expected.points.last });
    assertEquals((await described(points)).sha256, expected.points.sha256);
    const blocks = cells.map(async ({ type, shape, data }) => ({
      type,
      shape,
      sha256: await sha256(new Int32Array(data)),
      ...ends({ shape, data }),
    }));
    assertEquals<unknown>(await Promise.all(blocks), expected.cells);
    assertEquals(await allDescribed(pointData), expected.pointData);
    // meshio leaves out the normals of binary STL.
    if (file === "flat_binary.stl") assertEquals(Object.keys(cellData), ["normal"]);
    else assertEquals(await allDescribed(cellData), expected.cellData);
    const { senders, receivers } = meshToGraph(mesh);
    assertEquals([senders.size, receivers.size], [2 * expected.numEdges, 2 * expected.numEdges]);
  });
}

Deno.test("the golden files cover each format, text and binary", () => {
  const endings = new Set(Object.keys(EXPECTED).map((name) => name.split(".").at(-1)));
  assertEquals([...endings].sort(), ["msh", "obj", "off", "ply", "stl", "vtk"]);
  assert(Object.keys(EXPECTED).length >= 20);
});
