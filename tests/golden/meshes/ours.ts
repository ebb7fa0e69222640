/**
 * Meshes that this project writes, for others to read: `deno run -A ours.ts` makes the files in
 * ours/, and read_ours.py says what meshio reads of them.
 */
import { type MeshToWrite, writeMesh } from "../../../datasets/mod.ts";

/** The folder of the files. */
export const OURS = new URL("./ours/", import.meta.url);

const coordinates = Array.from({ length: 24 }, (_, i) => Math.sin(i) / 3);

/** Flat cells of all types, no values. */
export const SURFACE: MeshToWrite = {
  points: { shape: [8, 3], data: Float64Array.from(coordinates) },
  cells: [
    { type: "quad", shape: [1, 4], data: Int32Array.of(3, 2, 1, 0) },
    { type: "triangle", shape: [2, 3], data: Int32Array.of(0, 1, 2, 5, 6, 7) },
    { type: "quad", shape: [1, 4], data: Int32Array.of(4, 5, 6, 7) },
  ],
};

/** Triangles alone, that use all points. */
export const TRIANGLES: MeshToWrite = {
  points: { shape: [8, 3], data: Float32Array.from(coordinates) },
  cells: [{ type: "triangle", shape: [3, 3], data: Int32Array.of(0, 1, 2, 3, 4, 5, 5, 6, 7) }],
};

/** A surface with values of points and cells. */
export const HEATED: MeshToWrite = {
  ...SURFACE,
  pointData: {
    heat: { shape: [8], data: Float32Array.from({ length: 8 }, (_, i) => i / 4) },
    kind: { shape: [8], data: Int32Array.of(5, -6, 7, 8, 9, 10, 11, 12) },
  },
  cellData: {
    part: { shape: [4], data: Uint8Array.of(1, 2, 3, 250) },
    flux: { shape: [4, 2], data: Float64Array.from(coordinates.slice(8, 16)) },
  },
};

/** Cells of all types, with vectors, tensors and tags. */
export const SOLID: MeshToWrite = {
  points: SURFACE.points,
  cells: [
    { type: "tetra", shape: [2, 4], data: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7) },
    { type: "line", shape: [1, 2], data: Int32Array.of(0, 7) },
    { type: "hexahedron", shape: [1, 8], data: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7) },
    { type: "triangle", shape: [1, 3], data: Int32Array.of(0, 1, 2) },
  ],
  pointData: {
    speed: { shape: [8, 3], data: Float64Array.from(coordinates, (x) => 2 * x) },
    heat: { shape: [8], data: Float64Array.from({ length: 8 }, (_, i) => i / 4) },
  },
  cellData: {
    stress: { shape: [5, 9], data: Float64Array.from({ length: 45 }, (_, i) => i / 8) },
  },
};

/** Tags of the cells of {@linkcode SOLID}, as MSH has them. */
const TAGS: MeshToWrite["cellData"] = {
  "gmsh:physical": { shape: [5], data: Int32Array.of(1, 1, 2, 3, 4) },
  "gmsh:geometrical": { shape: [5], data: Int32Array.of(9, 9, 8, 7, 6) },
};

/** Each file, the mesh that is in it, and how it is written. */
export const FILES: readonly (readonly [name: string, mesh: MeshToWrite, isAscii: boolean])[] = [
  ["surface.obj", SURFACE, true],
  ["surface.off", TRIANGLES, true],
  ["triangles_ascii.stl", TRIANGLES, true],
  ["triangles_binary.stl", TRIANGLES, false],
  ["heated_ascii.ply", HEATED, true],
  ["heated_binary.ply", HEATED, false],
  ["solid_ascii.vtk", SOLID, true],
  ["solid_binary.vtk", SOLID, false],
  ["solid_ascii.msh", { ...SOLID, cellData: { ...TAGS, ...SOLID.cellData } }, true],
  ["solid_binary.msh", { ...SOLID, cellData: { ...TAGS, ...SOLID.cellData } }, false],
];

if (import.meta.main) {
  await Deno.mkdir(OURS, { recursive: true });
  for (const [name, mesh, isAscii] of FILES) {
    await writeMesh(new URL(name, OURS), mesh, { encoding: isAscii ? "ascii" : "binary" });
  }
}
