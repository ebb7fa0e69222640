/** Meshes written as legacy VTK files. @module */
import { type DataArray, dtypeOf, type TypedArray } from "../array.ts";
import { sizeOf } from "../../lib/base/mod.ts";
import {
  bigEndian,
  C_NAMES,
  type CheckedMesh,
  checkMesh,
  cornersOf,
  type EncodeMeshOptions,
  FileParts,
  inSpace,
  isText,
  type MeshToWrite,
  numberText,
  refuser,
} from "./mesh_to_write.ts";

/** VTK's numbers of the types of cells. */
const CELL_TYPES = { line: 3, triangle: 5, quad: 9, tetra: 10, hexahedron: 12 } as const;

/** VTK's names of the types of numbers. */
const TYPE_NAMES = {
  ...C_NAMES,
  int64: "long",
  uint8: "unsigned_char",
  uint16: "unsigned_short",
  uint32: "unsigned_int",
  uint64: "unsigned_long",
  bool: "unsigned_char",
} as const;

/** Options of {@linkcode encodeVtk}. */
export interface EncodeVtkOptions extends EncodeMeshOptions {
  /** The second line of the file, at most 255 characters; `"mesh"` by default. */
  readonly title?: string;
}

const refuse = refuser("VTK");

/** Writes values, so many a line where they are text. */
function writeValues(parts: FileParts, data: TypedArray, width: number, isAscii: boolean): void {
  if (!isAscii) {
    parts.bytes(bigEndian(data));
    parts.line("");
    return;
  }
  const lines: string[] = [];
  for (let at = 0; at < data.length; at += width) {
    lines.push(Array.from(data.subarray(at, at + width), numberText).join(" "));
  }
  parts.line(lines.join("\n"));
}

/** A name as VTK writes it: spaces, quotes, percent signs and what is not ASCII as `%20`. */
function nameText(name: string): string {
  const bytes = new TextEncoder().encode(name);
  return Array.from(bytes, (byte) => {
    const isPlain = byte > 32 && byte < 127 && byte !== 34 && byte !== 37;
    if (isPlain) return String.fromCharCode(byte);
    return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

/** CELLS in the layout of versions before 5: each cell's number of corners before them. */
function cellList(
  { cells, counts, numCells }: CheckedMesh,
): { list: Int32Array; types: Int32Array } {
  const list = new Int32Array(numCells + cells.reduce((sum, { data }) => sum + data.length, 0));
  const types = new Int32Array(numCells);
  let [at, cell] = [0, 0];
  cells.forEach(({ type }, block) => types.fill(CELL_TYPES[type], cell, cell += counts[block]!));
  for (const { corners } of cornersOf({ cells })) {
    list[at++] = corners.length;
    list.set(corners, at);
    at += corners.length;
  }
  return { list, types };
}

function writeArrays(
  parts: FileParts,
  section: string,
  count: number,
  arrays: Readonly<Record<string, DataArray>>,
  isAscii: boolean,
): void {
  const entries = Object.entries(arrays);
  if (entries.length === 0) return;
  parts.line(`${section} ${count}`);
  parts.line(`FIELD FieldData ${entries.length}`);
  for (const [name, { shape, data }] of entries) {
    const width = sizeOf(shape.slice(1));
    parts.line(`${nameText(name)} ${width} ${count} ${TYPE_NAMES[dtypeOf(data)]}`);
    writeValues(parts, data, width, isAscii);
  }
}

/**
 * A mesh as a legacy VTK file (version 3.0, UNSTRUCTURED_GRID), which ParaView, VisIt, PyVista and
 * meshio read. Values of points and cells are written as fields; what lies in fewer than three
 * dimensions gets zeros for the others, as VTK has no others.
 *
 * @param mesh The mesh; values by name are optional.
 * @param options Text or binary.
 * @returns The file's bytes.
 * @throws {TypeError} If shapes do not fit, a cell has an unknown type or names a point that is not
 * there.
 *
 * @example
 * ```ts
 * import { encodeVtk, parseVtk } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = {
 *   points: { shape: [3, 3], data: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0) },
 *   cells: [{ type: "triangle" as const, shape: [1, 3], data: Int32Array.of(0, 1, 2) }],
 *   pointData: { velocity: { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) } },
 *   cellData: {},
 * };
 * assertEquals(parseVtk(encodeVtk(mesh)), mesh);
 * ```
 */
export function encodeVtk(
  mesh: MeshToWrite,
  { title = "mesh", ...options }: EncodeVtkOptions = {},
): Uint8Array<ArrayBuffer> {
  const isAscii = isText(options, refuse);
  const checked = checkMesh(mesh, refuse);
  const { numPoints, pointData, cellData } = checked;
  const positions = inSpace(checked.points);
  const { list, types } = cellList(checked);
  const parts = new FileParts();
  parts.line("# vtk DataFile Version 3.0");
  parts.line(title.replace(/\s+/g, " ").slice(0, 255));
  parts.line(isAscii ? "ASCII" : "BINARY");
  parts.line("DATASET UNSTRUCTURED_GRID");
  parts.line(`POINTS ${numPoints} ${TYPE_NAMES[dtypeOf(positions)]}`);
  writeValues(parts, positions, 3, isAscii);
  parts.line(`CELLS ${types.length} ${list.length}`);
  writeValues(parts, list, 12, isAscii);
  parts.line(`CELL_TYPES ${types.length}`);
  writeValues(parts, types, 24, isAscii);
  writeArrays(parts, "POINT_DATA", numPoints, pointData, isAscii);
  writeArrays(parts, "CELL_DATA", types.length, cellData, isAscii);
  return parts.finish();
}
