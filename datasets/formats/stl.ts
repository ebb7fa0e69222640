/** Stereolithography, STL. @module */
import { ByteCursor, BYTES_OF_WORD } from "./byte_cursor.ts";
import type { Place } from "./data_format_error.ts";
import { growableFloat64 } from "./growable.ts";
import { CellList, type Mesh, meshOf } from "./mesh.ts";

/** Bytes before the number of triangles, and of a triangle: normal, three corners, attribute. */
const HEADER_SIZE = 80;
const TRIANGLE_SIZE = 50;

/** A triangle in a text has at least 21 words. */
const LEAST_TRIANGLE = 21 * BYTES_OF_WORD;

/** Nine numbers a triangle, and three of its normal. */
interface Facets {
  readonly corners: Float32Array | Float64Array;
  readonly normals: Float32Array | Float64Array;
}

function isBinary({ bytes, view }: ByteCursor): boolean {
  const hasCount = bytes.length >= HEADER_SIZE + 4;
  // Some binary files begin with the word of the text files too; their size tells.
  const fits = hasCount &&
    HEADER_SIZE + 4 + TRIANGLE_SIZE * view.getUint32(HEADER_SIZE, true) === bytes.length;
  const start = new TextDecoder().decode(bytes.subarray(0, HEADER_SIZE)).trimStart();
  return fits || !/^(\ufeff)?solid/i.test(start);
}

function readBinary(cursor: ByteCursor): Facets {
  if (cursor.bytes.length < HEADER_SIZE + 4) cursor.fail("a header of 84 bytes, or solid", 0);
  const count = cursor.view.getUint32(HEADER_SIZE, true);
  cursor.position = HEADER_SIZE + 4;
  if (count * TRIANGLE_SIZE !== cursor.left) {
    cursor.fail(
      `as many triangles of ${TRIANGLE_SIZE} bytes as fill the ${cursor.left} left`,
      HEADER_SIZE,
      `${count}`,
    );
  }
  const corners = new Float32Array(9 * count);
  const normals = new Float32Array(3 * count);
  for (let triangle = 0; triangle < count; triangle++) {
    const at = HEADER_SIZE + 4 + TRIANGLE_SIZE * triangle;
    for (let i = 0; i < 3; i++) {
      normals[3 * triangle + i] = cursor.view.getFloat32(at + 4 * i, true);
    }
    for (let i = 0; i < 9; i++) {
      corners[9 * triangle + i] = cursor.view.getFloat32(at + 12 + 4 * i, true);
    }
  }
  return { corners, normals };
}

function readAscii(cursor: ByteCursor): Facets {
  const corners = growableFloat64();
  const normals = growableFloat64();
  const expect = (...words: string[]) => {
    for (const word of words) {
      cursor.skipSpace();
      const start = cursor.position;
      if (cursor.word().toLowerCase() !== word) cursor.fail(word, start);
    }
  };
  // A file may hold several solids; a line of each names it.
  while (cursor.skipSpace(), cursor.left > 0) {
    expect("solid");
    cursor.skipLine();
    for (;;) {
      cursor.skipSpace();
      const start = cursor.position;
      const word = cursor.word().toLowerCase();
      if (word === "endsolid") break;
      if (word !== "facet") cursor.fail("facet or endsolid", start);
      cursor.checkRoom(1, LEAST_TRIANGLE - BYTES_OF_WORD, "a whole triangle");
      expect("normal");
      for (let i = 0; i < 3; i++) normals.push(cursor.number("a normal"));
      expect("outer", "loop");
      for (let i = 0; i < 9; i++) {
        if (i % 3 === 0) expect("vertex");
        corners.push(cursor.number("a coordinate"));
      }
      expect("endloop", "endfacet");
    }
    cursor.skipLine();
  }
  return { corners: corners.finish(), normals: normals.finish() };
}

/**
 * Points of equal coordinates as one, in the order of first sight: open addressing, no boxed keys.
 */
function mergePoints(
  corners: Float32Array | Float64Array,
): { points: Float32Array | Float64Array; indices: Int32Array } {
  const count = corners.length / 3;
  const indices = new Int32Array(count);
  const points = corners.slice();
  const words = new Uint32Array(points.buffer);
  const wordsEach = words.length / count;
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * count + 1)));
  const mask = slots.length - 1;
  const isSame = (a: number, b: number) => {
    for (let i = 0; i < wordsEach; i++) if (words[a + i] !== words[b + i]) return false;
    return true;
  };
  let size = 0;
  for (let corner = 0; corner < count; corner++) {
    // Written where the next new point would stand; -0 becomes 0, whose bits differ.
    for (let i = 0; i < 3; i++) points[3 * size + i] = corners[3 * corner + i]! + 0;
    const at = wordsEach * size;
    let hash = 0;
    for (let i = 0; i < wordsEach; i++) {
      hash = Math.imul(hash ^ words[at + i]!, 0x9e3779b1) ^ hash >>> 15;
    }
    let slot = (hash ^ hash >>> 16) & mask;
    while (slots[slot]! > 0 && !isSame(wordsEach * (slots[slot]! - 1), at)) {
      slot = (slot + 1) & mask;
    }
    if (slots[slot] === 0) slots[slot] = ++size;
    indices[corner] = slots[slot]! - 1;
  }
  return { points: points.slice(0, 3 * size), indices };
}

/**
 * Reads STL, text or binary. STL lists the corners of each triangle by themselves; corners of equal
 * coordinates become one point, in the order of first sight, as in meshio and trimesh, since a
 * graph needs to know which triangles meet. There is no tolerance: -0 equals 0, and nothing else is
 * moved. `cellData.normal` has the normals as the file says them. The 16 bits of attributes are
 * left out.
 *
 * @param bytes The file.
 * @param place The file's name, for errors.
 * @returns Points in float32 where the file is binary, else in float64.
 * @throws {DataFormatError} If the file is damaged; the message names the byte.
 *
 * @example
 * ```ts
 * import { parseStl } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const facet = (...corners: string[]) =>
 *   `facet normal 0 0 1 outer loop ${corners.map((c) => `vertex ${c}`).join(" ")} endloop endfacet\n`;
 * const text = "solid square\n" + facet("0 0 0", "1 0 0", "1 1 0") + facet("0 0 0", "1 1 0", "0 1 0") +
 *   "endsolid square\n";
 * const { points, cells } = parseStl(new TextEncoder().encode(text));
 * assertEquals(points.shape, [4, 3]);
 * assertEquals([...cells[0]!.data], [0, 1, 2, 0, 2, 3]);
 * ```
 */
export function parseStl(bytes: Uint8Array, place: Place = {}): Mesh {
  const cursor = new ByteCursor(bytes, "STL", place);
  const { corners, normals } = isBinary(cursor) ? readBinary(cursor) : readAscii(cursor);
  const { points, indices } = mergePoints(corners);
  const cells = new CellList();
  for (let i = 0; i < indices.length; i += 3) cells.add("triangle", indices, i / 3, i);
  const normal = { array: { shape: [normals.length / 3, 3], data: normals }, first: 0 };
  return meshOf(
    { shape: [points.length / 3, 3], data: points },
    cells,
    new Map(),
    new Map([["normal", normal]]),
    cursor,
  );
}
