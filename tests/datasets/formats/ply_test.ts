import { assertEquals, assertThrows } from "@std/assert";
import { DataFormatError, parsePly } from "../../../datasets/mod.ts";
import { concat, textBytes } from "../support.ts";

const parse = (text: string) => parsePly(textBytes(text), { file: "a.ply" });

const POINTS = "element vertex 4\nproperty float x\nproperty float y\nproperty float z\n";
const FACES = "property list uchar int vertex_indices\n";
const VALUES = "0 0 0\n1 0 0\n1 1 0\n0 1 0\n";

const text = (header: string, body: string) =>
  parse(`ply\nformat ascii 1.0\ncomment x\n${header}end_header\n${body}`);

Deno.test("parsePly() keeps extra properties in their types, and lists of one length as rows", () => {
  const { points, cells, pointData, cellData } = text(
    "element vertex 3\nproperty double y\nproperty uchar red\nproperty double x\n" +
      "property list uchar short pair\nproperty uint id\n" +
      `element face 2\nproperty float area\n${FACES}property list int float uv\nproperty char k\n`,
    "0.1 255 0 2 -1 1 4294967295\n1 0 1 2 -2 2 1\n1 7 0 2 -3 3 2\n" +
      "0.5 3 0 1 2 1 9 -1\n0.25 3 2 1 0 2 8 7 1\n",
  );
  assertEquals(points, { shape: [3, 2], data: Float64Array.of(0, 0.1, 1, 1, 0, 1) });
  assertEquals([...cells[0]!.data], [0, 1, 2, 2, 1, 0]);
  assertEquals(pointData, {
    red: { shape: [3], data: Uint8Array.of(255, 0, 7) },
    id: { shape: [3], data: Float64Array.of(4294967295, 1, 2) },
    pair: { shape: [3, 2], data: Int16Array.of(-1, 1, -2, 2, -3, 3) },
  });
  // The list uv has two lengths, so it is no array.
  assertEquals(cellData, {
    area: { shape: [2], data: Float32Array.of(0.5, 0.25) },
    k: { shape: [2], data: Int8Array.of(-1, 1) },
  });
});

Deno.test("parsePly() keeps mixed faces in order and gives a polygon's triangles its values", () => {
  const { cells, cellData } = text(
    `element vertex 5\nproperty float x\nproperty float y\nelement face 4\n${FACES}property int id\n`,
    "0 0\n1 0\n1 1\n0 1\n9 9\n3 0 1 2 7\n4 0 1 2 3 8\n5 0 1 2 3 4 9\n3 0 1 2 10\n",
  );
  assertEquals(cells.map(({ type, shape }) => [type, ...shape]), [
    ["triangle", 1, 3],
    ["quad", 1, 4],
    ["triangle", 4, 3],
  ]);
  assertEquals([...cellData.id!.data], [7, 8, 9, 9, 9, 10]);
});

Deno.test("parsePly() reads faces before points, strips, edges, and passes over other elements", () => {
  const { cells, cellData } = text(
    `element face 1\n${FACES}element tristrips 1\n${FACES}${POINTS}element camera 1\n` +
      "property list int float view\nelement edge 1\nproperty int vertex1\nproperty int vertex2\n" +
      "property float length\nelement nothing 1000000000000\n",
    `3 0 1 2\n8 0 1 2 3 -1 3 2 1\n${VALUES}3 1 2 3\n0 3 1.5\n`,
  );
  assertEquals(cells.map(({ type, data }) => [type, ...data]), [
    ["triangle", 0, 1, 2, 0, 1, 2, 2, 1, 3, 3, 2, 1],
    ["line", 0, 3],
  ]);
  // Triangles have no length.
  assertEquals([...cellData.length!.data], [NaN, NaN, NaN, NaN, 1.5]);
});

Deno.test("parsePly() reads both orders of bytes alike, and any type of list", () => {
  const make = (little: boolean) => {
    const order = little ? "little" : "big";
    const head =
      `ply\r\nformat binary_${order}_endian 1.0\r\nelement vertex 3\r\nproperty short x\r\n` +
      "property ushort y\r\nproperty float64 z\r\nproperty int64 id\r\nelement face 1\r\n" +
      "property list uint16 uint8 vertex_index\r\nend_header\r\n";
    const body = new DataView(new ArrayBuffer(3 * 20 + 5));
    for (let i = 0; i < 3; i++) {
      body.setInt16(20 * i, -i, little);
      body.setUint16(20 * i + 2, 65535 - i, little);
      body.setFloat64(20 * i + 4, i / 3, little);
      body.setBigInt64(20 * i + 12, -(2n ** 40n), little);
    }
    body.setUint16(60, 3, little);
    [2, 1, 0].forEach((corner, i) => body.setUint8(62 + i, corner));
    return parsePly(concat(textBytes(head), new Uint8Array(body.buffer)));
  };
  const mesh = make(true);
  assertEquals(mesh, make(false));
  assertEquals(
    [...mesh.points.data],
    [-0, 65535, 0, -1, 65534, 1 / 3, -2, 65533, 2 / 3].map((x) => x + 0),
  );
  assertEquals([...mesh.cells[0]!.data], [2, 1, 0]);
  assertEquals(mesh.pointData.id!.data[0], -(2 ** 40));
});

Deno.test("parsePly() keeps NaN, names that objects have, and meshes without cells", () => {
  const { points, cells, pointData } = text(
    "element vertex 1\nproperty float x\nproperty float y\nproperty int __proto__\n",
    "nan -inf 3\n",
  );
  assertEquals([...points.data], [NaN, -Infinity]);
  assertEquals(cells, []);
  assertEquals(Object.keys(pointData), ["__proto__"]);
});

Deno.test("parsePly() names the byte of what is wrong", () => {
  const head = (body: string) => `ply\nformat ascii 1.0\n${body}end_header\n`;
  const mesh = head(`${POINTS}element face 1\n${FACES}`);
  for (
    const [file, message, byte] of [
      ["solid", 'expected ply at byte 0, got "solid"', 0],
      ["ply\nformat ascii_1\n", "ascii, binary_little_endian or binary_big_endian", 11],
      ["ply\nend_header\n", "format and an encoding before the end", 4],
      [head("element vertex -1\n"), "the number of elements vertex, a whole number from 0", 36],
      [
        head("element vertex 1000000000000\nproperty float x\n"),
        "the number of elements vertex, for which",
        78,
      ],
      [head("element vertex 0\nproperty complex x\n"), "a type, such as char", 47],
      [
        head("element vertex 0\nproperty float q\n"),
        "points with the properties x and y at byte 0, got q",
        0,
      ],
      [head("element face 0\n"), "one element vertex at byte 0, got 0", 0],
      [`${mesh}${VALUES}3 0 1 4\n`, "one of the 4 points at byte 184, got 4", 184],
      [`${mesh}${VALUES}3 0 1 -1\n`, "one of the 4 points at byte 184, got -1", 184],
      [`${mesh}${VALUES}200 0 1 2\n`, "the length of a list, for which", 178],
      [`${mesh}${VALUES}-3 0 1 2\n`, "the length of a list, a whole number from 0 to 255", 178],
      [`${mesh}0 0 0\n1 0 0\n`, "the number of elements vertex, for which 12 bytes", 154],
      [`${mesh}${VALUES}3 0 1\n`, "a point", 184],
    ] as const
  ) {
    const error = assertThrows(() => parse(file), DataFormatError, message);
    assertEquals([error.file, error.byteOffset], ["a.ply", byte], message);
  }
});

Deno.test("parsePly() refuses values that would fill the memory from a small file", () => {
  // Each of a polygon's triangles would get a copy of all the polygon's values.
  const corners = 200_000;
  const names = Array.from({ length: 1500 }, (_, i) => `property uchar a${i}\n`).join("");
  const list = FACES.replace("uchar", "int");
  assertThrows(
    () =>
      text(
        `${POINTS}element face 1\n${list}${names}`,
        `${VALUES}${corners}${" 0".repeat(corners)}${" 1".repeat(1500)}\n`,
      ),
    DataFormatError,
    "at most 268435456 values of cells",
  );
});
