/** The Polygon File Format, PLY. @module */
import type { DataArray } from "../array.ts";
import { ByteCursor, BYTES_OF_WORD } from "./byte_cursor.ts";
import type { Place } from "./data_format_error.ts";
import { growableFloat64 } from "./growable.ts";
import { type CellColumn, CellList, type Mesh, meshOf, rowsOf } from "./mesh.ts";
import { type PlyElement, type PlyProperty, readPlyHeader } from "./ply_header.ts";
import type { ScalarType } from "./scalar_type.ts";

/** Lists longer than a byte can count are no features of a point or cell. */
const MAX_WIDTH = 255;

/** The next value, from text or bytes. */
type ReadValue = (type: ScalarType, what: string) => number;

/** Takes a property's value of one row. */
type RowReader = (row: number) => void;

/** Reads elements into columns and cells. */
class PlyReader {
  readonly cells = new CellList();
  readonly cellColumns = new Map<string, CellColumn>();
  points: Map<string, DataArray> | undefined;
  readonly #cursor: ByteCursor;
  readonly #read: ReadValue;
  readonly #isText: boolean;
  readonly #numPoints: number;
  /** Cells of the file so far. */
  #numCells = 0;
  readonly #corners: number[] = [];

  constructor(cursor: ByteCursor, encoding: string, numPoints: number) {
    this.#cursor = cursor;
    this.#isText = encoding === "ascii";
    this.#numPoints = numPoints;
    const isLittle = encoding === "binary_little_endian";
    this.#read = this.#isText
      ? (type, what) => cursor.text(type, what)
      : (type, what) => cursor.binary(type, isLittle, what);
  }

  element(element: PlyElement): void {
    const { name, count, properties } = element;
    const size = this.#leastSize(properties);
    this.#cursor.checkRoom(count, size, `the number of elements ${name}`);
    const columns = new Map<string, DataArray>();
    const first = this.#numCells;
    const finish: (() => void)[] = [];
    const readers = properties.map((property) => this.#reader(element, property, columns, finish));
    // Without properties a row has no bytes, and there could be any number of them.
    for (let row = 0; size > 0 && row < count; row++) {
      for (const read of readers) read(row);
      this.#endRow(name);
    }
    for (const end of finish) end();
    if (name === "vertex") this.points = columns;
    else if (name === "edge") this.#addEdges(columns, count);
    if (name !== "face" && name !== "edge" && name !== "tristrips") return;
    this.#numCells += count;
    for (const [key, array] of columns) this.cellColumns.set(key, { array, first });
  }

  /** A row of a text is a line, so that a list of a wrong length is not taken for another. */
  #endRow(name: string): void {
    if (this.#isText && !this.#cursor.isAtLineEnd()) {
      this.#cursor.fail(`the end of the line of an element ${name}`);
    }
  }

  /** The fewest bytes of a row. */
  #leastSize(properties: readonly PlyProperty[]): number {
    const sizes = properties.map(({ type, lengthType }) =>
      this.#isText ? BYTES_OF_WORD : (lengthType ?? type).size
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  #reader(
    { name: element, count }: PlyElement,
    { name, type, lengthType }: PlyProperty,
    columns: Map<string, DataArray>,
    finish: (() => void)[],
  ): RowReader {
    const read = this.#read;
    if (lengthType === null) {
      const data = type.make(count);
      columns.set(name, { shape: [count], data });
      return (row) => data[row] = read(type, name);
    }
    const isCorners = name === "vertex_indices" || name === "vertex_index";
    if (isCorners && element === "face") return this.#faceReader(type, lengthType);
    if (isCorners && element === "tristrips") return this.#stripReader(type, lengthType);
    const values = growableFloat64();
    let width = -1;
    finish.push(() => {
      if (width < 1 || width > MAX_WIDTH) return;
      const data = type.make(values.length);
      data.set(values.finish());
      columns.set(name, rowsOf(data, width));
    });
    return (row) => {
      const length = this.#length(type, lengthType);
      for (let i = 0; i < length; i++) values.push(read(type, name));
      if (row === 0) width = length;
      else if (width !== length) width = 0;
    };
  }

  /** The length of a list, which must fit into what is left. */
  #length(type: ScalarType, lengthType: ScalarType): number {
    const start = this.#next();
    const length = this.#read(lengthType, "the length of a list");
    if (!Number.isInteger(length) || length < 0) {
      this.#cursor.fail("the length of a list", start, `${length}`);
    }
    const size = this.#isText ? BYTES_OF_WORD : type.size;
    this.#cursor.checkRoom(length, size, "the length of a list", start);
    return length;
  }

  #index(type: ScalarType, least: number): number {
    const start = this.#next();
    const index = this.#read(type, "a point");
    if (Number.isInteger(index) && index >= least && index < this.#numPoints) return index;
    return this.#cursor.fail(`one of the ${this.#numPoints} points`, start, `${index}`);
  }

  /** The byte at which the next value begins. */
  #next(): number {
    if (this.#isText) this.#cursor.skipSpace();
    return this.#cursor.position;
  }

  #faceReader(type: ScalarType, lengthType: ScalarType): RowReader {
    const corners = this.#corners;
    return (row) => {
      const length = this.#length(type, lengthType);
      for (let i = 0; i < length; i++) corners[i] = this.#index(type, 0);
      this.cells.addPolygon(corners, length, this.#numCells + row);
    };
  }

  /** Strips one after another in one list, -1 between them. */
  #stripReader(type: ScalarType, lengthType: ScalarType): RowReader {
    const corners = this.#corners;
    return (row) => {
      const length = this.#length(type, lengthType);
      let count = 0;
      for (let i = 0; i < length; i++) {
        corners[count++] = this.#index(type, -1);
        const isEnd = corners[count - 1] === -1;
        if (!isEnd && i < length - 1) continue;
        this.cells.addStrip(corners, isEnd ? count - 1 : count, this.#numCells + row);
        count = 0;
      }
    };
  }

  #addEdges(columns: Map<string, DataArray>, count: number): void {
    const ends = ["vertex1", "vertex2"].map((name) => columns.get(name)?.data);
    for (let row = 0; row < count && ends[0] && ends[1]; row++) {
      const corners = ends.map((end) => Number(end![row]));
      const wrong = corners.find((end) =>
        !(Number.isInteger(end) && end >= 0 && end < this.#numPoints)
      );
      if (wrong !== undefined) {
        this.#cursor.fail(
          `ends of edges among the ${this.#numPoints} points`,
          undefined,
          `${wrong}`,
        );
      }
      this.cells.add("line", corners, this.#numCells + row);
    }
    columns.delete("vertex1");
    columns.delete("vertex2");
  }
}

/** The coordinates, taken from the other columns, as rows. */
function pointsOf(columns: Map<string, DataArray>, cursor: ByteCursor): Mesh["points"] {
  const names = ["x", "y", "z"].filter((name) => columns.has(name));
  if (names.length < 2 || !columns.has("x")) {
    cursor.fail("points with the properties x and y", 0, [...columns.keys()].join(", ") || "none");
  }
  const axes = names.map((name) => columns.get(name)!.data);
  const [count = 0] = columns.get("x")!.shape;
  const isSingle = axes.every((axis) => axis instanceof Float32Array);
  const data = new (isSingle ? Float32Array : Float64Array)(count * axes.length);
  axes.forEach((axis, k) => {
    for (let i = 0; i < count; i++) data[i * axes.length + k] = Number(axis[i]);
  });
  for (const name of names) columns.delete(name);
  return { shape: [count, axes.length], data };
}

/**
 * Reads PLY: text, or binary in either order of bytes. Points are element `vertex`, cells `face`
 * (polygons of more than four corners become triangles that share the first one), `tristrips` and
 * `edge`. Other properties become `pointData` and `cellData` under their names, in their types;
 * lists do where they are all of one length up to 255, and are left out where not. Other elements
 * are passed over.
 *
 * loaders.gl's reader gives triangles and float32 only, and none of the data of faces.
 *
 * @param bytes The file.
 * @param place The file's name, for errors.
 * @returns Points `[V, 3]`, or `[V, 2]` where there is no `z`; float32 where the file's are.
 * @throws {DataFormatError} If the file is damaged; the message names the byte.
 *
 * @example
 * ```ts
 * import { parsePly } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const text = `ply
 * format ascii 1.0
 * element vertex 3
 * property float x
 * property float y
 * property uchar heat
 * element face 1
 * property list uchar int vertex_indices
 * end_header
 * 0 0 7
 * 1 0 8
 * 0 1 9
 * 3 0 1 2
 * `;
 * const { points, cells, pointData } = parsePly(new TextEncoder().encode(text));
 * assertEquals(points.shape, [3, 2]);
 * assertEquals(cells[0]!.type, "triangle");
 * assertEquals(pointData.heat, { shape: [3], data: Uint8Array.of(7, 8, 9) });
 * ```
 */
export function parsePly(bytes: Uint8Array, place: Place = {}): Mesh {
  const cursor = new ByteCursor(bytes, "PLY", place);
  const { encoding, elements } = readPlyHeader(cursor);
  const vertices = elements.filter(({ name }) => name === "vertex");
  if (vertices.length !== 1) cursor.fail("one element vertex", 0, `${vertices.length}`);
  const numPoints = vertices[0]!.count;
  const reader = new PlyReader(cursor, encoding, numPoints);
  for (const element of elements) reader.element(element);
  cursor.checkEnd("the last element");
  const points = pointsOf(reader.points!, cursor);
  return meshOf(points, reader.cells, reader.points!, reader.cellColumns, cursor);
}
