/** Meshes as plain data, and how readers put their cells together. @module */
import { CORNERS } from "../../lib/spatial/internal.ts";
import type { CellType } from "../../lib/spatial/mod.ts";
import type { DataArray, TypedArray } from "../array.ts";
import { sizeOf } from "../../lib/base/mod.ts";
import type { ByteCursor } from "./byte_cursor.ts";
import { type Growable, growableInt32 } from "./growable.ts";

/** Cells of one type that follow one another in a file: C cells of k corners. */
export interface MeshCells {
  /** What the cells are. */
  readonly type: CellType;
  /** `[C, k]`. */
  readonly shape: number[];
  /** The points at the corners, row-major, in VTK's order of corners. */
  readonly data: Int32Array;
}

/** A mesh: V points in d dimensions and the cells between them. */
export interface Mesh {
  /** `[V, d]`: float32 where the file says so, else float64. */
  readonly points: DataArray<Float32Array | Float64Array>;
  /** Cells in the file's order; cells of one type that follow one another are one entry. */
  readonly cells: MeshCells[];
  /** Values of points by name: `[V]`, or `[V, k]` where each point has several. */
  readonly pointData: Record<string, DataArray>;
  /** Values of cells by name, all cells of the mesh one after another: `[C]` or `[C, k]`. */
  readonly cellData: Record<string, DataArray>;
}

/** What may be allocated for values that cells hand on to others, or that a file leaves open. */
export const MAX_VALUES = 2 ** 28;

/**
 * Cells in the making. Each knows which cell of the file it comes from: a polygon gives several.
 */
export class CellList {
  readonly #blocks: { type: CellType; corners: Growable<Int32Array> }[] = [];
  readonly #sources = growableInt32();

  /** Appends a cell whose corners stand in a list from a place on. */
  add(type: CellType, corners: ArrayLike<number>, source: number, from = 0): void {
    const into = this.#blockOf(type);
    const end = from + CORNERS[type];
    for (let i = from; i < end; i++) into.push(corners[i]!);
    this.#sources.push(source);
  }

  /**
   * Appends a polygon of so many corners: a line, a triangle or a quad, and beyond these triangles
   * that all have the first corner. One point alone joins nothing and is left out.
   */
  addPolygon(corners: ArrayLike<number>, count: number, source: number): void {
    if (count === 4) this.add("quad", corners, source);
    else if (count === 3) this.add("triangle", corners, source);
    else if (count === 2) this.add("line", corners, source);
    else for (let i = 2; i < count; i++) this.#addTriangle(corners, 0, i - 1, i, source);
  }

  /** Appends the lines between points that follow one another. */
  addPolyline(corners: ArrayLike<number>, count: number, source: number): void {
    for (let i = 1; i < count; i++) this.add("line", corners, source, i - 1);
  }

  /** Appends the triangles of a strip, all turned the same way. */
  addStrip(corners: ArrayLike<number>, count: number, source: number): void {
    for (let i = 2; i < count; i++) {
      const odd = i % 2;
      this.#addTriangle(corners, i - 2 + odd, i - 1 - odd, i, source);
    }
  }

  /** The cells. */
  finish(): MeshCells[] {
    return this.#blocks.map(({ type, corners }) => {
      const data = corners.finish();
      return { type, shape: [data.length / CORNERS[type], CORNERS[type]], data };
    });
  }

  /** The cell of the file, from 0, that each cell comes from. */
  sources(): Int32Array {
    return this.#sources.finish();
  }

  #addTriangle(corners: ArrayLike<number>, a: number, b: number, c: number, source: number): void {
    const into = this.#blockOf("triangle");
    into.push(corners[a]!);
    into.push(corners[b]!);
    into.push(corners[c]!);
    this.#sources.push(source);
  }

  #blockOf(type: CellType): Growable<Int32Array> {
    const last = this.#blocks.at(-1);
    if (last?.type === type) return last.corners;
    const corners = growableInt32();
    this.#blocks.push({ type, corners });
    return corners;
  }
}

/** Values of some of a file's cells, one row each: those from `first` on. */
export interface CellColumn {
  readonly array: DataArray;
  readonly first: number;
}

/** The values of a mesh's cells from those of the file's; NaN, or 0, where a cell has none. */
function cellValues(sources: Int32Array, { array: { shape, data }, first }: CellColumn): DataArray {
  const [rows = 0, ...rest] = shape;
  const isSame = rows === sources.length && sources.every((source, i) => source === first + i);
  if (isSame) return { shape, data };
  const width = sizeOf(rest);
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  const values = new (data.constructor as new (length: number) => TypedArray)(
    sources.length * width,
  );
  if (isFloat) (values as Float32Array).fill(NaN);
  sources.forEach((source, cell) => {
    const row = source - first;
    if (row < 0 || row >= rows) return;
    for (let i = 0; i < width; i++) values[cell * width + i] = data[row * width + i]!;
  });
  return { shape: [sources.length, ...rest], data: values };
}

/**
 * A mesh of its parts, with columns of the file's cells by name. Triangles of one polygon each get
 * its values; cells that have none get NaN, in an array of integers 0.
 */
export function meshOf(
  points: Mesh["points"],
  cells: CellList,
  pointData: ReadonlyMap<string, DataArray>,
  cellColumns: ReadonlyMap<string, CellColumn>,
  cursor: ByteCursor,
): Mesh {
  const sources = cells.sources();
  // One polygon of many corners with many values would ask for the square of the file's size.
  let length = 0;
  for (const { array } of cellColumns.values()) {
    length += sources.length * sizeOf(array.shape.slice(1));
  }
  if (length > MAX_VALUES) cursor.fail(`at most ${MAX_VALUES} values of cells`, 0, `${length}`);
  const columns = [...cellColumns].map(([name, column]) =>
    [name, cellValues(sources, column)] as const
  );
  return {
    points,
    cells: cells.finish(),
    pointData: Object.fromEntries(pointData),
    cellData: Object.fromEntries(columns),
  };
}

/** Values in rows of a width as an array: `[n]` where the width is 1. */
export function rowsOf(data: TypedArray, width: number): DataArray {
  return { shape: width === 1 ? [data.length] : [data.length / width, width], data };
}
