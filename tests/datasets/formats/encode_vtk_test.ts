import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { encodeVtk, type Mesh, type MeshToWrite, parseVtk } from "../../../datasets/mod.ts";

const MESH: Mesh = {
  points: { shape: [8, 3], data: Float64Array.from({ length: 24 }, (_, i) => i / 3) },
  cells: [
    { type: "tetra", shape: [2, 4], data: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7) },
    { type: "line", shape: [1, 2], data: Int32Array.of(0, 7) },
    { type: "hexahedron", shape: [1, 8], data: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7) },
    { type: "quad", shape: [1, 4], data: Int32Array.of(3, 2, 1, 0) },
    { type: "triangle", shape: [1, 3], data: Int32Array.of(0, 1, 2) },
  ],
  pointData: {
    'a name % with "marks" é': {
      shape: [8],
      data: Float32Array.from({ length: 8 }, (_, i) => Math.sqrt(i)),
    },
    odd: { shape: [8], data: Float64Array.of(NaN, Infinity, -Infinity, -0, 1e-300, 1e300, 0.1, 1) },
    type: { shape: [8, 2], data: Int32Array.from({ length: 16 }, (_, i) => i - 8) },
  },
  cellData: {
    byte: { shape: [6], data: Uint8Array.of(0, 1, 127, 128, 254, 255) },
    small: { shape: [6], data: Int8Array.of(0, 1, 127, -128, -1, 5) },
    short: { shape: [6], data: Int16Array.of(0, 1, 32767, -32768, -1, 5) },
    ushort: { shape: [6], data: Uint16Array.of(0, 1, 65535, 3, 4, 5) },
  },
};

Deno.test("encodeVtk() and parseVtk() give each mesh back, as text and as bytes", () => {
  for (const encoding of ["ascii", "binary"] as const) {
    const bytes = encodeVtk(MESH, { encoding });
    assertEquals(parseVtk(bytes), MESH);
    const single = {
      ...MESH,
      points: { shape: [8, 3], data: Float32Array.from(MESH.points.data) },
    };
    assertEquals(parseVtk(encodeVtk(single, { encoding })), single);
    const empty: Mesh = {
      points: { shape: [0, 3], data: new Float32Array() },
      cells: [],
      pointData: {},
      cellData: {},
    };
    assertEquals(parseVtk(encodeVtk(empty, { encoding })), empty);
  }
});

Deno.test("encodeVtk() gives points of two dimensions a third, and a title one line", () => {
  const flat = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
  const bytes = encodeVtk({ points: flat, cells: [] }, { encoding: "ascii", title: "a\nb" });
  assertEquals(parseVtk(bytes).points, { shape: [2, 3], data: Float32Array.of(1, 2, 0, 3, 4, 0) });
  assertStringIncludes(new TextDecoder().decode(bytes), "Version 3.0\na b\nASCII\n");
});

Deno.test("encodeVtk() refuses a mesh that does not fit together", () => {
  const { points, cells } = MESH;
  const heat = (length: number, shape = [length]) => ({
    heat: { shape, data: new Float32Array(length) },
  });
  const cell = (type: string, ...data: number[]) => [
    { type: type as "line", shape: [1, data.length], data: Int32Array.from(data) },
  ];
  const bad: [mesh: MeshToWrite, message: string][] = [
    [{ points: { ...points, shape: [8, 2] }, cells }, "points are floats [V, 1 to 3]: got [8,2]"],
    [{ points, cells: cell("wedge", 0) }, 'triangle, quad, tetra, hexahedron: got "wedge"'],
    [{ points, cells: cell("line", 0, 8) }, "cells name points below 8: got 8"],
    [{ points, cells: cell("line", 0, 1, 2) }, "a line has 2 corners: got 3 in all"],
    [{ points, cells, pointData: heat(7) }, 'pointData has one row for each of 8: got "heat"'],
    [{ points, cells, cellData: heat(6, [6, 2]) }, "of shape [6,2] with 6 values"],
  ];
  for (const [mesh, message] of bad) assertThrows(() => encodeVtk(mesh), TypeError, message);
  const options = { encoding: "text" as "ascii" };
  assertThrows(() => encodeVtk(MESH, options), TypeError, 'its encoding is "ascii" or "binary"');
});
