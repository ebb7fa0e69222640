/** What the writers of mesh files ask of a mesh, and the bytes that they put together. @module */
import { sizeOf } from "../../lib/base/mod.ts";
import { CORNERS } from "../../lib/spatial/internal.ts";
import type { CellType } from "../../lib/spatial/mod.ts";
import type { DataArray, TypedArray } from "../array.ts";
import type { Mesh } from "./mesh.ts";

/** What the writers of mesh files take: a mesh whose values by name are optional. */
export type MeshToWrite =
  & Pick<Mesh, "points" | "cells">
  & Partial<Pick<Mesh, "pointData" | "cellData">>;

/** How a mesh file is written, where its format has both. */
export interface EncodeMeshOptions {
  /** `"binary"` by default; `"ascii"` to read or compare the file by eye. */
  readonly encoding?: "ascii" | "binary";
}

/** A mesh that fits together. */
export interface CheckedMesh extends Required<MeshToWrite> {
  readonly numPoints: number;
  /** The cells of each block. */
  readonly counts: readonly number[];
  readonly numCells: number;
}

/** C's names of the types of numbers, which formats share. */
export const C_NAMES = {
  float32: "float",
  float64: "double",
  int8: "char",
  int16: "short",
  int32: "int",
} as const;

/** Makes the error of a mesh that a format cannot hold. */
export type Refuse = (rule: string, actual: string, remedy?: string) => never;

/** The errors of one format. */
export function refuser(format: string): Refuse {
  return (rule, actual, remedy) => {
    throw new TypeError(
      `Cannot write a mesh as ${format} as ${rule}: got ${actual}${remedy ? ` (${remedy})` : ""}`,
    );
  };
}

/**
 * A mesh that was checked: shapes fit, cells are of known types and name points that are there.
 *
 * @throws {TypeError} If they are not.
 */
export function checkMesh(
  { points, cells, pointData = {}, cellData = {} }: MeshToWrite,
  refuse: Refuse,
): CheckedMesh {
  const [numPoints = 0, dim = 0] = points.shape;
  const { data } = points;
  const isRight = points.shape.length === 2 && dim >= 1 && dim <= 3 &&
    data.length === numPoints * dim &&
    (data instanceof Float32Array || data instanceof Float64Array);
  if (!isRight) {
    refuse("points are floats [V, 1 to 3]", `[${points.shape}] of ${data?.length} values`);
  }
  const counts = cells.map((block) => checkCells(block, numPoints, refuse));
  const numCells = counts.reduce((sum, count) => sum + count, 0);
  checkArrays("pointData", numPoints, pointData, refuse);
  checkArrays("cellData", numCells, cellData, refuse);
  return { points, cells, pointData, cellData, numPoints, counts, numCells };
}

function checkCells(
  { type, data }: Mesh["cells"][number],
  numPoints: number,
  refuse: Refuse,
): number {
  if (!Object.hasOwn(CORNERS, type)) {
    refuse(`cells are ${Object.keys(CORNERS).join(", ")}`, `"${type}"`);
  }
  const wrong = data.find((point) => !(point >= 0 && point < numPoints));
  if (wrong !== undefined) refuse(`cells name points below ${numPoints}`, `${wrong}`);
  const count = data.length / CORNERS[type];
  if (Number.isInteger(count)) return count;
  return refuse(`a ${type} has ${CORNERS[type]} corners`, `${data.length} in all`);
}

function checkArrays(
  what: string,
  count: number,
  arrays: Readonly<Record<string, DataArray>>,
  refuse: Refuse,
): void {
  for (const [name, { shape, data }] of Object.entries(arrays)) {
    const fits = shape[0] === count && data.length === sizeOf(shape) && name !== "" &&
      sizeOf(shape.slice(1)) > 0;
    if (fits) continue;
    const actual = `"${name}" of shape [${shape}] with ${data.length} values`;
    refuse(`${what} has one row for each of ${count}`, actual);
  }
}

/** Refuses cells of types that a format has not. */
export function checkTypes(
  { cells }: CheckedMesh,
  types: readonly CellType[],
  refuse: Refuse,
): void {
  const other = cells.find(({ type, data }) => data.length > 0 && !types.includes(type));
  if (!other) return;
  refuse(`its cells are ${types.join(", ")}`, other.type, "VTK and MSH hold all types");
}

/** Refuses values by name that a format has no place for, so that none is lost unseen. */
export function checkNoData(
  { pointData, cellData }: CheckedMesh,
  refuse: Refuse,
  held: readonly string[] = [],
): void {
  const [name] = [...Object.keys(pointData), ...Object.keys(cellData)]
    .filter((each) => !held.includes(each));
  if (name === undefined) return;
  refuse(
    `it has no place for ${held.length > 0 ? "other " : ""}values by name`,
    `"${name}"`,
    "leave them out, or write VTK",
  );
}

/** The points in three dimensions: those that are missing are zero. */
export function inSpace({ shape, data }: Mesh["points"]): Float32Array | Float64Array {
  const [count = 0, dim = 0] = shape;
  if (dim === 3) return data;
  const spread = new (data instanceof Float32Array ? Float32Array : Float64Array)(3 * count);
  for (let i = 0; i < data.length; i++) spread[3 * Math.floor(i / dim) + i % dim] = data[i]!;
  return spread;
}

/** A number as readers of text take it. */
export function numberText(value: number | bigint): string {
  const text = Object.is(value, -0) ? "-0" : `${value}`;
  return text === "NaN" ? "nan" : text.replace("Infinity", "inf");
}

/** Collects the lines and bytes of a file. */
export class FileParts {
  readonly #parts: Uint8Array[] = [];
  readonly #encoder = new TextEncoder();

  line(text: string): void {
    this.#parts.push(this.#encoder.encode(`${text}\n`));
  }

  lines(texts: Iterable<string>): void {
    const text = Array.from(texts).join("\n");
    if (text !== "") this.line(text);
  }

  bytes(data: Uint8Array): void {
    this.#parts.push(data);
  }

  finish(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }
}

/** Whether a file is text. @throws {TypeError} If the encoding is none. */
export function isText({ encoding = "binary" }: EncodeMeshOptions, refuse: Refuse): boolean {
  if (encoding === "ascii" || encoding === "binary") return encoding === "ascii";
  return refuse('its encoding is "ascii" or "binary"', `${encoding}`);
}

/** The corners of each cell, in the order of the blocks. */
export function* cornersOf(
  { cells }: Pick<Mesh, "cells">,
): Generator<{ type: CellType; corners: Int32Array }> {
  for (const { type, data } of cells) {
    const width = CORNERS[type];
    for (let at = 0; at < data.length; at += width) {
      yield { type, corners: data.subarray(at, at + width) };
    }
  }
}

/** The typed array's bytes in the other order. */
export function bigEndian(data: TypedArray): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  const size = data.BYTES_PER_ELEMENT;
  for (let at = 0; size > 1 && at < bytes.length; at += size) {
    bytes.subarray(at, at + size).reverse();
  }
  return bytes;
}
