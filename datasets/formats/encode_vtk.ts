/** Meshes written as legacy VTK files. @module */
import { type DataArray, dtypeOf, type TypedArray } from "../array.ts";
import { sizeOf } from "../../lib/base/mod.ts";
import { CORNERS } from "../../lib/spatial/internal.ts";
import type { Mesh } from "./mesh.ts";

/** VTK's numbers of the types of cells. */
const CELL_TYPES = { line: 3, triangle: 5, quad: 9, tetra: 10, hexahedron: 12 } as const;

/** VTK's names of the types of numbers. */
const TYPE_NAMES = {
  float32: "float",
  float64: "double",
  int8: "char",
  int16: "short",
  int32: "int",
  int64: "long",
  uint8: "unsigned_char",
  uint16: "unsigned_short",
  uint32: "unsigned_int",
  uint64: "unsigned_long",
  bool: "unsigned_char",
} as const;

/** What {@linkcode encodeVtk} and the writers of files write of a mesh. */
export type MeshToWrite =
  & Pick<Mesh, "points" | "cells">
  & Partial<Pick<Mesh, "pointData" | "cellData">>;

/** Options of {@linkcode encodeVtk}. */
export interface EncodeVtkOptions {
  /** `"binary"` by default; `"ascii"` to read or compare the file by eye. */
  readonly encoding?: "ascii" | "binary";
  /** The second line of the file, at most 255 characters; `"mesh"` by default. */
  readonly title?: string;
}

/** Collects the parts of a file. */
class VtkWriter {
  readonly parts: Uint8Array[] = [];
  readonly #isText: boolean;
  readonly #encoder = new TextEncoder();

  constructor(isText: boolean) {
    this.#isText = isText;
  }

  line(text: string): void {
    this.parts.push(this.#encoder.encode(`${text}\n`));
  }

  /** Values, so many a line. */
  values(data: TypedArray, width: number): void {
    if (!this.#isText) {
      this.parts.push(bigEndian(data));
      this.line("");
      return;
    }
    const lines: string[] = [];
    for (let at = 0; at < data.length; at += width) {
      lines.push(Array.from(data.subarray(at, at + width), numberText).join(" "));
    }
    this.line(lines.join("\n"));
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }
}

/** A number as VTK's reader takes it. */
function numberText(value: number | bigint): string {
  const text = Object.is(value, -0) ? "-0" : `${value}`;
  return text === "NaN" ? "nan" : text.replace("Infinity", "inf");
}

function bigEndian(data: TypedArray): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  const size = data.BYTES_PER_ELEMENT;
  for (let at = 0; size > 1 && at < bytes.length; at += size) {
    bytes.subarray(at, at + size).reverse();
  }
  return bytes;
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

function refuse(rule: string, actual: string): never {
  throw new TypeError(`Cannot write a mesh as VTK as ${rule}: got ${actual}`);
}

/** The points in three dimensions. */
function inSpace({ shape, data }: Mesh["points"]): Float32Array | Float64Array {
  const [count = 0, dim = 0] = shape;
  const isRight = shape.length === 2 && dim >= 1 && dim <= 3 && data.length === count * dim &&
    (data instanceof Float32Array || data instanceof Float64Array);
  if (!isRight) refuse("points are floats [V, 1 to 3]", `[${shape}] of ${data?.length} values`);
  if (dim === 3) return data;
  const spread = new (data instanceof Float32Array ? Float32Array : Float64Array)(3 * count);
  for (let i = 0; i < data.length; i++) spread[3 * Math.floor(i / dim) + i % dim] = data[i]!;
  return spread;
}

/** CELLS in the layout of versions before 5: each cell's number of corners before them. */
function cellList(
  cells: Mesh["cells"],
  numPoints: number,
): { list: Int32Array; types: Int32Array } {
  const counts = cells.map(({ type, data }) => {
    if (!Object.hasOwn(CELL_TYPES, type)) {
      refuse(`cells are ${Object.keys(CELL_TYPES).join(", ")}`, `"${type}"`);
    }
    const wrong = data.find((point) => !(point >= 0 && point < numPoints));
    if (wrong !== undefined) refuse(`cells name points below ${numPoints}`, `${wrong}`);
    const count = data.length / CORNERS[type];
    return Number.isInteger(count) ? count : refuse(
      `a ${type} has ${CORNERS[type]} corners`,
      `${data.length} in all`,
    );
  });
  const numCells = counts.reduce((sum, count) => sum + count, 0);
  const list = new Int32Array(numCells + cells.reduce((sum, { data }) => sum + data.length, 0));
  const types = new Int32Array(numCells);
  let [at, cell] = [0, 0];
  cells.forEach(({ type, data }, block) => {
    const corners = CORNERS[type];
    types.fill(CELL_TYPES[type], cell, cell + counts[block]!);
    cell += counts[block]!;
    for (let from = 0; from < data.length; from += corners) {
      list[at++] = corners;
      list.set(data.subarray(from, from + corners), at);
      at += corners;
    }
  });
  return { list, types };
}

function writeArrays(
  writer: VtkWriter,
  section: string,
  count: number,
  arrays: Readonly<Record<string, DataArray>>,
): void {
  const entries = Object.entries(arrays);
  if (entries.length === 0) return;
  writer.line(`${section} ${count}`);
  writer.line(`FIELD FieldData ${entries.length}`);
  for (const [name, { shape, data }] of entries) {
    const width = sizeOf(shape.slice(1));
    if (shape[0] !== count || data.length !== sizeOf(shape) || width === 0 || name === "") {
      refuse(
        `${section} has one row for each of ${count}`,
        `"${name}" of shape [${shape}] with ${data.length} values`,
      );
    }
    writer.line(`${nameText(name)} ${width} ${count} ${TYPE_NAMES[dtypeOf(data)]}`);
    writer.values(data, width);
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
  { points, cells, pointData = {}, cellData = {} }: MeshToWrite,
  { encoding = "binary", title = "mesh" }: EncodeVtkOptions = {},
): Uint8Array<ArrayBuffer> {
  const isText = encoding === "ascii";
  if (!isText && encoding !== "binary") {
    refuse('its encoding is "ascii" or "binary"', `${encoding}`);
  }
  const positions = inSpace(points);
  const numPoints = positions.length / 3;
  const { list, types } = cellList(cells, numPoints);
  const writer = new VtkWriter(isText);
  writer.line("# vtk DataFile Version 3.0");
  writer.line(title.replace(/\s+/g, " ").slice(0, 255));
  writer.line(isText ? "ASCII" : "BINARY");
  writer.line("DATASET UNSTRUCTURED_GRID");
  writer.line(`POINTS ${numPoints} ${TYPE_NAMES[dtypeOf(positions)]}`);
  writer.values(positions, 3);
  writer.line(`CELLS ${types.length} ${list.length}`);
  writer.values(list, 12);
  writer.line(`CELL_TYPES ${types.length}`);
  writer.values(types, 24);
  writeArrays(writer, "POINT_DATA", numPoints, pointData);
  writeArrays(writer, "CELL_DATA", types.length, cellData);
  return writer.bytes();
}
