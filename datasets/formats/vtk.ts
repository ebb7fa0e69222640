/** Legacy VTK files. @module */
import type { DataArray } from "../array.ts";
import { ByteCursor } from "./byte_cursor.ts";
import type { Place } from "./data_format_error.ts";
import { type CellColumn, CellList, type Mesh, meshOf } from "./mesh.ts";
import { type NumberArray, SCALARS, type ScalarType } from "./scalar_type.ts";
import { VtkValues } from "./vtk_arrays.ts";
import { addVtkCells, readVtkCells, type VtkCells } from "./vtk_cells.ts";

/**
 * The sections of cells of POLYDATA, in the order of their cells' values, by what the cells are.
 */
const POLY_SECTIONS: Readonly<Record<string, number>> = {
  VERTICES: 2,
  LINES: 4,
  POLYGONS: 7,
  TRIANGLE_STRIPS: 6,
};

/** The shape of what each point or cell has under an attribute; null where the file says it. */
const ATTRIBUTES: Readonly<Record<string, readonly number[] | null>> = {
  SCALARS: null,
  COLOR_SCALARS: null,
  TEXTURE_COORDINATES: null,
  VECTORS: [3],
  NORMALS: [3],
  TENSORS: [3, 3],
  TENSORS6: [6],
  GLOBAL_IDS: [],
  PEDIGREE_IDS: [],
  EDGE_FLAGS: [],
};

/** Reads the sections of a file. */
class VtkReader {
  readonly #cursor: ByteCursor;
  readonly #isText: boolean;
  readonly #values: VtkValues;
  readonly #pointData = new Map<string, DataArray>();
  readonly #cellData = new Map<string, DataArray>();
  readonly #polys = new Map<string, VtkCells>();
  #points: NumberArray | undefined;
  #cells: VtkCells | undefined;
  #types: { readonly values: NumberArray; readonly at: number } | undefined;
  /** Where arrays go: POINT_DATA's or CELL_DATA's; fields of the whole file go nowhere. */
  #data: Map<string, DataArray> | undefined;
  /** How many points or cells `#data` has values of, and where the cells' number stands. */
  #count = 0;
  #cellCount: { readonly count: number; readonly at: number } | undefined;

  constructor(cursor: ByteCursor, isText: boolean) {
    this.#cursor = cursor;
    this.#isText = isText;
    this.#values = new VtkValues(cursor, isText);
  }

  section(keyword: string, at: number): void {
    const cursor = this.#cursor;
    const values = this.#values;
    if (keyword === "METADATA") this.#skipMetadata();
    else if (keyword === "FIELD") this.#field();
    else if (keyword === "LOOKUP_TABLE") this.#skipTable();
    else if (keyword === "DATASET") this.#dataset();
    else if (keyword === "POINT_DATA" || keyword === "CELL_DATA") this.#dataOf(keyword);
    else if (keyword === "POINTS") {
      const count = cursor.count("the number of points");
      this.#points = values.values(values.type(), 3 * count, "coordinates");
    } else if (keyword === "CELLS") this.#cells = readVtkCells(values);
    else if (keyword === "CELL_TYPES") {
      const count = cursor.count("the number of cells");
      this.#types = { values: values.values(SCALARS.int32, count, "types of cells"), at };
    } else if (Object.hasOwn(POLY_SECTIONS, keyword)) {
      this.#polys.set(keyword, readVtkCells(values));
    } else if (Object.hasOwn(ATTRIBUTES, keyword) && this.#data) {
      this.#attribute(keyword, this.#data);
    } else cursor.fail("a section of a VTK file, such as POINTS", at);
  }

  /** The mesh of what was read. */
  finish(): Mesh {
    const cursor = this.#cursor;
    if (!this.#points) return cursor.fail("a section POINTS");
    const points = this.#points;
    const numPoints = points.length / 3;
    const list = new CellList();
    let count = 0;
    const add = (cells: VtkCells, types: ArrayLike<number> | number) => {
      addVtkCells(list, cells, types, numPoints, this.#values, count);
      count += cells.offsets.length - 1;
    };
    for (const [section, type] of Object.entries(POLY_SECTIONS)) {
      const cells = this.#polys.get(section);
      if (cells) add(cells, type);
    }
    if (this.#cells) add(this.#cells, this.#typesOf(this.#cells));
    if (this.#cellCount && this.#cellCount.count !== count) {
      cursor.fail(`values of ${count} cells`, this.#cellCount.at, `${this.#cellCount.count}`);
    }
    for (const [name, { shape: [rows] }] of this.#pointData) {
      if (rows !== numPoints) cursor.fail(`${numPoints} values "${name}" of points`, 0, `${rows}`);
    }
    const columns = [...this.#cellData].map(([name, array]): [string, CellColumn] => [
      name,
      { array, first: 0 },
    ]);
    const isFloat = points instanceof Float32Array || points instanceof Float64Array;
    const data = isFloat ? points : Float64Array.from(points);
    return meshOf({ shape: [numPoints, 3], data }, list, this.#pointData, new Map(columns), cursor);
  }

  #typesOf({ offsets, at }: VtkCells): NumberArray {
    const types = this.#types;
    if (!types) return this.#cursor.fail("a section CELL_TYPES for CELLS", at, "none");
    if (types.values.length === offsets.length - 1) return types.values;
    return this.#cursor.fail(
      `types of ${offsets.length - 1} cells`,
      types.at,
      `${types.values.length}`,
    );
  }

  #dataset(): void {
    const cursor = this.#cursor;
    cursor.skipSpace();
    const start = cursor.position;
    if (!["POLYDATA", "UNSTRUCTURED_GRID"].includes(cursor.word().toUpperCase())) {
      cursor.fail("POLYDATA or UNSTRUCTURED_GRID, the kinds that are read", start);
    }
  }

  #dataOf(keyword: string): void {
    const cursor = this.#cursor;
    const at = cursor.position;
    this.#count = cursor.count("a number of values");
    this.#data = keyword === "POINT_DATA" ? this.#pointData : this.#cellData;
    if (keyword === "CELL_DATA") this.#cellCount = { count: this.#count, at };
  }

  #attribute(keyword: string, into: Map<string, DataArray>): void {
    const values = this.#values;
    const name = values.name();
    let shape = ATTRIBUTES[keyword]!;
    let type: ScalarType | null;
    if (keyword === "COLOR_SCALARS") {
      shape = [this.#width()];
      type = this.#isText ? SCALARS.float32 : SCALARS.uint8;
    } else if (keyword === "TEXTURE_COORDINATES") {
      shape = [this.#width()];
      type = values.type();
    } else type = values.type();
    if (keyword === "SCALARS") {
      shape = [this.#cursor.isAtLineEnd() ? 1 : this.#width()];
      this.#skipTableName();
    }
    into.set(name, values.array(type, this.#count, shape, name));
  }

  #width(): number {
    return this.#cursor.integer("a number of values each", 1, 255);
  }

  /** `LOOKUP_TABLE name` in the line after SCALARS, which some writers leave out. */
  #skipTableName(): void {
    const cursor = this.#cursor;
    const end = cursor.position;
    cursor.skipLine();
    const { bytes, position } = cursor;
    const next = String.fromCharCode(...bytes.subarray(position, position + 12));
    if (next.toUpperCase() === "LOOKUP_TABLE") cursor.position = position + 12;
    else cursor.position = end;
  }

  /** Colours of a table: four bytes each, or four numbers from 0 to 1. */
  #skipTable(): void {
    this.#values.name();
    const count = this.#cursor.count("the size of a table");
    const type = this.#isText ? SCALARS.float32 : SCALARS.uint8;
    this.#values.values(type, 4 * count, "a table");
  }

  #field(): void {
    const cursor = this.#cursor;
    this.#values.name();
    const count = cursor.count("a number of arrays");
    for (let i = 0; i < count;) {
      cursor.skipSpace();
      const at = cursor.position;
      const name = this.#values.name();
      if (name === "METADATA") {
        this.#skipMetadata();
        continue;
      }
      i++;
      const width = cursor.count("a number of values each");
      const rows = cursor.count("a number of rows");
      const type = this.#values.type();
      if (this.#data && rows !== this.#count) cursor.fail(`${this.#count} rows`, at, `${rows}`);
      const array = this.#values.array(type, rows, [width], name);
      if (width > 0) this.#data?.set(name, array);
    }
  }

  /** Names of components and the like, to an empty line. */
  #skipMetadata(): void {
    const cursor = this.#cursor;
    cursor.skipLine();
    while (cursor.left > 0 && cursor.line() !== "");
  }
}

/**
 * Reads legacy VTK files of versions 1 to 5.1, text or binary, of POLYDATA or UNSTRUCTURED_GRID.
 * Cells: lines, triangles, quads, tetrahedra, hexahedra; pixels and voxels in the order of those;
 * polylines, strips and polygons in pieces, of which each has the values of the whole (polygons of
 * more than four corners become triangles that share the first one). Cells that are points are left
 * out. Attributes and fields become `pointData` and `cellData`, of shape `[n]` where each has one
 * value.
 *
 * vtk.js' reader takes POLYDATA only, keeps no fields, and is 19 MB.
 *
 * @param bytes The file.
 * @param place The file's name, for errors.
 * @returns Points `[V, 3]`; float32 where the file's are, else float64.
 * @throws {DataFormatError} If the file is damaged, of another kind of data set, or has cells with
 * curved sides, wedges or pyramids; the message names the byte.
 *
 * @example
 * ```ts
 * import { parseVtk } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const text = `# vtk DataFile Version 3.0
 * a triangle
 * ASCII
 * DATASET POLYDATA
 * POINTS 3 float
 * 0 0 0 1 0 0 0 1 0
 * POLYGONS 1 4
 * 3 0 1 2
 * POINT_DATA 3
 * SCALARS heat float
 * LOOKUP_TABLE default
 * 7 8 9
 * `;
 * const { cells, pointData } = parseVtk(new TextEncoder().encode(text));
 * assertEquals(cells[0]!.shape, [1, 3]);
 * assertEquals(pointData.heat, { shape: [3], data: Float32Array.of(7, 8, 9) });
 * ```
 */
export function parseVtk(bytes: Uint8Array, place: Place = {}): Mesh {
  const cursor = new ByteCursor(bytes, "legacy VTK", place);
  const version = /^# vtk DataFile Version (\d)/i.exec(cursor.line())?.[1];
  if (version === undefined) cursor.fail("# vtk DataFile Version", 0);
  cursor.skipLine();
  cursor.skipSpace();
  const start = cursor.position;
  const encoding = cursor.word().toUpperCase();
  if (encoding !== "ASCII" && encoding !== "BINARY") cursor.fail("ASCII or BINARY", start);
  const reader = new VtkReader(cursor, encoding === "ASCII");
  while (cursor.skipSpace(), cursor.left > 0) {
    const at = cursor.position;
    reader.section(cursor.word().toUpperCase(), at);
  }
  return reader.finish();
}
