import { assertEquals, assertThrows } from "@std/assert";
import { DataFormatError, parseOff } from "../../../datasets/mod.ts";
import { textBytes } from "../support.ts";

const parse = (text: string) => parseOff(textBytes(text), { file: "a.off" });

const BODY = "0 0 0\n1 0 0\n1 1 0\n0 1 0\n";

Deno.test("parseOff() reads points and faces of any number of corners", () => {
  const { points, cells } = parse(
    `OFF\n# comment\n4 4 0\n\n${BODY}3 0 1 2 # first\n4 0 1 2 3\n2 0 1\n1 0\n`,
  );
  assertEquals(points, {
    shape: [4, 3],
    data: Float64Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0),
  });
  assertEquals(cells.map(({ type, data }) => [type, ...data]), [
    ["triangle", 0, 1, 2],
    ["quad", 0, 1, 2, 3],
    ["line", 0, 1],
  ]);
});

Deno.test("parseOff() reads a count right behind the word, as in ModelNet40, and no number of edges", () => {
  assertEquals(parse(`OFF4 1 0\n${BODY}3 0 1 2\n`).points.shape, [4, 3]);
  assertEquals(parse(`OFF\n4 1\n${BODY}3 0 1 2\n`).cells.length, 1);
});

Deno.test("parseOff() reads normals, colours, texture coordinates, more dimensions", () => {
  const { points, pointData, cellData, cells } = parse(
    "STCNOFF\n3 2 0\n" + [0, 1, 2].map((x) => `${x} 0 0  0 0 1  255 ${x} 0  0.5 ${x}\n`).join("") +
      "3 0 1 2 1 0 0\n3 2 1 0 0 1 0\n",
  );
  assertEquals([...points.data], [0, 0, 0, 1, 0, 0, 2, 0, 0]);
  assertEquals([...pointData.normal!.data], [0, 0, 1, 0, 0, 1, 0, 0, 1]);
  assertEquals([...pointData.color!.data], [255, 0, 0, 255, 1, 0, 255, 2, 0]);
  assertEquals(pointData.texture!.shape, [3, 2]);
  assertEquals(cellData.color, { shape: [2, 3], data: Float64Array.of(1, 0, 0, 0, 1, 0) });
  assertEquals(cells[0]!.shape, [2, 3]);
  assertEquals(parse("4OFF\n1 0 0\n1 2 3 4\n").points.shape, [1, 4]);
  assertEquals(parse("nOFF\n2\n1 0 0\n1 2\n").points.shape, [1, 2]);
});

Deno.test("parseOff() gives each triangle of a polygon the polygon's colour", () => {
  const { cellData } = parse(`OFF\n5 2 0\n${BODY}9 9 9\n5 0 1 2 3 4 0.5\n3 0 1 2 0.25\n`);
  assertEquals([...cellData.color!.data], [0.5, 0.5, 0.5, 0.25]);
});

Deno.test("parseOff() names the byte of what is wrong", () => {
  for (
    const [text, message, byte] of [
      ["PLY\n", 'expected OFF at byte 0, got "PLY"', 0],
      ["OFF BINARY\n", "OFF as text", 4],
      ["OFF\n-4 1 0\n", "expected the number of points, a whole number from 0", 4],
      ["OFF\n1000000000000 1 0\n0 0 0\n", "for which 11 bytes are left at byte 4", 4],
      [`OFF\n4 1000000000000 0\n${BODY}`, "the number of faces, for which", 6],
      [`OFF\n4 1 0\n${BODY}3 0 1 4\n`, "a point, a whole number from 0 to 3", 40],
      [`OFF\n4 1 0\n${BODY}3 0 1 -1\n`, "a point, a whole number from 0 to 3", 40],
      [`OFF\n4 1 0\n${BODY}99 0 1\n`, "the number of a face's corners, for which", 34],
      [
        "OFF\n4 1 0\n0 0 0\n1 0",
        "expected points, for which 9 bytes are left at byte 10, got 4",
        10,
      ],
      [
        "OFF\n2 0 0\n0 0 0\n1 0   ",
        "expected a coordinate at byte 22, got the end of the file",
        22,
      ],
    ] as const
  ) {
    const error = assertThrows(() => parse(text), DataFormatError, message);
    assertEquals([error.file, error.byteOffset], ["a.off", byte]);
  }
});
