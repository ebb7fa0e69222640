/** Wavefront OBJ. @module */
import { ByteCursor } from "./byte_cursor.ts";
import type { Place } from "./data_format_error.ts";
import { growableFloat64 } from "./growable.ts";
import { CellList, type Mesh, meshOf, rowsOf } from "./mesh.ts";

const [MINUS, SLASH, BACKSLASH, ZERO, NINE] = [45, 47, 92, 48, 57] as const;

/** The numbers that may follow `v`: coordinates, a weight, a colour. */
const MAX_NUMBERS = 7;

/** What was read so far. */
class ObjReader {
  readonly cursor: ByteCursor;
  readonly points = growableFloat64();
  readonly colours = growableFloat64();
  readonly cells = new CellList();
  numPoints = 0;
  dim = 0;
  /** The greatest index, and where it stands: points may follow the faces that name them. */
  greatest = -1;
  greatestAt = 0;
  #numCells = 0;
  readonly #corners: number[] = [];
  readonly #numbers: number[] = [];

  constructor(cursor: ByteCursor) {
    this.cursor = cursor;
  }

  /** Reads the rest of a line that begins with a word. */
  statement(word: string): void {
    if (word === "v") this.#point();
    else if (word === "f") this.cells.addPolygon(this.#corners, this.#indices(3), this.#numCells++);
    else if (word === "l") {
      this.cells.addPolyline(this.#corners, this.#indices(2), this.#numCells++);
    } else while (!this.#isAtEnd()) this.cursor.skipWord();
  }

  /** `v x y z`, then nothing, a weight `w`, a colour `r g b`, or both. */
  #point(): void {
    const { cursor } = this;
    const start = cursor.position;
    const numbers = this.#numbers;
    let count = 0;
    while (!this.#isAtEnd()) {
      if (count === MAX_NUMBERS) cursor.fail(`at most ${MAX_NUMBERS} numbers of a point`);
      numbers[count++] = cursor.number("a coordinate");
    }
    const dim = Math.min(count, 3);
    if (this.numPoints === 0) this.dim = dim;
    if (dim < 2 || dim !== this.dim) {
      cursor.fail(`the coordinates of a point, ${this.dim < 2 ? "2 or 3" : this.dim}`, start);
    }
    for (let i = 0; i < dim; i++) this.points.push(numbers[i]!);
    if (count >= 6) { for (let i = count - 3; i < count; i++) this.colours.push(numbers[i]!); }
    this.numPoints++;
  }

  /** The points of `f` and `l`, each `v`, `v/vt`, `v//vn` or `v/vt/vn`, as indices from 0. */
  #indices(least: number): number {
    const start = this.cursor.position;
    let count = 0;
    while (!this.#isAtEnd()) this.#corners[count++] = this.#index();
    if (count < least) this.cursor.fail(`at least ${least} points of a cell`, start);
    return count;
  }

  #index(): number {
    const { cursor } = this;
    const { bytes, position: start } = cursor;
    let at = bytes[start] === MINUS ? start + 1 : start;
    let value = 0;
    let byte = bytes[at]!;
    for (; byte >= ZERO && byte <= NINE; byte = bytes[++at]!) value = value * 10 + byte - ZERO;
    // The rest names normals and texture coordinates.
    cursor.position = at;
    if (byte === SLASH || byte > 32) cursor.skipWord();
    const index = bytes[start] === MINUS ? this.numPoints - value : value - 1;
    const isIndex = value > 0 && (byte === SLASH || !(byte > 32)) && index < 2 ** 31 - 1;
    if (!isIndex || index < 0) cursor.fail("the number of a point, from 1 or from -1", start);
    if (index > this.greatest) [this.greatest, this.greatestAt] = [index, start];
    return index;
  }

  /** Whether the line has ended; a backslash before its end joins it with the next. */
  #isAtEnd(): boolean {
    const { cursor } = this;
    while (!cursor.isAtLineEnd()) {
      const { bytes, position } = cursor;
      const next = bytes[position + 1];
      if (bytes[position] !== BACKSLASH || !(next === 10 || next === 13)) return false;
      cursor.skipLine();
    }
    return true;
  }
}

/**
 * Reads Wavefront OBJ: points (`v`), faces (`f`) and polylines (`l`). Polygons of more than four
 * corners become triangles that share the first one. Colours behind the coordinates become
 * `pointData.color`. Normals and texture coordinates belong to corners of faces, not to points, and
 * are left out, as are groups and materials.
 *
 * three.js' and loaders.gl's readers give triangles only, unrolled and in float32; a graph needs
 * the points as they are joined, and quads as quads.
 *
 * @param bytes The file.
 * @param place The file's name, for errors.
 * @returns Points in float64, as the text may say more than float32 holds.
 * @throws {DataFormatError} If the file is damaged; the message names the byte.
 *
 * @example
 * ```ts
 * import { parseObj } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const text = "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n";
 * const { cells } = parseObj(new TextEncoder().encode(text));
 * assertEquals(cells, [{ type: "triangle", shape: [1, 3], data: Int32Array.of(0, 1, 2) }]);
 * ```
 */
export function parseObj(bytes: Uint8Array, place: Place = {}): Mesh {
  const cursor = new ByteCursor(bytes, "OBJ", place, "#");
  const reader = new ObjReader(cursor);
  cursor.skipSpace();
  while (cursor.left > 0) {
    reader.statement(cursor.word());
    cursor.skipSpace();
  }
  const { numPoints, dim, greatest, greatestAt, points, colours, cells } = reader;
  if (numPoints === 0) cursor.fail("a point, as in v 0 0 0");
  if (greatest >= numPoints) cursor.fail(`one of the ${numPoints} points`, greatestAt);
  const pointData = new Map(
    colours.length === 3 * numPoints ? [["color", rowsOf(colours.finish(), 3)]] : [],
  );
  return meshOf(
    { shape: [numPoints, dim], data: points.finish() },
    cells,
    pointData,
    new Map(),
    cursor,
  );
}
