import { assertEquals, assertRejects } from "@std/assert";
import { readMesh, sampleUrl, writeVtk, writeVtkSeries } from "../../datasets/mod.ts";
import { withFolder } from "../support/folder.ts";

Deno.test("writeVtk() writes what readMesh() reads, in both encodings", () =>
  withFolder(async (folder) => {
    for (const file of ["ant.ply", "circle_in_square.vtk", "insulated-4.1.msh"]) {
      const mesh = await readMesh(sampleUrl("meshes", file));
      for (const encoding of ["ascii", "binary"] as const) {
        await writeVtk(`${folder}/a.vtk`, mesh, { encoding });
        assertEquals(await readMesh(`${folder}/a.vtk`), mesh);
      }
    }
  }));

Deno.test("writeVtkSeries() numbers the frames and lists their times for ParaView", () =>
  withFolder(async (folder) => {
    const { points, cells } = await readMesh(sampleUrl("meshes", "ant.ply"));
    async function* frames() {
      for (let frame = 0; frame < 3; frame++) {
        await Promise.resolve();
        const heat = { shape: [486], data: new Float32Array(486).fill(frame) };
        yield { points, cells, pointData: { heat } };
      }
    }
    const paths = await writeVtkSeries(`${folder}/ant`, frames(), { dt: 0.5 });
    assertEquals(paths, [0, 1, 2].map((frame) => `${folder}/ant_00000${frame}.vtk`));
    assertEquals((await readMesh(paths[2]!)).pointData.heat!.data[485], 2);
    const series = JSON.parse(await Deno.readTextFile(`${folder}/ant.vtk.series`));
    assertEquals(series, {
      "file-series-version": "1.0",
      files: [0, 1, 2].map((i) => ({ name: `ant_00000${i}.vtk`, time: i / 2 })),
    });
  }));

Deno.test("writeVtk() leaves what was there where a mesh does not fit together", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.vtk`, "old");
    const points = { shape: [1, 3], data: new Float32Array(2) };
    await assertRejects(
      () => writeVtk(`${folder}/a.vtk`, { points, cells: [] }),
      TypeError,
      "Cannot write a mesh",
    );
    assertEquals(await Deno.readTextFile(`${folder}/a.vtk`), "old");
    const web = "https://example.org/a.vtk";
    await assertRejects(
      () =>
        writeVtk(web, {
          points: { ...points, shape: [0, 3], data: new Float32Array() },
          cells: [],
        }),
      TypeError,
    );
  }));
