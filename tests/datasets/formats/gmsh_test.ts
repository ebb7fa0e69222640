import { assertEquals, assertThrows } from "@std/assert";
import { DataFormatError, parseGmsh } from "../../../datasets/mod.ts";
import { textBytes } from "../support.ts";

const parse = (text: string) => parseGmsh(textBytes(text), { file: "a.msh" });

const section = (name: string, body: string) => `$${name}\n${body}$End${name}\n`;
const FORMAT = section("MeshFormat", "2.2 0 8\n");
const NODES = section("Nodes", "4\n10 0 0 0\n7 1 0 0\n99 1 1 0\n12 0 1 0\n");
const view = (kind: string, body: string) => section(kind, `1\n"heat"\n1\n0.5\n3\n0\n1\n${body}`);

Deno.test("parseGmsh() finds nodes by tags of any order, and keeps elements in the file's", () => {
  const { points, cells, cellData, pointData } = parse(
    section("Comments", "by hand $ 3\n") + FORMAT + section("PhysicalNames", '1\n2 5 "a"\n') +
      NODES +
      section(
        "Elements",
        "5\n1 15 2 0 1 10\n2 1 2 4 6 10 7\n3 2 2 5 6 10 7 99\n4 2 4 5 6 1 -3 10 99 12\n8 3 0 10 7 99 12\n",
      ) +
      view("NodeData", "3\n12 4\n10 1\n7 2\n") + view("NodeData", "1\n99 9\n") +
      view("ElementData", "2\n8 0.5\n2 0.25\n"),
  );
  assertEquals([...points.data], [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0]);
  assertEquals(cells.map(({ type, data }) => [type, ...data]), [
    ["line", 0, 1],
    ["triangle", 0, 1, 2, 0, 2, 3],
    ["quad", 0, 1, 2, 3],
  ]);
  assertEquals(cellData, {
    heat: { shape: [4], data: Float64Array.of(0.25, NaN, NaN, 0.5) },
    "gmsh:physical": { shape: [4], data: Int32Array.of(4, 5, 5, 0) },
    "gmsh:geometrical": { shape: [4], data: Int32Array.of(6, 6, 6, 0) },
  });
  assertEquals([...pointData.heat!.data], [1, 2, NaN, 4]);
  assertEquals([...pointData["heat:1"]!.data], [NaN, NaN, 9, NaN]);
});

Deno.test("parseGmsh() reads entities, parametric nodes and several blocks of version 4.1", () => {
  const { points, cells, cellData, pointData } = parse(
    section("MeshFormat", "4.1 0 8\n") +
      section("Entities", "1 0 2 0\n1 0 0 0 0\n3 0 0 0 1 1 0 2 8 9 1 -4\n4 0 0 0 1 1 0 0 0\n") +
      section(
        "Nodes",
        "2 4 1 4\n0 1 0 1\n1\n0 0 0\n2 3 1 3\n2\n3\n4\n1 0 0 9 9\n1 1 0 9 9\n0 1 0 9 9\n",
      ) +
      section("Elements", "3 3 1 3\n0 1 15 1\n1 1\n2 3 2 1\n2 1 2 3\n2 4 2 1\n3 1 3 4\n"),
  );
  assertEquals([...points.data], [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0]);
  assertEquals(cells, [
    { type: "triangle", shape: [2, 3], data: Int32Array.of(0, 1, 2, 0, 2, 3) },
  ]);
  assertEquals([...cellData["gmsh:physical"]!.data], [8, 0]);
  assertEquals([...cellData["gmsh:geometrical"]!.data], [3, 4]);
  assertEquals([...pointData["gmsh:dim_tags"]!.data], [0, 1, 2, 3, 2, 3, 2, 3]);
});

Deno.test("parseGmsh() reads binary files of either order of bytes", () => {
  const make = (little: boolean) => {
    const bytes: number[] = [];
    const text = (words: string) => bytes.push(...textBytes(words));
    const put = (size: number, value: number) => {
      const view = new DataView(new ArrayBuffer(size));
      if (size === 4) view.setInt32(0, value, little);
      else view.setFloat64(0, value, little);
      bytes.push(...new Uint8Array(view.buffer));
    };
    text("$MeshFormat\n2.2 1 8\n");
    put(4, 1);
    text("\n$EndMeshFormat\n$Nodes\n3\n");
    [[1, 0, 0, 0], [2, 1, 0, 0], [3, 0, 0.1, 0]].forEach(([tag, ...x]) => {
      put(4, tag!);
      x.forEach((each) => put(8, each));
    });
    text("\n$EndNodes\n$Elements\n1\n");
    [2, 1, 2, 1, 5, 6, 1, 2, 3].forEach((each) => put(4, each));
    text("\n$EndElements\n");
    return parseGmsh(Uint8Array.from(bytes));
  };
  assertEquals(make(true), make(false));
  assertEquals([...make(false).points.data], [0, 0, 0, 1, 0, 0, 0, 0.1, 0]);
});

Deno.test("parseGmsh() names the byte of what is wrong", () => {
  const head = FORMAT.length;
  const body = head + NODES.length;
  const elements = (lines: string) => FORMAT + NODES + section("Elements", lines);
  for (
    const [text, message, byte] of [
      ["hello", "a section, such as $MeshFormat at byte 0", 0],
      [section("MeshFormat", "4.0 0 8\n"), "version 2.2 or 4.1", 12],
      [section("MeshFormat", "2.2 1 8\n") + "    ", "the integer 1 in bytes", 20],
      [FORMAT, "expected a section $Nodes", head],
      [NODES, "$MeshFormat first", 0],
      [FORMAT + NODES + NODES, "nodes in one section", body + 7],
      [FORMAT + NODES.replace("7 1", "10 1"), "nodes of different tags", head + 7],
      [
        FORMAT + NODES.replace("4\n", "1000000000000\n"),
        "the number of nodes, for which",
        head + 7,
      ],
      [
        FORMAT + NODES.replace("4\n", "-4\n"),
        "the number of nodes, a whole number from 0",
        head + 7,
      ],
      [FORMAT + NODES.replace("4\n", "3\n"), 'expected $EndNodes at byte 70, got "12"', 70],
      [elements("1\n1 2 0 10 7 98\n"), "nodes that stand before it", body + 12],
      [elements("1\n1 9 0 10 7 99\n"), "got type 9", body + 12],
      [elements("1\n1 2 -3 10 7 99\n"), "the type, number and tags of elements", body + 12],
      [elements("1\n1 2 99 10 7 99\n"), "a number of tags, for which", body + 18],
      [elements("0\n") + view("NodeData", "1\n98 1\n"), "values of what the mesh has", body + 35],
      [
        elements("0\n") + view("NodeData", "9999999\n98 1\n"),
        "expected values, for which",
        body + 64,
      ],
      [`${FORMAT}$Other\n`, "$EndOther somewhere behind", head + 6],
    ] as const
  ) {
    const error = assertThrows(() => parse(text), DataFormatError, message);
    assertEquals([error.file, error.byteOffset], ["a.msh", byte], message);
  }
});
