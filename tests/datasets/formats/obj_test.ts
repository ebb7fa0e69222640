import { assertEquals, assertThrows } from "@std/assert";
import { DataFormatError, parseObj } from "../../../datasets/mod.ts";
import { textBytes } from "../support.ts";

const POINTS = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nv 0.5 2 0\n";

const parse = (text: string) => parseObj(textBytes(text), { file: "a.obj" });

Deno.test("parseObj() keeps cells in the file's order, one entry for those of one type in a row", () => {
  const { points, cells, pointData, cellData } = parse(
    `# by hand\nmtllib a.mtl\no thing\n${POINTS}vt 0 0\nvn 0 0 1\ns off\n` +
      "f 1/1/1 2/1/1 3/1/1\nf 1//1 3//1 4//1\ng second\nusemtl red\nf 1 2 3 4\nf -1 -2 -3\nl 1 2 3\np 1\n",
  );
  assertEquals([points.shape, points.data.length], [[5, 3], 15]);
  assertEquals(cells, [
    { type: "triangle", shape: [2, 3], data: Int32Array.of(0, 1, 2, 0, 2, 3) },
    { type: "quad", shape: [1, 4], data: Int32Array.of(0, 1, 2, 3) },
    { type: "triangle", shape: [1, 3], data: Int32Array.of(4, 3, 2) },
    { type: "line", shape: [2, 2], data: Int32Array.of(0, 1, 1, 2) },
  ]);
  assertEquals([pointData, cellData], [{}, {}]);
});

Deno.test("parseObj() makes triangles around the first corner of a polygon", () => {
  const [cells] = parse(`${POINTS}f 1 2 3 5 4\n`).cells;
  assertEquals([...cells!.data], [0, 1, 2, 0, 2, 4, 0, 4, 3]);
});

Deno.test("parseObj() keeps float64, the file's dimension, and colours", () => {
  const flat = parse("v 0.1 0.2\nv 1 2\nv 3 4\nf 1 2 3\n");
  assertEquals(flat.points, { shape: [3, 2], data: Float64Array.of(0.1, 0.2, 1, 2, 3, 4) });
  const coloured = parse("v 0 0 0 1 0 0\nv 1 0 0 0 1 0.5\n");
  assertEquals(coloured.pointData.color?.shape, [2, 3]);
  assertEquals([...coloured.pointData.color!.data], [1, 0, 0, 0, 1, 0.5]);
  // A weight is no colour.
  assertEquals(parse("v 1 2 3 1\n").pointData, {});
});

Deno.test("parseObj() takes lines that go on, faces before points, other line ends, no last one", () => {
  const { cells } = parse("\ufeffv 0 0 0\r\nf 1 \\\r\n 2 3\r\nv 1 0 0\r\nv 0 1 0");
  assertEquals([...cells[0]!.data], [0, 1, 2]);
});

Deno.test("parseObj() keeps NaN: it is data", () => {
  assertEquals([...parse("v nan 1 -inf\n").points.data], [NaN, 1, -Infinity]);
});

Deno.test("parseObj() names the byte of what is wrong", () => {
  for (
    const [text, message, byte] of [
      [`${POINTS}f 1 2 9\n`, 'expected one of the 5 points at byte 48, got "9"', 48],
      [`${POINTS}f 1 2 0\n`, 'the number of a point, from 1 or from -1 at byte 48, got "0"', 48],
      [`${POINTS}f 1 2 -9\n`, "the number of a point", 48],
      [`${POINTS}f 1 2 3x\n`, 'got "3x"', 48],
      [`${POINTS}f 1 2 99999999999999\n`, "the number of a point", 48],
      [`${POINTS}f 1 2\n`, "at least 3 points of a cell", 43],
      ["v 1 2 3\nv 1 2\n", "the coordinates of a point, 3", 9],
      ["v 1 b 3\n", 'expected a coordinate at byte 4, got "b"', 4],
      ["v 1 2 3 4 5 6 7 8\n", "at most 7 numbers of a point", 16],
      ["<html>\n", "expected a point, as in v 0 0 0 at byte 7, got the end of the file", 7],
      ["", "expected a point", 0],
    ] as const
  ) {
    const error = assertThrows(() => parse(text), DataFormatError, message);
    assertEquals([error.file, error.byteOffset], ["a.obj", byte]);
  }
});
