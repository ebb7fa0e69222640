import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type DataArray,
  encodeGmsh,
  encodeObj,
  encodeOff,
  encodePly,
  encodeStl,
  type Mesh,
  type MeshToWrite,
  readMesh,
  writeMesh,
} from "../../datasets/mod.ts";
import { FILES, HEATED, OURS, SOLID, SURFACE, TRIANGLES } from "../golden/meshes/ours.ts";
import seen from "../golden/meshes/ours.json" with { type: "json" };
import { withFolder } from "../support/folder.ts";

/** Rows of an array as lists; numbers alone where a row has one. */
function rows({ shape, data }: DataArray): unknown[] {
  const width = data.length / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, row) => {
    const own = Array.from(data.subarray(row * width, (row + 1) * width), Number);
    return shape.length === 1 ? own[0] : own;
  });
}

function allRows(arrays: Readonly<Record<string, DataArray>> = {}): Record<string, unknown> {
  const names = Object.keys(arrays).sort();
  return Object.fromEntries(names.map((name) => [name, rows(arrays[name]!)]));
}

for (const [name, mesh, isAscii] of FILES) {
  Deno.test(`writeMesh() writes ${name}, which others read as it is`, () =>
    withFolder(async (folder) => {
      await writeMesh(`${folder}/${name}`, mesh, { encoding: isAscii ? "ascii" : "binary" });
      assertEquals(
        await Deno.readFile(`${folder}/${name}`),
        await Deno.readFile(new URL(name, OURS)),
      );
      // Names that meshio adds of its own.
      const { "obj:group_ids": _groups, facet_normals: _normals, ...cellData } =
        seen[name as keyof typeof seen].cellData as Record<string, unknown>;
      const { points, cells, pointData } = seen[name as keyof typeof seen];
      assertEquals<unknown>(cells, mesh.cells.map((block) => [block.type, rows(block)]));
      assertEquals<unknown>(pointData, allRows(mesh.pointData));
      assertEquals<unknown>(cellData, allRows(mesh.cellData));
      // Text files of STL have float64, of which meshio reads float32.
      const expected = rows(mesh.points);
      const isSingle = name.endsWith(".stl");
      const rounded = (list: unknown) =>
        isSingle ? (list as number[][]).map((p) => p.map(Math.fround)) : list;
      assertEquals<unknown>(rounded(points), rounded(expected));
    }));
}

/** A mesh with all that reading gives. */
const whole = (mesh: MeshToWrite): Mesh => ({ pointData: {}, cellData: {}, ...mesh });

Deno.test("readMesh() reads what writeMesh() writes, in each format and encoding", () =>
  withFolder(async (folder) => {
    const double = {
      ...TRIANGLES,
      points: { shape: [8, 3], data: Float64Array.from(TRIANGLES.points.data) },
    };
    const lines: MeshToWrite = {
      points: { shape: [3, 2], data: Float32Array.of(0, 0, 1, 0, 1, 1) },
      cells: [{ type: "line", shape: [2, 2], data: Int32Array.of(0, 1, 2, 1) }],
      cellData: { length: { shape: [2], data: Float32Array.of(1, 1) } },
    };
    const empty: MeshToWrite = { points: { shape: [0, 3], data: new Float64Array() }, cells: [] };
    const cases: [string, MeshToWrite][] = [
      ["a.obj", SURFACE],
      ["a.off", SURFACE],
      ["b.off", empty],
      ["a.ply", HEATED],
      ["b.ply", TRIANGLES],
      ["c.ply", lines],
      ["d.ply", empty],
      ["a.vtk", SOLID],
      ["a.msh", SOLID],
      ["b.msh", empty],
      ["c.msh", {
        ...SOLID,
        cellData: { "gmsh:physical": { shape: [5], data: Int32Array.of(1, 2, 3, 4, 5) } },
      }],
    ];
    for (const [name, mesh] of cases) {
      for (const encoding of ["ascii", "binary"] as const) {
        await writeMesh(`${folder}/${name}`, mesh, { encoding });
        assertEquals(await readMesh(`${folder}/${name}`), whole(mesh), `${name}, ${encoding}`);
      }
    }
    // STL adds normals, and points come in the order of the triangles, as they do here.
    for (const [encoding, mesh] of [["ascii", double], ["binary", TRIANGLES]] as const) {
      await writeMesh(`${folder}/a.stl`, mesh, { encoding });
      const { cellData: { normal }, ...found } = await readMesh(`${folder}/a.stl`);
      assertEquals({ ...found, cellData: {} }, whole(mesh));
      assertEquals(normal!.shape, [3, 3]);
    }
  }));

Deno.test("normals of STL have length 1, and none where a triangle has no area", async () => {
  const points = { shape: [4, 3], data: Float32Array.of(0, 0, 0, 2, 0, 0, 0, 2, 0, 4, 0, 0) };
  const cells = [{
    type: "triangle" as const,
    shape: [2, 3],
    data: Int32Array.of(0, 2, 1, 0, 1, 3),
  }];
  const { cellData } = await readMesh(encodeStl({ points, cells }), { format: "stl" });
  assertEquals(rows(cellData.normal!), [[0, 0, -1], [0, 0, 0]]);
});

Deno.test("what a format does not hold is refused, and nothing is written", () =>
  withFolder(async (folder) => {
    const wide = { wide: { shape: [8, 2], data: new Float32Array(16) } };
    const big = { big: { shape: [8], data: new BigInt64Array(8) } };
    const line = { type: "line" as const, shape: [1, 2], data: Int32Array.of(0, 1) };
    const cases: [() => unknown, string][] = [
      [
        () => encodeObj(SOLID),
        "as OBJ as its cells are line, triangle, quad: got tetra (VTK and MSH",
      ],
      [
        () => encodeObj(HEATED),
        'as it has no place for values by name: got "heat" (leave them out',
      ],
      [() => encodeOff(HEATED), 'as OFF as it has no place for values by name: got "heat"'],
      [() => encodeStl(SURFACE), "as STL as its cells are triangle: got quad"],
      [
        () => encodeStl({ ...TRIANGLES, pointData: wide }),
        'no place for other values by name: got "wide"',
      ],
      [() => encodePly(SOLID), "as PLY as its cells are line, triangle, quad: got tetra"],
      [
        () => encodePly({ ...SURFACE, pointData: big }),
        'numbers have 32 bits, or are floats: got "big"',
      ],
      [
        () => encodePly({ ...SURFACE, pointData: { x: wide.wide } }),
        "values are not called x, y, z",
      ],
      [() => encodePly({ ...SURFACE, pointData: { "a b": wide.wide } }), "letters without spaces"],
      [
        () => encodePly({ ...HEATED, cells: [...HEATED.cells.slice(1), line] }),
        "lines and faces are two elements: got values of both",
      ],
      [() => encodeGmsh({ ...SURFACE, pointData: wide }), '1, 3 or 9 values each: got "wide" of 2'],
      [
        () => encodeGmsh(SURFACE, { encoding: "text" as "ascii" }),
        'encoding is "ascii" or "binary"',
      ],
    ];
    for (const [encode, message] of cases) assertThrows(encode, TypeError, message);
    const path = `${folder}/a.obj`;
    await assertRejects(() => writeMesh(path, SOLID), TypeError, "as OBJ as its cells are");
    assertEquals([...Deno.readDirSync(folder)], []);
    const unknown = () => writeMesh(`${folder}/a.mat`, SURFACE);
    await assertRejects(unknown, TypeError, "one of obj, off, ply, stl, vtk, msh: got mat");
    await writeMesh(`${folder}/a`, SURFACE, { format: "off" });
    assertEquals(await readMesh(`${folder}/a`), whole(SURFACE));
  }));
