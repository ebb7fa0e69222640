import { assertEquals, assertThrows } from "@std/assert";
import { DataFormatError, parseStl } from "../../../datasets/mod.ts";
import { textBytes } from "../support.ts";

const facet = (...corners: string[]) =>
  `  facet normal 0 0 1\n    outer loop\n${
    corners.map((corner) => `      vertex ${corner}\n`).join("")
  }    endloop\n  endfacet\n`;

const SQUARE = `solid a b\n${facet("0 0 0", "1 0 0", "1 1 0")}${facet("-0 0 0", "1 1 0", "0 1 0")}`;

/** A binary file of triangles that begins with a word. */
function binary(triangles: number[][], header: string, count = triangles.length): Uint8Array {
  const bytes = new Uint8Array(84 + 50 * triangles.length);
  bytes.set(textBytes(header));
  const view = new DataView(bytes.buffer);
  view.setUint32(80, count, true);
  triangles.forEach((numbers, t) =>
    numbers.forEach((x, i) => view.setFloat32(84 + 50 * t + 4 * i, x, true))
  );
  return bytes;
}

const TRIANGLES = [
  [0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 1, 0],
  [0, 0, 1, -0, 0, 0, 1, 1, 0, 0, 1, 0],
];

Deno.test("parseStl() joins corners of equal coordinates in the order of first sight", () => {
  const { points, cells, cellData } = parseStl(textBytes(`${SQUARE}endsolid a b\n`));
  assertEquals(points, {
    shape: [4, 3],
    data: Float64Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0),
  });
  assertEquals([...cells[0]!.data], [0, 1, 2, 0, 2, 3]);
  assertEquals(cellData.normal!.shape, [2, 3]);
});

Deno.test("parseStl() reads binary files, also such as begin with solid, in float32", () => {
  for (const header of ["solid but binary", "exported"]) {
    const { points, cells } = parseStl(binary(TRIANGLES, header));
    assertEquals(points.data, Float32Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0));
    assertEquals([...cells[0]!.data], [0, 1, 2, 0, 2, 3]);
  }
});

Deno.test("parseStl() keeps NaN, joins several solids, and takes none", () => {
  const nan = [0, 0, 1, NaN, 0, 0, 1, 0, 0, 1, 1, 0];
  assertEquals(parseStl(binary([nan], "")).points.data[0], NaN);
  const two = parseStl(textBytes(`${SQUARE}endsolid a b\n${SQUARE}ENDSOLID\n`));
  assertEquals([two.points.shape, two.cells[0]!.shape], [[4, 3], [4, 3]]);
  assertEquals(parseStl(textBytes("solid\nendsolid\n")).cells, []);
});

Deno.test("parseStl() names the byte of what is wrong", () => {
  for (
    const [bytes, message, byte] of [
      [
        binary(TRIANGLES, "", 4e9),
        "as many triangles of 50 bytes as fill the 100 left at byte 80, got 4000000000",
        80,
      ],
      [new Uint8Array(20), "a header of 84 bytes, or solid", 0],
      [textBytes(SQUARE), "facet or endsolid", SQUARE.length],
      [
        textBytes(SQUARE.replace("vertex 1 0 0", "vertex 1 x 0")),
        'a coordinate at byte 80, got "x"',
        80,
      ],
      [
        textBytes(SQUARE.replace("endloop", "vertex")),
        'expected endloop at byte 107, got "vertex"',
        107,
      ],
    ] as const
  ) {
    const error = assertThrows(() => parseStl(bytes, { file: "a.stl" }), DataFormatError, message);
    assertEquals([error.file, error.byteOffset], ["a.stl", byte]);
  }
});
