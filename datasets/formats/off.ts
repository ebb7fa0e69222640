/** The Object File Format, OFF. @module */
import type { DataArray } from "../array.ts";
import { ByteCursor, BYTES_OF_WORD } from "./byte_cursor.ts";
import type { Place } from "./data_format_error.ts";
import { growableFloat64 } from "./growable.ts";
import { type CellColumn, CellList, type Mesh, meshOf, rowsOf } from "./mesh.ts";

/** Texture coordinates, colours, normals, a fourth coordinate, a number of them: `STCN4nOFF`. */
const HEADER = /^(ST)?(C)?(N)?(4)?(n)?OFF/;

/** What the header says of points. */
interface PointLayout {
  readonly dim: number;
  /**
   * The names and widths of what follows the coordinates, in order; a colour has its line's rest.
   */
  readonly extras: readonly (readonly [name: string, width: number])[];
}

function readHeader(cursor: ByteCursor): PointLayout {
  cursor.skipSpace();
  const start = cursor.position;
  const word = cursor.word();
  const [header, texture, colour, normal, four, any] = HEADER.exec(word) ?? [];
  if (header === undefined) return cursor.fail("OFF", start);
  // Some files have the first count right behind the word.
  cursor.position = start + header.length;
  if (!cursor.isAtLineEnd() && /^BINARY/.test(String.fromCharCode(...peek(cursor, 6)))) {
    cursor.fail("OFF as text, which alone is read");
  }
  const dim = (any ? cursor.count("a number of dimensions") : 3) + (four ? 1 : 0);
  if (dim < 1 || dim > 16) cursor.fail("1 to 16 dimensions", start, `${dim}`);
  const extras: [string, number][] = [];
  if (normal) extras.push(["normal", any ? dim : 3]);
  if (colour) extras.push(["color", 0]);
  if (texture) extras.push(["texture", 2]);
  return { dim, extras };
}

function peek({ bytes, position }: ByteCursor, count: number): Uint8Array {
  return bytes.subarray(position, position + count);
}

/** How many numbers are left of the line at which a cursor stands. */
function wordsOfLine(cursor: ByteCursor): number {
  const start = cursor.position;
  let words = 0;
  for (; !cursor.isAtLineEnd(); words++) cursor.skipWord();
  cursor.position = start;
  return words;
}

function readPoints(
  cursor: ByteCursor,
  count: number,
  { dim, extras }: PointLayout,
): { points: Float64Array; data: Map<string, DataArray> } {
  cursor.checkRoom(count, BYTES_OF_WORD * dim, "points");
  cursor.skipSpace();
  const known = extras.reduce((sum, [, width]) => sum + width, dim);
  const widths = extras.map(([, width]) => width || wordsOfLine(cursor) - known);
  if (widths.some((width) => width < 1 || width > 4)) cursor.fail("1 to 4 numbers of a colour");
  for (const width of widths) cursor.checkRoom(count, BYTES_OF_WORD * width, "points");
  const points = new Float64Array(count * dim);
  const values = widths.map((width) => new Float64Array(count * width));
  for (let point = 0; point < count; point++) {
    for (let i = 0; i < dim; i++) points[point * dim + i] = cursor.number("a coordinate");
    widths.forEach((width, which) => {
      for (let i = 0; i < width; i++) {
        values[which]![point * width + i] = cursor.number(extras[which]![0]);
      }
    });
  }
  const data = new Map(extras.map(([name], i) => [name, rowsOf(values[i]!, widths[i]!)]));
  return { points, data };
}

/** Faces, and the colours behind their corners where each face has one of as many numbers. */
function readFaces(
  cursor: ByteCursor,
  count: number,
  numPoints: number,
): { cells: CellList; data: Map<string, CellColumn> } {
  const cells = new CellList();
  const colours = growableFloat64();
  const corners: number[] = [];
  let width = 0;
  let isEven = true;
  for (let face = 0; face < count; face++) {
    cursor.skipSpace();
    const start = cursor.position;
    const size = cursor.count("the number of a face's corners", BYTES_OF_WORD);
    for (let i = 0; i < size; i++) corners[i] = cursor.integer("a point", 0, numPoints - 1);
    cells.addPolygon(corners, size, face);
    const before = colours.length;
    while (!cursor.isAtLineEnd()) colours.push(cursor.number("a colour"));
    const own = colours.length - before;
    if (face === 0) width = own;
    isEven &&= own === width;
    // A colour is one of a map's, or of 3 or 4 numbers; anything else is a corner that was not
    // counted, and so is a colour of a map, or of a face of few corners, where others have none.
    const isColour = [0, 1, 3, 4].includes(own);
    if (!isColour || size < 1 || !isEven && (own === 1 || width === 1 || size < 3)) {
      cursor.fail("a face of as many corners as it says, and a colour or none", start);
    }
  }
  const hasColours = isEven && width > 0;
  const array = hasColours ? rowsOf(colours.finish(), width) : null;
  return { cells, data: new Map(array ? [["color", { array, first: 0 }]] : []) };
}

/**
 * Reads the Object File Format as text: `OFF` and its variants with normals, colours, texture
 * coordinates (`pointData.normal`, `color`, `texture`), a fourth or n coordinates. Polygons of more
 * than four corners become triangles that share the first one. Colours of faces become
 * `cellData.color` where every face has one.
 *
 * @param bytes The file.
 * @param place The file's name, for errors.
 * @returns Points in float64, as the text may say more than float32 holds.
 * @throws {DataFormatError} If the file is damaged or binary; the message names the byte.
 *
 * @example
 * ```ts
 * import { parseOff } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const text = "OFF\n4 1 0\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n4 0 1 2 3\n";
 * const { cells } = parseOff(new TextEncoder().encode(text));
 * assertEquals(cells, [{ type: "quad", shape: [1, 4], data: Int32Array.of(0, 1, 2, 3) }]);
 * ```
 */
export function parseOff(bytes: Uint8Array, place: Place = {}): Mesh {
  const cursor = new ByteCursor(bytes, "OFF", place, "#");
  const layout = readHeader(cursor);
  const numPoints = cursor.count("the number of points", BYTES_OF_WORD);
  const numFaces = cursor.count("the number of faces", BYTES_OF_WORD);
  // The number of edges, which some leave out and nobody keeps to.
  cursor.skipLine();
  const { points, data } = readPoints(cursor, numPoints, layout);
  const faces = readFaces(cursor, numFaces, numPoints);
  cursor.checkEnd("the last face");
  return meshOf(
    { shape: [numPoints, layout.dim], data: points },
    faces.cells,
    data,
    faces.data,
    cursor,
  );
}
