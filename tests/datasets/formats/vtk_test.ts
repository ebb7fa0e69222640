import { assertEquals, assertThrows } from "@std/assert";
import { DataFormatError, parseVtk } from "../../../datasets/mod.ts";
import { textBytes } from "../support.ts";

const HEAD = "# vtk DataFile Version 3.0\ntitle\nASCII\n";
const GRID = `${HEAD}DATASET UNSTRUCTURED_GRID\nPOINTS 8 float\n` +
  "0 0 0 1 0 0 0 1 0 1 1 0\n0 0 1 1 0 1 0 1 1 1 1 1\n";

const parse = (text: string) => parseVtk(textBytes(text), { file: "a.vtk" });

Deno.test("parseVtk() turns pixels and voxels, cuts strips and lines, leaves out points", () => {
  const { cells, cellData } = parse(
    `${GRID}CELLS 7 36\n1 0\n2 0 7\n4 0 1 2 3\n8 0 1 2 3 4 5 6 7\n5 0 1 2 3 4\n6 0 1 2 3 4 5\n3 5 6 7\n` +
      "CELL_TYPES 7\n1 2 8 11 6 7 4\nCELL_DATA 7\nSCALARS id int\nLOOKUP_TABLE default\n0 1 2 3 4 5 6\n",
  );
  assertEquals(cells.map(({ type, data }) => [type, ...data]), [
    ["quad", 0, 1, 3, 2],
    ["hexahedron", 0, 1, 3, 2, 4, 5, 7, 6],
    ["triangle", 0, 1, 2, 2, 1, 3, 2, 3, 4, 0, 1, 2, 0, 2, 3, 0, 3, 4, 0, 4, 5],
    ["line", 5, 6, 6, 7],
  ]);
  assertEquals([...cellData.id!.data], [2, 3, 4, 4, 4, 5, 5, 5, 5, 6, 6]);
});

Deno.test("parseVtk() keeps the values of POLYDATA in VTK's order of cells", () => {
  const { cells, cellData } = parse(
    `${HEAD}DATASET POLYDATA\nPOINTS 3 double\n0 0 0 1 0 0 0 1 0\nPOLYGONS 1 4\n3 0 1 2\n` +
      "LINES 1 3\n2 0 1\nVERTICES 1 3\n2 0 1\nCELL_DATA 3\nSCALARS id short 1\nLOOKUP_TABLE default\n7 8 9\n",
  );
  assertEquals(cells.map(({ type }) => type), ["line", "triangle"]);
  assertEquals(cellData.id, { shape: [2], data: Int16Array.of(8, 9) });
});

Deno.test("parseVtk() reads every attribute, tables, metadata and fields of the file", () => {
  const { pointData, points } = parse(
    `${HEAD}FIELD FieldData 1\nTIME 1 1 double\n0.5\nDATASET POLYDATA\nPOINTS 2 int\n0 0 0 1 2 3\n` +
      "METADATA\nINFORMATION 1\nNAME L2_NORM_RANGE LOCATION vtkDataArray\nDATA 2 0 1\n\n" +
      "POINT_DATA 2\nSCALARS s%20t float 2\nLOOKUP_TABLE table\n1 2 3 4\nLOOKUP_TABLE table 1\n0 0 0 1\n" +
      "SCALARS plain char\n-1 1\nCOLOR_SCALARS c 3\n1 0 0 0 1 0\nVECTORS v float\n1 2 3 4 5 6\n" +
      "NORMALS n float\n1 0 0 0 1 0\nTENSORS t float\n1 2 3 4 5 6 7 8 9\n9 8 7 6 5 4 3 2 1\n" +
      "TEXTURE_COORDINATES uv 2 float\n0 1 1 0\nGLOBAL_IDS g vtkIdType\n5 6\n" +
      "FIELD more 2\nf 1 2 bit\n0 1\nMETADATA\nINFORMATION 0\n\nw 2 2 unsigned_int\n1 2 3 4000000000\n",
  );
  assertEquals(points.data, Float64Array.of(0, 0, 0, 1, 2, 3));
  const shapes = Object.entries(pointData).map(([name, { shape }]) => `${name} ${shape}`);
  assertEquals(shapes, [
    ...[
      "s t 2,2",
      "plain 2",
      "c 2,3",
      "v 2,3",
      "n 2,3",
      "t 2,3,3",
      "uv 2,2",
      "g 2",
      "f 2",
      "w 2,2",
    ],
  ]);
  assertEquals(pointData.f!.data, Uint8Array.of(0, 1));
  assertEquals(pointData.w!.data, Float64Array.of(1, 2, 3, 4e9));
});

Deno.test("parseVtk() names the byte of what is wrong", () => {
  const at = GRID.length;
  for (
    const [text, message, byte] of [
      ["# vtk\n", 'expected # vtk DataFile Version at byte 0, got "#"', 0],
      ["# vtk DataFile Version 3.0\ntitle\nASC\n", 'ASCII or BINARY at byte 33, got "ASC"', 33],
      [`${HEAD}DATASET STRUCTURED_GRID\n`, "POLYDATA or UNSTRUCTURED_GRID, the kinds", 47],
      [`${HEAD}DATASET POLYDATA\n`, "expected a section POINTS at byte 56", 56],
      [`${HEAD}POINTS -1 float\n`, "the number of points, a whole number from 0", 46],
      [`${HEAD}POINTS 1000000000000 float\n1`, "the number of coordinates, for which 1 bytes", 66],
      [
        `${HEAD}POINTS 1 string\n1`,
        'a type of numbers, such as float at byte 48, got "string"',
        48,
      ],
      [`${GRID}CELLS 1 4\n3 0 1 8\nCELL_TYPES 1\n5\n`, "corners among the 8 points", at + 5],
      [`${GRID}CELLS 1 4\n3 0 1 -1\nCELL_TYPES 1\n5\n`, "got -1", at + 5],
      [
        `${GRID}CELLS 1 4\n3 0 1 2\nCELL_TYPES 1\n10\n`,
        "got type 10 with 3 corners in cell 0",
        at + 5,
      ],
      [`${GRID}CELLS 1 7\n6 0 1 2 3 4 5\nCELL_TYPES 1\n13\n`, "got type 13 with 6 corners", at + 5],
      [`${GRID}CELLS 1 4\n3 0 1 2\n`, "a section CELL_TYPES for CELLS", at + 5],
      [`${GRID}CELLS 1 4\n3 0 1 2\nCELL_TYPES 2\n5 5\n`, "expected types of 1 cells", at + 18],
      [`${GRID}CELLS 1 4\n4 0 1 2\nCELL_TYPES 1\n9\n`, "got 4 in cell 0", at + 5],
      [
        `${GRID}CELLS 2 3\nOFFSETS int\n0 9\nCONNECTIVITY int\n0 1 2\n`,
        "got 9 as offset 1",
        at + 5,
      ],
      [
        `${GRID}CELLS 3 3\nOFFSETS int\n0 -2 3\nCONNECTIVITY int\n0 1 2\n`,
        "got -2 as offset 1",
        at + 5,
      ],
      [`${GRID}CELL_DATA 2\n`, "expected values of 0 cells", at + 9],
      [`${GRID}POINT_DATA 2\nSCALARS a int\n1 2\n`, '8 values "a" of points', 0],
      [`${GRID}NONSENSE 3\n`, "a section of a VTK file, such as POINTS", at],
    ] as const
  ) {
    const error = assertThrows(() => parse(text), DataFormatError, message);
    assertEquals([error.file, error.byteOffset], ["a.vtk", byte], message);
  }
});
