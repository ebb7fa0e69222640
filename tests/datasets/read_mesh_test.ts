import { assertEquals, assertRejects } from "@std/assert";
import {
  DataFormatError,
  DataNotFoundError,
  type MeshFormat,
  readMesh,
  sampleUrl,
} from "../../datasets/mod.ts";
import { withFolder } from "../support/folder.ts";
import { textBytes, withServer } from "./support.ts";

const OFF = textBytes("OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n");

async function zipped(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return await new Response(stream).bytes();
}

Deno.test("readMesh() takes a path, an address, or bytes, and opens gzip", () =>
  withFolder((folder) =>
    withServer(async () => new Response(await zipped(OFF)), async (address) => {
      const expected = await readMesh(OFF);
      assertEquals(expected.points.shape, [3, 3]);
      await Deno.writeFile(`${folder}/a.off`, OFF);
      await Deno.writeFile(`${folder}/A.OFF.gz`, await zipped(OFF));
      await Deno.writeFile(`${folder}/a`, OFF);
      const url = new URL(`file://${await Deno.realPath(folder)}/a.off`);
      for (const source of [`${folder}/a.off`, `${folder}/A.OFF.gz`, `${folder}/a`, url]) {
        assertEquals(await readMesh(source), expected);
      }
      for (const source of [await zipped(OFF), OFF.subarray(0), `${address}/a.off.gz?token=1`]) {
        assertEquals(await readMesh(source), expected);
      }
    })
  ));

Deno.test("readMesh() tells the format by what it is told, the name, then the beginning", async () => {
  const beginnings: [MeshFormat, string][] = [
    [
      "ply",
      "ply\nformat ascii 1.0\nelement vertex 0\nproperty int x\nproperty int y\nend_header\n",
    ],
    ["vtk", "# vtk DataFile Version 3.0\n\nASCII\nDATASET POLYDATA\nPOINTS 0 float\n"],
    ["msh", "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$Nodes\n0\n$EndNodes\n"],
    ["stl", "solid\nendsolid\n"],
    ["off", "COFF\n0 0 0\n"],
  ];
  for (const [format, text] of beginnings) {
    // COFF has to have a point to tell how many numbers a colour has.
    const bytes = textBytes(format === "off" ? "COFF\n1 0 0\n0 0 0 1 1 1\n" : text);
    assertEquals(await readMesh(bytes), await readMesh(bytes, { format }));
  }
  const obj = await readMesh(textBytes("v 0 0 0\n"), { format: "obj" });
  assertEquals(obj.points.shape, [1, 3]);
  const wrong = sampleUrl("meshes", "ant.ply");
  await assertRejects(() => readMesh(wrong, { format: "off" }), DataFormatError, "expected OFF at");
});

Deno.test("readMesh() reads files larger than what is read at once", () =>
  withFolder(async (folder) => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `v ${i} ${i} 0`);
    await Deno.writeTextFile(`${folder}/long.obj`, `${lines.join("\n")}\nl 1 60000\n`);
    const { points } = await readMesh(`${folder}/long.obj`);
    assertEquals(points.shape, [60_000, 3]);
    for (let i = 0; i < 60_000; i++) {
      if (points.data[3 * i] !== i) assertEquals(points.data[3 * i], i);
    }
  }));

Deno.test("readMesh() names what is wrong", () =>
  withFolder(async (folder) => {
    await assertRejects(
      () => readMesh(`${folder}/none.obj`),
      DataNotFoundError,
      "as a mesh: there is no such file",
    );
    await assertRejects(
      () => readMesh(textBytes("v 0 0 0\n")),
      TypeError,
      "Cannot read the given bytes as a mesh as neither its name nor its beginning tells the format",
    );
    const format = "xyz" as "obj";
    await assertRejects(
      () => readMesh(OFF, { format }),
      TypeError,
      "obj, off, ply, stl, vtk, msh, mat: got",
    );
    await assertRejects(
      () => readMesh([1, 2] as unknown as Uint8Array),
      TypeError,
      "it comes by path, address or bytes: got object",
    );
    const cut = (await zipped(OFF)).slice(0, -12);
    await Deno.writeFile(`${folder}/cut.off.gz`, cut);
    const error = await assertRejects(
      () => readMesh(`${folder}/cut.off.gz`),
      DataFormatError,
      "expected a whole gzip file at byte 0, got one that is cut or damaged",
    );
    assertEquals([error.file, error.byteOffset], [`${folder}/cut.off.gz`, 0]);
  }));
